package dev.davy.stats.quality;

import static java.util.Collections.unmodifiableSortedMap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What was true against what was predicted: how many examples of each pair, and how much they
/// weigh.
///
/// All that accuracy, precision, recall and F1 need. Merging adds cells: associative, commutative,
/// with [#NONE]; counts exactly, weights up to the last digits of a sum.
///
/// @param cells only pairs that came
public record ConfusionMatrix(SortedMap<Outcome, Cell> cells) {
    public static final ConfusionMatrix NONE = new ConfusionMatrix(new TreeMap<>());

    /// A pair of classes.
    public record Outcome(String truth, String predicted) implements Comparable<Outcome> {
        private static final Comparator<Outcome> ORDER =
                Comparator.comparing(Outcome::truth).thenComparing(Outcome::predicted);

        @Override
        public int compareTo(Outcome that) {
            return ORDER.compare(this, that);
        }
    }

    public ConfusionMatrix {
        cells = unmodifiableSortedMap(new TreeMap<>(cells));
    }

    /// Takes examples one by one.
    public static final class Builder {
        private final TreeMap<Outcome, Cell> cells = new TreeMap<>();

        public Builder add(String truth, String predicted, double weight) {
            cells.merge(
                    new Outcome(truth, predicted),
                    Cell.NONE.plus(weight),
                    (a, _) -> a.plus(weight));
            return this;
        }

        public Builder add(String truth, String predicted) {
            return add(truth, predicted, 1);
        }

        public ConfusionMatrix build() {
            return new ConfusionMatrix(cells);
        }
    }

    public ConfusionMatrix merge(ConfusionMatrix that) {
        var both = new TreeMap<>(cells);
        that.cells.forEach((outcome, cell) -> both.merge(outcome, cell, Cell::merge));
        return new ConfusionMatrix(both);
    }

    /// Every class that was true or predicted, in the order of texts.
    public SortedSet<String> classes() {
        var classes = new TreeSet<String>();
        for (var outcome : cells.keySet()) {
            classes.add(outcome.truth());
            classes.add(outcome.predicted());
        }
        return classes;
    }

    public Cell cell(String truth, String predicted) {
        return cells.getOrDefault(new Outcome(truth, predicted), Cell.NONE);
    }

    public Cell all() {
        return sum(_ -> true);
    }

    public Cell right() {
        return sum(outcome -> outcome.truth().equals(outcome.predicted()));
    }

    public Cell truths(String name) {
        return sum(outcome -> outcome.truth().equals(name));
    }

    public Cell predictions(String name) {
        return sum(outcome -> outcome.predicted().equals(name));
    }

    private Cell sum(Predicate<Outcome> which) {
        var sum = Cell.NONE;
        for (var each : cells.entrySet())
            if (which.test(each.getKey())) sum = sum.merge(each.getValue());
        return sum;
    }

    /// This class against all others: 1 is the class.
    public ConfusionMatrix against(String name) {
        var two = new TreeMap<Outcome, Cell>();
        cells.forEach((outcome, cell) ->
                two.merge(
                        new Outcome(
                                outcome.truth().equals(name) ? "1" : "0",
                                outcome.predicted().equals(name) ? "1" : "0"),
                        cell,
                        Cell::merge));
        return new ConfusionMatrix(two);
    }

    public Figure accuracy(double confidence) {
        return Proportion.figure("accuracy", right(), all(), confidence, "right / all, by weight");
    }

    /// Of what was predicted to be of the class, what share was.
    public Figure precision(String name, double confidence) {
        return Proportion.figure(
                "precision",
                cell(name, name),
                predictions(name),
                confidence,
                "TP / (TP + FP) for " + name);
    }

    /// Of what was of the class, what share was found.
    public Figure recall(String name, double confidence) {
        return Proportion.figure(
                "recall", cell(name, name), truths(name), confidence, "TP / (TP + FN) for " + name);
    }

