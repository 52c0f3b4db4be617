package dev.davy.stats.alarm;

/// What is normal for one score: its mean, its variance from row to row, and its wobble.
///
/// @param size rows of the reference
record Baseline(double mean, double variance, long size, Wobble wobble) {
    /// The mean over the pool's windows: each hour has its own.
    double expected(Pool pool) {
        double sum = 0;
        for (var each : pool.windows())
            sum += wobble.expected(each.from(), mean) * each.evidence().rows();
        return sum / pool.rows();
    }

    /// Of the difference between the mean of so many rows and what was expected.
    double error(double rows) {
        if (wobble.known())
            return Math.sqrt(variance / rows + wobble.tauSquared() + wobble.fitError());
        return Math.sqrt(variance * (1 / Math.min(rows, most()) + 1.0 / size));
    }

    /// Windows of more rows than half the reference's are tested as if they had that many: the
    /// reference's own error stays the same from window to window, and one bad draw of it would
    /// ring every hour.
    private double most() {
        return Math.max(1, size / 2.0);
    }
}
