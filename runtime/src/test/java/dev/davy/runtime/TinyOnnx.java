package dev.davy.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes small ONNX models for tests.
public final class TinyOnnx {
    public static final int FLOAT = 1;
    public static final int UINT8 = 2;
    public static final int INT8 = 3;
    public static final int UINT16 = 4;
    public static final int INT16 = 5;
    public static final int INT32 = 6;
    public static final int INT64 = 7;
    public static final int STRING = 8;
    public static final int BOOL = 9;
    public static final int FLOAT16 = 10;
    public static final int DOUBLE = 11;
    public static final int UINT32 = 12;
    public static final int UINT64 = 13;
    public static final int BFLOAT16 = 16;

    private final List<Proto> nodes = new ArrayList<>();
    private final List<Proto> weights = new ArrayList<>();
    private final List<Proto> inputs = new ArrayList<>();
    private final List<Proto> outputs = new ArrayList<>();
    private final List<Proto> opsets = new ArrayList<>();
    private final List<Proto> functions = new ArrayList<>();
    private long ir = 8;
    private long opset = 17;

    public TinyOnnx ir(long version) {
        ir = version;
        return this;
    }

    public TinyOnnx opset(long version) {
        opset = version;
        return this;
    }

    public TinyOnnx domain(String domain, long version) {
        opsets.add(Proto.message().text(1, domain).number(2, version));
        return this;
    }

    /// An axis is a number, a name, or "" for one that varies without a name.
    public TinyOnnx input(String name, int type, Object... axes) {
        inputs.add(value(name, type, axes));
        return this;
    }

    public TinyOnnx output(String name, int type, Object... axes) {
        outputs.add(value(name, type, axes));
        return this;
    }

    public TinyOnnx rawInput(Proto value) {
        inputs.add(value);
        return this;
    }

    public TinyOnnx rawOutput(Proto value) {
        outputs.add(value);
        return this;
    }

    public TinyOnnx function(Proto function) {
        functions.add(function);
        return this;
    }

    public static Proto value(String name, int type, Object... axes) {
        var shape = Proto.message();
        for (var axis : axes)
            shape.put(
                    1,
                    switch (axis) {
                        case Number length -> Proto.message().number(1, length.longValue());
                        case String text when !text.isEmpty() -> Proto.message().text(2, text);
                        default -> Proto.message();
                    });
        var tensor = Proto.message().number(1, type).put(2, shape);
        return Proto.message().text(1, name).put(2, Proto.message().put(1, tensor));
    }

    /// Inputs and outputs as lists of names parted by spaces; `_` leaves an input out.
    public static Proto node(String operator, String inputs, String outputs, Proto... attributes) {
        var node = Proto.message();
        for (var name : names(inputs)) node.text(1, name.equals("_") ? "" : name);
        for (var name : names(outputs)) node.text(2, name);
        node.text(4, operator);
        return node.each(5, List.of(attributes));
    }

    private static String[] names(String list) {
        return list.isEmpty() ? new String[0] : list.split(" ");
    }

    public TinyOnnx add(String operator, String inputs, String outputs, Proto... attributes) {
        nodes.add(node(operator, inputs, outputs, attributes));
        return this;
    }

    public TinyOnnx add(Proto node) {
        nodes.add(node);
        return this;
    }

    public TinyOnnx weights(Proto tensor) {
        weights.add(tensor);
        return this;
    }

    public static Proto integer(String name, long value) {
        return Proto.message().text(1, name).number(3, value).number(20, 2);
    }

    public static Proto integers(String name, long... values) {
        var attribute = Proto.message().text(1, name);
        for (long value : values) attribute.number(8, value);
        return attribute.number(20, 7);
    }

    public static Proto texts(String name, String... values) {
        return Proto.message().text(1, name).texts(9, values).number(20, 8);
    }

    public static Proto graph(String name, Proto graph) {
        return Proto.message().text(1, name).put(6, graph).number(20, 5);
    }

    public static Proto floats(String name, long[] shape, float... values) {
        var raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) raw.putFloat(value);
        return tensor(name, FLOAT, shape, raw.array());
    }

    public static Proto longs(String name, long[] shape, long... values) {
        var raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) raw.putLong(value);
        return tensor(name, INT64, shape, raw.array());
    }

    public static Proto flag(String name, boolean value) {
        return tensor(name, BOOL, new long[] {}, new byte[] {(byte) (value ? 1 : 0)});
    }

    public static Proto tensor(String name, int type, long[] shape, byte[] raw) {
        var tensor = Proto.message();
        for (long length : shape) tensor.number(1, length);
        return tensor.number(2, type).text(8, name).bytes(9, raw);
    }

    Proto graph() {
        return Proto.message()
                .each(1, nodes)
                .text(2, "tiny")
                .each(5, weights)
                .each(11, inputs)
                .each(12, outputs);
    }

    public byte[] bytes() {
        return Proto.message()
                .number(1, ir)
                .text(2, "davy-test")
                .put(7, graph())
                .put(8, Proto.message().text(1, "").number(2, opset))
                .each(8, opsets)
                .each(25, functions)
                .bytes();
    }

    public Path write(Path folder) {
        return write(folder, "model.onnx");
    }

    public Path write(Path folder, String name) {
        try {
            return Files.write(folder.resolve(name), bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Passes its input on: for one element type and any shape.
    public static TinyOnnx identity(int type, Object... axes) {
        return new TinyOnnx()
                .input("x", type, axes)
                .output("y", type, axes)
                .add("Identity", "x", "y");
    }
}
