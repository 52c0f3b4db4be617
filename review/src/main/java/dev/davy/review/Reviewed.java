package dev.davy.review;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Cases as the rules see them, which know of one output and its values as text.
final class Reviewed {
    private Reviewed() {}

    /// To whom a threshold belongs.
    record Of(String version, String slice) {}

    static Map<Of, List<Case>> byVersionAndSlice(Collection<Review> reviews) {
        var groups = new LinkedHashMap<Of, List<Case>>();
        for (var review : reviews)
            groups.computeIfAbsent(new Of(review.version(), review.slice()), _ -> new ArrayList<>())
                    .add(of(review));
        return groups;
    }

    /// Cases with what was said of each; of one version.
    static List<Judged> judged(
            Collection<Review> reviews, Collection<Judgement> judgements, String version) {
        var said = new HashMap<UUID, List<Opinion>>();
        for (var each : judgements)
            said.computeIfAbsent(each.prediction(), _ -> new ArrayList<>())
                    .add(
                            new Opinion(
                                    each.reviewer(),
                                    first(each.answer()),
                                    each.saw(),
                                    each.seconds()));
        var judged = new ArrayList<Judged>();
        for (var review : reviews)
            if (review.version().equals(version))
                judged.add(
                        new Judged(
                                of(review),
                                first(review.gold()),
                                first(review.truth()),
                                said.getOrDefault(review.prediction(), List.of())));
        return judged;
    }

    static Case of(Review review) {
        return new Case(
                review.prediction(),
                review.version(),
                review.slice(),
                first(Optional.of(review.answer())),
                review.confidence(),
                review.asked(),
                review.least(),
                reference(review),
                review.alone());
    }

    /// What a case is held against: what was known beforehand, else truth, else what people
    /// decided.
    private static Optional<String> reference(Review review) {
        var known = first(review.gold()).or(() -> first(review.truth()));
        if (known.isPresent()) return known;
        // What counts because nobody came is nobody's word.
        return review.state() == Review.State.DECIDED
                ? first(review.outcome().map(Review.Outcome::output))
                : Optional.empty();
    }

    /// The value of the first output, as text.
    static Optional<String> first(Optional<JsonNode> outputs) {
        if (outputs.isEmpty() || outputs.get().isEmpty()) return Optional.empty();
        var value = outputs.get().values().iterator().next();
        return Optional.of(value.isString() ? value.stringValue() : value.toString());
    }
}
