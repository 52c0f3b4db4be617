package dev.davy.stats.quality;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Makes a probability of a score, learned from scores whose outcome is known.
public sealed interface Calibrator {
    double apply(double score);

    /// A rising line through as many points as the data asks for; outside of them the nearest, in
    /// between straight (Zadrozny and Elkan 2002; pool adjacent violators, Ayer et al. 1955).
    ///
    /// @param scores rising
    /// @param values of each score, never falling
    // Arrays are copied in and never given away.
    @SuppressWarnings("ArrayRecordComponent")
    record Isotonic(double[] scores, double[] values) implements Calibrator {
        public Isotonic {
            if (scores.length == 0 || scores.length != values.length)
                throw new IllegalArgumentException(
                        scores.length + " scores and " + values.length + " values");
            scores = scores.clone();
            values = values.clone();
        }

        @Override
        public double apply(double score) {
            if (Double.isNaN(score)) return Double.NaN;
            int at = Arrays.binarySearch(scores, score);
            if (at >= 0) return values[at];
            int above = -at - 1;
            if (above == 0) return values[0];
            if (above == scores.length) return values[above - 1];
            double low = scores[above - 1];
            double share = (score - low) / (scores[above] - low);
            return values[above - 1] + share * (values[above] - values[above - 1]);
        }
    }

    /// A logistic curve (Platt 1999): `1 / (1 + exp(slope * score + shift))`.
    record Platt(double slope, double shift) implements Calibrator {
        @Override
        public double apply(double score) {
            return 1 / (1 + Math.exp(slope * score + shift));
        }
    }

    /// Scores as they are.
    record None() implements Calibrator {
        @Override
        public double apply(double score) {
            return score;
        }
    }

    /// Equal scores are averaged first, then neighbours that fall are pooled.
    ///
    /// @param outcomes 1 or 0, or any numbers
    static Isotonic isotonic(double[] scores, double[] outcomes, double[] weights) {
        int n = scores.length;
        if (n == 0 || outcomes.length != n || weights.length != n)
            throw new IllegalArgumentException(
                    "%d scores, %d outcomes, %d weights"
                            .formatted(n, outcomes.length, weights.length));
        var order =
                IntStream.range(0, n)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> scores[i]))
                        .mapToInt(i -> i)
                        .toArray();
        var at = new double[n];
        var value = new double[n];
        var weight = new double[n];
        int points = 0;
        for (int i : order) {
            if (Cell.checked(weights[i]) == 0) continue;
            if (points == 0 || at[points - 1] != scores[i]) at[points++] = scores[i];
            int p = points - 1;
            weight[p] += weights[i];
            value[p] += (outcomes[i] - value[p]) * (weights[i] / weight[p]);
        }
        return new Isotonic(
                Arrays.copyOf(at, points),
                pooled(Arrays.copyOf(value, points), Arrays.copyOf(weight, points)));
    }

    private static double[] pooled(double[] value, double[] weight) {
        int blocks = 0;
        var last = new int[value.length];
        var mean = new double[value.length];
        var heavy = new double[value.length];
        for (int i = 0; i < value.length; i++) {
            mean[blocks] = value[i];
            heavy[blocks] = weight[i];
            last[blocks] = i;
            while (blocks > 0 && mean[blocks - 1] >= mean[blocks]) {
                double both = heavy[blocks - 1] + heavy[blocks];
                mean[blocks - 1] =
                        (mean[blocks - 1] * heavy[blocks - 1] + mean[blocks] * heavy[blocks])
                                / both;
                heavy[blocks - 1] = both;
                last[blocks - 1] = i;
                blocks--;
            }
            blocks++;
        }
        var pooled = new double[value.length];
        int from = 0;
        for (int b = 0; b < blocks; b++) {
            Arrays.fill(pooled, from, last[b] + 1, mean[b]);
            from = last[b] + 1;
        }
        return pooled;
    }

    /// By Newton's method with backtracking, to targets a little inside of 0 and 1, after Lin, Lin
    /// and Weng 2007.
    static Platt platt(double[] scores, boolean[] positive, double[] weights) {
        double positives = 0;
        double negatives = 0;
        for (int i = 0; i < scores.length; i++) {
            if (positive[i]) positives += Cell.checked(weights[i]);
            else negatives += Cell.checked(weights[i]);
        }
        double high = (positives + 1) / (positives + 2);
        double low = 1 / (negatives + 2);
        var target = new double[scores.length];
        for (int i = 0; i < target.length; i++) target[i] = positive[i] ? high : low;
        double a = 0;
        double b = Math.log((negatives + 1) / (positives + 1));
        double loss = loss(scores, target, weights, a, b);
        for (int step = 0; step < 100; step++) {
            double haa = 1e-12;
            double hbb = 1e-12;
            double hab = 0;
            double ga = 0;
            double gb = 0;
            for (int i = 0; i < target.length; i++) {
                double p = 1 / (1 + Math.exp(a * scores[i] + b));
                double d = weights[i] * p * (1 - p);
                haa += scores[i] * scores[i] * d;
                hbb += d;
                hab += scores[i] * d;
                double off = weights[i] * (target[i] - p);
                ga += scores[i] * off;
                gb += off;
            }
            if (Math.abs(ga) < 1e-9 && Math.abs(gb) < 1e-9) break;
            double det = haa * hbb - hab * hab;
            double da = -(hbb * ga - hab * gb) / det;
            double db = -(haa * gb - hab * ga) / det;
            double slope = ga * da + gb * db;
            double size = 1;
            double next = loss(scores, target, weights, a + da, b + db);
            while (size >= 1e-10 && !(next < loss + 1e-4 * size * slope)) {
                size /= 2;
                next = loss(scores, target, weights, a + size * da, b + size * db);
            }
            if (size < 1e-10) break;
            a += size * da;
            b += size * db;
            loss = next;
        }
        return new Platt(a, b);
    }

    private static double loss(
            double[] scores, double[] target, double[] weights, double a, double b) {
        double loss = 0;
        for (int i = 0; i < target.length; i++) {
            double z = a * scores[i] + b;
            // Either form is exact where the other would overflow.
            loss +=
                    weights[i]
                            * (z >= 0
                                    ? target[i] * z + Math.log1p(Math.exp(-z))
                                    : (target[i] - 1) * z + Math.log1p(Math.exp(z)));
        }
        return loss;
    }
}
