package dev.davy.stats.drift;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Maximum mean discrepancy: two samples of rows compared by a kernel (Gretton et al. 2012).
public final class Kernel {
    /// Rows of either sample, at most: memory grows with the square of both together.
    public static final int ROWS_MAX = 5_000;

    private Kernel() {}

    /// The unbiased MMD² with the kernel exp(−d² / (2 σ²)), which may be below 0. σ² is half of the
    /// median of the squared distances within the reference, each row's to itself among them, and
    /// 1/2 where that is 0.
    ///
    /// @param reference rows of numbers, all of one length
    /// @param permutations how often the rows are mixed for the p-value, (1 + as extreme) / (1 +
    ///   permutations); 0 for none
    public static Drift mmd(double[][] reference, double[][] current, int permutations, long seed) {
        int n = reference.length;
        int m = current.length;
        if (n < 2 || m < 2 || n > ROWS_MAX || m > ROWS_MAX)
            throw new IllegalArgumentException(
                    "%d and %d rows; it takes 2 to %d".formatted(n, m, ROWS_MAX));
        double sigma = sigma(reference);
        var rows = new double[n + m][];
        System.arraycopy(reference, 0, rows, 0, n);
        System.arraycopy(current, 0, rows, n, m);
        var kernel = new double[n + m][n + m];
        for (int i = 0; i < n + m; i++)
            for (int j = 0; j < i; j++) {
                kernel[i][j] = Math.exp(-squaredDistance(rows[i], rows[j]) / (2 * sigma * sigma));
                kernel[j][i] = kernel[i][j];
            }
        var order = new int[n + m];
        Arrays.setAll(order, i -> i);
        double value = mmd(kernel, order, n);
        double p = Double.NaN;
        if (permutations > 0) {
            var random = new Random(seed);
            int extreme = 0;
            for (int k = 0; k < permutations; k++) {
                for (int i = order.length - 1; i > 0; i--) {
                    int j = random.nextInt(i + 1);
                    int swapped = order[i];
                    order[i] = order[j];
                    order[j] = swapped;
                }
                if (mmd(kernel, order, n) >= value) extreme++;
            }
            p = (1.0 + extreme) / (1 + permutations);
        }
        return Drift.test(
                "mmd",
                value,
                p,
                n,
                m,
                Map.of(
                        "estimate", "unbiased",
                        "kernel", "exp(-d^2 / (2 sigma^2))",
                        "sigma", sigma,
                        "permutations", permutations,
                        "seed", seed));
    }

    /// One number a row.
    public static Drift mmd(double[] reference, double[] current, int permutations, long seed) {
        return mmd(rows(reference), rows(current), permutations, seed);
    }

    private static double[][] rows(double[] values) {
        return Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
    }

    private static double sigma(double[][] rows) {
        var distances = new double[rows.length * rows.length];
        for (int i = 0; i < rows.length; i++)
            for (int j = 0; j < rows.length; j++)
                distances[i * rows.length + j] = squaredDistance(rows[i], rows[j]);
        Arrays.sort(distances);
        double median = distances[(int) Math.rint((distances.length - 1) * 0.5)];
        return Math.sqrt(0.5 * (median == 0 ? 1 : median));
    }

    private static double mmd(double[][] kernel, int[] order, int n) {
        int m = order.length - n;
        double within = 0;
        double other = 0;
        double across = 0;
        for (int i = 0; i < order.length; i++)
            for (int j = 0; j < i; j++) {
                double k = kernel[order[i]][order[j]];
                if (i < n) within += k;
                else if (j >= n) other += k;
                else across += k;
            }
        return 2 * within / ((double) n * (n - 1))
                + 2 * other / ((double) m * (m - 1))
                - 2 * across / ((double) n * m);
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    /// For lists of rows.
    public static Drift mmd(
            List<double[]> reference, List<double[]> current, int permutations, long seed) {
        return mmd(
                reference.toArray(double[][]::new),
                current.toArray(double[][]::new),
                permutations,
                seed);
    }
}
