package dev.davy.stats;

/// Where a figure may lie, given how few examples it stands on.
///
/// @param confidence how often such an interval holds the true value: 0.95
/// @param method how it was found: `Wilson`, `bootstrap of 1000, seed 42`
public record Interval(double low, double high, double confidence, String method) {
    /// How sure an interval is where nothing else is said.
    public static final double USUAL = 0.95;

    public Interval {
        if (!(low <= high))
            throw new IllegalArgumentException("an interval from " + low + " to " + high);
        confident(confidence);
    }

    /// Checks a confidence: between 0 and 1, neither of them.
    public static void confident(double confidence) {
        if (!(confidence > 0 && confidence < 1))
            throw new IllegalArgumentException(
                    "confidence is " + confidence + "; it lies between 0 and 1");
    }

    public boolean holds(double value) {
        return low <= value && value <= high;
    }

    public double width() {
        return high - low;
    }
}
