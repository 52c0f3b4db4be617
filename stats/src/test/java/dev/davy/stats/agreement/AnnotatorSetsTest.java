package dev.davy.stats.agreement;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.stats.SharedTables;
import dev.davy.stats.agreement.Kappa.Weighting;
import dev.davy.stats.quality.Bootstrap;
import dev.davy.stats.quality.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Real sets of annotations, and what is known of them: published, or computed by others.
class AnnotatorSetsTest {
    private static final Bootstrap SHORT = new Bootstrap(100, 42, 0.95);

    private static String cell(Map<String, String> row, String column) {
        return requireNonNull(row.get(column), column);
    }

    private static Annotations annotations(String file, String item, String labeler, String label) {
        return Annotations.of(
                SharedTables.rows(file).stream()
                        .map(row ->
                                new Annotation(
                                        cell(row, item), cell(row, labeler), cell(row, label)))
                        .toList());
    }

    private static Map<String, String> gold(String file, String item, String gold) {
        var all = new TreeMap<String, String>();
        for (var row : SharedTables.rows(file)) all.put(cell(row, item), cell(row, gold));
        return all;
    }

    private static double alpha(Annotations annotations) {
        return Krippendorff.of(annotations.units()).alpha(Distance.nominal());
    }

    private static double fleiss(List<? extends List<String>> units) {
        return Kappa.fleiss(units, SHORT).value().orElseThrow();
    }

    private static double dawidSkene(
            Annotations annotations, double smoothing, Map<String, String> gold) {
        return DawidSkene.fit(annotations, DawidSkene.Options.USUAL.smoothed(smoothing))
                .consensus()
                .accuracy(gold);
    }

    @Test
    void bluebirdsAreToldApartBetterByDawidAndSkeneThanByVotes() {
        var labels = annotations("bluebirds/labels.csv", "item", "worker", "label");
        var gold = gold("bluebirds/gold.csv", "item", "gold");
        assertThat(Votes.majority(labels).accuracy(gold)).isCloseTo(0.7593, within(5e-5));
        assertThat(dawidSkene(labels, 0, gold)).isCloseTo(97.0 / 108, within(1e-12));
        assertThat(dawidSkene(labels, 1, gold)).isCloseTo(0.8889, within(5e-5));
        assertThat(fleiss(labels.units())).isCloseTo(0.1253, within(5e-5));
        assertThat(alpha(labels)).isCloseTo(0.1255, within(5e-5));
        var right = accuracies("bluebirds/labels.csv", "item", "worker", "label", gold);
        assertThat(right.getFirst()).isCloseTo(0.324, within(5e-4));
        assertThat(median(right)).isCloseTo(0.620, within(5e-4));
        assertThat(right.getLast()).isCloseTo(0.889, within(5e-4));
        assertThat(single("bluebirds/labels.csv", "item", "label", gold))
                .isCloseTo(.6356, within(5e-5));
        assertDisputed(labels, gold, .546, .644);
    }

    /// Of items of which less than 70 % of the votes are for one label: what share of all they are,
    /// and on what share of them the majority is right; and how often a single label is right.
    private static void assertDisputed(
            Annotations labels, Map<String, String> gold, double share, double right) {
        var votes = Votes.majority(labels);
        var disputed = new TreeMap<String, String>();
        for (var item : labels.items())
            if (votes.confidence(item) < 0.7 - 1e-9)
                disputed.put(item, requireNonNull(gold.get(item)));
        assertThat((double) disputed.size() / labels.items().size()).isCloseTo(share, within(5e-4));
        if (!Double.isNaN(right))
            assertThat(votes.accuracy(disputed)).isCloseTo(right, within(5e-4));
    }

    private static double single(String file, String item, String label, Map<String, String> gold) {
        var rows = SharedTables.rows(file);
        return rows.stream()
                        .filter(row -> cell(row, label).equals(gold.get(cell(row, item))))
                        .count()
                / (double) rows.size();
    }

    private static List<Double> accuracies(
            String file, String item, String labeler, String label, Map<String, String> gold) {
        var right = new TreeMap<String, double[]>();
        for (var row : SharedTables.rows(file)) {
            var of = right.computeIfAbsent(cell(row, labeler), _ -> new double[2]);
            of[1]++;
            if (cell(row, label).equals(gold.get(cell(row, item)))) of[0]++;
        }
        return right.values().stream().map(of -> of[0] / of[1]).sorted().toList();
    }

    private static double median(List<Double> sorted) {
        int n = sorted.size();
        return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    }

