package dev.davy.stats.check;

import static java.util.Map.entry;

import dev.davy.stats.drift.Adjusted;
import dev.davy.stats.drift.Cells;
import dev.davy.stats.drift.Chunks;
import dev.davy.stats.drift.CountTests;
import dev.davy.stats.drift.Distances;
import dev.davy.stats.drift.DomainClassifier;
import dev.davy.stats.drift.Drift;
import dev.davy.stats.drift.Edges;
import dev.davy.stats.drift.EvidentlyDefault;
import dev.davy.stats.drift.Histogram;
import dev.davy.stats.drift.RankTests;
import dev.davy.stats.drift.RankTests.Method;
import dev.davy.stats.drift.RankTests.Side;
import dev.davy.stats.drift.Samples;
import dev.davy.stats.drift.ShapeTests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The statistics of `drift`, by the names that files of known answers have for them.
final class DriftVectors {
    static final Map<String, Statistic> STATISTICS =
            Map.ofEntries(
                    entry("psi", (p, in) -> Distances.psi(bins(in), TwoSamples.zeros(p)).value()),
                    entry("kl_divergence_ref_to_cur", DriftVectors::kullbackLeibler),
                    entry("jensen_shannon_distance", (p, in) -> jensenShannon(p, bins(in))),
                    entry(
                            "jensen_shannon_distance_categorical",
                            (p, in) -> jensenShannon(p, TwoSamples.cells(in))),
                    entry(
                            "jensen_shannon_distance_doane_bins",
                            (p, in) -> jensenShannon(p, doane(p, in))),
                    entry(
                            "jensen_shannon_divergence_base2_categorical",
                            (p, in) ->
                                    Distances.jensenShannonDivergence(TwoSamples.cells(in), 2)
                                            .value()),
                    entry(
                            "jensen_shannon_divergence_base2_histograms",
                            (p, in) ->
                                    Histogram.jensenShannon(histogram(in, "a"), histogram(in, "b"))
                                            .value()),
                    entry("hellinger_distance_categorical", of(Distances::hellinger)),
                    entry(
                            "hellinger_distance_doane_bins",
                            (p, in) -> Distances.hellinger(doane(p, in)).value()),
                    entry("total_variation_distance", of(Distances::totalVariation)),
                    entry("l_infinity_normalised_counts", of(Distances::lInfinity)),
                    entry("l_infinity_robust", DriftVectors::robust),
                    entry(
                            "max_abs_count_difference_over_total",
                            of(Distances::normalisedDifference)),
                    entry("cramers_v_bias_corrected", of(CountTests::cramersV)),
                    entry(
                            "chi_square_gof",
                            (p, in) -> {
                                var test = fit(p, in);
                                return Map.of("statistic", test.value(), "p_value", test.p());
                            }),
                    entry("chi_square_gof_p_value", (p, in) -> fit(p, in).p()),
                    entry(
                            "chi_square_gof_statistic_regrouped",
                            (p, in) -> regrouped(p, in).value()),
                    // Deequ takes 1 − F, which keeps 16 decimals of a small p-value; ours has
                    // all its digits, and loses them here for the comparison.
                    entry("chi_square_gof_p_regrouped", (p, in) -> 1 - (1 - regrouped(p, in).p())),
                    entry(
                            "g_test_p_value",
                            (p, in) ->
                                    CountTests.g(
                                                    TwoSamples.cells(in),
                                                    p.text("expected", "").contains("scaled"))
                                            .p()),
                    entry("fisher_exact_two_sided_p", DriftVectors::fisher),
                    entry("wasserstein_1", numbers((a, b) -> Samples.wasserstein(a, b).value())),
                    entry(
                            "wasserstein_1_after_joint_min_max_scaling",
                            (p, in) ->
                                    Samples.wassersteinScaled(
                                                    TwoSamples.reference(in),
                                                    TwoSamples.current(in),
                                                    p.number("margin_quantile_filter", 0))
                                            .value()),
                    entry("energy_distance", numbers((a, b) -> Samples.energy(a, b).value())),
                    entry("ks_two_sample", DriftVectors::kolmogorovSmirnov),
                    entry("mann_whitney_u", numbers(DriftVectors::mannWhitney)),
                    entry("t_test_two_sided", numbers(DriftVectors::t)),
                    entry(
                            "student_t_pooled_p_value",
                            (p, in) ->
                                    RankTests.t(
                                                    TwoSamples.reference(in),
                                                    TwoSamples.current(in),
                                                    p.flag("equal_var", true))
                                            .p()),
                    entry(
                            "anderson_darling_k_sample_p_value",
                            (p, in) -> {
                                if (!p.flag("midrank", true))
                                    throw new NotOffered("ties are always taken by mid-ranks");
                                return ShapeTests.andersonDarling(
                                                TwoSamples.reference(in), TwoSamples.current(in))
                                        .p();
                            }),
                    entry(
                            "cramer_von_mises_two_sample",
                            numbers((a, b) -> {
                                var test = ShapeTests.cramerVonMises(a, b);
                                return Map.of("statistic", test.value(), "p_value", test.p());
                            })),
                    entry(
                            "epps_singleton_p_value",
                            (p, in) ->
                                    ShapeTests.eppsSingleton(
                                                    TwoSamples.reference(in),
                                                    TwoSamples.current(in),
                                                    p.has("t")
                                                            ? p.numbers("t")
                                                            : new double[] {0.4, 0.8})
                                            .p()),
                    entry("mmd2_unbiased_rbf", (p, in) -> TwoSamples.mmd(in)),
                    entry("drift_score_from_auc", each("auc", DomainClassifier::score)),
                    entry("histogram_edges", DriftVectors::histogramEdges),
                    entry("adjusted_p_values", DriftVectors::adjusted),
                    entry("batch_drift", DriftVectors::batch),
                    entry("default_drift_test", (p, in) -> defaults(in)),
                    entry("chunk_sizes", DriftVectors::chunks),
                    entry("std_threshold_lower", (p, in) -> threshold(p, in, -1)),
                    entry("std_threshold_upper", (p, in) -> threshold(p, in, 1)),
                    entry("online_3_sigma_anomalies", DriftVectors::online));

