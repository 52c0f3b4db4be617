package dev.davy.stats.drift;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.DoubleStream;

/// Distances between two samples of numbers, of the numbers themselves.
public final class Samples {
    private Samples() {}

    /// The area between both distribution functions, in the numbers' unit: how far the mass has to
    /// be moved (Wasserstein-1, the earth mover's distance; Vallender 1973).
    public static Drift wasserstein(double[] reference, double[] current) {
        return Drift.test(
                "wasserstein",
                between(reference, current, 1),
                Double.NaN,
                reference.length,
                current.length,
                Map.of("unit", "that of the numbers"));
    }

    /// [#wasserstein] over the reference's standard deviation (of the population), or over
    /// `deviationMin` where that is greater (Evidently, with 0.001).
    public static Drift wassersteinOverDeviation(
            double[] reference, double[] current, double deviationMin) {
        double deviation = Math.max(deviation(reference, 0), deviationMin);
        return Drift.test(
                "wasserstein-over-deviation",
                between(reference, current, 1) / deviation,
                Double.NaN,
                reference.length,
                current.length,
                Map.of("unit", "standard deviations of the reference", "deviation", deviation));
    }

    /// [#wasserstein] after both were scaled to 0 to 1 by the least and the largest of both
    /// (Deepchecks).
    ///
    /// @param margin the share cut off at either end of both samples together before, 0.025 there
    public static Drift wassersteinScaled(double[] reference, double[] current, double margin) {
        var a = reference;
        var b = current;
        if (margin > 0) {
            var both = sorted(joined(reference, current));
            double low = quantile(both, margin);
            double high = quantile(both, 1 - margin);
            a = DoubleStream.of(reference).filter(x -> x >= low && x <= high).toArray();
            b = DoubleStream.of(current).filter(x -> x >= low && x <= high).toArray();
        }
        var both = joined(a, b);
        double range = max(both) - min(both);
        double value = range > 0 ? between(a, b, 1) / range : 0;
        return Drift.test(
                "wasserstein-scaled",
                value,
                Double.NaN,
                a.length,
                b.length,
                Map.of("unit", "the range of both", "margin", margin));
    }

    /// sqrt(2 ∫ (F − G)²), in the root of the numbers' unit (Székely 2002; scipy's form).
    public static Drift energy(double[] reference, double[] current) {
        return Drift.test(
                "energy",
                Math.sqrt(2 * between(reference, current, 2)),
                Double.NaN,
                reference.length,
                current.length,
                Map.of("form", "sqrt(2 integral (F - G)^2)"));
    }

    /// The integral of |F − G| to a power.
    private static double between(double[] reference, double[] current, int power) {
        if (reference.length == 0 || current.length == 0) return Double.NaN;
        var a = sorted(reference);
        var b = sorted(current);
        int i = 0;
        int j = 0;
        double area = 0;
        double last = Math.min(a[0], b[0]);
        while (i < a.length || j < b.length) {
            double next = j == b.length || i < a.length && a[i] <= b[j] ? a[i] : b[j];
            double gap = Math.abs((double) i / a.length - (double) j / b.length);
            area += (power == 1 ? gap : gap * gap) * (next - last);
            while (i < a.length && a[i] == next) i++;
            while (j < b.length && b[j] == next) j++;
            last = next;
        }
        return area;
    }

    /// The value below which a share of the values lies, between two of them linearly.
    public static double quantileOf(double[] values, double share) {
        return quantile(sorted(values), share);
    }

    static double[] joined(double[] a, double[] b) {
        var both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    static double[] sorted(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    static double min(double[] values) {
        double min = Double.POSITIVE_INFINITY;
        for (double value : values) min = Math.min(min, value);
        return min;
    }

    static double max(double[] values) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) max = Math.max(max, value);
        return max;
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) sum += value;
        double mean = sum / values.length;
        // A second pass takes back what the first one lost to rounding.
        double rest = 0;
        for (double value : values) rest += value - mean;
        return mean + rest / values.length;
    }

    /// @param less what is taken off the number of values to divide by: 1 for a sample, 0 for a
    ///   population
    static double variance(double[] values, int less) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) squares += (value - mean) * (value - mean);
        return squares / (values.length - less);
    }

    static double deviation(double[] values, int less) {
        return Math.sqrt(variance(values, less));
    }

    /// Between two values linearly, as numpy does by default.
    static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
