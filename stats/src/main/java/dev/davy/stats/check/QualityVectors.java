package dev.davy.stats.check;

import dev.davy.stats.Interval;
import dev.davy.stats.quality.BySlice;
import dev.davy.stats.quality.Calibrator;
import dev.davy.stats.quality.Cbpe;
import dev.davy.stats.quality.ConfusionMatrix;
import dev.davy.stats.quality.Fairness;
import dev.davy.stats.quality.Fairness.Rate;
import dev.davy.stats.quality.McNemar;
import dev.davy.stats.quality.Proportion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The statistics of `quality`, by the names that files of known answers have for them.
final class QualityVectors {
    static final Map<String, Statistic> STATISTICS =
            Map.of(
                    "cbpe_binary_estimates", QualityVectors::cbpe,
                    "isotonic_regression_predict", QualityVectors::isotonic,
                    "accuracy_sampling_error", QualityVectors::samplingError,
                    "binomial_confidence_interval", QualityVectors::interval,
                    "mcnemar", QualityVectors::mcNemar,
                    "generalized_entropy_index", QualityVectors::entropy,
                    "between_group_generalized_entropy_index", QualityVectors::entropyBetween,
                    "group_metrics", QualityVectors::groups);

    private QualityVectors() {}

    private static Object cbpe(Inputs params, Inputs inputs) {
        var said = inputs.numbers("y_pred_proba");
        var calibrated =
                inputs.has("y_pred_proba_calibrated")
                        ? inputs.numbers("y_pred_proba_calibrated")
                        : said;
        // NannyML rounds its running sums to five digits.
        var estimate = Cbpe.binary(calibrated, said, flags(inputs.numbers("y_pred")), 5);
        return Map.of(
                "roc_auc", estimate.rocAuc(),
                "average_precision", estimate.averagePrecision(),
                "f1", estimate.f1(),
                "precision", estimate.precision(),
                "recall", estimate.recall(),
                "specificity", estimate.specificity(),
                "accuracy", estimate.accuracy());
    }

    private static boolean[] flags(double[] numbers) {
        var flags = new boolean[numbers.length];
        for (int i = 0; i < flags.length; i++) flags[i] = numbers[i] == 1;
        return flags;
    }

