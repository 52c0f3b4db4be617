package dev.davy.stats.drift;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.PValueMethod;

/// Whether two samples of numbers come from one distribution: by their ranks, or by their means.
public final class RankTests {
    /// Up to how many values in the larger sample Kolmogorov and Smirnov's p-value is exact.
    public static final int EXACT_MAX = 10_000;

    /// How a p-value is found.
    public enum Method {
        EXACT,
        ASYMPTOTIC
    }

    /// Which difference is looked for, said of the reference's numbers against the current ones.
    public enum Side {
        EITHER,
        LESS,
        GREATER
    }

    private RankTests() {}

    /// Exact where both samples have at most [#EXACT_MAX] values.
    public static Drift kolmogorovSmirnov(double[] reference, double[] current) {
        boolean exact = Math.max(reference.length, current.length) <= EXACT_MAX;
        return kolmogorovSmirnov(
                reference, current, Side.EITHER, exact ? Method.EXACT : Method.ASYMPTOTIC);
    }

    /// Kolmogorov and Smirnov's D, the largest gap between both distribution functions (Smirnov
    /// 1939). Exact p-values are those of samples without ties. Asymptotic ones are those of one
    /// sample of n m / (n + m) values, as scipy has it, and Hodges' (1957) where one side is asked.
    public static Drift kolmogorovSmirnov(
            double[] reference, double[] current, Side side, Method method) {
        if (reference.length == 1 || current.length == 1) return ofOne(reference, current, side);
        var test = KolmogorovSmirnovTest.withDefaults().with(alternative(side));
        double d = test.statistic(reference, current);
        double p =
                method == Method.EXACT
                        ? test.with(PValueMethod.EXACT).test(reference, current).getPValue()
                        : asymptotic(d, reference.length, current.length, side);
        return Drift.test(
                "kolmogorov-smirnov",
                d,
                p,
                reference.length,
                current.length,
                Map.of("p-value", method, "side", side));
    }

    /// Where one sample is a single number, which the library does not take: by its place among the
    /// others, all of which are as likely. The p-value is exact, whatever was asked.
    private static Drift ofOne(double[] reference, double[] current, Side side) {
        boolean first = reference.length == 1;
        double one = first ? reference[0] : current[0];
        double[] others = first ? current : reference;
        int below = 0;
        int above = 0;
        for (double each : others) {
            if (each < one) below++;
            if (each > one) above++;
        }
        int m = others.length;
        // The reference's distribution function is the greater one where the reference is smaller.
        int referenceSmaller = first ? above : below;
        int currentSmaller = first ? below : above;
        int gap =
                switch (side) {
                    case EITHER -> Math.max(below, above);
                    case GREATER -> referenceSmaller;
                    case LESS -> currentSmaller;
                };
        double places = m - gap + 1.0;
        double p = (side == Side.EITHER ? 2 * places : places) / (m + 1);
        return Drift.test(
                "kolmogorov-smirnov",
                (double) gap / m,
                Math.min(1, p),
                reference.length,
                current.length,
                Map.of("p-value", Method.EXACT, "side", side));
    }

    private static double asymptotic(double d, int n, int m, Side side) {
        double large = Math.max(n, m);
        double small = Math.min(n, m);
        double both = large * small / (large + small);
        if (side == Side.EITHER) return oneSample(d, (int) Math.rint(both));
        double z = Math.sqrt(both) * d;
        return Math.exp(
                -2 * z * z
                        - 2
                                * z
                                * (large + 2 * small)
                                / Math.sqrt(large * small * (large + small))
                                / 3);
    }

    /// P(D_n ≥ d). The library gives it for samples only; this one has just that distance: its
    /// first value lies d above the least that it may be, all others lie within it.
    private static double oneSample(double d, int n) {
        if (d <= 0.5 / n) return 1;
        // Of one value it is the larger of u and 1 - u, and the library takes two and more.
        if (n == 1) return 2 * (1 - d);
        var ranks = new double[n];
        for (int i = 0; i < n; i++) ranks[i] = i;
        return KolmogorovSmirnovTest.withDefaults()
                .test(ranks, rank -> Math.min(1, Math.max(d, (rank + 0.5) / n)))
                .getPValue();
    }