    private interface OfNumbers {
        Object compute(double[] reference, double[] current);
    }

    private DriftVectors() {}

    private static Statistic of(Function<Cells, Drift> distance) {
        return (params, inputs) -> distance.apply(TwoSamples.cells(inputs)).value();
    }

    private static Statistic numbers(OfNumbers statistic) {
        return (params, inputs) ->
                statistic.compute(TwoSamples.reference(inputs), TwoSamples.current(inputs));
    }

    private static Statistic each(String name, Function<Double, Double> function) {
        return (params, inputs) ->
                Arrays.stream(inputs.numbers(name)).boxed().map(function).toList();
    }

    /// Evidently's: bins over both samples where the reference has more than 20 different numbers.
    private static Cells bins(Inputs in) {
        if (!TwoSamples.isNumbers(in)) return TwoSamples.cells(in);
        var reference = TwoSamples.reference(in);
        var current = TwoSamples.current(in);
        if (Arrays.stream(reference).distinct().count() <= 20)
            return Cells.of(TwoSamples.counted(reference), TwoSamples.counted(current));
        return Cells.of(Edges.sturges(reference, current), "sturges on both", reference, current);
    }

    private static Cells doane(Inputs params, Inputs in) {
        var reference = TwoSamples.reference(in);
        var edges = params.has("edges") ? params.numbers("edges") : Edges.doane(reference);
        return Cells.of(edges, "doane on the reference", reference, TwoSamples.current(in));
    }

    private static Object jensenShannon(Inputs params, Cells cells) {
        return Distances.jensenShannonDistance(cells, TwoSamples.base(params)).value();
    }

    private static Object kullbackLeibler(Inputs params, Inputs in) {
        return Distances.kullbackLeibler(
                        bins(in), TwoSamples.zeros(params), TwoSamples.base(params))
                .value();
    }

