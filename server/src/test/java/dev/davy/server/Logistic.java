package dev.davy.server;

import dev.davy.runtime.TinyOnnx;
import java.util.List;
import java.util.Map;

/// Logistic regression, learnt here on the first rows of a table: a model of two classes that says
/// how sure it is.
final class Logistic {
    private static final int ROUNDS = 300;

    private Logistic() {}

    /// @param rows by column
    /// @param yes whether each is of the second class
    static Map<String, byte[]> learnt(
            List<String> columns, double[][] rows, boolean[] yes, String output, String classes) {
        int n = rows.length;
        int width = columns.size();
        var mean = new double[width];
        var spread = new double[width];
        for (var row : rows) for (int i = 0; i < width; i++) mean[i] += row[i] / n;
        for (var row : rows)
            for (int i = 0; i < width; i++)
                spread[i] += (row[i] - mean[i]) * (row[i] - mean[i]) / n;
        // A column that never moved tells nothing.
        for (int i = 0; i < width; i++) spread[i] = spread[i] < 1e-9 ? 1e9 : Math.sqrt(spread[i]);
        var weights = new double[width + 1];
        for (int round = 0; round < ROUNDS; round++) {
            var slope = new double[width + 1];
            for (int r = 0; r < n; r++) {
                double score = weights[width];
                for (int i = 0; i < width; i++)
                    score += weights[i] * (rows[r][i] - mean[i]) / spread[i];
                double off = 1 / (1 + Math.exp(-score)) - (yes[r] ? 1 : 0);
                for (int i = 0; i < width; i++)
                    slope[i] += off * (rows[r][i] - mean[i]) / spread[i] / n;
                slope[width] += off / n;
            }
            for (int i = 0; i <= width; i++) weights[i] -= slope[i];
        }
        var matrix = new float[2 * width];
        double base = weights[width];
        for (int i = 0; i < width; i++) {
            matrix[2 * i + 1] = (float) (weights[i] / spread[i]);
            base -= weights[i] * mean[i] / spread[i];
        }
        return bundle(columns, matrix, (float) base, output, classes);
    }

    private static Map<String, byte[]> bundle(
            List<String> columns, float[] matrix, float base, String output, String classes) {
        var graph = new TinyOnnx();
        var yaml = new StringBuilder("kind: Model\ninput:\n");
        for (var column : columns) {
            graph.input(column, TinyOnnx.FLOAT, "N", 1);
            yaml.append("  ").append(column).append(": {type: number}\n");
        }
        yaml.append(
                "output:\n  %s: {type: category, classes: %s, scores: scores}\n"
                        .formatted(output, classes));
        graph.output("scores", TinyOnnx.FLOAT, "N", 2)
                .weights(TinyOnnx.floats("weights", new long[] {columns.size(), 2}, matrix))
                .weights(TinyOnnx.floats("base", new long[] {2}, 0, base))
                .add("Concat", String.join(" ", columns), "x", TinyOnnx.integer("axis", 1))
                .add("MatMul", "x weights", "weighed")
                .add("Add", "weighed base", "sum")
                .add("Softmax", "sum", "scores", TinyOnnx.integer("axis", 1));
        return Map.of("model.yaml", Caller.utf8(yaml.toString()), "model.onnx", graph.bytes());
    }
}
