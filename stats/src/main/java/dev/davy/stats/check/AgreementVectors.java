package dev.davy.stats.check;

import dev.davy.stats.Interval;
import dev.davy.stats.agreement.Annotation;
import dev.davy.stats.agreement.Annotations;
import dev.davy.stats.agreement.ConfidentLearning;
import dev.davy.stats.agreement.ConfidentLearning.Filter;
import dev.davy.stats.agreement.Consensus;
import dev.davy.stats.agreement.Crowdlab;
import dev.davy.stats.agreement.DawidSkene;
import dev.davy.stats.agreement.Distance;
import dev.davy.stats.agreement.Kappa;
import dev.davy.stats.agreement.Krippendorff;
import dev.davy.stats.agreement.LabelQuality;
import dev.davy.stats.agreement.Majority;
import dev.davy.stats.agreement.Votes;
import dev.davy.stats.quality.Bootstrap;
import dev.davy.stats.quality.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The statistics of `agreement`, by the names that files of known answers have for them.
final class AgreementVectors {
    static final Map<String, Statistic> STATISTICS =
            Map.ofEntries(
                    Map.entry("posterior_consistency_majority_vote", AgreementVectors::consistency),
                    Map.entry("mean_label_entropy_weighted_by_skill", AgreementVectors::entropy),
                    Map.entry("share_of_labels_equal_to_majority", AgreementVectors::share),
                    Map.entry("krippendorff_alpha", AgreementVectors::alpha),
                    Map.entry("krippendorff_alpha_nominal", AgreementVectors::nominal),
                    Map.entry("krippendorff_alpha_nominal_on_sets", AgreementVectors::sets),
                    Map.entry("majority_vote", AgreementVectors::majority),
                    Map.entry("majority_vote_with_tie_break", AgreementVectors::tieBreak),
                    Map.entry("wawa_weighted_vote", AgreementVectors::wawa),
                    Map.entry("dawid_skene", AgreementVectors::dawidSkene),
                    Map.entry("one_coin_dawid_skene", AgreementVectors::oneCoin),
                    Map.entry("cohen_kappa", AgreementVectors::cohen),
                    Map.entry("agreement_coefficients", AgreementVectors::coefficients),
                    Map.entry("fleiss_kappa", AgreementVectors::fleiss),
                    Map.entry("confident_joint_and_issues", AgreementVectors::confident),
                    Map.entry("label_quality_scores", AgreementVectors::labelQuality),
                    Map.entry("crowdlab_consensus", AgreementVectors::crowdlab));

    // The numbers are held against others; the intervals are ours.
    private static final Bootstrap SHORT = new Bootstrap(20, 1, Interval.USUAL);

    private AgreementVectors() {}

    private static Annotations annotations(Inputs inputs) {
        var columns = inputs.texts("columns");
        int worker = column(columns, "worker");
        int task = column(columns, "task");
        int label = column(columns, "label");
        var all = new ArrayList<Annotation>();
        for (var row : inputs.rows("rows"))
            all.add(
                    new Annotation(
                            Inputs.text(row.get(task)),
                            Inputs.text(row.get(worker)),
                            Inputs.text(row.get(label))));
        return Annotations.of(all);
    }

    private static int column(List<String> columns, String name) {
        int at = columns.indexOf(name);
        if (at < 0) throw new IllegalArgumentException("columns has no " + name);
        return at;
    }

    private static Object consistency(Inputs params, Inputs inputs) {
        var annotations = annotations(inputs);
        var votes = Votes.majority(annotations);
        if (!params.has("skills")) return Votes.consistency(annotations, votes);
        var skills = new TreeMap<>(params.amounts("skills"));
        return Votes.consistency(
                annotations, new Consensus(votes.labels(), votes.shares(), skills));
    }

    private static Object entropy(Inputs params, Inputs inputs) {
        var annotations = annotations(inputs);
        if (params.has("log") && !params.text("log").equals("natural"))
            throw new NotOffered("logarithm " + params.text("log") + ": ours is in nats");
        var skills = new LinkedHashMap<String, Double>();
        for (var labeler : annotations.labelers()) skills.put(labeler, 1.0);
        if (params.has("skills")) skills.putAll(params.amounts("skills"));
        return Votes.uncertainty(annotations, skills);
    }

    private static Object share(Inputs params, Inputs inputs) {
        var annotations = annotations(inputs);
        return Votes.shareOfConsensus(annotations, Votes.majority(annotations));
    }

    private static Object nominal(Inputs params, Inputs inputs) {
        if (inputs.has("observer_by_unit"))
            return Krippendorff.of(units(inputs.rows("observer_by_unit")))
                    .alpha(Distance.nominal());
        return Krippendorff.of(annotations(inputs).units()).alpha(Distance.nominal());
    }

