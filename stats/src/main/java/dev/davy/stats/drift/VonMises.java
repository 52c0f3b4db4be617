package dev.davy.stats.drift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/// The distribution of Cramér and von Mises' statistic.
final class VonMises {
    private VonMises() {}

    /// How often chance gives U or more, counted over all ways in which two samples can mix (Xiao,
    /// Gordon and Yakovlev 2007).
    static double exact(double u, int n, int m) {
        long lcm = (long) n / gcd(n, m) * m;
        long a = lcm / n;
        long b = lcm / m;
        double size = n + m;
        // T in whole numbers: ζ = (lcm²) (m+n)² T / (n m), rounded down where ties left a part.
        double zeta = (double) lcm * lcm * size * (6 * u - (double) n * m * (4.0 * n * m - 1));
        zeta /= 6.0 * n * n * m * m;
        long least = (long) Math.floor(zeta + 1e-9 * Math.max(1, Math.abs(zeta)));
        // Ways to each sum of squared gaps, after i of the one sample and j of the other.
        var row = new ArrayList<Map<Long, Double>>();
        for (int j = 0; j <= m; j++) row.add(new HashMap<>());
        row.getFirst().put(0L, 1.0);
        for (int i = 0; i <= n; i++)
            for (int j = 0; j <= m; j++) {
                if (i == 0 && j == 0) continue;
                long gap = i * a - j * b;
                var ways = new HashMap<Long, Double>();
                if (i > 0) add(ways, row.get(j), gap * gap);
                if (j > 0) add(ways, row.get(j - 1), gap * gap);
                row.set(j, ways);
            }
        double above = 0;
        double all = 0;
        for (var way : row.get(m).entrySet()) {
            all += way.getValue();
            if (way.getKey() >= least) above += way.getValue();
        }
        return above / all;
    }

    private static void add(Map<Long, Double> to, Map<Long, Double> from, long gap) {
        from.forEach((sum, ways) -> to.merge(sum + gap, ways, Double::sum));
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /// The distribution function in the limit of large samples (Anderson and Darling 1952, equation
    /// 4.37).
    static double limit(double x) {
        double sum = 0;
        for (int k = 0; k < 200; k++) {
            double y = 4 * k + 1;
            double q = y * y / (16 * x);
            // Γ(k + 1/2) / Γ(k + 1) = sqrt(π) Π (2i − 1) / (2i)
            double ratio = Math.sqrt(Math.PI);
            for (int i = 1; i <= k; i++) ratio *= (2.0 * i - 1) / (2.0 * i);
            double term =
                    ratio
                            / (Math.pow(Math.PI, 1.5) * Math.sqrt(x))
                            * Math.sqrt(y)
                            * Math.exp(-2 * q)
                            * scaledBessel(q);
            sum += term;
            if (Math.abs(term) < 1e-16) break;
        }
        return sum;
    }

    /// exp(x) K(1/4, x) of the second kind: the integral of exp(x − x cosh t) cosh(t / 4) over t
    /// from 0 on, by the trapezoid rule, which converges like an exponential here.
    private static double scaledBessel(double x) {
        double end = Math.log(2 * (750 / x + 1)) + 1;
        int steps = 2_000;
        double h = end / steps;
        double sum = 0.5;
        for (int i = 1; i <= steps; i++) {
            double at = i * h;
            double half = Math.sinh(at / 2);
            sum += Math.exp(-2 * x * half * half) * Math.cosh(at / 4);
        }
        return sum * h;
    }
}
