package dev.davy.stats.alarm;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a window's lowest or highest number is too far out: one value that no rank shows.
///
/// The highest numbers of the reference's windows have a tail, which is taken to be a generalised
/// Pareto distribution (Pickands 1975). Few windows tell little of its shape and scale, so all that
/// are likely count by how likely they are, and what is said of the next window is their mean (a
/// predictive distribution, as in Coles and Tawn 1996): the fewer windows, the further out a number
/// must lie. Tails may be as heavy as anything that has a mean, and none is lighter than an
/// exponential one, which is on the safe side.
public final class Extremes {
    /// Fewer windows tell nothing of a tail.
    public static final int WINDOWS_LEAST = 24;

    /// The part of a column's price that this costs; [Watch] has the rest.
    public static final double PART = 0.1;

    /// Of the windows so many make the tail: a quarter, but no fewer and no more than these.
    private static final int TAIL_LEAST = 10;

    private static final int TAIL_MOST = 50;

    private final Side low;
    private final Side high;

    private Extremes(Side low, Side high) {
        this.low = low;
        this.high = high;
    }

    /// What was seen of a column in a window.
    public record Range(double lowest, double highest, long rows) {}

    /// A number that is too far out.
    ///
    /// @param usual the furthest of the reference
    /// @param chance of a number at least as far out in a window like this
    public record Beyond(boolean high, double number, double usual, double chance) {}

    /// @param reference its windows in the order of time
    /// @param deviation of the column's numbers
    /// @return empty where there are too few windows, or all numbers are the same
    public static Optional<Extremes> of(List<Range> reference, double deviation) {
        if (reference.size() < WINDOWS_LEAST || !(deviation > 0)) return Optional.empty();
        double rows = reference.stream().mapToLong(Range::rows).average().orElseThrow();
        var low = reference.stream().mapToDouble(each -> -each.lowest()).toArray();
        var high = reference.stream().mapToDouble(Range::highest).toArray();
        return Optional.of(
                new Extremes(new Side(low, rows, deviation), new Side(high, rows, deviation)));
    }

    /// What of a window is too far out, the less likely of both; empty where nothing is.
    public Optional<Beyond> beyond(Range window, Price price) {
        double level = price.level() * PART / 2;
        double above = high.chance(window.highest(), window.rows(), level);
        double below = low.chance(-window.lowest(), window.rows(), level);
        if (Math.min(above, below) >= level) return Optional.empty();
        return Optional.of(
                above <= below
                        ? new Beyond(true, window.highest(), high.most, above)
                        : new Beyond(false, window.lowest(), -low.most, below));
    }

    /// The numbers that the highest of a window exceeds with this probability.
    double limit(double level, long rows) {
        return high.limit(level, rows);
    }

    /// One end of the numbers, as if it were the upper one.
    private static final class Side {
        private final double[] highest;
        private final double rows;
        private final double deviation;
        private final double most;
        private volatile @Nullable Posterior tail;

        Side(double[] highest, double rows, double deviation) {
            this.highest = highest;
            this.rows = rows;
            this.deviation = deviation;
            most = Arrays.stream(highest).max().orElseThrow();
        }

        /// The probability that the highest of a window is as high; 1 where that can't be below a
        /// level.
        double chance(double number, long ofRows, double level) {
            // Most windows lie within what was seen: of these the tail is not needed.
            if (number <= most && level < 1.0 / (highest.length + 1)) return 1;
            return Math.min(1, tail().beyond(number) * Math.max(1, ofRows / rows));
        }

        double limit(double level, long ofRows) {
            var posterior = tail();
            double each = level / Math.max(1, ofRows / rows);
            double step = deviation;
            while (posterior.beyond(posterior.threshold + step) > each) step *= 2;
            double from = posterior.threshold;
            double to = posterior.threshold + step;
            for (int i = 0; i < 80; i++) {
                double middle = (from + to) / 2;
                if (posterior.beyond(middle) > each) from = middle;
                else to = middle;
            }
            return to;
        }

        private Posterior tail() {
            var known = tail;
            if (known == null) tail = known = Posterior.of(highest, deviation);
            return known;
        }
    }

