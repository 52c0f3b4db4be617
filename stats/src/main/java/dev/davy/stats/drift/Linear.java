package dev.davy.stats.drift;

/// The little linear algebra that the tests need: matrices of a few rows.
final class Linear {
    private Linear() {}

    /// The inverse of a symmetric matrix, or what is nearest to one (Penrose 1955).
    static final class PseudoInverse {
        private final double[][] vectors;
        private final double[] inverted;

        private PseudoInverse(double[][] vectors, double[] inverted) {
            this.vectors = vectors;
            this.inverted = inverted;
        }

        int rank() {
            int rank = 0;
            for (double value : inverted) if (value != 0) rank++;
            return rank;
        }

        /// xᵀ A⁺ x
        double form(double[] x) {
            double sum = 0;
            for (int k = 0; k < inverted.length; k++) {
                double along = 0;
                for (int i = 0; i < x.length; i++) along += vectors[i][k] * x[i];
                sum += along * along * inverted[k];
            }
            return sum;
        }
    }

    /// By Jacobi's rotations.
    static PseudoInverse pseudoInverse(double[][] symmetric) {
        int n = symmetric.length;
        var a = new double[n][];
        var v = new double[n][n];
        for (int i = 0; i < n; i++) {
            a[i] = symmetric[i].clone();
            v[i][i] = 1;
        }
        for (int sweep = 0; sweep < 100; sweep++) {
            double off = 0;
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++) {
                    off += Math.abs(a[p][q]);
                    rotate(a, v, p, q);
                }
            if (off == 0) break;
        }
        double largest = 0;
        for (int i = 0; i < n; i++) largest = Math.max(largest, Math.abs(a[i][i]));
        var inverted = new double[n];
        for (int i = 0; i < n; i++)
            if (Math.abs(a[i][i]) > 1e-15 * largest) inverted[i] = 1 / a[i][i];
        return new PseudoInverse(v, inverted);
    }

    private static void rotate(double[][] a, double[][] v, int p, int q) {
        if (a[p][q] == 0) return;
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
        double c = 1 / Math.hypot(t, 1);
        double s = t * c;
        for (int k = 0; k < a.length; k++) {
            double kp = a[k][p];
            double kq = a[k][q];
            a[k][p] = c * kp - s * kq;
            a[k][q] = s * kp + c * kq;
        }
        for (int k = 0; k < a.length; k++) {
            double pk = a[p][k];
            double qk = a[q][k];
            a[p][k] = c * pk - s * qk;
            a[q][k] = s * pk + c * qk;
        }
        a[p][q] = 0;
        a[q][p] = 0;
        for (int k = 0; k < a.length; k++) {
            double kp = v[k][p];
            double kq = v[k][q];
            v[k][p] = c * kp - s * kq;
            v[k][q] = s * kp + c * kq;
        }
    }

    /// Of variables, each a list of the same length; of the population.
    static double[][] covariance(double[][] variables) {
        int n = variables.length;
        int length = variables[0].length;
        var means = new double[n];
        for (int i = 0; i < n; i++) means[i] = Samples.mean(variables[i]);
        var covariance = new double[n][n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int k = 0; k < length; k++)
                    sum += (variables[i][k] - means[i]) * (variables[j][k] - means[j]);
                covariance[i][j] = sum / length;
                covariance[j][i] = sum / length;
            }
        return covariance;
    }

    /// The parabola c0 + c1 x + c2 x² nearest to the points, by least squares.
    static double[] parabola(double[] x, double[] y) {
        var a = new double[3][4];
        for (int k = 0; k < x.length; k++) {
            double[] powers = {1, x[k], x[k] * x[k]};
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) a[i][j] += powers[i] * powers[j];
                a[i][3] += powers[i] * y[k];
            }
        }
        for (int i = 0; i < 3; i++)
            for (int row = 0; row < 3; row++) {
                if (row == i) continue;
                double factor = a[row][i] / a[i][i];
                for (int j = i; j < 4; j++) a[row][j] -= factor * a[i][j];
            }
        return new double[] {a[0][3] / a[0][0], a[1][3] / a[1][1], a[2][3] / a[2][2]};
    }
}
