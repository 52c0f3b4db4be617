package dev.davy.stats.drift;

/// What stands for a share of nothing where a logarithm is taken of it.
public sealed interface Zeros {
    /// Nothing: the result is infinite, or a term of 0 log 0 counts 0.
    record Kept() implements Zeros {}

    /// Shares of zero become `share`; where the least other share of that sample is no greater than
    /// it, a millionth of that. No share is scaled to make the sum 1 again. (Evidently, with
    /// 0.0001.)
    record Replaced(double share) implements Zeros {
        public Replaced {
            if (!(share > 0 && share < 1)) throw new IllegalArgumentException("share is " + share);
        }
    }

    /// Every share is at least `share`. (Deepchecks, with 0.01.)
    record Floored(double share) implements Zeros {
        public Floored {
            if (!(share > 0 && share < 1)) throw new IllegalArgumentException("share is " + share);
        }
    }

    /// The rule where none is asked for: Evidently's.
    static Zeros usual() {
        return new Replaced(0.0001);
    }

    /// The shares to compute with.
    default double[] applied(double[] shares) {
        return switch (this) {
            case Kept _ -> shares.clone();
            case Replaced(var share) -> {
                double least = Double.POSITIVE_INFINITY;
                for (double each : shares) if (each > 0) least = Math.min(least, each);
                double stand = least <= share ? least / 1e6 : share;
                var replaced = shares.clone();
                for (int i = 0; i < replaced.length; i++) if (replaced[i] == 0) replaced[i] = stand;
                yield replaced;
            }
            case Floored(var share) -> {
                var floored = shares.clone();
                for (int i = 0; i < floored.length; i++) floored[i] = Math.max(floored[i], share);
                yield floored;
            }
        };
    }

    /// In words, for a definition.
    default String words() {
        return switch (this) {
            case Kept _ -> "none";
            case Replaced(var share) ->
                    "0 becomes %s, or a millionth of the least share where that is no greater"
                            .formatted(share);
            case Floored(var share) -> "every share is at least " + share;
        };
    }
}
