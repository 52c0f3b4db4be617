package dev.davy.stats.agreement;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The most frequent label of each item, ties broken as in cleanlab: by the model's opinion where
/// there is one, then for the rarer label (or common ones would become commoner), then by how often
/// the labelers who gave it agree with the majority elsewhere, and last for the first.
public final class Majority {
    private Majority() {}

    /// @param labels per item and labeler the position of the label; -1 where there is none
    /// @param classes how many labels there are
    public static int[] of(int[][] labels, int classes) {
        return of(labels, classes, null);
    }

    /// @param model per item the probability of each label
    static int[] of(int[][] labels, int classes, double @Nullable [][] model) {
        var counts = new double[labels.length][classes];
        var all = new double[classes];
        for (int i = 0; i < labels.length; i++)
            for (int label : labels[i])
                if (label >= 0) {
                    counts[i][label]++;
                    all[label]++;
                }
        var tied = new int[labels.length][];
        for (int i = 0; i < tied.length; i++)
            tied[i] = most(IntStream.range(0, classes).toArray(), counts[i]);
        var agreement = agreement(labels, tied);
        var chosen = new int[labels.length];
        for (int i = 0; i < chosen.length; i++) {
            int item = i;
            var left = tied[i];
            if (left.length > 1 && model != null) left = most(left, model[i]);
            if (left.length > 1)
                left = most(left, Arrays.stream(all).map(count -> -count).toArray());
            if (left.length > 1)
                left =
                        most(
                                left,
                                IntStream.range(0, classes)
                                        .mapToDouble(k -> skill(labels[item], k, agreement))
                                        .toArray());
            chosen[i] = left[0];
        }
        return chosen;
    }

    private static int[] most(int[] among, double[] values) {
        double most = Arrays.stream(among).mapToDouble(k -> values[k]).max().orElse(0);
        return Arrays.stream(among).filter(k -> values[k] == most).toArray();
    }

    // Per labeler, how often their label is the majority's where that is not tied.
    private static double[] agreement(int[][] labels, int[][] tied) {
        int labelers = labels.length == 0 ? 0 : labels[0].length;
        var with = new double[labelers];
        var of = new double[labelers];
        for (int i = 0; i < labels.length; i++)
            for (int l = 0; l < labelers; l++)
                if (tied[i].length == 1 && labels[i][l] >= 0) {
                    of[l]++;
                    if (labels[i][l] == tied[i][0]) with[l]++;
                }
        double mean =
                IntStream.range(0, labelers)
                        .filter(l -> of[l] > 0)
                        .mapToDouble(l -> with[l] / of[l])
                        .average()
                        .orElse(0);
        return IntStream.range(0, labelers)
                .mapToDouble(l -> of[l] > 0 ? with[l] / of[l] : mean)
                .toArray();
    }

    private static double skill(int[] labels, int label, double[] agreement) {
        return IntStream.range(0, labels.length)
                .filter(l -> labels[l] == label)
                .mapToDouble(l -> agreement[l])
                .average()
                .orElse(0);
    }

    /// Checks labels: as many for each item, known, and at least one.
    static void check(int[][] labels, int classes) {
        for (int i = 0; i < labels.length; i++) {
            boolean any = false;
            for (int label : labels[i]) {
                any |= label >= 0;
                if (label < -1 || label >= classes)
                    throw new IllegalArgumentException(
                            "item " + i + " has label " + label + " of " + classes);
            }
            if (!any || labels[i].length != labels[0].length)
                throw new IllegalArgumentException(
                        "item " + i + " has labels " + List.of(Arrays.toString(labels[i])));
        }
    }
}
