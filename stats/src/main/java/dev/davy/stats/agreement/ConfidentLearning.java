package dev.davy.stats.agreement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Which given labels are probably wrong, from the probabilities of a model that has not seen the
/// examples (Northcutt, Jiang and Chuang 2021; as in cleanlab 2).
///
/// An example that is given one label and belongs confidently to another, that is at least as
/// probably as examples of that label on average do, is counted as mislabelled.
public final class ConfidentLearning {
    // Equal but for rounding counts as equal.
    private static final double SAME = 1e-6;

    /// Which examples are named.
    public enum Filter {
        /// Of each pair of given and true label, as many as the joint estimate says, those with the
        /// largest margin first.
        PRUNE_BY_NOISE_RATE,
        /// Of each given label, as many as are estimated wrong, the least probable first.
        PRUNE_BY_CLASS,
        /// Named by both of these.
        BOTH,
        /// Counted confidently off the diagonal.
        CONFIDENT_LEARNING,
        /// Predicted to be another.
        PREDICTED_NEQ_GIVEN
    }

    private final int[] labels;
    private final double[][] probabilities;
    private final int classes;
    private final double[] thresholds;
    private final long[][] counted;
    private final boolean[] off;

    /// @param labels given, as positions
    /// @param probabilities per example one for each label; summing to 1
    public ConfidentLearning(int[] labels, double[][] probabilities) {
        if (labels.length == 0 || labels.length != probabilities.length)
            throw new IllegalArgumentException(
                    labels.length + " labels and " + probabilities.length + " probabilities");
        this.labels = labels.clone();
        this.probabilities = probabilities;
        this.classes = probabilities[0].length;
        for (int i = 0; i < labels.length; i++)
            if (labels[i] < 0 || labels[i] >= classes || probabilities[i].length != classes)
                throw new IllegalArgumentException(
                        "example %d has label %d and %d probabilities"
                                .formatted(i, labels[i], probabilities[i].length));
        this.thresholds = averages();
        this.counted = new long[classes][classes];
        this.off = new boolean[labels.length];
        count();
    }

    private double[] averages() {
        var sums = new double[classes];
        var counts = new double[classes];
        for (int i = 0; i < labels.length; i++) {
            sums[labels[i]] += probabilities[i][labels[i]];
            counts[labels[i]]++;
        }
        // A label that nothing was given: no probability reaches 2.
        for (int k = 0; k < classes; k++)
            sums[k] = counts[k] == 0 ? 2 : Math.max(2 * SAME, sums[k] / counts[k]);
        return sums;
    }

    private void count() {
        for (int i = 0; i < labels.length; i++) {
            int confident = 0;
            int first = -1;
            for (int k = 0; k < classes; k++)
                if (probabilities[i][k] >= thresholds[k] - SAME) {
                    confident++;
                    if (first < 0) first = k;
                }
            if (confident == 0) continue;
            int guess = confident > 1 ? best(probabilities[i]) : first;
            counted[labels[i]][guess]++;
            off[i] = guess != labels[i];
        }
        // At least one example of each label is right.
        for (int k = 0; k < classes; k++) counted[k][k] = Math.max(1, counted[k][k]);
    }

    private static int best(double[] values) {
        int best = 0;
        for (int k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
        return best;
    }

    /// Of each label, the mean probability of it where it was given; 2 where it never was.
    public double[] thresholds() {
        return thresholds.clone();
    }

    /// `[given][true]`: how many examples belong confidently to each.
    public long[][] joint() {
        var copy = new long[classes][];
        for (int k = 0; k < classes; k++) copy[k] = counted[k].clone();
        return copy;
    }

    /// The joint counts, scaled to how often each label was given, in whole examples.
    public long[][] calibrated() {
        return rounded(scaled());
    }

    private double[][] scaled() {
        var given = new double[classes];
        for (int label : labels) given[label]++;
        var scaled = new double[classes][classes];
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            double row = 0;
            for (long each : counted[k]) row += each;
            for (int j = 0; j < classes; j++) {
                scaled[k][j] = counted[k][j] / row * given[k];
                sum += scaled[k][j];
            }
        }
        for (var row : scaled)
            for (int j = 0; j < classes; j++) row[j] = row[j] / sum * labels.length;
        return scaled;
    }

    /// What share of the labels is estimated wrong.
    public double noise() {
        double right = 0;
        var joint = scaled();
        for (int k = 0; k < classes; k++) right += joint[k][k];
        return 1 - right / labels.length;
    }

