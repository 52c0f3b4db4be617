package dev.davy.registry;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes the smallest model there is: y = x + c, x and y FP32 of shape [N,4]. By its constant each
/// is another model.
final class TinyModel {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private TinyModel() {}

    static byte[] adding(float constant) {
        var model = new TinyModel();
        model.number(1, 8); // IR version
        model.nested(7, graph(constant));
        model.nested(8, new TinyModel().number(2, 13)); // the operators' version
        return model.bytes.toByteArray();
    }

    private static TinyModel graph(float constant) {
        var node = new TinyModel().text(1, "x").text(1, "c").text(2, "y").text(4, "Add");
        var raw = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(constant);
        var tensor = new TinyModel().number(1, 1).number(2, 1).text(8, "c").raw(9, raw.array());
        return new TinyModel()
                .nested(1, node)
                .text(2, "tiny")
                .nested(5, tensor)
                .nested(11, value("x"))
                .nested(12, value("y"));
    }

    private static TinyModel value(String name) {
        var shape =
                new TinyModel()
                        .nested(1, new TinyModel().text(2, "N"))
                        .nested(1, new TinyModel().number(1, 4));
        var tensor = new TinyModel().number(1, 1).nested(2, shape);
        return new TinyModel().text(1, name).nested(2, new TinyModel().nested(1, tensor));
    }

    private TinyModel number(int field, long value) {
        varint(field << 3);
        varint(value);
        return this;
    }

    private TinyModel text(int field, String value) {
        return raw(field, value.getBytes(StandardCharsets.UTF_8));
    }

    private TinyModel nested(int field, TinyModel value) {
        return raw(field, value.bytes.toByteArray());
    }

    private TinyModel raw(int field, byte[] value) {
        varint(field << 3 | 2);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    private void varint(long value) {
        for (; value > 127; value >>>= 7) bytes.write((int) (value & 127 | 128));
        bytes.write((int) value);
    }
}
