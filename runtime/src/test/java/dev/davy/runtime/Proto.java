package dev.davy.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes protobuf messages byte by byte: models for tests, good and bad ones.
public final class Proto {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static Proto message() {
        return new Proto();
    }

    Proto number(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    Proto text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Proto bytes(int field, byte[] value) {
        return bytes(field, value, value.length);
    }

    /// With a length that may lie.
    Proto bytes(int field, byte[] value, long claimed) {
        varint((long) field << 3 | 2);
        varint(claimed);
        out.writeBytes(value);
        return this;
    }

    Proto put(int field, Proto message) {
        return bytes(field, message.bytes());
    }

    Proto each(int field, List<Proto> messages) {
        messages.forEach(message -> put(field, message));
        return this;
    }

    Proto texts(int field, String... values) {
        for (var value : values) text(field, value);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private void varint(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) (left & 0x7F) | 0x80);
            left >>>= 7;
        }
        out.write((int) left);
    }
}
