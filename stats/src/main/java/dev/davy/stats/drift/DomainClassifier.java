package dev.davy.stats.drift;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/// Drift as a question to a model: can it tell a current row from a row of the reference?
public final class DomainClassifier {
    /// Learns to tell current rows from others.
    @FunctionalInterface
    public interface Trainer {
        /// @param rows of both samples
        /// @param current which of them are current
        /// @return a score of a row, higher the more current it looks
        ToDoubleFunction<double[]> train(double[][] rows, boolean[] current);
    }

    private DomainClassifier() {}

    /// The area under the curve (AUC) of scores that each row got from a model that had not seen
    /// it: 0.5 where nothing can be told, 1 where all can (Lopez-Paz and Oquab 2017). The p-value
    /// is that of the scores' ranks (Mann and Whitney), one side.
    ///
    /// @param folds how many parts each sample is cut into, each scored by a model of the others
    /// @param seed of the order of the rows
    public static Drift auc(
            double[][] reference, double[][] current, Trainer trainer, int folds, long seed) {
        int n = reference.length;
        int m = current.length;
        if (folds < 2 || n < folds || m < folds)
            throw new IllegalArgumentException("%d folds of %d and %d rows".formatted(folds, n, m));
        var rows = new double[n + m][];
        System.arraycopy(reference, 0, rows, 0, n);
        System.arraycopy(current, 0, rows, n, m);
        var fold = new int[n + m];
        var random = new Random(seed);
        // Both samples have their share in every fold.
        assign(fold, 0, n, folds, random);
        assign(fold, n, n + m, folds, random);
        var scores = new double[n + m];
        for (int out = 0; out < folds; out++) {
            int held = out;
            int[] in = indices(fold, each -> each != held);
            var learned = new double[in.length][];
            var isCurrent = new boolean[in.length];
            for (int i = 0; i < in.length; i++) {
                learned[i] = rows[in[i]];
                isCurrent[i] = in[i] >= n;
            }
            var score = trainer.train(learned, isCurrent);
            for (int i : indices(fold, each -> each == held))
                scores[i] = score.applyAsDouble(rows[i]);
        }
        var test =
                RankTests.mannWhitney(
                        Arrays.copyOfRange(scores, n, n + m),
                        Arrays.copyOf(scores, n),
                        RankTests.Side.GREATER);
        return Drift.test(
                "domain-classifier",
                test.value() / ((double) n * m),
                test.p(),
                n,
                m,
                Map.of("value", "AUC of held-out rows", "folds", folds, "seed", seed));
    }

    /// 0 where the model can tell nothing, 1 where it can tell all: max(2 AUC − 1, 0) (Deepchecks).
    public static double score(double auc) {
        return Math.max(2 * auc - 1, 0);
    }

    private static void assign(int[] fold, int from, int to, int folds, Random random) {
        for (int i = from; i < to; i++) fold[i] = (i - from) % folds;
        for (int i = to - 1; i > from; i--) {
            int j = from + random.nextInt(i - from + 1);
            int swapped = fold[i];
            fold[i] = fold[j];
            fold[j] = swapped;
        }
    }

    private static int[] indices(int[] fold, java.util.function.IntPredicate wanted) {
        return java.util.stream.IntStream.range(0, fold.length)
                .filter(i -> wanted.test(fold[i]))
                .toArray();
    }
}