    /// Mann and Whitney's U of the reference: how many pairs it wins, ties counting half (1947).
    /// Exact where one sample has at most 8 values and none are equal; else by the normal
    /// distribution, with the ties in the variance and a correction for continuity.
    public static Drift mannWhitney(double[] reference, double[] current, Side side) {
        double n = reference.length;
        double m = current.length;
        var ranks = Ranks.of(Samples.joined(reference, current));
        double sum = 0;
        for (int i = 0; i < reference.length; i++) sum += ranks.rank(i);
        double u = sum - n * (n + 1) / 2;
        boolean exact = Math.min(n, m) <= 8 && ranks.ties() == 0;
        double p;
        if (exact) {
            p =
                    MannWhitneyUTest.withDefaults()
                            .with(alternative(side))
                            .with(PValueMethod.EXACT)
                            .test(reference, current)
                            .getPValue();
        } else {
            double all = n + m;
            double deviation = Math.sqrt(n * m / 12 * (all + 1 - ranks.ties() / (all * (all - 1))));
            double above =
                    switch (side) {
                        case EITHER -> Math.max(u, n * m - u);
                        case GREATER -> u;
                        case LESS -> n * m - u;
                    };
            double z = (above - n * m / 2 - 0.5) / deviation;
            double tail = NormalDistribution.of(0, 1).survivalProbability(z);
            p = deviation == 0 ? 1 : Math.min(1, side == Side.EITHER ? 2 * tail : tail);
        }
        return Drift.test(
                "mann-whitney",
                u,
                p,
                n,
                m,
                Map.of(
                        "p-value",
                        exact ? Method.EXACT : Method.ASYMPTOTIC,
                        "side",
                        side,
                        "ties",
                        "half a pair, and in the variance"));
    }

    /// Student's t of the difference of the means, reference less current.
    ///
    /// @param pooled whether both are taken to vary alike (Student 1908), or not (Welch 1947)
    public static Drift t(double[] reference, double[] current, boolean pooled) {
        double n = reference.length;
        double m = current.length;
        double a = Samples.variance(reference, 1);
        double b = Samples.variance(current, 1);
        double gap = Samples.mean(reference) - Samples.mean(current);
        double t;
        double df;
        if (pooled) {
            df = n + m - 2;
            t = gap / Math.sqrt(((n - 1) * a + (m - 1) * b) / df * (1 / n + 1 / m));
        } else {
            double spread = a / n + b / m;
            df = spread * spread / (a * a / (n * n * (n - 1)) + b * b / (m * m * (m - 1)));
            t = gap / Math.sqrt(spread);
        }
        double p =
                Double.isNaN(t) || !(df > 0)
                        ? Double.NaN
                        : 2 * TDistribution.of(df).survivalProbability(Math.abs(t));
        return Drift.test(
                "t",
                t,
                p,
                n,
                m,
                Map.of(
                        "variances",
                        pooled ? "pooled" : "each its own (Welch)",
                        "degrees of freedom",
                        df,
                        "sides",
                        "two"));
    }

    private static AlternativeHypothesis alternative(Side side) {
        return switch (side) {
            case EITHER -> AlternativeHypothesis.TWO_SIDED;
            case LESS -> AlternativeHypothesis.LESS_THAN;
            case GREATER -> AlternativeHypothesis.GREATER_THAN;
        };
    }

    /// The numbers' places in their order, equal ones sharing their mean place.
    static final class Ranks {
        private final double[] ranks;
        private final double ties;

        private Ranks(double[] ranks, double ties) {
            this.ranks = ranks;
            this.ties = ties;
        }

        static Ranks of(double[] values) {
            var sorted = Samples.sorted(values);
            var places = new HashMap<Double, Double>();
            double ties = 0;
            for (int i = 0; i < sorted.length; ) {
                int end = i;
                while (end < sorted.length && sorted[end] == sorted[i]) end++;
                double times = end - i;
                places.put(sorted[i] + 0.0, (i + 1 + end) / 2.0);
                ties += times * times * times - times;
                i = end;
            }
            return new Ranks(
                    Arrays.stream(values)
                            .map(value -> places.getOrDefault(value + 0.0, Double.NaN))
                            .toArray(),
                    ties);
        }

        double rank(int index) {
            return ranks[index];
        }

        /// The sum of t³ − t over all groups of t equal values.
        double ties() {
            return ties;
        }
    }
}
