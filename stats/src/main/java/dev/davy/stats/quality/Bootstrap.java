package dev.davy.stats.quality;

import dev.davy.stats.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/// Intervals by drawing the examples again (Efron 1979), each as often as a Poisson variable of
/// mean 1 says, so that no example needs to know how many others there are (Oza and Russell 2001;
/// Chamandy et al. 2012).
///
/// Percentile intervals: simple, and never outside the metric's range. With fewer than some 30
/// examples, or a metric near its end, they are too narrow. Rows are drawn as if they were
/// independent: where several belong to one customer or one recording, draw those.
///
/// @param replicates 1,000 for an interval one quotes
/// @param seed the same seed, the same interval
public record Bootstrap(int replicates, long seed, double confidence) {
    public static final Bootstrap USUAL = new Bootstrap(1_000, 42, Interval.USUAL);

    /// A metric of the same rows with other weights; NaN where it is not defined.
    public interface Metric extends ToDoubleFunction<double[]> {}

    public Bootstrap {
        if (replicates < 20 || replicates > 1_000_000)
            throw new IllegalArgumentException(
                    "replicates is " + replicates + "; it is 20 to 1,000,000");
        Interval.confident(confidence);
    }

    public Bootstrap times(int replicates) {
        return new Bootstrap(replicates, seed, confidence);
    }

    /// Of a metric of rows that are held in memory.
    ///
    /// @param weights one per row; each is multiplied by how often the row was drawn
    public Optional<Interval> interval(double[] weights, Metric metric) {
        return interval(random -> metric.applyAsDouble(redrawn(weights, random)));
    }

    /// How much better the second model is than the first, on the same rows, drawn together: what
    /// both find hard cancels out. Better only where the interval does not hold 0.
    public Figure paired(String name, double[] weights, Metric first, Metric second) {
        double difference = second.applyAsDouble(weights) - first.applyAsDouble(weights);
        var interval =
                interval(random -> {
                    var drawn = redrawn(weights, random);
                    return second.applyAsDouble(drawn) - first.applyAsDouble(drawn);
                });
        return Figure.of(
                name,
                difference,
                interval,
                weights.length,
                "second minus first on the same rows, paired bootstrap");
    }

    /// Of whatever can be drawn again. Draws in which the metric is not defined are left out; empty
    /// where that is more than half of them.
    public Optional<Interval> interval(ToDoubleFunction<RandomGenerator> drawn) {
        var random = new SplittableRandom(seed);
        var values = new double[replicates];
        int defined = 0;
        for (int i = 0; i < replicates; i++) {
            double value = drawn.applyAsDouble(random);
            if (!Double.isNaN(value)) values[defined++] = value;
        }
        return percentiles(values, defined);
    }

    /// Of several metrics of the same draws.
    List<Optional<Interval>> intervals(int metrics, Draw draw) {
        var random = new SplittableRandom(seed);
        var values = new double[metrics][replicates];
        var defined = new int[metrics];
        for (int i = 0; i < replicates; i++) {
            var each = draw.values(random);
            for (int m = 0; m < metrics; m++)
                if (!Double.isNaN(each[m])) values[m][defined[m]++] = each[m];
        }
        var found = new ArrayList<Optional<Interval>>();
        for (int m = 0; m < metrics; m++) found.add(percentiles(values[m], defined[m]));
        return found;
    }

    interface Draw {
        double[] values(RandomGenerator random);
    }

    Optional<Interval> percentiles(double[] values, int defined) {
        if (defined * 2 < replicates) return Optional.empty();
        var sorted = Arrays.copyOf(values, defined);
        Arrays.sort(sorted);
        double tail = (1 - confidence) / 2;
        return Optional.of(
                new Interval(
                        quantile(sorted, tail),
                        quantile(sorted, 1 - tail),
                        confidence,
                        "bootstrap of " + replicates + ", seed " + seed));
    }

    /// Between the two nearest, as numpy does (Hyndman and Fan 1996, number 7).
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    private static double[] redrawn(double[] weights, RandomGenerator random) {
        var drawn = new double[weights.length];
        for (int i = 0; i < drawn.length; i++)
            drawn[i] = weights[i] * Chance.timesOfOne(random.nextLong());
        return drawn;
    }
}