    @Test
    void entailmentIsFoundByVotesAsPublishedAndBetterWithLabelersErrors() {
        var file = "rte-snow2008/rte.standardized.csv.gz";
        var labels = annotations(file, "item", "worker", "label");
        var gold = gold(file, "item", "gold");
        assertThat(Votes.majority(labels).accuracy(gold)).isCloseTo(0.8969, within(5e-5));
        assertThat(dawidSkene(labels, 0, gold)).isCloseTo(0.9275, within(1e-12));
        assertThat(dawidSkene(labels, 1, gold)).isCloseTo(0.9300, within(1e-12));
        assertThat(fleiss(labels.units())).isCloseTo(0.2414, within(5e-5));
        assertThat(alpha(labels)).isCloseTo(0.2415, within(5e-5));
        var right = accuracies(file, "item", "worker", "label", gold);
        assertThat(right.getFirst()).isCloseTo(.40, within(5e-3));
        assertThat(median(right)).isCloseTo(.85, within(5e-3));
        assertThat(right.getLast()).isEqualTo(1);
        assertThat(single(file, "item", "label", gold)).isCloseTo(.7291, within(5e-5));
        assertDisputed(labels, gold, .288, .733);
    }

    @Test
    void workersWhoShareErrorsAgreeMoreAndAreRightLess() {
        var labels = annotations("mozafari-binary-crowd/labels.csv", "item", "worker", "label");
        var gold = gold("mozafari-binary-crowd/gold.csv", "item", "gold");
        assertThat(Votes.majority(labels).accuracy(gold)).isCloseTo(0.696, within(1e-12));
        assertThat(dawidSkene(labels, 0, gold)).isCloseTo(0.712, within(1e-12));
        assertThat(dawidSkene(labels, 1, gold)).isCloseTo(0.714, within(1e-12));
        assertThat(fleiss(labels.units())).isCloseTo(0.4058, within(5e-5));
        assertThat(alpha(labels)).isCloseTo(0.4059, within(5e-5));
        assertThat(single("mozafari-binary-crowd/labels.csv", "item", "label", gold))
                .isCloseTo(.6702, within(5e-5));
        assertDisputed(labels, gold, .193, Double.NaN);
    }

    @Test
    void anaesthetistsAreAsDawidAndSkeneFoundThem() {
        var file = "dawid-skene-anesthesia/anesthesia.csv";
        var labels = annotations(file, "item", "rater", "rating");
        var fit = DawidSkene.fit(labels, DawidSkene.Options.USUAL);
        assertThat(fit.logLikelihood()).isCloseTo(-190.731, within(1e-3));
        assertThat(fit.prevalence())
                .containsExactly(new double[] {.400, .422, .112, .067}, within(5e-4));
        assertErrors(fit, "1", ".91 .09 0 0 .07 .88 .05 0 0 .34 .66 0 0 0 .56 .44");
        assertErrors(fit, "2", ".83 .17 0 0 .05 .63 .31 0 0 0 1 0 0 0 0 1");
        assertErrors(fit, "3", "1 0 0 0 .11 .79 .11 0 0 .40 .20 .40 0 0 .67 .33");
        assertErrors(fit, "4", ".94 .06 0 0 .05 .84 .10 0 0 0 .80 .20 0 0 .33 .67");
        assertErrors(fit, "5", "1 0 0 0 .16 .74 .11 0 0 .21 .79 0 0 0 .33 .67");
        var consensus = fit.consensus();
        var classes = new TreeMap<String, Integer>();
        consensus.chosen().values().forEach(each -> classes.merge(each, 1, Integer::sum));
        assertThat(classes).isEqualTo(Map.of("1", 18, "2", 19, "3", 5, "4", 3));
        assertThat(consensus.share("35", "2")).isCloseTo(0.948, within(5e-4));
        assertThat(consensus.share("38", "3")).isCloseTo(0.979, within(5e-4));
        for (var item : labels.items())
            if (!item.equals("35") && !item.equals("38"))
                assertThat(consensus.confidence(item)).as("item %s", item).isGreaterThan(0.99);
        var votes = Votes.majority(labels);
        // In item 12 the votes are split evenly, and one of the halves is right.
        assertThat(labels.items())
                .filteredOn(item ->
                        votes.share(item, requireNonNull(consensus.chosen().get(item)))
                                < votes.confidence(item))
                .containsExactly("2", "36");
        assertThat(alpha(labels)).isCloseTo(0.5858, within(5e-5));
        assertThat(
                        Krippendorff.of(labels.units())
                                .alpha(
                                        Distance.ordinal(
                                                Comparator.comparingInt(Integer::parseInt))))
                .isCloseTo(0.7987, within(5e-5));
        assertFirstRatings(file);
    }