    private static Histogram histogram(Inputs in, String name) {
        var ranges = new ArrayList<Histogram.Range>();
        for (var range : in.table(name)) {
            if (range.length != 3)
                throw new IllegalArgumentException(name + " must hold [low, high, count]");
            ranges.add(new Histogram.Range(range[0], range[1], range[2]));
        }
        return new Histogram(ranges, in.number(name + "_num_nan", 0));
    }

    private static Object robust(Inputs params, Inputs in) {
        double c =
                params.has("alpha")
                        ? Distances.critical(params.number("alpha"))
                        : params.number("c_alpha", 1.8);
        return Distances.lInfinityRobust(TwoSamples.cells(in), c).value();
    }

    private static Drift fit(Inputs params, Inputs in) {
        var cells = TwoSamples.cells(in);
        return CountTests.goodnessOfFit(cells, params.integer("ddof", 0));
    }

    private static Drift regrouped(Inputs params, Inputs in) {
        return CountTests.regrouped(
                TwoSamples.cells(in),
                params.number("absThresholdYates", 5),
                params.number("percThresholdYates", 0.2),
                params.number("absThresholdCochran", 10));
    }

    private static Object fisher(Inputs params, Inputs in) {
        if (!params.text("alternative", "two-sided").equals("two-sided"))
            throw new NotOffered("Fisher's test has two sides here");
        var name =
                in.has("table_current_then_reference") ? "table_current_then_reference" : "table";
        var table = in.has(name) ? in.table(name) : null;
        var cells =
                table == null
                        ? TwoSamples.cells(in)
                        : Cells.of(List.of("a", "b"), table[1], table[0]);
        return CountTests.fisher(cells).p();
    }

    private static Object kolmogorovSmirnov(Inputs params, Inputs in) {
        var reference = TwoSamples.reference(in);
        var current = TwoSamples.current(in);
        var side =
                switch (params.text("alternative", "two-sided")) {
                    case "less" -> Side.LESS;
                    case "greater" -> Side.GREATER;
                    case "two-sided" -> Side.EITHER;
                    default -> throw new NotOffered(params.text("alternative") + " is no side");
                };
        boolean small = Math.max(reference.length, current.length) <= RankTests.EXACT_MAX;
        var asymptotic = RankTests.kolmogorovSmirnov(reference, current, side, Method.ASYMPTOTIC);
        var exact =
                small
                        ? RankTests.kolmogorovSmirnov(reference, current, side, Method.EXACT)
                        : asymptotic;
        var values = new LinkedHashMap<String, Object>();
        values.put("D", exact.value());
        values.put("p_auto", exact.p());
        if (small) values.put("p_exact", exact.p());
        values.put("p_asymptotic", asymptotic.p());
        return values;
    }

    private static Object mannWhitney(double[] reference, double[] current) {
        return Map.of(
                "U", RankTests.mannWhitney(reference, current, Side.EITHER).value(),
                "p_two_sided", RankTests.mannWhitney(reference, current, Side.EITHER).p(),
                "p_less", RankTests.mannWhitney(reference, current, Side.LESS).p(),
                "p_greater", RankTests.mannWhitney(reference, current, Side.GREATER).p());
    }

    private static Object t(double[] reference, double[] current) {
        var welch = RankTests.t(reference, current, false);
        var pooled = RankTests.t(reference, current, true);
        return Map.of(
                "welch_t", welch.value(),
                "welch_p", welch.p(),
                "pooled_t", pooled.value(),
                "pooled_p", pooled.p());
    }

    private static Object histogramEdges(Inputs params, Inputs in) {
        var reference = TwoSamples.reference(in);
        var current = TwoSamples.current(in);
        var edges =
                params.text("rule", "").contains("doane")
                        ? Edges.doane(reference)
                        : Edges.sturges(reference, current);
        return Map.of(
                "edges", list(edges),
                "reference_counts", list(Edges.counts(edges, reference)),
                "current_counts", list(Edges.counts(edges, current)));
    }

