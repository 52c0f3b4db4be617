package dev.davy.stats.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// How differently a decision treats groups of people: a confusion matrix of 0 and 1 for each.
///
/// Differences and ratios are those of Fairlearn (Bird et al. 2020). A group in which a rate is not
/// defined (nobody was positive, so nobody could be found) is left out of that rate's comparison
/// and named in [#undefined]: Fairlearn says 0 there, which makes a fair model look unfair.
public record Fairness(BySlice<ConfusionMatrix> groups) {
    /// A rate that may differ between groups.
    public enum Rate {
        /// What share is decided for: equal rates are demographic parity.
        SELECTION,
        /// What share of the positives is decided for: equal rates are equal opportunity.
        TRUE_POSITIVE,
        /// What share of the negatives is decided for.
        FALSE_POSITIVE,
        /// What share is decided rightly.
        ACCURACY
    }

    /// @return the rate as a figure, whose value is empty where it is not defined
    public static Figure rate(ConfusionMatrix group, Rate rate, double confidence) {
        return switch (rate) {
            case SELECTION -> group.selectionRate("1", confidence);
            case TRUE_POSITIVE -> group.recall("1", confidence).named("true_positive_rate");
            case FALSE_POSITIVE ->
                    Proportion.figure(
                            "false_positive_rate",
                            group.cell("0", "1"),
                            group.truths("0"),
                            confidence,
                            "FP / (FP + TN)");
            case ACCURACY -> group.accuracy(confidence);
        };
    }

    private SortedMap<String, Double> values(Rate rate) {
        var values = new TreeMap<String, Double>();
        groups.slices()
                .forEach((name, group) ->
                        rate(group, rate, 0.95).value().ifPresent(v -> values.put(name, v)));
        return values;
    }

    /// The groups in which a rate is not defined.
    public List<String> undefined(Rate rate) {
        var names = new ArrayList<>(groups.slices().keySet());
        names.removeAll(values(rate).keySet());
        return names;
    }

    private double overall(Rate rate) {
        var all = ConfusionMatrix.NONE;
        for (var group : groups.slices().values()) all = all.merge(group);
        return rate(all, rate, 0.95).value().orElse(Double.NaN);
    }

    /// The highest rate minus the lowest; NaN with no group.
    public double difference(Rate rate) {
        var values = values(rate).values();
        return max(values, v -> v) - min(values, v -> v);
    }

    /// The lowest rate over the highest; NaN where all are 0.
    public double ratio(Rate rate) {
        var values = values(rate).values();
        return min(values, v -> v) / max(values, v -> v);
    }

    /// The largest distance of a group from all together.
    public double differenceToOverall(Rate rate) {
        double overall = overall(rate);
        return max(values(rate).values(), v -> Math.abs(v - overall));
    }

    /// The smallest ratio of a group and all together, whichever is the smaller of the two.
    public double ratioToOverall(Rate rate) {
        double overall = overall(rate);
        return min(values(rate).values(), v -> Math.min(v / overall, overall / v));
    }

    private static double max(Iterable<Double> values, ToDoubleFunction<Double> of) {
        double max = Double.NaN;
        for (double value : values) {
            double each = of.applyAsDouble(value);
            if (Double.isNaN(max) || each > max) max = each;
        }
        return max;
    }

    private static double min(Iterable<Double> values, ToDoubleFunction<Double> of) {
        return -max(values, v -> -of.applyAsDouble(v));
    }

    /// The worse of the differences of true and false positive rate (Hardt, Price and Srebro 2016).
    public double equalizedOddsDifference() {
        return Math.max(difference(Rate.TRUE_POSITIVE), difference(Rate.FALSE_POSITIVE));
    }

    /// The worse of their ratios.
    public double equalizedOddsRatio() {
        return Math.min(ratio(Rate.TRUE_POSITIVE), ratio(Rate.FALSE_POSITIVE));
    }

    /// How unequally benefits are spread over people (Speicher et al. 2018). Two is half the
    /// squared coefficient of variation, one is Theil's index, nought the mean log deviation.
    ///
    /// @param benefits of each person, 0 or more: `1 + decided - true` for a decision
    public static double generalizedEntropy(double[] benefits, double[] weights, double alpha) {
        double mean = mean(benefits, weights);
        double sum = 0;
        double all = 0;
        for (int i = 0; i < benefits.length; i++) {
            double share = benefits[i] / mean;
            double term;
            // x ln x is 0 at 0.
            if (alpha == 1) term = share == 0 ? 0 : share * Math.log(share);
            else if (alpha == 0) term = -Math.log(share);
            else term = (Math.pow(share, alpha) - 1) / (alpha * (alpha - 1));
            sum += weights[i] * term;
            all += weights[i];
        }
        return sum / all;
    }

    private static double mean(double[] benefits, double[] weights) {
        var mean = WeightedMean.NONE;
        for (int i = 0; i < benefits.length; i++) {
            if (!(benefits[i] >= 0))
                throw new IllegalArgumentException("a benefit of " + benefits[i]);
            mean = mean.plus(benefits[i], weights[i]);
        }
        return mean.mean();
    }

    /// The part of it that lies between groups: everybody has their group's mean benefit.
    ///
    /// @param group of each person
    public static double generalizedEntropyBetween(
            double[] benefits, double[] weights, List<String> group, double alpha) {
        if (group.size() != benefits.length)
            throw new IllegalArgumentException(
                    benefits.length + " benefits and " + group.size() + " groups");
        var means = new TreeMap<String, WeightedMean>();
        for (int i = 0; i < benefits.length; i++)
            means.merge(
                    group.get(i),
                    WeightedMean.NONE.plus(benefits[i], weights[i]),
                    WeightedMean::merge);
        var between = new double[benefits.length];
        for (int i = 0; i < between.length; i++)
            between[i] = means.getOrDefault(group.get(i), WeightedMean.NONE).mean();
        return generalizedEntropy(between, weights, alpha);
    }
}