    /// By true class, then by rating.
    private static void assertErrors(DawidSkene fit, String rater, String table) {
        var cells = table.split(" ");
        for (int k = 0; k < cells.length; k++)
            assertThat(fit.error(rater, "" + (k % 4 + 1), "" + (k / 4 + 1)))
                    .as("rater %s, true %d, said %d", rater, k / 4 + 1, k % 4 + 1)
                    .isCloseTo(Double.parseDouble(cells[k]), within(5.1e-3));
    }

    private static void assertFirstRatings(String file) {
        var first = new LinkedHashMap<String, Map<String, String>>();
        var ofRaterOne = new TreeMap<String, Set<String>>();
        for (var row : SharedTables.rows(file)) {
            var rater = cell(row, "rater");
            first.computeIfAbsent(cell(row, "item"), _ -> new TreeMap<>())
                    .putIfAbsent(rater, cell(row, "rating"));
            if (rater.equals("1"))
                ofRaterOne
                        .computeIfAbsent(cell(row, "item"), _ -> new HashSet<>())
                        .add(cell(row, "rating"));
        }
        var units = first.values().stream().map(each -> List.copyOf(each.values())).toList();
        assertThat(fleiss(units)).isCloseTo(0.5824, within(5e-5));
        long same = ofRaterOne.values().stream().filter(said -> said.size() == 1).count();
        assertThat(same / 45.0).isCloseTo(0.711, within(5e-4));
    }

    @Test
    void textbooksComeOut() {
        assertThat(fleiss(table("fleiss1971_diagnoses.csv"))).isCloseTo(0.4302, within(5e-5));
        assertThat(Krippendorff.of(table("fleiss1971_diagnoses.csv")).alpha(Distance.nominal()))
                .isCloseTo(0.4334, within(5e-5));
        var counted = new ArrayList<List<String>>();
        for (var row : SharedTables.rows("agreement-examples/fleiss_wikipedia_counts.csv")) {
            var unit = new ArrayList<String>();
            row.forEach((name, count) ->
                    unit.addAll(Collections.nCopies(Integer.parseInt(count), name)));
            counted.add(unit);
        }
        assertThat(fleiss(counted)).isCloseTo(0.2099, within(5e-5));
        var anxiety = table("irr_anxiety.csv");
        assertThat(fleiss(anxiety)).isCloseTo(-0.0411, within(5e-5));
        assertAlphas(Krippendorff.of(anxiety), -.0237, .2284, .1701, Double.NaN);
        var scale = IntStream.rangeClosed(1, 6).mapToObj(Integer::toString).toList();
        var pairs = new ConfusionMatrix.Builder();
        anxiety.forEach(said -> pairs.add(said.get(0), said.get(1)));
        assertKappas(pairs.build(), scale, .1195, .1892, .2968);
        assertAlphas(
                Krippendorff.of(
                        annotations(
                                        "agreement-examples/krippendorff2011_4x12.csv",
                                        "unit",
                                        "coder",
                                        "value")
                                .units()),
                .7434,
                .8154,
                .8491,
                .7974);
        assertAlphas(
                Krippendorff.of(
                        annotations(
                                        "agreement-examples/krippendorff_wikipedia_3x15.csv",
                                        "unit",
                                        "coder",
                                        "value")
                                .units()),
                .6914,
                .8067,
                .8108,
                .8089);
    }

    private static List<List<String>> table(String name) {
        return SharedTables.rows("agreement-examples/" + name).stream()
                .map(row -> List.copyOf(new TreeMap<>(row).values()))
                .toList();
    }

    private static void assertAlphas(
            Krippendorff<String> units,
            double nominal,
            double ordinal,
            double interval,
            double ratio) {
        assertThat(units.alpha(Distance.nominal())).isCloseTo(nominal, within(5e-5));
        assertThat(units.alpha(Distance.ordinal(Comparator.comparingInt(Integer::parseInt))))
                .isCloseTo(ordinal, within(5e-5));
        assertThat(units.alpha(Distance.interval(Double::parseDouble)))
                .isCloseTo(interval, within(5e-5));
        if (!Double.isNaN(ratio))
            assertThat(units.alpha(Distance.ratio(Double::parseDouble)))
                    .isCloseTo(ratio, within(5e-5));
    }

    private static void assertKappas(
            ConfusionMatrix pairs, List<String> scale, double plain, double linear, double square) {
        assertThat(Kappa.cohen(pairs, Weighting.NONE, scale, SHORT).value().orElseThrow())
                .isCloseTo(plain, within(5e-5));
        assertThat(Kappa.cohen(pairs, Weighting.LINEAR, scale, SHORT).value().orElseThrow())
                .isCloseTo(linear, within(5e-5));
        assertThat(Kappa.cohen(pairs, Weighting.QUADRATIC, scale, SHORT).value().orElseThrow())
                .isCloseTo(square, within(5e-5));
    }

