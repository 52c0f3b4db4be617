package dev.davy.stats.quality;

import dev.davy.stats.Interval;
import java.util.Arrays;
import java.util.List;

/// How far predicted numbers are from true ones.
///
/// Mean errors have Student's interval. R² has none that follows from sums, so every row is drawn
/// for each of [#REPLICATES] bootstraps while it is added, by a hash of its key: two parts that are
/// merged give what one pass over the same rows gives.
public final class RegressionErrors {
    /// How many bootstraps run along, for R².
    public static final int REPLICATES = 200;

    private final WeightedMean absolute;
    private final WeightedMean squared;
    private final WeightedMean percentage;
    private final WeightedMean bias;
    private final WeightedMean truth;
    private final Draw[] draws;
    private final long seed;

    /// One bootstrap's sums.
    private record Draw(WeightedMean truth, WeightedMean squared) {
        private static final Draw NONE = new Draw(WeightedMean.NONE, WeightedMean.NONE);
    }

    private RegressionErrors(
            WeightedMean absolute,
            WeightedMean squared,
            WeightedMean percentage,
            WeightedMean bias,
            WeightedMean truth,
            Draw[] draws,
            long seed) {
        this.absolute = absolute;
        this.squared = squared;
        this.percentage = percentage;
        this.bias = bias;
        this.truth = truth;
        this.draws = draws;
        this.seed = seed;
    }

    /// Of no rows.
    public static RegressionErrors none(long seed) {
        return new Builder(seed).build();
    }

    /// Takes rows one by one; not for several threads.
    public static final class Builder {
        private final long seed;
        private final Draw[] draws = new Draw[REPLICATES];
        private WeightedMean absolute = WeightedMean.NONE;
        private WeightedMean squared = WeightedMean.NONE;
        private WeightedMean percentage = WeightedMean.NONE;
        private WeightedMean bias = WeightedMean.NONE;
        private WeightedMean truths = WeightedMean.NONE;

        public Builder(long seed) {
            this.seed = seed;
            Arrays.fill(draws, Draw.NONE);
        }

        /// @param row a key of the row, another for each: its number in the table
        public Builder add(long row, double truth, double predicted, double weight) {
            double off = predicted - truth;
            absolute = absolute.plus(Math.abs(off), weight);
            squared = squared.plus(off * off, weight);
            bias = bias.plus(off, weight);
            truths = truths.plus(truth, weight);
            if (truth != 0) percentage = percentage.plus(Math.abs(off / truth), weight);
            for (int d = 0; d < draws.length; d++) {
                double drawn = weight * Chance.timesOfOne(Chance.hash(seed, row, d));
                if (drawn > 0)
                    draws[d] =
                            new Draw(
                                    draws[d].truth.plus(truth, drawn),
                                    draws[d].squared.plus(off * off, drawn));
            }
            return this;
        }

        public RegressionErrors build() {
            return new RegressionErrors(
                    absolute, squared, percentage, bias, truths, draws.clone(), seed);
        }
    }

    public RegressionErrors merge(RegressionErrors that) {
        if (seed != that.seed)
            throw new IllegalArgumentException("seeds are " + seed + " and " + that.seed);
        var both = new Draw[draws.length];
        for (int d = 0; d < both.length; d++)
            both[d] =
                    new Draw(
                            draws[d].truth.merge(that.draws[d].truth),
                            draws[d].squared.merge(that.draws[d].squared));
        return new RegressionErrors(
                absolute.merge(that.absolute),
                squared.merge(that.squared),
                percentage.merge(that.percentage),
                bias.merge(that.bias),
                truth.merge(that.truth),
                both,
                seed);
    }

    public Figure mae(double confidence) {
        return absolute.figureFromZero("mae", confidence, "mean |predicted - true|");
    }

    /// The root of the mean squared error; its interval is that of the mean, rooted.
    public Figure rmse(double confidence) {
        var definition = "root of mean (predicted - true)²";
        if (squared.weight() == 0) return Figure.undefined("rmse", squared.count(), definition);
        var interval =
                squared.interval(confidence)
                        .map(i ->
                                new Interval(
                                        Math.sqrt(Math.max(0, i.low())),
                                        Math.sqrt(i.high()),
                                        confidence,
                                        i.method() + " of the squares"));
        return Figure.of("rmse", Math.sqrt(squared.mean()), interval, squared.count(), definition);
    }

    /// Rows whose truth is 0 are left out: nothing is a percentage of it. Scikit-learn divides them
    /// by 2e-16 instead, and the result is one of them.
    public Figure mape(double confidence) {
        return percentage.figureFromZero(
                "mape",
                confidence,
                "mean |predicted - true| / |true|, without rows whose truth is 0");
    }

    public Figure bias(double confidence) {
        return bias.figure("bias", confidence, "mean predicted - true");
    }

    /// How much of the truth's variance is explained; below 0 where the mean would be nearer.
    public Figure r2(double confidence) {
        var definition = "1 - sum (predicted - true)² / sum (true - mean true)²";
        double value = r2(new Draw(truth, squared));
        var values = new double[draws.length];
        int defined = 0;
        for (var draw : draws) {
            double each = r2(draw);
            if (!Double.isNaN(each)) values[defined++] = each;
        }
        var interval = new Bootstrap(draws.length, seed, confidence).percentiles(values, defined);
        return Figure.of("r2", value, interval, truth.count(), definition);
    }

    private static double r2(Draw draw) {
        // Equal truths have no variance to explain.
        if (draw.truth.squares() == 0) return Double.NaN;
        return 1 - draw.squared.mean() * draw.squared.weight() / draw.truth.squares();
    }

    public List<Figure> figures(double confidence) {
        return List.of(
                mae(confidence),
                rmse(confidence),
                mape(confidence),
                bias(confidence),
                r2(confidence));
    }
}
