package dev.davy.stats.agreement;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Consensus of labelers and a model's opinion, each weighing as much as they have earned
/// (CROWDLAB, Goh, Tkachenko and Mueller 2022; as in cleanlab 2).
///
/// Best where items have few labels: there a model that is right most of the time says more than a
/// second labeler would.
public final class Crowdlab {
    private static final double LEAST = 1e-6;

    private final int[][] labels;
    private final double[][] model;
    private final int classes;
    private final int labelers;
    private final int[] annotated;

    /// What it came to.
    ///
    /// @param consensus the position of the label, per item
    /// @param quality how probable that label is, per item
    /// @param agreement what share of the item's labels it is
    /// @param labelerQuality per labeler, how good their labels are; NaN for one who never said
    ///   anything of an item that others labelled
    /// @param probabilities per item, of each label
    // Made here and given away once.
    @SuppressWarnings("ArrayRecordComponent")
    public record Result(
            int[] consensus,
            double[] quality,
            double[] agreement,
            double[] labelerQuality,
            double[][] probabilities) {}

    /// What a consensus makes of everybody.
    @SuppressWarnings("ArrayRecordComponent")
    private record Weighed(
            double[] agreement, double[][] probabilities, double model, double[] labelers) {}

    private Crowdlab(int[][] labels, double[][] model) {
        this.labels = labels;
        this.model = model;
        this.classes = model[0].length;
        this.labelers = labels[0].length;
        this.annotated = new int[labels.length];
        for (int i = 0; i < labels.length; i++)
            annotated[i] = (int) Arrays.stream(labels[i]).filter(label -> label >= 0).count();
    }

    /// @param labels per item and labeler the position of the label; -1 where there is none
    /// @param model per item the probability of each label, ideally from a model that has not seen
    ///   it
    public static Result consensus(int[][] labels, double[][] model) {
        if (labels.length == 0 || labels.length != model.length)
            throw new IllegalArgumentException(
                    labels.length + " items and " + model.length + " opinions");
        Majority.check(labels, model[0].length);
        var lab = new Crowdlab(labels, model);
        if (IntStream.of(lab.annotated).allMatch(n -> n < 2))
            throw new IllegalArgumentException(
                    "no item has two labels, so nobody's agreement is known");
        return lab.consensus();
    }

    private Result consensus() {
        var votes = Majority.of(labels, classes, model);
        var first = weighed(votes);
        var best = new int[labels.length];
        for (int i = 0; i < best.length; i++) {
            var share = first.probabilities[i];
            double most = Arrays.stream(share).max().orElse(0);
            var top = IntStream.range(0, classes).filter(k -> share[k] == most).toArray();
            best[i] = top.length == 1 ? top[0] : votes[i];
        }
        var last = weighed(best);
        var quality = new double[best.length];
        for (int i = 0; i < best.length; i++) quality[i] = last.probabilities[i][best[i]];
        return new Result(
                best, quality, last.agreement, labelerQuality(best, last), last.probabilities);
    }

    private IntStream shared() {
        return IntStream.range(0, labels.length).filter(i -> annotated[i] != 1);
    }

    private Weighed weighed(int[] consensus) {
        var agreement = new double[labels.length];
        for (int i = 0; i < agreement.length; i++) {
            int item = i;
            long with = Arrays.stream(labels[i]).filter(k -> k == consensus[item]).count();
            agreement[i] = (double) with / annotated[i];
        }
        double right = shared().mapToDouble(i -> agreement[i]).average().orElse(0);
        double wrong = (1 - right) / (classes - 1);
        // How often one is wrong who always says the commonest label.
        var counts = new double[classes];
        shared().forEach(i -> counts[consensus[i]]++);
        int common = best(counts);
        double baseline =
                Math.max(
                        LEAST,
                        shared().mapToDouble(i -> consensus[i] != common ? 1 : 0)
                                .average()
                                .orElse(0));
        var weights =
                Arrays.stream(withOthers())
                        .map(each -> Math.max(LEAST, 1 - (1 - each) / baseline))
                        .toArray();
        double missed =
                shared().mapToDouble(i -> best(model[i]) != consensus[i] ? 1 : 0)
                        .average()
                        .orElse(0);
        double ofModel =
                Math.max(LEAST, 1 - missed / baseline)
                        * Math.sqrt(IntStream.of(annotated).average().orElse(0));
        var probabilities = new double[labels.length][classes];
        for (int i = 0; i < labels.length; i++) {
            double all = ofModel;
            for (int k = 0; k < classes; k++) probabilities[i][k] = model[i][k] * ofModel;
            for (int l = 0; l < labelers; l++) {
                if (labels[i][l] < 0) continue;
                all += weights[l];
                for (int k = 0; k < classes; k++)
                    probabilities[i][k] += weights[l] * (labels[i][l] == k ? right : wrong);
            }
            for (int k = 0; k < classes; k++) probabilities[i][k] /= all;
        }
        return new Weighed(agreement, probabilities, ofModel, weights);
    }

    private static int best(double[] values) {
        int best = 0;
        for (int k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
        return best;
    }

    // Per labeler, how often others say the same of the same item; each pair counts once. Who
    // shares
    // no item with anybody gets the others' mean.
    private double[] withOthers() {
        var same = new double[labelers];
        var pairs = new double[labelers];
        for (int i = 0; i < labels.length; i++)
            for (int l = 0; l < labelers; l++) {
                if (labels[i][l] < 0) continue;
                int own = labels[i][l];
                same[l] += Arrays.stream(labels[i]).filter(k -> k == own).count() - 1;
                pairs[l] += annotated[i] - 1;
            }
        double mean =
                IntStream.range(0, labelers)
                        .filter(l -> pairs[l] > 0)
                        .mapToDouble(l -> same[l] / pairs[l])
                        .average()
                        .orElse(0);
        return IntStream.range(0, labelers)
                .mapToDouble(l -> pairs[l] > 0 ? same[l] / pairs[l] : mean)
                .toArray();
    }

    private double[] labelerQuality(int[] consensus, Weighed weighed) {
        double mean = IntStream.of(annotated).average().orElse(0);
        double people = DoubleStream.of(weighed.labelers).sum() * mean / labelers;
        double share = weighed.model / (weighed.model + people);
        var quality = new double[labelers];
        for (int l = 0; l < labelers; l++) {
            int labeler = l;
            double believed =
                    IntStream.range(0, labels.length)
                            .filter(i -> labels[i][labeler] >= 0)
                            .mapToDouble(i -> weighed.probabilities[i][labels[i][labeler]])
                            .average()
                            .orElse(Double.NaN);
            double with =
                    shared().filter(i -> labels[i][labeler] >= 0)
                            .mapToDouble(i -> labels[i][labeler] == consensus[i] ? 1 : 0)
                            .average()
                            .orElse(Double.NaN);
            quality[l] = share * believed + (1 - share) * with;
        }
        return quality;
    }
}
