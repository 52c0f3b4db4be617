package dev.davy.stats.drift;

import java.util.Arrays;
import java.util.Map;

/// Whether two samples of numbers come from one distribution: by the whole of their shapes.
public final class ShapeTests {
    // Scholz and Stephens' (1987) critical values of two samples and more: their table 2.
    private static final double[] LEVELS = {0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001};
    private static final double[] B0 = {0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085};
    private static final double[] B1 = {-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615};
    private static final double[] B2 = {-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154};

    /// Up to how many values in the larger sample Cramér and von Mises' p-value is exact.
    public static final int EXACT_MAX = 20;

    private ShapeTests() {}

    /// Anderson and Darling's test of k samples, here two, by mid-ranks and normalised (Scholz and
    /// Stephens 1987). The p-value is interpolated from their table, so it lies between 0.001 and
    /// 0.25.
    public static Drift andersonDarling(double[] reference, double[] current) {
        var all = Samples.sorted(Samples.joined(reference, current));
        double[][] samples = {Samples.sorted(reference), Samples.sorted(current)};
        int n = all.length;
        double statistic = 0;
        for (var sample : samples) {
            double inner = 0;
            for (int i = 0; i < n; ) {
                int end = i;
                while (end < n && all[end] == all[i]) end++;
                double times = end - i;
                double below = i + times / 2;
                int low = below(sample, all[i]);
                int high = notAbove(sample, all[i]);
                double mid = high - (high - low) / 2.0;
                double gap = n * mid - below * sample.length;
                double weight = below * (n - below) - n * times / 4;
                inner += times / n * gap * gap / weight;
                i = end;
            }
            statistic += inner / sample.length;
        }
        statistic *= (n - 1.0) / n;
        int k = samples.length;
        double h = 1.0 / reference.length + 1.0 / current.length;
        double harmonic = 0;
        double nested = 0;
        double partial = 0;
        for (int i = 1; i < n; i++) harmonic += 1.0 / i;
        for (int i = n - 1; i >= 1; i--) {
            // Σ over i < j of 1 / ((n − i) j), by the sum of all 1/j from i + 1 on.
            if (i + 1 <= n - 1) partial += 1.0 / (i + 1);
            nested += partial / (n - i);
        }
        double a = (4 * nested - 6) * (k - 1) + (10 - 6 * nested) * h;
        double b =
                (2 * nested - 4) * k * k
                        + 8 * harmonic * k
                        + (2 * nested - 14 * harmonic - 4) * h
                        - 8 * harmonic
                        + 4 * nested
                        - 6;
        double c =
                (6 * harmonic + 2 * nested - 2) * k * k
                        + (4 * harmonic - 4 * nested + 6) * k
                        + (2 * harmonic - 6) * h
                        + 4 * harmonic;
        double d = (2 * harmonic + 6) * k * k - 4 * harmonic * k;
        double size = n;
        double variance =
                (a * size * size * size + b * size * size + c * size + d)
                        / ((size - 1) * (size - 2) * (size - 3));
        double normalised = (statistic - (k - 1)) / Math.sqrt(variance);
        return Drift.test(
                "anderson-darling",
                normalised,
                interpolated(normalised, k - 1),
                reference.length,
                current.length,
                Map.of("ties", "mid-ranks", "p-value", "interpolated, from 0.001 to 0.25"));
    }

