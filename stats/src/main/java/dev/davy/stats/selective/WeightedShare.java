package dev.davy.stats.selective;

import dev.davy.stats.Interval;
import dev.davy.stats.quality.Cell;
import dev.davy.stats.quality.Figure;
import org.apache.commons.statistics.distribution.BetaDistribution;

/// A share of cases that were looked at with unlike probabilities: each weighs one over its own
/// (Hájek 1971).
///
/// The interval holds where cases are few and some weigh much. It takes one more case of the
/// largest weight into account, of the one kind for the upper bound and of the other for the lower,
/// as Fay and Feuer 1997 do for rates: one such case may well be there and not have been looked at.
/// Around that mean stands a beta distribution of the same variance. With equal weights it is
/// exactly the interval of Clopper and Pearson 1934.
///
/// @param of cases that are of the kind
/// @param others all others
public record WeightedShare(Cell of, Cell others) {
    public static final WeightedShare NONE = new WeightedShare(Cell.NONE, Cell.NONE);

    /// One more.
    public WeightedShare plus(boolean isOf, double weight) {
        return isOf
                ? new WeightedShare(of.plus(weight), others)
                : new WeightedShare(of, others.plus(weight));
    }

    public WeightedShare merge(WeightedShare that) {
        return new WeightedShare(of.merge(that.of), others.merge(that.others));
    }

    public long count() {
        return of.count() + others.count();
    }

    public double weight() {
        return of.weight() + others.weight();
    }

    /// NaN where there are no cases.
    public double share() {
        return of.weight() / weight();
    }

    /// @param largest the largest weight that a case may have, though perhaps none has it: one over
    ///   the spot-check share
    public Interval interval(double confidence, double largest) {
        Interval.confident(confidence);
        if (!(largest > 0)) throw new IllegalArgumentException("the largest weight is " + largest);
        double tail = (1 - confidence) / 2;
        return new Interval(
                1 - upper(others, of, largest, tail),
                upper(of, others, largest, tail),
                confidence,
                "beta with one more case of weight " + largest);
    }

    private static double upper(Cell of, Cell others, double largest, double tail) {
        if (others.weight() == 0) return 1;
        double all = of.weight() + others.weight() + largest;
        double mean = (of.weight() + largest) / all;
        double spread =
                ((of.squares() + largest * largest) * (1 - mean) * (1 - mean)
                                + others.squares() * mean * mean)
                        / (all * all);
        double cases = mean * (1 - mean) / spread;
        return BetaDistribution.of(mean * cases, (1 - mean) * cases)
                .inverseSurvivalProbability(tail);
    }

    public Figure figure(String name, double confidence, double largest, String definition) {
        if (weight() == 0) return Figure.undefined(name, count(), definition);
        return Figure.of(name, share(), interval(confidence, largest), count(), definition);
    }
}