    private static Object adjusted(Inputs params, Inputs in) {
        var p = in.numbers("p_values");
        double alpha = params.number("alpha", 0.05);
        var values = new LinkedHashMap<String, Object>();
        var families =
                Map.of(
                        "bh", Adjusted.benjaminiHochberg(p),
                        "by", Adjusted.benjaminiYekutieli(p),
                        "holm", Adjusted.holm(p),
                        "bonferroni", Adjusted.bonferroni(p));
        families.forEach((name, adjusted) -> {
            values.put(name + "_adjusted", list(adjusted));
            values.put(
                    name + "_rejected",
                    Arrays.stream(adjusted).filter(each -> each <= alpha).count());
        });
        return values;
    }

    /// Alibi's: strictly below.
    private static Object batch(Inputs params, Inputs in) {
        double level = params.number("p_val", 0.05);
        var p = in.numbers("p_values");
        var rule = params.text("rule", "") + params.text("correction", "");
        if (!rule.matches("(?is).*(\\bbh\\b|benjamini|fdr).*"))
            return Arrays.stream(p).anyMatch(each -> each < level / p.length);
        var sorted = Arrays.stream(p).sorted().toArray();
        return IntStream.range(0, p.length).anyMatch(i -> sorted[i] < level * (i + 1) / p.length);
    }

    private static Object defaults(Inputs in) {
        return in.each("cases").stream()
                .map(each ->
                        EvidentlyDefault.test(
                                switch (each.text("type")) {
                                    case "num" -> EvidentlyDefault.Kind.NUMBER;
                                    case "cat" -> EvidentlyDefault.Kind.CATEGORY;
                                    case "text" -> EvidentlyDefault.Kind.TEXT;
                                    default ->
                                            throw new IllegalArgumentException(
                                                    "type is " + each.text("type"));
                                },
                                each.integer("n_reference"),
                                each.integer("n_unique", 0)))
                .toList();
    }

    private static Object chunks(Inputs params, Inputs in) {
        int parts = params.integer("chunk_number", 10);
        var rule = params.text("rule", "");
        if (rule.contains("//")) parts = (int) TwoSamples.firstNumber(rule, rule.indexOf("//"));
        int of = parts;
        return Arrays.stream(in.numbers("n")).mapToObj(n -> Chunks.sizes((int) n, of)).toList();
    }

    private static Object threshold(Inputs params, Inputs in, int sign) {
        var values = in.numbers("values");
        var known = Arrays.stream(values).filter(each -> !Double.isNaN(each)).sorted().toArray();
        if (known.length == 0) throw new IllegalArgumentException("values are all NaN");
        double from =
                switch (params.text("offset", "mean")) {
                    case "mean" -> Arrays.stream(known).average().orElseThrow();
                    case "min" -> known[0];
                    case "max" -> known[known.length - 1];
                    case "median" -> (known[(known.length - 1) / 2] + known[known.length / 2]) / 2;
                    default -> throw new NotOffered("no offset from " + params.text("offset"));
                };
        return Chunks.threshold(values, from, sign * params.number("multiplier", 3));
    }

    private static Object online(Inputs params, Inputs in) {
        var judged =
                Chunks.online(
                        in.numbers("series"),
                        factor(params, "lower"),
                        factor(params, "upper"),
                        params.number("ignoreStartPercentage", 0.1),
                        params.flag("ignoreAnomalies", true));
        var anomalies =
                IntStream.range(0, judged.size()).filter(i -> judged.get(i).anomaly()).boxed();
        return Map.of(
                "anomaly_indices", anomalies.toList(),
                "mean", judged.stream().map(Chunks.Judged::mean).toList(),
                "std", judged.stream().map(Chunks.Judged::deviation).toList());
    }

    private static OptionalDouble factor(Inputs params, String name) {
        if (params.names().contains(name) && !params.has(name)) return OptionalDouble.empty();
        return OptionalDouble.of(params.number(name, 3));
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
