package dev.davy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Figures by name, one per round; a table shows their medians.
final class Samples {
    private final Map<String, List<Double>> byName = new LinkedHashMap<>();

    void add(String name, double value) {
        byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }

    /// NaN if there is none.
    double median(String name) {
        return median(of(name));
    }

    int count(String name) {
        return of(name).length;
    }

    double sum(String name) {
        return Arrays.stream(of(name)).sum();
    }

    double max(String name) {
        return Arrays.stream(of(name)).max().orElse(Double.NaN);
    }

    /// The smallest value that so many are not above; NaN if there is none.
    double quantile(String name, double level) {
        var sorted = of(name);
        Arrays.sort(sorted);
        return sorted.length == 0
                ? Double.NaN
                : sorted[Math.max(0, (int) Math.ceil(level * sorted.length) - 1)];
    }

    /// The median over the rounds of one figure divided by another: what was measured side by side
    /// is compared side by side, so that a slow minute of the machine hits both.
    double medianRatio(String name, String reference) {
        var above = of(name);
        var below = of(reference);
        var ratios = new double[Math.min(above.length, below.length)];
        for (int i = 0; i < ratios.length; i++) ratios[i] = above[i] / below[i];
        return median(ratios);
    }

    private double[] of(String name) {
        return byName.getOrDefault(name, List.of()).stream().mapToDouble(each -> each).toArray();
    }

    private static double median(double[] values) {
        if (values.length == 0) return Double.NaN;
        Arrays.sort(values);
        int half = values.length / 2;
        return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }
}