    /// Of what was not of the class, what share was not said to be.
    public Figure specificity(String name, double confidence) {
        var others = sum(outcome -> !outcome.truth().equals(name));
        var said =
                sum(outcome -> !outcome.truth().equals(name) && outcome.predicted().equals(name));
        var kept =
                new Cell(
                        others.count() - said.count(),
                        Math.max(0, others.weight() - said.weight()),
                        Math.max(0, others.squares() - said.squares()));
        return Proportion.figure(
                "specificity", kept, others, confidence, "TN / (TN + FP) for " + name);
    }

    /// What share was said to be of the class.
    public Figure selectionRate(String name, double confidence) {
        return Proportion.figure(
                "selection_rate",
                predictions(name),
                all(),
                confidence,
                "predicted " + name + " / all");
    }

    public Figure f1(String name, Bootstrap bootstrap) {
        int at = new ArrayList<>(classes()).indexOf(name);
        var f1 =
                new MatrixMetric(
                        "f1", "2 TP / (2 TP + FP + FN) for " + name, t -> Matrix.f1(t, at));
        return figures(List.of(f1), bootstrap).getFirst();
    }

    /// Of all classes together: accuracy (which micro-averaged precision, recall and F1 are too),
    /// balanced accuracy, precision, recall and F1 averaged over classes (macro) and by how often
    /// each class was true (weighted), and Matthews' correlation.
    public List<Figure> overall(Bootstrap bootstrap) {
        var figures = new ArrayList<Figure>();
        figures.add(accuracy(bootstrap.confidence()));
        figures.addAll(figures(Matrix.OVERALL, bootstrap));
        return figures;
    }

    /// Of each class: precision, recall, F1.
    public SortedMap<String, List<Figure>> perClass(Bootstrap bootstrap) {
        var classes = List.copyOf(classes());
        var f1s = new ArrayList<MatrixMetric>();
        for (int k = 0; k < classes.size(); k++) {
            int at = k;
            f1s.add(
                    new MatrixMetric(
                            "f1",
                            "2 TP / (2 TP + FP + FN) for " + classes.get(k),
                            t -> Matrix.f1(t, at)));
        }
        var f1 = figures(f1s, bootstrap);
        var all = new TreeMap<String, List<Figure>>();
        for (int k = 0; k < classes.size(); k++) {
            var name = classes.get(k);
            all.put(
                    name,
                    List.of(
                            precision(name, bootstrap.confidence()),
                            recall(name, bootstrap.confidence()),
                            f1.get(k)));
        }
        return all;
    }

    /// Metrics of ours or of a caller, each with an interval by drawing every cell again. A cell of
    /// many examples is drawn at once: this costs as many draws as there are cells, not examples.
    public List<Figure> figures(List<MatrixMetric> metrics, Bootstrap bootstrap) {
        var classes = List.copyOf(classes());
        int size = classes.size();
        var pairs = List.copyOf(cells.entrySet());
        var from = new int[pairs.size()];
        var to = new int[pairs.size()];
        var table = new double[size][size];
        for (int i = 0; i < from.length; i++) {
            from[i] = classes.indexOf(pairs.get(i).getKey().truth());
            to[i] = classes.indexOf(pairs.get(i).getKey().predicted());
            table[from[i]][to[i]] = pairs.get(i).getValue().weight();
        }
        var intervals =
                bootstrap.intervals(
                        metrics.size(),
                        random -> {
                            var drawn = new double[size][size];
                            for (int i = 0; i < from.length; i++)
                                drawn[from[i]][to[i]] = pairs.get(i).getValue().redrawn(random);
                            return values(metrics, drawn);
                        });
        var values = values(metrics, table);
        long count = all().count();
        var figures = new ArrayList<Figure>();
        for (int m = 0; m < values.length; m++)
            figures.add(
                    Figure.of(
                            metrics.get(m).name(),
                            values[m],
                            intervals.get(m),
                            count,
                            metrics.get(m).definition()));
        return figures;
    }

    private static double[] values(List<MatrixMetric> metrics, double[][] table) {
        var values = new double[metrics.size()];
        for (int m = 0; m < values.length; m++)
            values[m] = metrics.get(m).formula().applyAsDouble(table);
        return values;
    }
}
