package dev.davy.runtime.onnx;

import dev.davy.runtime.onnx.OnnxFile.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what a file says of its weights, and checks that it can be true.
final class WeightsReader {
    private static final int TEXT = 8;
    private static final int INT64 = 7;
    private static final int MOST_LABELS = 10_000;
    private static final int MOST_AXES = 64;

    private WeightsReader() {}

    static Weights weights(Wire wire) {
        var shape = new ArrayList<Long>();
        var name = "";
        int type = 0;
        long bytes = -1;
        boolean outside = false;
        Map<String, String> external = new LinkedHashMap<>();
        var labels = new ArrayList<String>();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> wire.integers(number -> axis(shape, number));
                case 2 -> type = (int) wire.integer();
                case 6 -> text(wire, labels);
                case 7 -> wire.integers(number -> label(labels, number));
                case 8 -> name = wire.text();
                case 9 -> {
                    var raw = wire.slice();
                    bytes = raw.remaining();
                    if (type == INT64) raw(raw, labels);
                }
                case 13 -> entry(wire.message(), external);
                case 14 -> outside = wire.integer() == 1;
                default -> wire.skip();
            }
        if (outside && bytes >= 0)
            throw Refused.damaged("weights are inside and outside the file at once");
        var weights =
                new Weights(
                        name,
                        type,
                        List.copyOf(shape),
                        bytes,
                        outside || !external.isEmpty()
                                ? Optional.of(Map.copyOf(external))
                                : Optional.empty(),
                        shape.size() == 1 && labels.size() == shape.getFirst()
                                ? List.copyOf(labels)
                                : List.of());
        check(weights);
        return weights;
    }

    private static void axis(List<Long> shape, long length) {
        if (shape.size() == MOST_AXES) throw Refused.damaged("weights have more than 64 axes");
        shape.add(length);
    }

    private static void text(Wire wire, List<String> labels) {
        // Texts may be any bytes: those of a model's own table need not be names.
        if (labels.size() < MOST_LABELS) labels.add(utf8(wire.slice()));
        else wire.skip();
    }

    private static String utf8(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static void label(List<String> labels, long number) {
        if (labels.size() <= MOST_LABELS) labels.add(String.valueOf(number));
    }

    private static void raw(ByteBuffer raw, List<String> labels) {
        if (raw.remaining() > MOST_LABELS * Long.BYTES) return;
        var numbers = raw.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        while (numbers.hasRemaining()) label(labels, numbers.get());
    }

    /// Sparse weights: values, indices and the dense shape.
    static List<Weights> sparse(Wire wire) {
        var parts = new ArrayList<Weights>();
        var shape = new ArrayList<Long>();
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1, 2 -> parts.add(weights(wire.message()));
                case 3 -> wire.integers(number -> axis(shape, number));
                default -> wire.skip();
            }
        elements("", shape);
        return parts;
    }

    private static void entry(Wire wire, Map<String, String> into) {
        var key = "";
        var value = "";
        for (int field = wire.next(); field != 0; field = wire.next())
            switch (field) {
                case 1 -> key = wire.text();
                // A NUL here is an attack on whoever opens the file: let the check of places say
                // so.
                case 2 -> value = utf8(wire.slice());
                default -> wire.skip();
            }
        into.put(key, value);
    }

    private static void check(Weights weights) {
        long elements = elements(weights.name(), weights.shape());
        if (weights.inlineBytes() < 0 || weights.type() == TEXT) return;
        int bits = bits(weights.type());
        if (bits == 0) return;
        long needed = (elements * bits + 7) / 8;
        if (needed != weights.inlineBytes())
            throw Refused.because(
                    "weights-damaged",
                    "Weights %s of shape %s take %d bytes, the file holds %d."
                            .formatted(
                                    Refused.shown(weights.name()),
                                    weights.shape(),
                                    needed,
                                    weights.inlineBytes()),
                    "Export the model again.");
    }

    private static long elements(String name, List<Long> shape) {
        long product = 1;
        for (long dimension : shape) {
            if (dimension < 0) throw impossible(name, shape, "a negative dimension");
            // Beyond this even one bit an element is more than any file holds.
            if (dimension != 0 && product > (1L << 40) / dimension)
                throw impossible(name, shape, "too many elements");
            product *= dimension;
        }
        return product;
    }

    private static RuntimeException impossible(String name, List<Long> shape, String why) {
        return Refused.because(
                "weights-damaged",
                "Weights " + Refused.shown(name) + " of shape " + shape + " have " + why + ".",
                "Export the model again.");
    }

    private static int bits(int type) {
        return switch (type) {
            case 2, 3, 9, 17, 18, 19, 20, 24 -> 8;
            case 4, 5, 10, 16 -> 16;
            case 1, 6, 12 -> 32;
            case 7, 11, 13, 14 -> 64;
            case 15 -> 128;
            case 21, 22, 23 -> 4;
            case 25, 26 -> 2;
            default -> 0;
        };
    }
}
