package dev.davy.stats.drift;

/// Which test Evidently takes by default: for comparing with it, and for showing what its rule
/// does. Ours is [ColumnDrift].
public final class EvidentlyDefault {
    /// Of a column.
    public enum Kind {
        NUMBER,
        CATEGORY,
        TEXT
    }

    private EvidentlyDefault() {}

    /// By Evidently's name for the test.
    ///
    /// @param reference rows of the reference that have a value; the current ones do not matter
    /// @param distinct different values in both samples
    public static String test(Kind kind, long reference, long distinct) {
        boolean small = reference <= 1_000;
        return switch (kind) {
            case NUMBER, CATEGORY -> {
                if (kind == Kind.NUMBER && distinct > 5) yield small ? "ks" : "wasserstein";
                if (!small) yield "jensenshannon";
                yield distinct > 2 ? "chisquare" : "z";
            }
            case TEXT -> small ? "perc_text_content_drift" : "abs_text_content_drift";
        };
    }
}
