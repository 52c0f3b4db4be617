package dev.davy.bench;

import java.util.Locale;

/// What a measurement found, held against what was asked of it.
///
/// @param what names the figure, with its unit if it has one
/// @param found NaN if it could not be measured, which is a miss
record Target(String what, double found, Bound bound, double limit) {
    enum Bound {
        AT_LEAST,
        AT_MOST
    }

    static Target atLeast(String what, double found, double limit) {
        return new Target(what, found, Bound.AT_LEAST, limit);
    }

    static Target atMost(String what, double found, double limit) {
        return new Target(what, found, Bound.AT_MOST, limit);
    }

    boolean held() {
        return switch (bound) {
            case AT_LEAST -> found >= limit;
            case AT_MOST -> found <= limit;
        };
    }

    /// `held: …` or `missed: …`, one line.
    String line() {
        return "%s: %s: %s (%s %s)"
                .formatted(
                        held() ? "held" : "missed",
                        what,
                        number(found),
                        bound == Bound.AT_LEAST ? "at least" : "at most",
                        number(limit));
    }

    /// Three digits that matter, and no more: `0.912`, `4.13`, `312`, `107,312`.
    static String number(double value) {
        if (Double.isNaN(value)) return "-";
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e15) return "%,d".formatted((long) value);
        int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
