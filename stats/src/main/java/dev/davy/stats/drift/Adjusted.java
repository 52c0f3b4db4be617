package dev.davy.stats.drift;

import java.util.Arrays;
import java.util.Comparator;

/// P-values of many tests, made to hold for all of them together. Each list is in the order of the
/// tests.
public final class Adjusted {
    private Adjusted() {}

    /// Against one false alarm among all: p k.
    public static double[] bonferroni(double[] p) {
        return Arrays.stream(p).map(each -> Math.min(1, each * p.length)).toArray();
    }

    /// As Bonferroni, and never weaker (Holm 1979).
    public static double[] holm(double[] p) {
        var order = ascending(p);
        var adjusted = new double[p.length];
        double most = 0;
        for (int i = 0; i < p.length; i++) {
            most = Math.max(most, Math.min(1, p[order[i]] * (p.length - i)));
            adjusted[order[i]] = most;
        }
        return adjusted;
    }

    /// Against a share of false alarms among the alarms (Benjamini and Hochberg 1995).
    public static double[] benjaminiHochberg(double[] p) {
        return stepUp(p, 1);
    }

    /// Likewise, however the tests depend on each other (Benjamini and Yekutieli 2001).
    public static double[] benjaminiYekutieli(double[] p) {
        double harmonic = 0;
        for (int i = 1; i <= p.length; i++) harmonic += 1.0 / i;
        return stepUp(p, harmonic);
    }

    private static double[] stepUp(double[] p, double factor) {
        var order = ascending(p);
        var adjusted = new double[p.length];
        double least = 1;
        for (int i = p.length - 1; i >= 0; i--) {
            // By the share of tests, in the order in which statsmodels divides.
            double share = (i + 1.0) / p.length / factor;
            least = Math.min(least, p[order[i]] / share);
            adjusted[order[i]] = least;
        }
        return adjusted;
    }

    private static int[] ascending(double[] p) {
        for (double each : p)
            if (!(each >= 0 && each <= 1)) throw new IllegalArgumentException("p-value " + each);
        return java.util.stream.IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
