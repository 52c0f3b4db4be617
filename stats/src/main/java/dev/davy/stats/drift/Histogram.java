package dev.davy.stats.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Amounts over ranges of numbers, each range with its own edges, which need not touch; and how
/// many numbers were NaN.
///
/// Two of them are compared over the union of their edges, each range's amount spread evenly over
/// it. A range without width is a point, which equals only the same point; NaN and what lies in an
/// infinite range equal nothing (TensorFlow Data Validation).
///
/// @param ranges in ascending order
/// @param nan how many numbers were NaN
public record Histogram(List<Range> ranges, double nan) {
    /// @param low the lower edge, or minus infinity
    public record Range(double low, double high, double amount) {
        public Range {
            if (!(low <= high && amount >= 0))
                throw new IllegalArgumentException(low + " to " + high + " has " + amount);
        }

        private boolean finite() {
            return Double.isFinite(low) && Double.isFinite(high);
        }
    }

    public Histogram {
        ranges = List.copyOf(ranges);
    }

    private double total() {
        double total = nan;
        for (var range : ranges) total += range.amount();
        return total;
    }

    /// Jensen-Shannon divergence in base 2: 0 for equal ones, 1 where nothing is in common.
    public static Drift jensenShannon(Histogram reference, Histogram current) {
        var edges = new TreeSet<Double>();
        var points = new TreeSet<Double>();
        for (var histogram : List.of(reference, current))
            for (var range : histogram.ranges) {
                if (!range.finite()) continue;
                edges.add(range.low());
                edges.add(range.high());
                if (range.low() == range.high()) points.add(range.low());
            }
        var p = spread(reference, List.copyOf(edges), List.copyOf(points), true);
        var q = spread(current, List.copyOf(edges), List.copyOf(points), false);
        double value = Distances.jensenShannon(p, q) / Math.log(2);
        return Drift.test(
                "jensen-shannon-divergence",
                value,
                Double.NaN,
                reference.total(),
                current.total(),
                Map.of(
                        "base", "2",
                        "cells", "union of the edges, amounts spread evenly within a range",
                        "nan", "never equal"));
    }

    private static double[] spread(
            Histogram histogram, List<Double> edges, List<Double> points, boolean first) {
        var shares = new double[Math.max(0, edges.size() - 1)];
        var atPoints = new double[points.size()];
        double total = histogram.total();
        double apart = histogram.nan / total;
        for (var range : histogram.ranges) {
            double share = range.amount() / total;
            if (!range.finite()) apart += share;
            else if (range.low() == range.high()) atPoints[points.indexOf(range.low())] += share;
            else
                for (int i = 0; i < shares.length; i++) {
                    double low = Math.max(range.low(), edges.get(i));
                    double high = Math.min(range.high(), edges.get(i + 1));
                    if (high > low)
                        shares[i] += share * (high - low) / (range.high() - range.low());
                }
        }
        var all = new ArrayList<Double>();
        for (double share : shares) all.add(share);
        for (double share : atPoints) all.add(share);
        // What can't be equal stands in cells of which the other one has none.
        all.addAll(first ? Arrays.asList(apart, 0.0) : Arrays.asList(0.0, apart));
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