    private static double[] ones(int n) {
        var ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Object isotonic(Inputs params, Inputs inputs) {
        var outside = params.text("out_of_bounds", "clip");
        if (!List.of("clip", "nan").contains(outside))
            throw new NotOffered("out_of_bounds " + outside + ": a calibrator answers every score");
        var scores = inputs.numbers("scores");
        var weights = inputs.has("weights") ? inputs.numbers("weights") : ones(scores.length);
        var learned = Calibrator.isotonic(scores, inputs.numbers("labels"), weights);
        double low = Arrays.stream(scores).min().orElse(0);
        double high = Arrays.stream(scores).max().orElse(0);
        var values = new ArrayList<Double>();
        for (double query : inputs.numbers("query")) {
            boolean within = query >= low && query <= high;
            values.add(within || outside.equals("clip") ? learned.apply(query) : Double.NaN);
        }
        return values;
    }

    private static Object samplingError(Inputs params, Inputs inputs) {
        var truth = inputs.texts("y_true");
        var said = inputs.texts("y_pred");
        if (truth.size() != said.size())
            throw new IllegalArgumentException("y_true and y_pred have unlike lengths");
        var right = new boolean[truth.size()];
        for (int i = 0; i < right.length; i++) right[i] = truth.get(i).equals(said.get(i));
        return Cbpe.samplingErrorOfAccuracy(right, inputs.integer("n_chunk"));
    }

    private static Object interval(Inputs params, Inputs inputs) {
        double confidence = params.number("confidence", Interval.USUAL);
        double of = inputs.number("successes");
        double n = inputs.number("n");
        return Map.of(
                "wilson", bounds(Proportion.wilson(of, n, confidence)),
                "beta", bounds(Proportion.clopperPearson(of, n, confidence)),
                "agresti_coull", bounds(Proportion.agrestiCoull(of, n, confidence)),
                "normal", bounds(Proportion.normal(of, n, confidence)));
    }

    private static List<Double> bounds(Interval interval) {
        return List.of(interval.low(), interval.high());
    }

    private static Object mcNemar(Inputs params, Inputs inputs) {
        var table = inputs.table("table");
        if (table.length != 2 || table[0].length != 2 || table[1].length != 2)
            throw new IllegalArgumentException("table must have two rows of two counts");
        var test =
                new McNemar(
                        (long) table[0][0],
                        (long) table[0][1],
                        (long) table[1][0],
                        (long) table[1][1]);
        return Map.of(
                "p_exact", test.exact(),
                "p_mid", test.midP(),
                "chi2_corrected", test.chiSquare(true),
                "p_chi2", test.chiSquareP(true),
                "p_chi2_corrected", test.chiSquareP(true),
                "chi2", test.chiSquare(false),
                "chi2_uncorrected", test.chiSquare(false),
                "p_chi2_uncorrected", test.chiSquareP(false));
    }

    private static double[] benefits(Inputs inputs) {
        var truth = inputs.numbers("y_true");
        var said = inputs.numbers("y_pred");
        if (truth.length != said.length)
            throw new IllegalArgumentException("y_true and y_pred have unlike lengths");
        var benefits = new double[truth.length];
        for (int i = 0; i < benefits.length; i++) benefits[i] = 1 + said[i] - truth[i];
        return benefits;
    }

    private static Object entropy(Inputs params, Inputs inputs) {
        var benefits = benefits(inputs);
        return Fairness.generalizedEntropy(
                benefits, ones(benefits.length), params.number("alpha", 2));
    }

    private static Object entropyBetween(Inputs params, Inputs inputs) {
        var benefits = benefits(inputs);
        return Fairness.generalizedEntropyBetween(
                benefits, ones(benefits.length), inputs.texts("group"), params.number("alpha", 2));
    }

    private static Object groups(Inputs params, Inputs inputs) {
        var truth = inputs.texts("y_true");
        var said = inputs.texts("y_pred");
        var group = inputs.texts("group");
        var builders = new TreeMap<String, ConfusionMatrix.Builder>();
        for (int i = 0; i < truth.size(); i++)
            builders.computeIfAbsent(group.get(i), _ -> new ConfusionMatrix.Builder())
                    .add(truth.get(i), said.get(i));
        var slices = new TreeMap<String, ConfusionMatrix>();
        builders.forEach((name, builder) -> slices.put(name, builder.build()));
        var fairness = new Fairness(new BySlice<>(slices));
        var values = new LinkedHashMap<String, Object>();
        for (var rate : Rate.values()) {
            var name =
                    switch (rate) {
                        case SELECTION -> "sel";
                        case TRUE_POSITIVE -> "tpr";
                        case FALSE_POSITIVE -> "fpr";
                        case ACCURACY -> "acc";
                    };
            slices.forEach((slice, matrix) ->
                    values.put(
                            name + "_" + slice,
                            Fairness.rate(matrix, rate, Interval.USUAL)
                                    .value()
                                    .orElse(Double.NaN)));
            values.put(name + "_diff", fairness.difference(rate));
            values.put(name + "_ratio", fairness.ratio(rate));
            values.put(name + "_diff_to_overall", fairness.differenceToOverall(rate));
            values.put(name + "_ratio_to_overall", fairness.ratioToOverall(rate));
        }
        values.put("demographic_parity_difference", fairness.difference(Rate.SELECTION));
        values.put("demographic_parity_ratio", fairness.ratio(Rate.SELECTION));
        values.put("equal_opportunity_difference", fairness.difference(Rate.TRUE_POSITIVE));
        values.put("equal_opportunity_ratio", fairness.ratio(Rate.TRUE_POSITIVE));
        values.put("equalized_odds_difference", fairness.equalizedOddsDifference());
        values.put("equalized_odds_ratio", fairness.equalizedOddsRatio());
        return values;
    }
}
