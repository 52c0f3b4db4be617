package dev.davy.review;

import dev.davy.strict.Problem;
import java.util.Locale;

/// How much a model decides, from nothing to everything.
public enum Level {
    /// The model is not even asked: people decide.
    HUMAN_ONLY,
    /// It answers into the log only, beside the people, who never see it.
    SHADOW,
    /// A person decides, seeing what the model says.
    ASSIST,
    /// The model decides where it is sure, a person the rest.
    PARTIAL,
    /// The model decides.
    FULL;

    /// The word in declarations and answers: `human-only`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The level of a word.
    ///
    /// @throws Problem UNACCEPTABLE `level-unknown`
    public static Level of(String word) {
        for (var level : values()) if (level.word().equals(word)) return level;
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "level-unknown",
                "'" + word + "' is no automation level.",
                "The levels are human-only, shadow, assist, partial and full.",
                "Name one of these.");
    }

    /// The next that leaves more to the model.
    Level up() {
        return switch (this) {
            case HUMAN_ONLY -> SHADOW;
            case SHADOW -> ASSIST;
            case ASSIST -> PARTIAL;
            case PARTIAL, FULL -> FULL;
        };
    }
}
