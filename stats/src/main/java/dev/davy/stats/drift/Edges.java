package dev.davy.stats.drift;

import java.util.Arrays;

/// Where the bins of a histogram begin and end.
///
/// Bins hold their lower edge and not their upper one, but for the last, which holds both: as
/// numpy's do.
public final class Edges {
    private Edges() {}

    /// Bins of equal width over both samples, as many as numpy's rule `sturges` makes of all their
    /// values: log2(n) + 1, rounded up (Sturges 1926).
    public static double[] sturges(double[] reference, double[] current) {
        var both = Samples.joined(reference, current);
        double range = Samples.max(both) - Samples.min(both);
        return equalWidth(both, range / (Math.log(both.length) / Math.log(2) + 1));
    }

    /// Bins of equal width over the reference alone, as many as numpy's rule `doane` makes of it:
    /// Sturges' number, more where the values are skewed (Doane 1976).
    public static double[] doane(double[] reference) {
        int n = reference.length;
        if (n <= 2) return equalWidth(reference, 0);
        double deviation = Samples.deviation(reference, 0);
        if (!(deviation > 0)) return equalWidth(reference, 0);
        double mean = Samples.mean(reference);
        double skew = 0;
        for (double value : reference) skew += Math.pow((value - mean) / deviation, 3);
        skew /= n;
        double ofSkew = Math.sqrt(6.0 * (n - 2) / ((n + 1.0) * (n + 3.0)));
        double range = Samples.max(reference) - Samples.min(reference);
        return equalWidth(reference, range / (1 + log2(n) + log2(1 + Math.abs(skew) / ofSkew)));
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    private static double[] equalWidth(double[] values, double width) {
        if (values.length == 0) return new double[] {0, 1};
        double low = Samples.min(values);
        double high = Samples.max(values);
        if (low == high) {
            low -= 0.5;
            high += 0.5;
            width = 0;
        }
        int bins = width > 0 ? (int) Math.ceil((high - low) / width) : 1;
        return equalWidth(low, high, bins);
    }

    /// @param bins how many, at least 1
    public static double[] equalWidth(double low, double high, int bins) {
        if (bins < 1 || !(low < high))
            throw new IllegalArgumentException(bins + " bins from " + low + " to " + high);
        var edges = new double[bins + 1];
        double step = (high - low) / bins;
        for (int i = 0; i < bins; i++) edges[i] = low + i * step;
        edges[bins] = high;
        return edges;
    }

    /// Bins that each hold about the same share of the reference; fewer where its values repeat.
    public static double[] quantiles(double[] reference, int bins) {
        if (reference.length == 0) return new double[] {0, 1};
        var sorted = Samples.sorted(reference);
        var edges = new double[bins + 1];
        for (int i = 0; i <= bins; i++) edges[i] = Samples.quantile(sorted, (double) i / bins);
        var distinct = Arrays.stream(edges).distinct().toArray();
        return distinct.length > 1 ? distinct : equalWidth(reference, 0);
    }

    /// How many values fall into each bin; what lies outside falls into none.
    public static double[] counts(double[] edges, double[] values) {
        var counts = new double[edges.length - 1];
        for (double value : values) {
            if (!(value >= edges[0] && value <= edges[edges.length - 1])) continue;
            int at = Arrays.binarySearch(edges, value);
            int bin = at >= 0 ? at : -at - 2;
            counts[Math.min(bin, counts.length - 1)]++;
        }
        return counts;
    }
}
