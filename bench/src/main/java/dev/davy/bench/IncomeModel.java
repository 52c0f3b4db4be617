package dev.davy.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// Who earns more than 50,000 (data set Adult): logistic regression on eight numbers of a person,
/// learnt from the official training part.
final class IncomeModel {
    static final List<String> CLASSES = List.of("<=50K", ">50K");
    private static final List<String> COLUMNS =
            List.of("age", "education", "gain", "loss", "hours", "married", "male", "professional");
    private static final int ROUNDS = 400;
    private static final double RATE = 1;

    private final double[] weights = new double[COLUMNS.size() + 1];
    private final double[] mean = new double[COLUMNS.size()];
    private final double[] spread = new double[COLUMNS.size()];

    /// @param earnsMore the truth
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Person(double[] values, boolean earnsMore) {
        String truth() {
            return CLASSES.get(earnsMore ? 1 : 0);
        }

        /// By column.
        Map<String, Double> row() {
            var row = new LinkedHashMap<String, Double>();
            for (int i = 0; i < COLUMNS.size(); i++) row.put(COLUMNS.get(i), values[i]);
            return row;
        }
    }

    static List<Person> people(Path file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            var people = new ArrayList<Person>();
            for (var line : lines.subList(1, lines.size())) people.add(person(line.split(",", -1)));
            return people;
        }
    }

    private static Person person(String[] cells) {
        double age = Double.parseDouble(cells[0]);
        return new Person(
                new double[] {
                    // Income rises until fifty and falls again.
                    -Math.abs(age - 50),
                    Double.parseDouble(cells[4]),
                    Math.log1p(Double.parseDouble(cells[10])),
                    Math.log1p(Double.parseDouble(cells[11])),
                    Double.parseDouble(cells[12]),
                    cells[5].startsWith("Married-civ") ? 1 : 0,
                    cells[9].equals("Male") ? 1 : 0,
                    cells[6].equals("Exec-managerial") || cells[6].equals("Prof-specialty") ? 1 : 0
                },
                cells[14].startsWith(">50K"));
    }

    IncomeModel(List<Person> known) {
        int n = known.size();
        int columns = COLUMNS.size();
        for (var each : known) for (int i = 0; i < columns; i++) mean[i] += each.values()[i] / n;
        for (var each : known)
            for (int i = 0; i < columns; i++)
                spread[i] += Math.pow(each.values()[i] - mean[i], 2) / n;
        for (int i = 0; i < columns; i++) spread[i] = Math.sqrt(spread[i]);
        for (int round = 0; round < ROUNDS; round++) {
            var slope = new double[columns + 1];
            for (var each : known) {
                double off = more(each.values()) - (each.earnsMore() ? 1 : 0);
                for (int i = 0; i < columns; i++)
                    slope[i] += off * (each.values()[i] - mean[i]) / spread[i] / n;
                slope[columns] += off / n;
            }
            for (int i = 0; i <= columns; i++) weights[i] -= RATE * slope[i];
        }
    }

    /// The probability of more than 50,000.
    double more(double[] values) {
        double score = weights[COLUMNS.size()];
        for (int i = 0; i < COLUMNS.size(); i++)
            score += weights[i] * (values[i] - mean[i]) / spread[i];
        return 1 / (1 + Math.exp(-score));
    }

    static String descriptor() {
        var yaml = new StringBuilder("kind: Model\nfile: model.onnx\ninput:\n");
        for (var column : COLUMNS) yaml.append("  ").append(column).append(": {type: number}\n");
        return yaml.append("output:\n  income: {type: category, classes: [\"<=50K\", \">50K\"], ")
                .append("scores: scores}\n")
                .toString();
    }

    /// The same as ONNX: the columns side by side, times weights, plus a base, as shares.
    byte[] onnx() {
        int columns = COLUMNS.size();
        var matrix = new float[2 * columns];
        double base = weights[columns];
        for (int i = 0; i < columns; i++) {
            matrix[2 * i + 1] = (float) (weights[i] / spread[i]);
            base -= weights[i] * mean[i] / spread[i];
        }
        var graph = new Message();
        graph.put(1, node("Concat", COLUMNS, "x").put(5, axis()));
        graph.put(1, node("MatMul", List.of("x", "weights"), "weighed"));
        graph.put(1, node("Add", List.of("weighed", "base"), "logits"));
        graph.put(1, node("Softmax", List.of("logits"), "scores").put(5, axis()));
        graph.text(2, "income");
        graph.put(5, tensor("weights", matrix, columns, 2));
        graph.put(5, tensor("base", new float[] {0, (float) base}, 2));
        for (var column : COLUMNS) graph.put(11, value(column, 1));
        graph.put(12, value("scores", 2));
        return new Message()
                .number(1, 8)
                .text(2, "bench")
                .put(7, graph)
                .put(8, new Message().text(1, "").number(2, 17))
                .bytes();
    }

    private static Message node(String operator, List<String> inputs, String output) {
        var node = new Message();
        for (var input : inputs) node.text(1, input);
        return node.text(2, output).text(4, operator);
    }

    private static Message axis() {
        return new Message().text(1, "axis").number(3, 1).number(20, 2);
    }

    private static Message tensor(String name, float[] values, int... shape) {
        var raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float each : values) raw.putFloat(each);
        var tensor = new Message();
        for (int length : shape) tensor.number(1, length);
        return tensor.number(2, 1).text(8, name).bytes(9, raw.array());
    }

    /// Rows by columns of floats.
    private static Message value(String name, int columns) {
        var shape =
                new Message()
                        .put(1, new Message().text(2, "N"))
                        .put(1, new Message().number(1, columns));
        var tensor = new Message().number(1, 1).put(2, shape);
        return new Message().text(1, name).put(2, new Message().put(1, tensor));
    }

    /// A message of Protocol Buffers, field by field.
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message put(int field, Message value) {
            return bytes(field, value.bytes());
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private void varint(long value) {
            while ((value & ~0x7fL) != 0) {
                out.write((int) (value & 0x7f | 0x80));
                value >>>= 7;
            }
            out.write((int) value);
        }
    }
}
