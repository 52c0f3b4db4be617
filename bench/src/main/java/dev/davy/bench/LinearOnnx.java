package dev.davy.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A linear model as ONNX: the columns side by side, times weights, plus a base.
final class LinearOnnx {
    private LinearOnnx() {}

    /// Two classes; `scores` are their shares (softmax).
    ///
    /// @param matrix for each column a weight for each class
    static byte[] shares(List<String> columns, float[] matrix, float... base) {
        var graph = sum(columns, matrix, base, "logits");
        graph.put(1, node("Softmax", List.of("logits"), "scores").put(5, axis()));
        return model(graph, "scores", 2);
    }

    /// Two classes whose `scores` are shares as they come.
    static byte[] scores(List<String> columns, float[] matrix, float... base) {
        return model(sum(columns, matrix, base, "scores"), "scores", 2);
    }

    /// A `number`.
    static byte[] number(List<String> columns, float[] matrix, float base) {
        return model(sum(columns, matrix, new float[] {base}, "number"), "number", 1);
    }

    private static Message sum(List<String> columns, float[] matrix, float[] base, String output) {
        var graph = new Message();
        graph.put(1, node("Concat", columns, "x").put(5, axis()));
        graph.put(1, node("MatMul", List.of("x", "weights"), "weighed"));
        graph.put(1, node("Add", List.of("weighed", "base"), output));
        graph.text(2, "linear");
        graph.put(5, tensor("weights", matrix, columns.size(), base.length));
        graph.put(5, tensor("base", base, base.length));
        for (var column : columns) graph.put(11, value(column, 1));
        return graph;
    }

    private static byte[] model(Message graph, String output, int width) {
        graph.put(12, value(output, width));
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