    private static int below(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (sorted[mid] < value) low = mid + 1;
            else high = mid;
        }
        return low;
    }

    private static int notAbove(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (sorted[mid] <= value) low = mid + 1;
            else high = mid;
        }
        return low;
    }

    private static double interpolated(double statistic, int m) {
        var critical = new double[LEVELS.length];
        for (int i = 0; i < critical.length; i++)
            critical[i] = B0[i] + B1[i] / Math.sqrt(m) + B2[i] / m;
        if (statistic <= critical[0]) return LEVELS[0];
        if (statistic >= critical[critical.length - 1]) return LEVELS[LEVELS.length - 1];
        // A parabola through the logarithms of the levels, by least squares.
        var logs = Arrays.stream(LEVELS).map(Math::log).toArray();
        var fit = Linear.parabola(critical, logs);
        double p = Math.exp(fit[0] + statistic * (fit[1] + statistic * fit[2]));
        return Math.clamp(p, LEVELS[LEVELS.length - 1], LEVELS[0]);
    }

    /// Cramér and von Mises' T of two samples (Anderson 1962), by mid-ranks. The p-value is exact
    /// where both have at most [#EXACT_MAX] values (Xiao, Gordon and Yakovlev 2007), else that of
    /// the limit.
    public static Drift cramerVonMises(double[] reference, double[] current) {
        int n = reference.length;
        int m = current.length;
        var sortedReference = Samples.sorted(reference);
        var sortedCurrent = Samples.sorted(current);
        var ranks = RankTests.Ranks.of(Samples.joined(sortedReference, sortedCurrent));
        double u = 0;
        for (int i = 0; i < n; i++) u += n * square(ranks.rank(i) - (i + 1));
        for (int j = 0; j < m; j++) u += m * square(ranks.rank(n + j) - (j + 1));
        double size = n + m;
        double product = (double) n * m;
        double t = u / (product * size) - (4 * product - 1) / (6 * size);
        boolean exact = Math.max(n, m) <= EXACT_MAX;
        double p;
        if (exact) p = VonMises.exact(u, n, m);
        else {
            double expected = (1 + 1 / size) / 6;
            double variance =
                    (size + 1)
                            * (4 * product * size - 3 * (square(n) + square(m)) - 2 * product)
                            / (45 * size * size * 4 * product);
            double scaled = 1.0 / 6 + (t - expected) / Math.sqrt(45 * variance);
            p = scaled < 0.003 ? 1 : Math.max(0, 1 - VonMises.limit(scaled));
        }
        return Drift.test(
                "cramer-von-mises",
                t,
                p,
                n,
                m,
                Map.of(
                        "p-value",
                        exact ? RankTests.Method.EXACT : RankTests.Method.ASYMPTOTIC,
                        "ties",
                        "mid-ranks"));
    }

    /// Epps and Singleton's test (1986): the gap between both characteristic functions at some
    /// points, which counts for discrete numbers too.
    ///
    /// @param at the points, in half interquartile ranges of both samples together: 0.4 and 0.8
    public static Drift eppsSingleton(double[] reference, double[] current, double[] at) {
        int n = reference.length;
        int m = current.length;
        var both = Samples.sorted(Samples.joined(reference, current));
        double scale = (Samples.quantile(both, 0.75) - Samples.quantile(both, 0.25)) / 2;
        double w = Double.NaN;
        int rank = 0;
        if (scale > 0 && n > 1 && m > 1) {
            var x = waves(reference, at, scale);
            var y = waves(current, at, scale);
            int size = 2 * at.length;
            double total = n + m;
            var covariance = new double[size][size];
            var a = Linear.covariance(x);
            var b = Linear.covariance(y);
            for (int i = 0; i < size; i++)
                for (int j = 0; j < size; j++)
                    covariance[i][j] = total / n * a[i][j] + total / m * b[i][j];
            var gap = new double[size];
            for (int i = 0; i < size; i++) gap[i] = Samples.mean(x[i]) - Samples.mean(y[i]);
            var inverse = Linear.pseudoInverse(covariance);
            rank = inverse.rank();
            w = total * inverse.form(gap);
            if (Math.max(n, m) < 25)
                w /= 1 + Math.pow(total, -0.45) + 10.1 * (Math.pow(n, -1.7) + Math.pow(m, -1.7));
        }
        return Drift.test(
                "epps-singleton",
                w,
                CountTests.chiSquare(w, rank),
                n,
                m,
                Map.of(
                        "at",
                        Arrays.stream(at).boxed().toList(),
                        "degrees of freedom",
                        rank,
                        "small samples",
                        "corrected below 25 values"));
    }

    private static double[][] waves(double[] values, double[] at, double scale) {
        var waves = new double[2 * at.length][values.length];
        for (int i = 0; i < at.length; i++)
            for (int j = 0; j < values.length; j++) {
                waves[i][j] = Math.cos(at[i] / scale * values[j]);
                waves[at.length + i][j] = Math.sin(at[i] / scale * values[j]);
            }
        return waves;
    }

    private static double square(double x) {
        return x * x;
    }
}
