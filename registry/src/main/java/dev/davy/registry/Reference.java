package dev.davy.registry;

import dev.davy.strict.Names;
import dev.davy.strict.Numbers;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;

/// How people name a version: `scratch/7`, or `scratch@champion`.
sealed interface Reference {
    record Numbered(String model, int version) implements Reference {}

    record Aliased(String model, String alias) implements Reference {}

    /// @throws Problem MALFORMED `model-reference-malformed`
    static Reference parse(String text) {
        int slash = text.indexOf('/');
        int at = text.indexOf('@');
        if (slash > 0 && Names.isAllowed(text.substring(0, slash))) {
            var version = Numbers.asInteger(text.substring(slash + 1));
            if (version.isPresent()
                    && version.getAsLong() >= 1
                    && version.getAsLong() <= Integer.MAX_VALUE)
                return new Numbered(text.substring(0, slash), (int) version.getAsLong());
        }
        if (at > 0
                && Names.isAllowed(text.substring(0, at))
                && Names.isAllowed(text.substring(at + 1)))
            return new Aliased(text.substring(0, at), text.substring(at + 1));
        throw new Problem(
                Kind.MALFORMED,
                "model-reference-malformed",
                "The model version is not named as it should be.",
                "It is neither a model with a version nor one with an alias.",
                "Write scratch/7 or scratch@champion.");
    }
}
