package dev.davy.stats.quality;

import dev.davy.stats.Interval;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/// Intervals for a share: so many of so many.
///
/// Both numbers may be fractions, as effective numbers of weighted examples are.
public final class Proportion {
    private Proportion() {}

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /// Half of the chance outside, as standard deviations: 1.96 for 0.95.
    static double deviations(double confidence) {
        Interval.confident(confidence);
        return NORMAL.inverseSurvivalProbability((1 - confidence) / 2);
    }

    /// Wilson 1927, the score interval: right on average, never outside 0 to 1, and honest with no
    /// successes at all. The one we use everywhere.
    public static Interval wilson(double successes, double n, double confidence) {
        double p = share(successes, n);
        double z = deviations(confidence);
        double middle = p + z * z / (2 * n);
        double half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        double scale = 1 + z * z / n;
        // With all or none the bound is 1 or 0; rounding would miss it by its last digit.
        double low = successes == 0 ? 0 : Math.max(0, (middle - half) / scale);
        double high = successes == n ? 1 : Math.min(1, (middle + half) / scale);
        return new Interval(low, high, confidence, "Wilson");
    }

    /// Clopper and Pearson 1934, from the beta distribution: holds at least as often as it says,
    /// and is wider for it.
    public static Interval clopperPearson(double successes, double n, double confidence) {
        share(successes, n);
        Interval.confident(confidence);
        double tail = (1 - confidence) / 2;
        double low =
                successes == 0
                        ? 0
                        : BetaDistribution.of(successes, n - successes + 1)
                                .inverseCumulativeProbability(tail);
        double high =
                successes == n
                        ? 1
                        : BetaDistribution.of(successes + 1, n - successes)
                                .inverseSurvivalProbability(tail);
        return new Interval(low, high, confidence, "Clopper-Pearson");
    }

    /// Agresti and Coull 1998: the normal interval after adding z²/2 of each kind; cut at 0 and 1.
    public static Interval agrestiCoull(double successes, double n, double confidence) {
        share(successes, n);
        double z = deviations(confidence);
        double more = n + z * z;
        return around((successes + z * z / 2) / more, more, z, confidence, "Agresti-Coull");
    }

    /// Laplace 1812, the one of textbooks: of no width at 0 and 1, and too narrow near them. Cut at
    /// 0 and 1.
    public static Interval normal(double successes, double n, double confidence) {
        return around(share(successes, n), n, deviations(confidence), confidence, "normal");
    }

    private static Interval around(double p, double n, double z, double confidence, String method) {
        double half = z * Math.sqrt(p * (1 - p) / n);
        return new Interval(Math.max(0, p - half), Math.min(1, p + half), confidence, method);
    }

    private static double share(double successes, double n) {
        if (!(n > 0 && successes >= 0 && successes <= n))
            throw new IllegalArgumentException(successes + " of " + n);
        return successes / n;
    }

    /// Of examples with weights: what share of the weight is of this kind.
    static Figure figure(String name, Cell of, Cell all, double confidence, String definition) {
        if (all.weight() == 0) return Figure.undefined(name, all.count(), definition);
        double value = Math.min(1, of.weight() / all.weight());
        double n = all.effective();
        return Figure.of(name, value, wilson(value * n, n, confidence), all.count(), definition);
    }
}
