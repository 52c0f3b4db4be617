package dev.davy.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Ratios of what was measured side by side, and where their median is.
final class Pairs {
    private static final double CONFIDENCE = 0.95;

    private final List<Double> ratios = new ArrayList<>();

    void add(double ratio) {
        ratios.add(ratio);
    }

    int count() {
        return ratios.size();
    }

    double median() {
        return quantile(0.5);
    }

    private double quantile(double level) {
        if (ratios.isEmpty()) return Double.NaN;
        var sorted = sorted();
        double at = level * (sorted.size() - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
    }

    private List<Double> sorted() {
        var sorted = new ArrayList<>(ratios);
        Collections.sort(sorted);
        return sorted;
    }

    /// An interval that holds the median of all such pairs with at least 95 %, whatever their
    /// distribution: two order statistics, since each pair is below the median with one half
    /// (Thompson 1936). Below six pairs there is none.
    String interval() {
        var sorted = sorted();
        int n = sorted.size();
        int left = 0;
        while (1 - 2 * below(n, left) >= CONFIDENCE) left++;
        if (left == 0) return "-";
        return Target.number(sorted.get(left - 1)) + " to " + Target.number(sorted.get(n - left));
    }

    /// The chance that at most so many of n fall below the median.
    private static double below(int n, int most) {
        double sum = 0;
        double one = Math.pow(0.5, n);
        for (int k = 0; k <= most; k++) {
            sum += one;
            one = one * (n - k) / (k + 1);
        }
        return sum;
    }
}
