package dev.davy.server;

import dev.davy.strict.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// A tensor as a client of the Open Inference Protocol holds it.
///
/// @param raw its elements as the protocol's binary form has them
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record OipTensor(String name, String datatype, List<Long> shape, byte[] raw) {

    static OipTensor floats(String name, List<Long> shape, float... values) {
        var raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) raw.putFloat(value);
        return new OipTensor(name, "FP32", shape, raw.array());
    }

    static OipTensor longs(String name, List<Long> shape, long... values) {
        var raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) raw.putLong(value);
        return new OipTensor(name, "INT64", shape, raw.array());
    }

    static OipTensor texts(String name, List<Long> shape, String... values) {
        var all = new ArrayList<byte[]>();
        int length = 0;
        for (var value : values) {
            all.add(value.getBytes(StandardCharsets.UTF_8));
            length += 4 + all.getLast().length;
        }
        var raw = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        for (var each : all) raw.putInt(each.length).put(each);
        return new OipTensor(name, "BYTES", shape, raw.array());
    }

    private ByteBuffer data() {
        return ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Its elements, of a numeric one.
    double[] numbers() {
        var data = data();
        var numbers = new ArrayList<Double>();
        while (data.hasRemaining())
            numbers.add(
                    switch (datatype) {
                        case "FP32" -> (double) data.getFloat();
                        case "FP64" -> data.getDouble();
                        case "INT64" -> (double) data.getLong();
                        default -> throw new IllegalStateException(datatype);
                    });
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// Its elements, of one of texts.
    List<String> strings() {
        var data = data();
        var strings = new ArrayList<String>();
        while (data.hasRemaining()) {
            var text = new byte[data.getInt()];
            data.get(text);
            strings.add(new String(text, StandardCharsets.UTF_8));
        }
        return strings;
    }

    /// The same elements under another name.
    OipTensor named(String other) {
        return new OipTensor(other, datatype, shape, raw);
    }

    ArrayNode json() {
        var list = Json.array();
        switch (datatype) {
            case "BYTES" -> strings().forEach(list::add);
            case "INT64" -> {
                for (var data = data(); data.hasRemaining(); ) list.add(data.getLong());
            }
            case "FP32" -> {
                for (var data = data(); data.hasRemaining(); ) list.add(data.getFloat());
            }
            case "FP64" -> {
                for (var data = data(); data.hasRemaining(); ) list.add(data.getDouble());
            }
            default -> throw new IllegalStateException(datatype);
        }
        return list;
    }

    /// From an output of a JSON answer.
    static OipTensor of(JsonNode output) {
        var name = output.get("name").asString();
        var datatype = output.get("datatype").asString();
        var shape = shape(output);
        var data = output.get("data");
        int count = data.size();
        if (datatype.equals("BYTES")) {
            var texts = new String[count];
            for (int i = 0; i < count; i++) texts[i] = data.get(i).asString();
            return texts(name, shape, texts);
        }
        if (datatype.equals("FP64")) {
            var raw = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) raw.putDouble(data.get(i).asDouble());
            return new OipTensor(name, datatype, shape, raw.array());
        }
        if (datatype.equals("INT64")) {
            var numbers = new long[count];
            for (int i = 0; i < count; i++) numbers[i] = data.get(i).asLong();
            return longs(name, shape, numbers);
        }
        if (datatype.equals("BOOL")) {
            var raw = new byte[count];
            for (int i = 0; i < count; i++) raw[i] = (byte) (data.get(i).asBoolean() ? 1 : 0);
            return new OipTensor(name, datatype, shape, raw);
        }
        var numbers = new float[count];
        for (int i = 0; i < count; i++) numbers[i] = data.get(i).floatValue();
        return floats(name, shape, numbers);
    }

    static List<Long> shape(JsonNode tensor) {
        var shape = new ArrayList<Long>();
        tensor.get("shape").forEach(length -> shape.add(length.asLong()));
        return shape;
    }
}
