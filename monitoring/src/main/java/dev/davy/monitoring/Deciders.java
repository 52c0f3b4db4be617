package dev.davy.monitoring;

import dev.davy.serving.Cases;
import dev.davy.serving.Instead;
import dev.davy.serving.Prediction;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Who decided what an endpoint with automation was asked: the model alone, people, another arm
/// that the model's place fell to, or nobody yet.
///
/// @param model rows that the model decided alone
/// @param people rows that a person has judged of those that were to be decided by people
/// @param fallback rows whose own arm failed, so that another answered for it
/// @param waiting rows that no person has judged yet; a harmless or provisional answer may stand
///   for theirs
public record Deciders(long model, long people, long fallback, long waiting) {
    /// The column in which it is counted, as far as it is known when a row is asked.
    static final String COLUMN = "decided-by";

    static final String MODEL = "model";
    static final String PEOPLE = "people";
    static final String FALLBACK = "fallback";
    static final String WAITING = "waiting";

    static final List<String> WORDS = List.of(MODEL, PEOPLE, FALLBACK, WAITING);

    /// What is known of a row when it is asked; empty where no person could be.
    static Optional<String> of(Prediction prediction) {
        if (prediction.asked().isEmpty() || prediction.decision().failure().isPresent())
            return Optional.empty();
        if (Instead.is(prediction)) return Optional.of(FALLBACK);
        return Optional.of(Cases.isForPeople(prediction) ? WAITING : MODEL);
    }

    static Deciders of(Seen seen) {
        var column = seen.window().components().get(COLUMN);
        if (column == null) return new Deciders(0, 0, 0, 0);
        var texts = column.texts();
        long asked = texts.of(WAITING);
        long people = Math.min(asked, seen.quality().people());
        return new Deciders(texts.of(MODEL), people, texts.of(FALLBACK), asked - people);
    }

    public long rows() {
        return model + people + fallback + waiting;
    }

    /// The share of one of [#WORDS]; empty where nobody could be asked.
    OptionalDouble share(String who) {
        long some =
                switch (who) {
                    case MODEL -> model;
                    case PEOPLE -> people;
                    case FALLBACK -> fallback;
                    default -> waiting;
                };
        return rows() == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) some / rows());
    }
}
