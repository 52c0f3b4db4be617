package dev.davy.cli;

import dev.davy.stats.Interval;
import dev.davy.stats.quality.Bootstrap;
import dev.davy.stats.quality.Calibration;
import dev.davy.stats.quality.ConfusionMatrix;
import dev.davy.stats.quality.Figure;
import dev.davy.stats.quality.McNemar;
import dev.davy.stats.quality.RegressionErrors;
import dev.davy.stats.quality.Scores;
import dev.davy.stats.quality.Transcripts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the judged rows say of a model, overall, per class, per slice, and against another.
final class Evaluation {
    private final Judged judged;
    private final Bootstrap bootstrap;
    private final @Nullable String score;
    private final @Nullable String positive;

    /// What a score says, and of how many rows.
    ///
    /// @param about in words: the probability of what
    /// @param calibration empty where scores are no probabilities
    record Scored(String about, Scores scores, Optional<Calibration> calibration) {}

    /// A slice, its main figures, and whether it is worse than all together beyond chance.
    record Slice(String name, int rows, List<Figure> figures, boolean worse) {}

    Evaluation(
            Judged judged, Bootstrap bootstrap, @Nullable String score, @Nullable String positive) {
        this.judged = judged;
        this.bootstrap = bootstrap;
        this.score = score;
        this.positive = judged.kind() == Judged.Kind.CATEGORY ? judged.positive(positive) : null;
    }

    Judged judged() {
        return judged;
    }

    private List<Integer> all() {
        return IntStream.range(0, judged.size()).boxed().toList();
    }

    /// The figures of one model over all rows, the main one first.
    List<Figure> overall(int model) {
        return figures(model, all(), bootstrap, true);
    }

    private List<Figure> figures(
            int model, List<Integer> rows, Bootstrap chance, boolean complete) {
        return switch (judged.kind()) {
            case CATEGORY -> categories(matrix(model, rows), chance, complete);
            case NUMBER -> {
                var errors = new RegressionErrors.Builder(chance.seed());
                for (int i : rows)
                    errors.add(
                            judged.rows().get(i),
                            judged.trueNumber(i),
                            judged.predictedNumber(model, i),
                            judged.weight(i));
                yield errors.build().figures(chance.confidence());
            }
            case TEXT -> {
                var transcripts = Transcripts.NONE;
                for (int i : rows)
                    transcripts =
                            transcripts.plus(
                                    judged.truth(i), judged.prediction(model, i), judged.weight(i));
                yield transcripts.figures(chance.confidence());
            }
        };
    }

    private List<Figure> categories(ConfusionMatrix matrix, Bootstrap chance, boolean complete) {
        var figures = new ArrayList<Figure>();
        if (complete) figures.addAll(matrix.overall(chance));
        else figures.add(matrix.accuracy(chance.confidence()));
        if (positive != null) {
            figures.add(matrix.precision(positive, chance.confidence()));
            figures.add(matrix.recall(positive, chance.confidence()));
            if (complete) {
                figures.add(matrix.f1(positive, chance));
                figures.add(matrix.specificity(positive, chance.confidence()));
            }
        }
        return figures;
    }

    ConfusionMatrix matrix(int model, List<Integer> rows) {
        var matrix = new ConfusionMatrix.Builder();
        for (int i : rows)
            matrix.add(judged.truth(i), judged.prediction(model, i), judged.weight(i));
        return matrix.build();
    }

    Optional<ConfusionMatrix> matrix() {
        return judged.kind() == Judged.Kind.CATEGORY
                ? Optional.of(matrix(0, all()))
                : Optional.empty();
    }

    SortedMap<String, List<Figure>> perClass() {
        return matrix().map(matrix -> matrix.perClass(bootstrap)).orElse(new TreeMap<>());
    }

    /// What the score is worth: of the positive class where there are two, else as confidence in
    /// what was predicted. Rows without a score are left out.
    Optional<Scored> scored() {
        if (score == null || judged.kind() != Judged.Kind.CATEGORY) return Optional.empty();
        var scores = new Scores.Builder();
        var calibration = new Calibration.Builder(Calibration.BINS);
        boolean probabilities = true;
        for (int i = 0; i < judged.size(); i++) {
            double given = judged.columns().number(score, judged.rows().get(i));
            if (!Double.isFinite(given)) continue;
            boolean came =
                    positive != null
                            ? judged.truth(i).equals(positive)
                            : judged.truth(i).equals(judged.prediction(0, i));
            scores.add(given, came, judged.weight(i));
            probabilities &= given >= 0 && given <= 1;
            if (probabilities) calibration.add(given, came, judged.weight(i));
        }
        return Optional.of(
                new Scored(
                        positive != null
                                ? score + " as the probability of " + positive
                                : score + " as confidence in the predicted class",
                        scores.build(),
                        probabilities ? Optional.of(calibration.build()) : Optional.empty()));
    }

