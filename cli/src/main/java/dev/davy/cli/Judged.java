package dev.davy.cli;

import dev.davy.data.Columns;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The rows of a table that can be judged: those with a truth and a prediction of each model.
///
/// @param rows positions in the table
/// @param weights one per row; all 1 where no column was named
/// @param withoutTruth how many rows have none
/// @param withoutPrediction how many have a truth and lack a prediction
record Judged(
        Columns columns,
        Kind kind,
        String truth,
        List<String> predictions,
        List<Integer> rows,
        List<Double> weights,
        int withoutTruth,
        int withoutPrediction) {

    /// What is predicted.
    enum Kind {
        CATEGORY,
        NUMBER,
        TEXT
    }

    // A number of few values is a category's code.
    private static final int CODES_MAX = 20;

    // A matrix of more classes is read by nobody, and grows with their square.
    private static final int CLASSES_MAX = 500;

    static Judged of(
            Columns columns,
            String truth,
            List<String> predictions,
            @Nullable String weight,
            @Nullable Kind asked) {
        var rows = new ArrayList<Integer>();
        var weights = new ArrayList<Double>();
        int withoutTruth = 0;
        int withoutPrediction = 0;
        for (int row = 0; row < columns.rows(); row++) {
            int at = row;
            if (columns.text(truth, row) == null) withoutTruth++;
            else if (predictions.stream().anyMatch(name -> columns.text(name, at) == null))
                withoutPrediction++;
            else {
                rows.add(row);
                weights.add(weight == null ? 1 : weight(columns, weight, row));
            }
        }
        var kind = asked != null ? asked : kind(columns, truth, predictions, rows);
        var judged =
                new Judged(
                        columns,
                        kind,
                        truth,
                        predictions,
                        rows,
                        weights,
                        withoutTruth,
                        withoutPrediction);
        judged.check();
        return judged;
    }

    private static double weight(Columns columns, String name, int row) {
        double weight = columns.number(name, row);
        if (weight >= 0 && weight < 1e150) return weight;
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "weight-not-acceptable",
                "The weights can't be used.",
                "In line %d column %s holds %s; a weight is a number, 0 or more."
                        .formatted(columns.line(row), name, columns.text(name, row)),
                "Name another column with --weight, or none.");
    }

    private void check() {
        if (rows.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "nothing-to-judge",
                    "There is nothing to judge.",
                    "Of %d rows %d have no %s, and %d no prediction."
                            .formatted(columns.rows(), withoutTruth, truth, withoutPrediction),
                    "Give a table in which truth and prediction stand side by side.");
        if (kind == Kind.NUMBER) checkNumbers();
        if (kind != Kind.CATEGORY || classes().size() <= CLASSES_MAX) return;
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "too-many-classes",
                "The classes can't be compared.",
                "%s and %s hold %d different values; at most %d are classes."
                        .formatted(truth, predictions, classes().size(), CLASSES_MAX),
                "Say --kind number or --kind text if that is what they are.");
    }

    /// Numbers of more than a few values are numbers, all else is a category. A few words among
    /// many numbers are neither: that is asked about, not guessed.
    private static Kind kind(
            Columns columns, String truth, List<String> predictions, List<Integer> rows) {
        var distinct = new HashSet<String>();
        var names = new ArrayList<>(predictions);
        names.add(truth);
        long words = 0;
        String first = "";
        for (int row : rows)
            for (var name : names) {
                var text = columns.text(name, row);
                if (text == null) continue;
                if (distinct.size() <= CODES_MAX) distinct.add(text);
                if (isNumber(text)) continue;
                if (words++ == 0)
                    first =
                            "In line %d column %s holds '%s'."
                                    .formatted(columns.line(row), name, text);
            }
        if (distinct.size() <= CODES_MAX) return Kind.CATEGORY;
        if (words == 0) return Kind.NUMBER;
        if (words * 10 > (long) rows.size() * names.size()) return Kind.CATEGORY;
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "types-mixed",
                "It is not clear whether these are numbers.",
                first
                        + " %d of %d cells are no numbers."
                                .formatted(words, (long) rows.size() * names.size()),
                "Say --kind category if they are classes, or --missing TEXT if it stands for nothing.");
    }

    private static boolean isNumber(String text) {
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException notOne) {
            return false;
        }
    }

    /// A mean of what is infinite or no number is neither.
    private void checkNumbers() {
        var names = new ArrayList<>(predictions);
        names.add(truth);
        for (int row : rows)
            for (var name : names)
                if (!Double.isFinite(columns.number(name, row)))
                    throw new Problem(
                            Problem.Kind.UNACCEPTABLE,
                            "number-not-finite",
                            "These numbers can't be compared.",
                            "In line %d column %s holds %s."
                                    .formatted(columns.line(row), name, columns.text(name, row)),
                            "Take the row out, or say --missing TEXT if it stands for nothing.");
    }

    int size() {
        return rows.size();
    }

    String truth(int i) {
        return text(truth, i);
    }

    String prediction(int model, int i) {
        return text(predictions.get(model), i);
    }

    private String text(String column, int i) {
        var text = columns.text(column, rows.get(i));
        return text == null ? "" : text;
    }

    double trueNumber(int i) {
        return columns.number(truth, rows.get(i));
    }

    double predictedNumber(int model, int i) {
        return columns.number(predictions.get(model), rows.get(i));
    }

    double weight(int i) {
        return weights.get(i);
    }

    double[] allWeights() {
        return weights.stream().mapToDouble(weight -> weight).toArray();
    }

    /// Every class that was true or predicted by anybody.
    Set<String> classes() {
        var classes = new TreeSet<String>();
        for (int i = 0; i < size(); i++) {
            classes.add(truth(i));
            for (int model = 0; model < predictions.size(); model++)
                classes.add(prediction(model, i));
        }
        return classes;
    }

    /// The class that a score is about: the one asked for; of two, the one that sounds like yes,
    /// else the last; of more, none.
    @Nullable String positive(@Nullable String asked) {
        var classes = List.copyOf(classes());
        if (asked != null) {
            if (classes.contains(asked)) return asked;
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "class-not-there",
                    "There is no class '" + asked + "'.",
                    "The classes are: " + String.join(", ", classes) + ".",
                    "Name one of them with --positive.");
        }
        if (classes.size() != 2) return null;
        var yes = List.of("1", "true", "yes", "positive", "pos", "y", "t");
        int at = yes.contains(classes.get(0).toLowerCase(Locale.ROOT)) ? 0 : 1;
        return classes.get(at);
    }
}