    /// How likely each shape and scale of a tail is.
    ///
    /// @param part of the windows whose highest lies above the threshold
    @SuppressWarnings("ArrayRecordComponent") // never compared, never given away
    private record Posterior(double threshold, double part, double[] scales, double[][] weights) {
        private static final int SHAPES = 16;
        private static final double SHAPE_STEP = 0.1;
        private static final int SCALES = 48;

        /// Heavy tails are rarer than light ones: a normal curve over the shapes, cut in the
        /// middle.
        private static final double SHAPE_DEVIATION = 0.7;

        static Posterior of(double[] highest, double deviation) {
            int m = highest.length;
            int k = Math.clamp(m / 4, TAIL_LEAST, TAIL_MOST);
            var sorted = highest.clone();
            Arrays.sort(sorted);
            double threshold = sorted[m - 1 - k];
            var excesses = new double[k];
            double mean = 0;
            for (int i = 0; i < k; i++) {
                excesses[i] = sorted[m - k + i] - threshold;
                mean += excesses[i] / k;
            }
            var scales = new double[SCALES];
            double from = Math.log(deviation / 50);
            double to = Math.log(20 * Math.max(deviation, mean));
            for (int i = 0; i < SCALES; i++)
                scales[i] = Math.exp(from + (to - from) * i / (SCALES - 1));
            // Windows that resemble their neighbours say less: Bartlett 1935.
            double likeness = likeness(highest, sorted);
            double worth = (1 - likeness) / (1 + likeness);
            var weights = new double[SHAPES][SCALES];
            double best = Double.NEGATIVE_INFINITY;
            for (int s = 0; s < SHAPES; s++)
                for (int c = 0; c < SCALES; c++) {
                    double shape = s * SHAPE_STEP;
                    weights[s][c] =
                            worth * logLikelihood(excesses, shape, scales[c])
                                    - shape * shape / (2 * SHAPE_DEVIATION * SHAPE_DEVIATION);
                    best = Math.max(best, weights[s][c]);
                }
            double sum = 0;
            for (var row : weights)
                for (int c = 0; c < SCALES; c++) {
                    row[c] = Math.exp(row[c] - best);
                    sum += row[c];
                }
            for (var row : weights) for (int c = 0; c < SCALES; c++) row[c] /= sum;
            return new Posterior(threshold, (double) k / m, scales, weights);
        }

        private static double logLikelihood(double[] excesses, double shape, double scale) {
            double sum = 0;
            for (double excess : excesses)
                sum += shape == 0 ? excess / scale : Math.log1p(shape * excess / scale);
            return -excesses.length * Math.log(scale) - (shape == 0 ? 1 : 1 / shape + 1) * sum;
        }

        /// How much the rank of a window's highest resembles that of the one before.
        private static double likeness(double[] highest, double[] sorted) {
            int m = highest.length;
            var ranks = new double[m];
            for (int i = 0; i < m; i++) {
                int at = Arrays.binarySearch(sorted, highest[i]);
                ranks[i] = at / (double) m - 0.5;
            }
            double squares = 0;
            double neighbours = 0;
            double mean = Arrays.stream(ranks).average().orElseThrow();
            for (int i = 0; i < m; i++) {
                squares += (ranks[i] - mean) * (ranks[i] - mean);
                if (i > 0) neighbours += (ranks[i] - mean) * (ranks[i - 1] - mean);
            }
            return squares > 0 ? Math.clamp(neighbours / squares, 0, 0.9) : 0;
        }

        double beyond(double number) {
            double excess = number - threshold;
            if (excess <= 0) return 1;
            double sum = 0;
            for (int s = 0; s < SHAPES; s++) {
                double shape = s * SHAPE_STEP;
                for (int c = 0; c < SCALES; c++) {
                    double scaled = excess / scales[c];
                    sum +=
                            weights[s][c]
                                    * (s == 0
                                            ? Math.exp(-scaled)
                                            : Math.pow(1 + shape * scaled, -1 / shape));
                }
            }
            return part * sum;
        }
    }
}
