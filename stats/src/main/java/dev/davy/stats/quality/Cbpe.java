package dev.davy.stats.quality;

import dev.davy.stats.quality.ConfusionMatrix.Outcome;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Quality without labels: confidence-based performance estimation (NannyML; Białek et al. 2024).
///
/// A calibrated probability of 0.8 is right in 80 %, so the confusion matrix can be expected
/// without knowing any truth, and every metric of it follows. It sees a change of inputs. It is
/// blind to a change of what the inputs mean: then the probabilities are no longer calibrated, and
/// nothing here can tell.
public final class Cbpe {
    private Cbpe() {}

    /// What is to be expected of predictions of two classes.
    ///
    /// @param matrix of 0 and 1, with fractions of examples; its counts are not those of examples
    public record Estimate(
            ConfusionMatrix matrix,
            double accuracy,
            double precision,
            double recall,
            double specificity,
            double f1,
            double rocAuc,
            double averagePrecision) {}

    /// @param calibrated the probability of being positive, in truth
    /// @param scores what the model said, which ranks them
    /// @param predicted whether the model decided for positive
    public static Estimate binary(double[] calibrated, double[] scores, boolean[] predicted) {
        return binary(calibrated, scores, predicted, -1);
    }

    /// @param digits after the point to which running sums are rounded in ROC AUC and average
    ///   precision, as NannyML does with 5; -1 for none
    public static Estimate binary(
            double[] calibrated, double[] scores, boolean[] predicted, int digits) {
        int n = calibrated.length;
        if (n == 0 || scores.length != n || predicted.length != n)
            throw new IllegalArgumentException(
                    "%d probabilities, %d scores, %d predictions"
                            .formatted(n, scores.length, predicted.length));
        double tp = 0;
        double fp = 0;
        double fn = 0;
        double tn = 0;
        for (int i = 0; i < n; i++) {
            double p = probability(calibrated[i]);
            if (predicted[i]) {
                tp += p;
                fp += 1 - p;
            } else {
                fn += p;
                tn += 1 - p;
            }
        }
        var curve = new Curve(calibrated, scores, digits);
        var cells = new TreeMap<Outcome, Cell>();
        put(cells, "1", "1", tp);
        put(cells, "0", "1", fp);
        put(cells, "1", "0", fn);
        put(cells, "0", "0", tn);
        return new Estimate(
                new ConfusionMatrix(cells),
                (tp + tn) / n,
                share(tp, tp + fp),
                share(tp, tp + fn),
                share(tn, tn + fp),
                share(tp, tp + (fp + fn) / 2),
                curve.rocAuc(),
                curve.averagePrecision());
    }

    private static double probability(double p) {
        if (p >= 0 && p <= 1) return p;
        throw new IllegalArgumentException("probability is " + p + "; it lies between 0 and 1");
    }

    // NannyML says 0 where there is nothing to divide by; so an estimate can be compared with it.
    private static double share(double of, double all) {
        return all == 0 ? 0 : of / all;
    }

    private static void put(Map<Outcome, Cell> cells, String truth, String said, double weight) {
        if (weight > 0)
            cells.put(new Outcome(truth, said), new Cell(Math.round(weight), weight, weight));
    }

    /// What was found and what was wrongly said, row by row from the highest score; equal scores in
    /// the order of the rows, last first.
    private static final class Curve {
        private final double[] found;
        private final double[] wrong;
        private final int n;

