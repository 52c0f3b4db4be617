package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.SharedData;
import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.node.ArrayNode;

/// The electricity market of New South Wales (data set Elec2), half hour by half hour: will the
/// price rise? Models are learnt here from its first months; what came after them is the traffic,
/// in its order, and whether the price did rise is told a moment later.
public final class PowerMarket extends Crowd {
    /// What models learn from.
    private static final int LEARNT = 5_000;

    /// The first half hour in which the neighbour's price moves: until then it was constant.
    static final int NEIGHBOUR_JOINS = 17_424;

    private static final List<String> COLUMNS =
            List.of("period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer");

    private static final int ROUNDS = 300;

    private record HalfHour(List<Float> values, boolean rises) {
        String truth() {
            return rises ? "rises" : "falls";
        }
    }

    private final List<HalfHour> halfHours = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger(LEARNT);

    public PowerMarket(Caller caller) throws IOException {
        super(caller);
        var file = SharedData.folder("elec2").resolve("elec.csv.gz");
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            for (var line : lines.subList(1, lines.size())) {
                var cells = line.split(",", -1);
                var values = new ArrayList<Float>();
                for (int i = 0; i < COLUMNS.size(); i++) values.add(Float.valueOf(cells[i]));
                halfHours.add(new HalfHour(List.copyOf(values), cells[COLUMNS.size()].equals("1")));
            }
        }
    }

    // ---- models

    /// What is added to a model between its scores and its answer, in the graph's tensors `x`, of
    /// all columns, and `sum`; it has to make `logits`.
    public interface Twist {
        void on(TinyOnnx model);

        Twist NONE = model -> model.add("Identity", "sum", "logits");

        /// Multiplies two large matrices on the side: about 50 ms.
        Twist SLOW =
                model ->
                        model.weights(TinyOnnx.floats("none", new long[] {}, 0))
                                .weights(TinyOnnx.floats("size", new long[] {}, 1_250))
                                .weights(TinyOnnx.longs("axis", new long[] {1}, 0))
                                .weights(TinyOnnx.longs("axes", new long[] {2}, 0, 1))
                                .add("ReduceMax", "x", "most", TinyOnnx.integer("keepdims", 0))
                                .add("Mul", "most none", "zero")
                                .add("Add", "zero size", "side")
                                .add(
                                        "Cast",
                                        "side",
                                        "whole",
                                        TinyOnnx.integer("to", TinyOnnx.INT64))
                                .add("Unsqueeze", "whole axis", "one")
                                .add("Concat", "one one", "both", TinyOnnx.integer("axis", 0))
                                .add("ConstantOfShape", "both", "matrix")
                                .add("MatMul", "matrix matrix", "product")
                                .add(
                                        "ReduceSum",
                                        "product axes",
                                        "nothing",
                                        TinyOnnx.integer("keepdims", 0))
                                .add("Add", "sum nothing", "logits");

        /// Takes a root that is none once the neighbour's price moves: what was learnt from the
        /// months before gives no hint of it.
        Twist NAN_LATER =
                model ->
                        model.weights(TinyOnnx.longs("third", new long[] {1}, 3))
                                .weights(TinyOnnx.floats("most", new long[] {}, 0.0035f))
                                .weights(TinyOnnx.floats("none", new long[] {}, 0))
                                .add("Gather", "x third", "vic", TinyOnnx.integer("axis", 1))
                                .add("Sub", "most vic", "room")
                                .add("Sqrt", "room", "root")
                                .add("Mul", "root none", "nothing")
                                .add("Add", "sum nothing", "logits");
    }

    /// Logistic regression on the first months.
    ///
    /// @param columns that it knows, the first ones
    /// @param inverted whether it was taught the opposite of the truth
    public Map<String, byte[]> model(int columns, boolean inverted, Twist twist) {
        var known = halfHours.subList(0, LEARNT);
        var mean = new double[columns];
        var spread = new double[columns];
        for (var each : known)
            for (int i = 0; i < columns; i++) mean[i] += each.values().get(i) / LEARNT;
        for (var each : known)
            for (int i = 0; i < columns; i++)
                spread[i] += Math.pow(each.values().get(i) - mean[i], 2) / LEARNT;
        // A column that never moved tells nothing.
        for (int i = 0; i < columns; i++) spread[i] = spread[i] < 1e-9 ? 1e9 : Math.sqrt(spread[i]);
        var weights = new double[columns + 1];
        for (int round = 0; round < ROUNDS; round++) {
            var slope = new double[columns + 1];
            for (var each : known) {
                double score = weights[columns];
                for (int i = 0; i < columns; i++)
                    score += weights[i] * (each.values().get(i) - mean[i]) / spread[i];
                double off = 1 / (1 + Math.exp(-score)) - (each.rises() == inverted ? 0 : 1);
                for (int i = 0; i < columns; i++)
                    slope[i] += off * (each.values().get(i) - mean[i]) / spread[i] / LEARNT;
                slope[columns] += off / LEARNT;
            }
            for (int i = 0; i <= columns; i++) weights[i] -= slope[i];
        }
        var matrix = new float[2 * COLUMNS.size()];
        double base = weights[columns];
        for (int i = 0; i < columns; i++) {
            matrix[2 * i + 1] = (float) (weights[i] / spread[i]);
            base -= weights[i] * mean[i] / spread[i];
        }
        return bundle(matrix, (float) base, twist);
    }

    private static Map<String, byte[]> bundle(float[] matrix, float base, Twist twist) {
        var graph = new TinyOnnx();
        var yaml = new StringBuilder();
        for (var column : COLUMNS) {
            graph.input(column, TinyOnnx.FLOAT, "N", 1);
            yaml.append("  ").append(column).append(": {type: number}\n");
        }
        graph.output("scores", TinyOnnx.FLOAT, "N", 2)
                .weights(TinyOnnx.floats("weights", new long[] {COLUMNS.size(), 2}, matrix))
                .weights(TinyOnnx.floats("base", new long[] {2}, 0, base))
                .add("Concat", String.join(" ", COLUMNS), "x", TinyOnnx.integer("axis", 1))
                .add("MatMul", "x weights", "weighed")
                .add("Add", "weighed base", "sum");
        twist.on(graph);
        graph.add("Softmax", "logits", "scores", TinyOnnx.integer("axis", 1));
        return Map.of(
                "model.yaml",
                Caller.utf8(
                        """
                        kind: Model
                        input:
                        %soutput:
                          price: {type: category, classes: [falls, rises], scores: scores}
                        """
                                .formatted(yaml)),
                "model.onnx",
                graph.bytes());
    }

    // ---- traffic

    /// Goes on at this half hour.
    public void from(int halfHour) {
        next.set(halfHour);
    }

    @Override
    void one(String endpoint, ArrayNode truths) {
        var halfHour =
                halfHours.get(
                        next.getAndUpdate(now -> now + 1 < halfHours.size() ? now + 1 : LEARNT));
        var row = Json.object();
        for (int i = 0; i < COLUMNS.size(); i++) row.put(COLUMNS.get(i), halfHour.values().get(i));
        var answer = answered(endpoint, row);
        assertThat(answer.at("/output/price").asString()).isIn("rises", "falls");
        var id = answer.path("id").asString();
        truths.addObject()
                .put("id", "market-" + id)
                .put("prediction", id)
                .put("truth", halfHour.truth());
    }
}