    @Test
    void neurologistsAgreeAsLandisAndKochReported() {
        var scale = List.of("Certain", "Probable", "Possible", "Doubtful");
        var cities = new TreeMap<String, ConfusionMatrix.Builder>();
        for (var row : SharedTables.rows("agreement-examples/landis_koch_ms_patients.csv")) {
            var pairs =
                    cities.computeIfAbsent(
                            cell(row, "patients"), _ -> new ConfusionMatrix.Builder());
            for (int i = 0; i < Integer.parseInt(cell(row, "count")); i++)
                pairs.add(cell(row, "new_orleans_neurologist"), cell(row, "winnipeg_neurologist"));
        }
        var winnipeg = requireNonNull(cities.get("Winnipeg")).build();
        assertKappas(winnipeg, scale, .2079, .3797, .5246);
        assertThat(winnipeg.all().count()).isEqualTo(149);
        assertThat(Kappa.of(winnipeg, SHORT).getFirst().value().orElseThrow())
                .isCloseTo(.4295, within(5e-5));
        assertKappas(requireNonNull(cities.get("New Orleans")).build(), scale, .2965, .4773, .6256);
    }

    @Test
    void labelErrorsOfCifarAreFoundWherePeopleConfirmedThem() {
        var rows =
                SharedTables.rows("cifar10-label-errors/given_labels_and_cv_probabilities.csv.gz");
        var given = new int[rows.size()];
        var probabilities = new double[rows.size()][10];
        double right = 0;
        for (int i = 0; i < given.length; i++) {
            assertThat(cell(rows.get(i), "id")).isEqualTo("" + i);
            given[i] = Integer.parseInt(cell(rows.get(i), "given_label"));
            int best = 0;
            for (int k = 0; k < 10; k++) {
                probabilities[i][k] = Double.parseDouble(cell(rows.get(i), "p" + k));
                if (probabilities[i][k] > probabilities[i][best]) best = k;
            }
            if (best == given[i]) right++;
        }
        assertThat(right / given.length).isCloseTo(0.9294, within(1e-12));
        var learned = new ConfidentLearning(given, probabilities);
        assertThat(learned.noise()).isCloseTo(0.0283, within(5e-5));
        long off = 0;
        var joint = learned.joint();
        for (int k = 0; k < 10; k++) for (int j = 0; j < 10; j++) if (k != j) off += joint[k][j];
        assertThat(off).isEqualTo(244);
        var reviewed = SharedTables.rows("cifar10-label-errors/mturk_review.csv");
        var ids = new HashSet<Integer>();
        var wrong = new HashSet<Integer>();
        for (var row : reviewed) {
            ids.add(Integer.parseInt(cell(row, "id")));
            if (Integer.parseInt(cell(row, "votes_given")) < 3)
                wrong.add(Integer.parseInt(cell(row, "id")));
        }
        assertThat(wrong).hasSize(54);
        assertThat(learned.issues(ConfidentLearning.Filter.CONFIDENT_LEARNING))
                .filteredOn(ids::contains)
                .hasSize(227);
        var suspicious =
                IntStream.range(0, given.length)
                        .boxed()
                        .sorted(
                                Comparator.comparingDouble(i ->
                                        LabelQuality.SELF_CONFIDENCE.of(
                                                given[i], probabilities[i])))
                        .toList();
        assertThat(found(suspicious, wrong, 100)).isCloseTo(0.444, within(5e-4));
        assertThat(found(suspicious, wrong, 275)).isCloseTo(0.815, within(5e-4));
        assertThat(found(suspicious, wrong, 500)).isEqualTo(1);
        assertThat(fleiss(votes(reviewed))).isCloseTo(0.1444, within(5e-5));
    }

    private static double found(List<Integer> suspicious, Set<Integer> wrong, int first) {
        return suspicious.subList(0, first).stream().filter(wrong::contains).count()
                / (double) wrong.size();
    }

    private static List<List<String>> votes(List<Map<String, String>> reviewed) {
        var units = new ArrayList<List<String>>();
        for (var row : reviewed) {
            var unit = new ArrayList<String>();
            for (var kind :
                    Arrays.asList("votes_given", "votes_guessed", "votes_neither", "votes_both"))
                unit.addAll(Collections.nCopies(Integer.parseInt(cell(row, kind)), kind));
            units.add(unit);
        }
        return units;
    }
}
