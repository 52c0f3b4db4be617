package dev.davy.stats.selective;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/// Exact bounds of a probability from how often it came about (Clopper and Pearson 1934), to one
/// side only.
final class Bounds {
    private static final double MOST = 1e9;

    private Bounds() {}

    /// Below which the probability lies with this certainty.
    static double upper(double happened, double of, double certainty) {
        if (happened >= of) return 1;
        return BetaDistribution.of(happened + 1, of - happened)
                .inverseCumulativeProbability(certainty);
    }

    /// Whether chance lets so few come about at most this often where the probability is above the
    /// limit.
    static boolean below(double limit, int happened, int of, double level) {
        // At or above the mean it is one half at least, which spares the sum.
        if (happened >= limit * of && level < 0.5) return false;
        return BinomialDistribution.of(of, limit).cumulativeProbability(happened) <= level;
    }

    /// How many cases show that nothing comes about more often than the limit, if nothing does.
    static int fewest(double limit, double level) {
        // 299 for one in a hundred and 5 %: 0.99 to the 299th is the first below 0.05.
        return (int) Math.ceil(Math.log(level) / Math.log1p(-limit) - 1e-9);
    }

    /// How many cases show it if it comes about at this rate; infinite where none would.
    static double needed(double rate, double limit, double certainty) {
        if (rate >= limit || !shown(rate, MOST, limit, certainty)) return Double.POSITIVE_INFINITY;
        double few = 0;
        double many = 1;
        while (!shown(rate, many, limit, certainty)) {
            few = many;
            many *= 2;
        }
        while (many - few > 0.5) {
            double middle = (few + many) / 2;
            if (shown(rate, middle, limit, certainty)) many = middle;
            else few = middle;
        }
        return Math.ceil(many);
    }

    private static boolean shown(double rate, double of, double limit, double certainty) {
        return BetaDistribution.of(rate * of + 1, of - rate * of).cumulativeProbability(limit)
                >= certainty;
    }
}