    private static long[][] rounded(double[][] table) {
        var whole = new long[table.length][];
        for (int k = 0; k < table.length; k++) whole[k] = roundedKeepingSum(table[k]);
        return whole;
    }

    // Numbers that were rounded farthest the wrong way give or take what the sum is off.
    private static long[] roundedKeepingSum(double[] row) {
        var whole = new long[row.length];
        double sum = 0;
        long wholes = 0;
        for (int j = 0; j < row.length; j++) {
            whole[j] = (long) Math.rint(row[j]);
            sum += row[j];
            wholes += whole[j];
        }
        long missing = (long) Math.rint(sum) - wholes;
        while (missing != 0) {
            int sign = missing < 0 ? -1 : 1;
            var rising =
                    IntStream.range(0, row.length)
                            .boxed()
                            .sorted(Comparator.comparingDouble((Integer j) -> row[j] - whole[j]))
                            .toList();
            var order = sign < 0 ? rising : rising.reversed();
            for (int j : order.subList(0, (int) Math.min(Math.abs(missing), row.length))) {
                whole[j] += sign;
                missing -= sign;
            }
        }
        return whole;
    }

    /// The examples whose label is probably wrong, by position, rising. An example whose given
    /// label is also the predicted one is never among them.
    public List<Integer> issues(Filter filter) {
        var named =
                switch (filter) {
                    case PRUNE_BY_NOISE_RATE -> byNoiseRate();
                    case PRUNE_BY_CLASS -> byClass();
                    case BOTH -> {
                        var both = byNoiseRate();
                        var other = byClass();
                        for (int i = 0; i < both.length; i++) both[i] &= other[i];
                        yield both;
                    }
                    case CONFIDENT_LEARNING -> off.clone();
                    case PREDICTED_NEQ_GIVEN -> {
                        var all = new boolean[labels.length];
                        for (int i = 0; i < all.length; i++)
                            all[i] = best(probabilities[i]) != labels[i];
                        yield all;
                    }
                };
        var issues = new ArrayList<Integer>();
        for (int i = 0; i < named.length; i++) if (named[i] && !predicted(i)) issues.add(i);
        return issues;
    }

    /// The same, the least believable first.
    public List<Integer> ranked(Filter filter, LabelQuality by) {
        return issues(filter).stream()
                .sorted(Comparator.comparingDouble(i -> by.of(labels[i], probabilities[i])))
                .toList();
    }

    private boolean predicted(int i) {
        var raised = probabilities[i].clone();
        raised[labels[i]] += SAME;
        return best(raised) == labels[i];
    }

    // [true][given], at least one right example left in each.
    private long[][] toPrune() {
        var joint = calibrated();
        var turned = new double[classes][classes];
        for (int given = 0; given < classes; given++) {
            int others = 0;
            for (int t = 0; t < classes; t++) if (joint[given][t] != 0) others++;
            double more = Math.max(joint[given][given], 1) - joint[given][given];
            double less = more / Math.max(others - 1, 1);
            for (int t = 0; t < classes; t++)
                turned[t][given] =
                        t == given
                                ? Math.max(joint[given][given], 1)
                                : Math.floor(Math.max(0, joint[given][t] - less));
        }
        return rounded(turned);
    }

    private int[] given(int label) {
        return IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
    }

    private boolean[] byNoiseRate() {
        var named = new boolean[labels.length];
        var prune = toPrune();
        for (int k = 0; k < classes; k++) {
            var given = given(k);
            if (given.length <= 1) continue;
            for (int j = 0; j < classes; j++) {
                if (j == k || prune[j][k] == 0) continue;
                int own = k;
                int other = j;
                IntStream.of(given)
                        .boxed()
                        .sorted(
                                Comparator.comparingDouble(
                                        i -> probabilities[i][own] - probabilities[i][other]))
                        .limit(prune[j][k])
                        .forEach(i -> named[i] = true);
            }
        }
        return named;
    }

    private boolean[] byClass() {
        var named = new boolean[labels.length];
        var prune = toPrune();
        for (int k = 0; k < classes; k++) {
            var given = given(k);
            if (given.length <= 1) continue;
            int own = k;
            IntStream.of(given)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> probabilities[i][own]))
                    .limit(Math.max(0, given.length - prune[k][k]))
                    .forEach(i -> named[i] = true);
        }
        return named;
    }
}