    private static Object alpha(Inputs params, Inputs inputs) {
        var krippendorff =
                Krippendorff.of(
                        inputs.has("observer_by_unit")
                                ? units(inputs.rows("observer_by_unit"))
                                : annotations(inputs).units());
        var values = new LinkedHashMap<String, Object>();
        values.put("nominal", krippendorff.alpha(Distance.nominal()));
        var order = Kappa.ordered(krippendorff.margins().keySet());
        values.put(
                "ordinal",
                krippendorff.alpha(
                        Distance.ordinal((a, b) -> order.indexOf(a) - order.indexOf(b))));
        if (order.stream().allMatch(each -> Kappa.number(each).isPresent())) {
            values.put("interval", krippendorff.alpha(Distance.interval(Double::parseDouble)));
            values.put("ratio", krippendorff.alpha(Distance.ratio(Double::parseDouble)));
        }
        return params.has("level") ? one(values, params.text("level")) : values;
    }

    private static Object one(Map<String, Object> values, String name) {
        var value = values.get(name);
        if (value == null) throw new NotOffered("level " + name + " on such labels");
        return value;
    }

    private static List<List<String>> units(List<List<@Nullable Object>> byObserver) {
        var units = new ArrayList<List<String>>();
        for (var observer : byObserver)
            for (int unit = 0; unit < observer.size(); unit++) {
                while (units.size() <= unit) units.add(new ArrayList<>());
                var value = observer.get(unit);
                if (value != null && !"NaN".equals(value)) units.get(unit).add(Inputs.text(value));
            }
        return units;
    }

    private static Object sets(Inputs params, Inputs inputs) {
        var units = new ArrayList<List<Set<String>>>();
        for (var unit : inputs.rows("units")) {
            var sets = new ArrayList<Set<String>>();
            for (var labels : unit) {
                if (!(labels instanceof Collection<?> collection))
                    throw new IllegalArgumentException("units must hold lists of labels");
                var set = new HashSet<String>();
                for (var label : collection) set.add(Inputs.text(label));
                sets.add(set);
            }
            units.add(sets);
        }
        Distance<Set<String>> distance =
                switch (params.text("distance", "binary")) {
                    case "binary", "nominal" -> Distance.nominal();
                    case "masi" -> Distance.masi();
                    case "jaccard" -> Distance.jaccard();
                    default -> throw new NotOffered("distance " + params.text("distance"));
                };
        return Krippendorff.of(units).alpha(distance);
    }

    private static Object majority(Inputs params, Inputs inputs) {
        var annotations = annotations(inputs);
        return told(
                params.has("skills")
                        ? Votes.weighted(annotations, params.amounts("skills"))
                        : Votes.majority(annotations));
    }

    private static Map<String, Object> told(Consensus consensus) {
        var told = new LinkedHashMap<String, Object>();
        told.put("labels", consensus.chosen());
        for (var label : consensus.labels()) told.put("p_" + label, shares(consensus, label));
        told.put("skills", consensus.skills());
        return told;
    }

    private static List<Double> shares(Consensus consensus, String label) {
        return consensus.shares().keySet().stream()
                .map(item -> consensus.share(item, label))
                .toList();
    }

    private static Object wawa(Inputs params, Inputs inputs) {
        var consensus = Votes.wawa(annotations(inputs));
        return shares(consensus, params.text("label", consensus.labels().getLast()));
    }

    private static Object dawidSkene(Inputs params, Inputs inputs) {
        return dawidSkene(params, inputs, false);
    }

    private static Object oneCoin(Inputs params, Inputs inputs) {
        return dawidSkene(params, inputs, true);
    }

    private static Object dawidSkene(Inputs params, Inputs inputs, boolean oneCoin) {
        var annotations = annotations(inputs);
        var options =
                new DawidSkene.Options(
                        params.integer("n_iter", 100),
                        params.number("tol", 1e-5),
                        params.number("smoothing", 0),
                        oneCoin,
                        DawidSkene.Stop.CROWD_KIT);
        var fit = DawidSkene.fit(annotations, options);
        var told = told(fit.consensus());
        var priors = new LinkedHashMap<String, Double>();
        for (int k = 0; k < annotations.labels().size(); k++)
            priors.put(annotations.labels().get(k), fit.prevalence()[k]);
        told.put("priors", priors);
        for (var labeler : annotations.labelers())
            for (var said : annotations.labels()) {
                var errors = new LinkedHashMap<String, Double>();
                for (var truth : annotations.labels())
                    errors.put(truth, fit.error(labeler, said, truth));
                told.put("errors_" + labeler + "_observed_" + said, errors);
            }
        return told;
    }

    private static Object cohen(Inputs params, Inputs inputs) {
        var first = inputs.texts("a");
        var second = inputs.texts("b");
        if (first.size() != second.size())
            throw new IllegalArgumentException("a and b have unlike lengths");
        var pairs = new ConfusionMatrix.Builder();
        for (int i = 0; i < first.size(); i++) pairs.add(first.get(i), second.get(i));
        var built = pairs.build();
        var weighting =
                switch (params.text("weights", "none")) {
                    case "none", "null", "None", "unweighted" -> Kappa.Weighting.NONE;
                    case "linear" -> Kappa.Weighting.LINEAR;
                    case "quadratic" -> Kappa.Weighting.QUADRATIC;
                    default -> throw new NotOffered("weights " + params.text("weights"));
                };
        var order = params.has("labels") ? params.texts("labels") : Kappa.ordered(built.classes());
        return Kappa.cohen(built, weighting, order, SHORT).value().orElse(Double.NaN);
    }

