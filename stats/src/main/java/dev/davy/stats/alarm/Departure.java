package dev.davy.stats.alarm;

import org.apache.commons.statistics.distribution.HypergeometricDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/// How far one part of a column departs from what is normal: how improbable that is, and how large.
///
/// @param what part of the column
/// @param p two-sided, unless only one side is harm ([#to])
/// @param effect as in [Decision.Drifted]
/// @param error the effect's standard error
/// @param part of the column's level that this test may spend
/// @param least smallest effect that is worth an alarm
record Departure(String what, double p, double effect, double error, double part, double least) {
    /// Below this a normal approximation is good enough to say that nothing is unusual.
    private static final double UNUSUAL = 2.5;

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /// Whether it is improbable enough, and large enough, for an alarm.
    boolean alarms(double level) {
        return p <= level * part && Math.abs(effect) >= least;
    }

    /// The same, where only one side is harm.
    Departure to(Side side) {
        boolean harm =
                switch (side) {
                    case EITHER -> true;
                    case BELOW -> effect < 0;
                    case ABOVE -> effect > 0;
                };
        double within = side == Side.EITHER ? p : harm ? p / 2 : 1;
        return new Departure(what, within, effect, error, part, least);
    }

    /// Of a mean of scores that are bounded or near to normal, so that the mean is near to normal.
    ///
    /// @param windows how many rows the windows hold together
    /// @param reference how many rows the reference holds
    static Departure ofMean(
            String what, Pool pool, int score, Baseline baseline, double part, double least) {
        double size = pool.present();
        double effect = pool.evidence().mean(score) - baseline.expected(pool);
        double error = baseline.error(size);
        double scale = Math.sqrt(baseline.variance());
        return new Departure(
                what,
                twoSided(effect / error, baseline.wobble()),
                effect / scale,
                error / scale,
                part,
                least);
    }

    /// Of the share of missing values, the same for columns of every kind.
    static Departure ofMissing(Pool pool, Baseline baseline) {
        return ofCount(
                "missing",
                pool.missing(),
                pool.rows(),
                pool,
                baseline,
                Column.OF_MISSING,
                Column.LEAST_CHANGE);
    }

    /// Of a share, against the reference's: exact given both counts together, a tie counted half
    /// (mid-p, Lancaster 1961); and where shares wobble, by that too.
    static Departure ofCount(
            String what,
            long count,
            long size,
            Pool pool,
            Baseline baseline,
            double part,
            double least) {
        double share = (double) count / size;
        double effect = share - baseline.expected(pool);
        long both = count + Math.round(baseline.mean() * baseline.size());
        double pooled = (both + 0.5) / (size + baseline.size() + 1);
        double chance = Math.sqrt(pooled * (1 - pooled) * (1.0 / size + 1.0 / baseline.size()));
        double p =
                baseline.wobble().known()
                        ? ofWobblingCount(count, size, pool, baseline)
                        : Math.abs(effect) < UNUSUAL * chance
                                ? twoSided(effect / chance, Wobble.NONE)
                                : exact(count, size, both, baseline.size());
        return new Departure(
                what, p, effect, Math.max(chance, baseline.error((double) size)), part, least);
    }

    /// A season or a variance between windows is only known roughly where few are expected, so it
    /// may explain what is unusual and never make it so.
    private static double ofWobblingCount(long count, long size, Pool pool, Baseline baseline) {
        double expected = Math.clamp(baseline.expected(pool), 0.5 / size, 1 - 0.5 / size);
        double variance =
                expected * (1 - expected) / size
                        + baseline.wobble().tauSquared()
                        + baseline.wobble().fitError();
        double byWobble =
                twoSided(
                        ((double) count / size - expected) / Math.sqrt(variance),
                        baseline.wobble());
        if (byWobble > 0.01) return byWobble;
        long imagined = Math.min(baseline.size(), 1_000_000);
        long before = Math.round(expected * imagined);
        return Math.max(byWobble, exact(count, size, count + before, imagined));
    }

    private static double exact(long count, long size, long both, long reference) {
        var distribution =
                HypergeometricDistribution.of(
                        Math.toIntExact(size + reference),
                        Math.toIntExact(both),
                        Math.toIntExact(size));
        int at = Math.toIntExact(count);
        double half = distribution.probability(at) / 2;
        double below = distribution.cumulativeProbability(at) - half;
        double above = distribution.survivalProbability(at) + half;
        return Math.min(1, 2 * Math.min(below, above));
    }

    private static double twoSided(double z, Wobble wobble) {
        double size = Math.abs(z);
        if (!wobble.known()) return 2 * NORMAL.survivalProbability(size);
        return 2 * TDistribution.of(wobble.degrees()).survivalProbability(size);
    }
}
