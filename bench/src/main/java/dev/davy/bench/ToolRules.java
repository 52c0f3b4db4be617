package dev.davy.bench;

import dev.davy.stats.drift.Edges;
import dev.davy.stats.drift.Samples;
import java.util.Arrays;

/// What other tools alarm by if nothing is set, by their definitions: docs/statistics.md says
/// which.
final class ToolRules {
    private ToolRules() {}

    /// Evidently with more than 1,000 reference rows: Wasserstein over the reference's deviation of
    /// at least 0.1, or for categories a Jensen-Shannon distance of at least 0.1. Missing values
    /// are left out first.
    static boolean evidently(AlarmColumns kind, double[] reference, double[] window) {
        var before = AlarmColumns.present(reference);
        var now = AlarmColumns.present(window);
        if (kind.category()) return jensenShannon(classes(before), classes(now), Math.E) >= 0.1;
        return Samples.wassersteinOverDeviation(before, now, 0.001).value() >= 0.1;
    }

    /// NannyML: Jensen-Shannon distance of a chunk to the whole reference above the mean of the
    /// reference's own chunks and three of their deviations.
    static final class Nannyml {
        private final AlarmColumns kind;
        private final double[] reference;
        private final double[] edges;
        private final double threshold;

        /// @param rows of a chunk; the last one may be shorter, and counts
        Nannyml(AlarmColumns kind, double[] all, int rows) {
            this.kind = kind;
            reference = AlarmColumns.present(all);
            edges = kind.category() ? new double[0] : Edges.doane(reference);
            int chunks = (reference.length + rows - 1) / rows;
            var own = new double[chunks];
            for (int i = 0; i < chunks; i++)
                own[i] =
                        distance(
                                Arrays.copyOfRange(
                                        reference,
                                        i * rows,
                                        Math.min(reference.length, (i + 1) * rows)));
            double mean = Arrays.stream(own).average().orElse(0);
            double squares = Arrays.stream(own).map(each -> (each - mean) * (each - mean)).sum();
            threshold = Math.min(1, mean + 3 * Math.sqrt(squares / chunks));
        }

        boolean alarms(double[] window) {
            return distance(AlarmColumns.present(window)) > threshold;
        }

        private double distance(double[] values) {
            return kind.category()
                    ? jensenShannon(classes(reference), classes(values), 2)
                    : jensenShannon(bins(reference), bins(values), 2);
        }

        /// What lies outside of the reference's bins is one more.
        private double[] bins(double[] values) {
            var bins = Arrays.copyOf(Edges.counts(edges, values), edges.length);
            bins[edges.length - 1] = values.length - Arrays.stream(bins).sum();
            return bins;
        }
    }

    private static double[] classes(double[] values) {
        var counts = new double[5];
        for (double each : values) counts[(int) each]++;
        return counts;
    }

    /// The distance: the root of the divergence.
    private static double jensenShannon(double[] one, double[] other, double base) {
        double ofOne = Arrays.stream(one).sum();
        double ofOther = Arrays.stream(other).sum();
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double p = one[i] / ofOne;
            double q = other[i] / ofOther;
            if (p > 0) sum += p * Math.log(2 * p / (p + q)) / 2;
            if (q > 0) sum += q * Math.log(2 * q / (p + q)) / 2;
        }
        return Math.sqrt(Math.max(0, sum / Math.log(base)));
    }
}