        Curve(double[] calibrated, double[] scores, int digits) {
            n = scores.length;
            var order =
                    IntStream.range(0, n)
                            .boxed()
                            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]))
                            .mapToInt(i -> i)
                            .toArray();
            found = new double[n + 1];
            wrong = new double[n + 1];
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += calibrated[order[n - 1 - i]];
                found[i + 1] = rounded(sum, digits);
                wrong[i + 1] = rounded(i + 1 - sum, digits);
            }
        }

        private static double rounded(double value, int digits) {
            if (digits < 0) return value;
            double scale = Math.pow(10, digits);
            return Math.rint(value * scale) / scale;
        }

        double rocAuc() {
            double area = 0;
            for (int i = 1; i <= n; i++)
                area += (wrong[i] - wrong[i - 1]) * (found[i] + found[i - 1]) / 2;
            return area / (found[n] * wrong[n]);
        }

        double averagePrecision() {
            double sum = 0;
            for (int i = 1; i <= n; i++) sum += (found[i] - found[i - 1]) * (found[i] / i);
            return sum / found[n];
        }
    }

    /// Of more classes: the matrix to be expected. Each example adds to its predicted class's
    /// column what its probabilities say of the truth.
    ///
    /// @param calibrated per example a probability for each class, summing to 1
    /// @param predicted the position of the predicted class
    public static ConfusionMatrix expected(
            List<String> classes, double[][] calibrated, int[] predicted) {
        var sums = new double[classes.size()][classes.size()];
        for (int i = 0; i < calibrated.length; i++)
            for (int k = 0; k < sums.length; k++)
                sums[k][predicted[i]] += probability(calibrated[i][k]);
        var cells = new TreeMap<Outcome, Cell>();
        for (int k = 0; k < sums.length; k++)
            for (int j = 0; j < sums.length; j++)
                put(cells, classes.get(k), classes.get(j), sums[k][j]);
        return new ConfusionMatrix(cells);
    }

    /// Accuracy to be expected, with an interval for what would be measured if the labels came:
    /// rows drawn again, and their labels drawn from the probabilities.
    public static Figure accuracy(double[] calibrated, boolean[] predicted, Bootstrap bootstrap) {
        int n = calibrated.length;
        double expected = 0;
        for (int i = 0; i < n; i++) expected += predicted[i] ? calibrated[i] : 1 - calibrated[i];
        var interval =
                bootstrap.interval(random -> {
                    double right = 0;
                    for (int draw = 0; draw < n; draw++) {
                        int i = random.nextInt(n);
                        boolean positive = random.nextDouble() < calibrated[i];
                        if (positive == predicted[i]) right++;
                    }
                    return right / n;
                });
        return Figure.of(
                "estimated_accuracy",
                expected / n,
                interval,
                n,
                "CBPE: mean probability of the predicted class; assumes that inputs mean what they"
                        + " did");
    }

    /// How far an accuracy of so many examples scatters by chance: the deviation of being right,
    /// over the root of their number.
    public static double samplingErrorOfAccuracy(boolean[] right, long examples) {
        double mean = 0;
        for (boolean each : right) mean += each ? 1 : 0;
        mean /= right.length;
        return Math.sqrt(mean * (1 - mean)) / Math.sqrt((double) examples);
    }

    /// Isotonic calibration where it helps, else none: over ten seeded splits, stratified, with a
    /// tenth held out, it must lower the calibration error in ten bins of equal count, and the AUC
    /// must not be above 0.999, where a calibrator would learn a step.
    public static Calibrator calibrator(double[] scores, boolean[] positive, long seed) {
        var outcomes = new double[scores.length];
        for (int i = 0; i < outcomes.length; i++) outcomes[i] = positive[i] ? 1 : 0;
        if (needed(scores, positive, outcomes, seed))
            return Calibrator.isotonic(scores, outcomes, ones(scores.length));
        return new Calibrator.None();
    }

    private static boolean needed(
            double[] scores, boolean[] positive, double[] outcomes, long seed) {
        var all = new Scores.Builder();
        for (int i = 0; i < scores.length; i++) all.add(scores[i], positive[i], 1);
        var auc = all.build().rocAuc(0.95).value();
        if (auc.isEmpty() || auc.getAsDouble() > 0.999) return false;
        var random = new SplittableRandom(seed);
        double before = 0;
        double after = 0;
        for (int split = 0; split < 10; split++) {
            var held = heldOut(positive, random);
            var rest = IntStream.range(0, scores.length).filter(i -> !held[i]).toArray();
            var test = IntStream.range(0, scores.length).filter(i -> held[i]).toArray();
            var learned =
                    Calibrator.isotonic(
                            pick(scores, rest), pick(outcomes, rest), ones(rest.length));
            var said = pick(scores, test);
            var truth = pick(outcomes, test);
            before += errorInEqualCounts(said, truth, 10);
            after +=
                    errorInEqualCounts(
                            Arrays.stream(said).map(learned::apply).toArray(), truth, 10);
        }
        return after < before;
    }

    private static boolean[] heldOut(boolean[] positive, SplittableRandom random) {
        var held = new boolean[positive.length];
        for (boolean kind : new boolean[] {false, true}) {
            var of = IntStream.range(0, held.length).filter(i -> positive[i] == kind).toArray();
            for (int i = of.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swap = of[i];
                of[i] = of[j];
                of[j] = swap;
            }
            for (int i = 0; i < (of.length + 9) / 10; i++) held[of[i]] = true;
        }
        return held;
    }

    private static double[] pick(double[] from, int[] which) {
        return IntStream.of(which).mapToDouble(i -> from[i]).toArray();
    }

    private static double[] ones(int n) {
        var ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    /// Expected calibration error in bins of equal count, as NannyML computes it; it does not
    /// merge.
    static double errorInEqualCounts(double[] said, double[] outcomes, int bins) {
        int n = said.length;
        if (n == 0) throw new IllegalArgumentException(String.format(Locale.ROOT, "%d rows", n));
        var order =
                IntStream.range(0, n)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> said[i]))
                        .mapToInt(i -> i)
                        .toArray();
        double error = 0;
        for (int b = 0; b < bins; b++) {
            int from = (int) ((long) n * b / bins);
            int to = (int) ((long) n * (b + 1) / bins);
            double off = 0;
            for (int i = from; i < to; i++) off += said[order[i]] - outcomes[order[i]];
            error += Math.abs(off);
        }
        return error / n;
    }
}
