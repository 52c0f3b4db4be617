package dev.davy.review.explain;

import dev.davy.schema.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// What each value of a row moved the score by, against recent rows: Shapley values, estimated by
/// sampling (Strumbelj and Kononenko, Explaining prediction models and individual predictions with
/// feature contributions, 2014).
///
/// One draw is a recent row and an order of the columns: the recent row becomes this one, a column
/// at a time, and each column is credited with what the score moved when it came. So the values of
/// each draw, and with them their means, add up to this score less the recent row's. Every second
/// draw takes the order of the one before from its other end, with the same recent row, which
/// halves the noise where columns act by themselves.
final class Shapley {
    /// Rows that are asked together.
    private static final int TOGETHER = 64;

    /// With fewer nothing can be said of the error.
    static final int DRAWS_MIN = 4;

    static final int DRAWS_MAX = 200;

    private Shapley() {}

    /// A column's part.
    ///
    /// @param error standard error, between pairs of draws
    record Push(double value, double error) {}

    /// What was found.
    ///
    /// @param pushes by column
    /// @param runs how often the model was asked
    record Found(Map<String, Push> pushes, int draws, int runs) {}

    /// @param columns that may come and go; the others stay as they are in the row
    /// @param recent at least one
    /// @param runsMost how often the model may be asked
    /// @param goesOn whether there is time for another draw
    static Found of(
            Asking model,
            Row row,
            List<String> columns,
            List<Row> recent,
            int runsMost,
            Random chance,
            java.util.function.BooleanSupplier goesOn) {
        int draws = Math.clamp(runsMost / (columns.size() + 1), DRAWS_MIN, DRAWS_MAX) / 2 * 2;
        int width = columns.size();
        var sums = new double[width];
        var squares = new double[width];
        var order = new ArrayList<Integer>();
        for (int i = 0; i < width; i++) order.add(i);
        int pairs = 0;
        int runs = 0;
        while (2 * pairs < draws && (2 * pairs < DRAWS_MIN || goesOn.getAsBoolean())) {
            Collections.shuffle(order, chance);
            var before = recent.get(chance.nextInt(recent.size()));
            var moved = new double[width];
            for (var each : List.of(order, List.copyOf(order.reversed()))) {
                var steps = steps(row, before, columns, each);
                var scores = asked(model, steps);
                runs += steps.size();
                for (int i = 0; i < width; i++)
                    moved[each.get(i)] += (scores[i + 1] - scores[i]) / 2;
            }
            for (int i = 0; i < width; i++) {
                sums[i] += moved[i];
                squares[i] += moved[i] * moved[i];
            }
            pairs++;
        }
        var pushes = new LinkedHashMap<String, Push>();
        for (int i = 0; i < width; i++) {
            double mean = sums[i] / pairs;
            double variance =
                    Math.max(0, (squares[i] / pairs - mean * mean) * pairs / (pairs - 1.0));
            pushes.put(columns.get(i), new Push(mean, Math.sqrt(variance / pairs)));
        }
        return new Found(pushes, 2 * pairs, runs);
    }

    /// The rows on the way from one to the other.
    private static List<Row> steps(Row row, Row before, List<String> columns, List<Integer> order) {
        var values = new LinkedHashMap<String, @Nullable Object>(row.values());
        for (var column : columns) values.put(column, before.at(column));
        var steps = new ArrayList<Row>();
        steps.add(new Row(values));
        for (int column : order) {
            var name = columns.get(column);
            values.put(name, row.at(name));
            steps.add(new Row(values));
        }
        return steps;
    }

    private static double[] asked(Asking model, List<Row> rows) {
        var scores = new double[rows.size()];
        for (int from = 0; from < scores.length; from += TOGETHER) {
            int to = Math.min(scores.length, from + TOGETHER);
            System.arraycopy(model.of(rows.subList(from, to)), 0, scores, from, to - from);
        }
        return scores;
    }
}