    List<Figure> figures(Scored scored) {
        var figures = new ArrayList<Figure>();
        figures.add(scored.scores().rocAuc(bootstrap.confidence()));
        figures.add(scored.scores().averagePrecision(bootstrap.times(200)));
        scored.calibration().ifPresent(each -> figures.addAll(each.figures(bootstrap)));
        return figures;
    }

    Bootstrap bootstrap() {
        return bootstrap;
    }

    /// Each slice by its main figures, the worst first. A slice is called worse when even its
    /// better end is worse than all together, at a confidence that is shared by all slices
    /// (Bonferroni).
    List<Slice> slices(Map<String, List<Integer>> asked) {
        double shared = 1 - (1 - bootstrap.confidence()) / Math.max(1, asked.size());
        var strict = new Bootstrap(bootstrap.replicates(), bootstrap.seed(), shared);
        var all = overall(0).getFirst().value();
        var slices = new ArrayList<Slice>();
        asked.forEach((name, rows) -> {
            if (rows.isEmpty()) {
                slices.add(new Slice(name, 0, List.of(), false));
                return;
            }
            var figures = figures(0, rows, bootstrap, false);
            var wide = figures(0, rows, strict, false).getFirst().interval();
            slices.add(new Slice(name, rows.size(), figures, worse(wide, all)));
        });
        slices.sort((a, b) -> {
            double first = sortable(a);
            double second = sortable(b);
            return higherIsBetter() ? Double.compare(first, second) : Double.compare(second, first);
        });
        return slices;
    }

    private static double sortable(Slice slice) {
        return slice.figures().isEmpty()
                ? Double.NaN
                : slice.figures().getFirst().value().orElse(Double.NaN);
    }

    boolean higherIsBetter() {
        return judged.kind() == Judged.Kind.CATEGORY;
    }

    private boolean worse(Optional<Interval> interval, OptionalDouble all) {
        if (interval.isEmpty() || all.isEmpty()) return false;
        return higherIsBetter()
                ? interval.get().high() < all.getAsDouble()
                : interval.get().low() > all.getAsDouble();
    }

    /// Per row, what the main figure is the mean of: 1 for right and 0 for wrong, or the error.
    double[] single(int model) {
        var single = new double[judged.size()];
        for (int i = 0; i < single.length; i++)
            single[i] =
                    switch (judged.kind()) {
                        case CATEGORY ->
                                judged.truth(i).equals(judged.prediction(model, i)) ? 1 : 0;
                        case NUMBER ->
                                Math.abs(judged.predictedNumber(model, i) - judged.trueNumber(i));
                        case TEXT ->
                                Transcripts.NONE
                                        .plus(judged.truth(i), judged.prediction(model, i), 1)
                                        .words()
                                        .above();
                    };
        return single;
    }

    /// How much more the first model's main figure is than the second's, on the same rows. With
    /// groups these are drawn whole: rows of one group succeed and fail together.
    Figure gap(Optional<Groups> groups) {
        var first = single(0);
        var second = single(1);
        var weights = judged.allWeights();
        var numbers =
                groups.map(each -> each.numbers(judged.size()))
                        .orElseGet(() -> IntStream.range(0, judged.size()).toArray());
        int count = Arrays.stream(numbers).max().orElse(0) + 1;
        var above = new double[count];
        var below = new double[count];
        for (int i = 0; i < numbers.length; i++) {
            above[numbers[i]] += weights[i] * (first[i] - second[i]);
            below[numbers[i]] += weights[i];
        }
        var ones = new double[count];
        Arrays.fill(ones, 1);
        double value = share(above, below, ones);
        var interval = bootstrap.interval(ones, drawn -> share(above, below, drawn));
        return new Figure(
                "gap",
                Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value),
                interval,
                judged.size(),
                groups.isPresent()
                        ? "first minus second on the same rows, drawn by whole groups"
                        : "first minus second on the same rows, drawn by rows");
    }

    private static double share(double[] above, double[] below, double[] drawn) {
        double sum = 0;
        double all = 0;
        for (int g = 0; g < drawn.length; g++) {
            sum += drawn[g] * above[g];
            all += drawn[g] * below[g];
        }
        return sum / all;
    }

    /// Who is right where only one of the two is; empty where nobody is simply right or wrong.
    Optional<McNemar> mcNemar() {
        if (judged.kind() != Judged.Kind.CATEGORY) return Optional.empty();
        var first = single(0);
        var second = single(1);
        var test = McNemar.NONE;
        for (int i = 0; i < first.length; i++) test = test.plus(first[i] == 1, second[i] == 1);
        return Optional.of(test);
    }

    /// Calibrations and curves need few rows to look sure: whether there are enough to show.
    static boolean worthShowing(Scored scored) {
        return scored.scores().positives().count() >= 5 && scored.scores().negatives().count() >= 5;
    }

    @Nullable String positive() {
        return positive;
    }
}
