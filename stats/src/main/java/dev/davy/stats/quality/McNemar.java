package dev.davy.stats.quality;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/// Two models on the same examples: only those that one gets right and the other wrong tell them
/// apart (McNemar 1947). Merges by adding. It knows no weights: a count that must be a draw of
/// coins cannot be weighted; for weighted rows take [Bootstrap#paired].
///
/// @param both right by both
/// @param onlyFirst right by the first alone
/// @param onlySecond right by the second alone
/// @param neither right by none
public record McNemar(long both, long onlyFirst, long onlySecond, long neither) {
    public static final McNemar NONE = new McNemar(0, 0, 0, 0);

    public McNemar {
        if (both < 0 || onlyFirst < 0 || onlySecond < 0 || neither < 0)
            throw new IllegalArgumentException(
                    "%d, %d, %d, %d".formatted(both, onlyFirst, onlySecond, neither));
    }

    public McNemar plus(boolean first, boolean second) {
        return merge(
                new McNemar(
                        first && second ? 1 : 0,
                        first && !second ? 1 : 0,
                        !first && second ? 1 : 0,
                        !first && !second ? 1 : 0));
    }

    public McNemar merge(McNemar that) {
        return new McNemar(
                both + that.both,
                onlyFirst + that.onlyFirst,
                onlySecond + that.onlySecond,
                neither + that.neither);
    }

    /// The chance of so unlike a split, or one more unlike, of fair coins: two-sided, exact. The
    /// one to use, whatever the numbers.
    public double exact() {
        long n = onlyFirst + onlySecond;
        return n == 0 ? 1 : Math.min(1, 2 * coins(n).cumulativeProbability(fewer()));
    }

    /// The exact test with half of the chance of what was seen (Fagerland, Lydersen and Laake
    /// 2013): less cautious, and nearly never above its level.
    public double midP() {
        long n = onlyFirst + onlySecond;
        if (n == 0) return 1;
        var coins = coins(n);
        return Math.min(1, 2 * coins.cumulativeProbability(fewer()) - coins.probability(fewer()));
    }

    private static BinomialDistribution coins(long n) {
        return BinomialDistribution.of(Math.toIntExact(n), 0.5);
    }

    private int fewer() {
        return (int) Math.min(onlyFirst, onlySecond);
    }

    /// Chi-square with one degree of freedom, with Edwards' correction (1948) or without; 0 where
    /// they never differ.
    public double chiSquare(boolean corrected) {
        double n = onlyFirst + onlySecond;
        if (n == 0) return 0;
        double off = Math.abs(onlyFirst - onlySecond);
        if (corrected) off = Math.max(0, off - 1);
        return off * off / n;
    }

    public double chiSquareP(boolean corrected) {
        return ChiSquaredDistribution.of(1).survivalProbability(chiSquare(corrected));
    }
}