    private static Object coefficients(Inputs params, Inputs inputs) {
        var labels = inputs.texts("labels");
        var table = inputs.table("confusion_rows_coder_b_cols_coder_a");
        var pairs = new ConfusionMatrix.Builder();
        var units = new ArrayList<List<String>>();
        for (int b = 0; b < labels.size(); b++)
            for (int a = 0; a < labels.size(); a++)
                for (int i = 0; i < table[b][a]; i++) {
                    pairs.add(labels.get(a), labels.get(b));
                    units.add(List.of(labels.get(a), labels.get(b)));
                }
        var built = pairs.build();
        var told = new LinkedHashMap<String, Object>();
        for (var figure : Kappa.of(built, SHORT))
            told.put(figure.name(), figure.value().orElse(Double.NaN));
        for (var weighting : List.of(Kappa.Weighting.LINEAR, Kappa.Weighting.QUADRATIC))
            told.put(
                    "cohen_kappa_" + weighting.name().toLowerCase(Locale.ROOT),
                    Kappa.cohen(built, weighting, labels, SHORT).value().orElse(Double.NaN));
        told.put("krippendorff_alpha", Krippendorff.of(units).alpha(Distance.nominal()));
        return told;
    }

    private static Object fleiss(Inputs params, Inputs inputs) {
        var units = new ArrayList<List<String>>();
        for (var row : inputs.table("counts")) {
            var unit = new ArrayList<String>();
            for (int k = 0; k < row.length; k++)
                for (int i = 0; i < row[k]; i++) unit.add("label " + k);
            units.add(unit);
        }
        return Kappa.fleiss(units, SHORT).value().orElse(Double.NaN);
    }

    private static int[] positions(double[] numbers) {
        return Arrays.stream(numbers).mapToInt(each -> (int) each).toArray();
    }

    private static Object confident(Inputs params, Inputs inputs) {
        var learned =
                new ConfidentLearning(
                        positions(inputs.numbers("labels")), inputs.table("pred_probs"));
        var issues = new LinkedHashMap<String, Object>();
        for (var filter : Filter.values())
            issues.put(filter.name().toLowerCase(Locale.ROOT), learned.issues(filter));
        return Map.of(
                "thresholds", Arrays.stream(learned.thresholds()).boxed().toList(),
                "confident_joint_uncalibrated", lists(learned.joint()),
                "confident_joint_calibrated", lists(learned.calibrated()),
                "issues", issues);
    }

    private static List<List<Long>> lists(long[][] table) {
        return Arrays.stream(table).map(row -> Arrays.stream(row).boxed().toList()).toList();
    }

    private static Object labelQuality(Inputs params, Inputs inputs) {
        var labels = positions(inputs.numbers("labels"));
        var probabilities = inputs.table("pred_probs");
        var told = new LinkedHashMap<String, Object>();
        for (var score : LabelQuality.values())
            told.put(
                    score.name().toLowerCase(Locale.ROOT),
                    IntStream.range(0, labels.length)
                            .mapToObj(i -> score.of(labels[i], probabilities[i]))
                            .toList());
        return told;
    }

    private static int[][] labels(Inputs inputs, String name) {
        return Arrays.stream(inputs.table(name))
                .map(row ->
                        Arrays.stream(row)
                                .mapToInt(each -> Double.isNaN(each) ? -1 : (int) each)
                                .toArray())
                .toArray(int[][]::new);
    }

    private static Object tieBreak(Inputs params, Inputs inputs) {
        var labels = labels(inputs, "labels_example_by_annotator");
        int classes = 1 + Arrays.stream(labels).flatMapToInt(Arrays::stream).max().orElse(0);
        return IntStream.of(Majority.of(labels, classes)).boxed().toList();
    }

    private static Object crowdlab(Inputs params, Inputs inputs) {
        if (!params.text("consensus_method", "best_quality").equals("best_quality")
                || !params.text("quality_method", "crowdlab").equals("crowdlab"))
            throw new NotOffered("crowdlab without its own quality is a vote: majority_vote");
        var result = Crowdlab.consensus(labels(inputs, "labels"), inputs.table("pred_probs"));
        return Map.of(
                "consensus_label", IntStream.of(result.consensus()).boxed().toList(),
                "consensus_quality", Arrays.stream(result.quality()).boxed().toList(),
                "annotator_agreement", Arrays.stream(result.agreement()).boxed().toList(),
                "annotator_quality", Arrays.stream(result.labelerQuality()).boxed().toList());
    }
}
