package dev.davy.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// A model with a weight for each column, learnt here by gradient descent: the second of two
/// classes (logistic regression), or a number (least squares).
final class LinearModel {
    private static final int ROUNDS = 400;

    private final List<String> columns;
    private final boolean classes;
    private final double[] weights;
    private final double[] mean;
    private final double[] spread;

    private LinearModel(List<String> columns, boolean classes) {
        this.columns = List.copyOf(columns);
        this.classes = classes;
        weights = new double[columns.size() + 1];
        mean = new double[columns.size()];
        spread = new double[columns.size()];
    }

    /// @param rows by column
    /// @param truth 1 for the second class, 0 for the first
    static LinearModel logistic(List<String> columns, List<double[]> rows, double[] truth) {
        var model = new LinearModel(columns, true);
        model.learn(rows, truth, 1);
        return model;
    }

    /// @param truth the number itself
    static LinearModel leastSquares(List<String> columns, List<double[]> rows, double[] truth) {
        var model = new LinearModel(columns, false);
        // Steeper than a logistic curve: with longer steps it would not settle.
        model.learn(rows, truth, 0.1);
        return model;
    }

    private void learn(List<double[]> rows, double[] truth, double rate) {
        int n = rows.size();
        int width = columns.size();
        for (var row : rows) for (int i = 0; i < width; i++) mean[i] += row[i] / n;
        for (var row : rows)
            for (int i = 0; i < width; i++) spread[i] += Math.pow(row[i] - mean[i], 2) / n;
        // A column that never moved tells nothing.
        for (int i = 0; i < width; i++) spread[i] = spread[i] < 1e-9 ? 1e9 : Math.sqrt(spread[i]);
        for (int round = 0; round < ROUNDS; round++) {
            var slope = new double[width + 1];
            for (int r = 0; r < n; r++) {
                var row = rows.get(r);
                double off = answer(row) - truth[r];
                for (int i = 0; i < width; i++)
                    slope[i] += off * (row[i] - mean[i]) / spread[i] / n;
                slope[width] += off / n;
            }
            for (int i = 0; i <= width; i++) weights[i] -= rate * slope[i];
        }
    }

    /// The probability of the second class, or the number.
    double answer(double[] values) {
        double score = weights[columns.size()];
        for (int i = 0; i < columns.size(); i++)
            score += weights[i] * (values[i] - mean[i]) / spread[i];
        return classes ? 1 / (1 + Math.exp(-score)) : score;
    }

    /// As a file of the model's bundle; two classes have their shares as `scores`, a number is
    /// called `number`.
    byte[] onnx() {
        int width = columns.size();
        int outputs = classes ? 2 : 1;
        var matrix = new float[outputs * width];
        double base = weights[width];
        for (int i = 0; i < width; i++) {
            matrix[outputs * i + outputs - 1] = (float) (weights[i] / spread[i]);
            base -= weights[i] * mean[i] / spread[i];
        }
        return classes
                ? LinearOnnx.shares(columns, matrix, 0, (float) base)
                : LinearOnnx.number(columns, matrix, (float) base);
    }

    /// @param output its name, of a category with its two classes
    Map<String, byte[]> bundle(String output, List<String> named) {
        return bundle(
                output,
                classes
                        ? "{type: category, classes: %s, scores: scores}".formatted(named)
                        : "{type: number, from: number}");
    }

    private Map<String, byte[]> bundle(String output, String type) {
        var yaml = descriptor(columns) + "output:\n  " + output + ": " + type + "\n";
        return Map.of("model.yaml", yaml.getBytes(StandardCharsets.UTF_8), "model.onnx", onnx());
    }

    /// The first lines: what it takes.
    static String descriptor(List<String> columns) {
        var yaml = new StringBuilder("kind: Model\nfile: model.onnx\ninput:\n");
        for (var column : columns) yaml.append("  ").append(column).append(": {type: number}\n");
        return yaml.toString();
    }
}
