package dev.davy.monitoring;

/// Where the upper tail of a history ends.
final class Tail {
    /// The outermost part, of which the tail's shape is learned.
    private static final double OUTERMOST = 0.1;

    private Tail() {}

    /// The number that a share of windows is expected to exceed: of the history while it reaches so
    /// far, beyond it as an exponential tail (peaks over a threshold: Pickands 1975, with shape 0),
    /// whose mean excess is estimated from the outermost tenth.
    ///
    /// @param sorted ascending
    static double limit(double[] sorted, double share) {
        int n = sorted.length;
        if (share * n >= 1) {
            int place = (int) Math.ceil((1 - share) * n) - 1;
            return sorted[Math.clamp(place, 0, n - 1)];
        }
        int outer = Math.max(3, (int) Math.ceil(OUTERMOST * n));
        double threshold = sorted[n - 1 - outer];
        double excess = 0;
        for (int i = n - outer; i < n; i++) excess += (sorted[i] - threshold) / outer;
        double limit = threshold + excess * Math.log((double) outer / n / share);
        return Math.max(limit, sorted[n - 1]);
    }
}
