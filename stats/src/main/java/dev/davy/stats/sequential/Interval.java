package dev.davy.stats.sequential;

/// Where the harm lies: candidate less live, in the unit of the metric. At all times together it
/// misses the harm on the low side with probability at most alpha, on the high side at most beta.
public record Interval(double lower, double upper) {
    public Interval {
        if (!(lower <= upper)) throw new IllegalArgumentException(lower + " to " + upper);
    }

    /// The two bounds hold at all times together, so rarely what was seen early contradicts what
    /// came later: then the harm moved, and the interval is what lies between.
    static Interval between(double lower, double upper) {
        return new Interval(Math.min(lower, upper), Math.max(lower, upper));
    }

    Interval above(double margin) {
        return new Interval(Math.max(lower, margin), Math.max(upper, margin));
    }

    Interval below(double margin) {
        return new Interval(Math.min(lower, margin), Math.min(upper, margin));
    }
}
