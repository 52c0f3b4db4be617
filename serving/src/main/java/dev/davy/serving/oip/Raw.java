package dev.davy.serving.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The protocol's raw form of BYTES tensors: for each element its length as four little-endian
/// bytes, then the bytes.
final class Raw {
    private Raw() {}

    static byte[][] strings(String name, byte[] body, int from, int length, int count) {
        var buffer = ByteBuffer.wrap(body, from, length).order(ByteOrder.LITTLE_ENDIAN);
        // Four bytes an element are there at least: a count that lies can't make us allocate.
        if ((long) count * 4 > length) throw wrong(name, count);
        var strings = new byte[count][];
        for (int i = 0; i < count; i++) {
            if (buffer.remaining() < 4) throw wrong(name, count);
            int size = buffer.getInt();
            if (size < 0 || size > buffer.remaining()) throw wrong(name, count);
            strings[i] = new byte[size];
            buffer.get(strings[i]);
        }
        if (buffer.hasRemaining()) throw wrong(name, count);
        return strings;
    }

    static byte[] of(byte[][] strings) {
        int size = 0;
        for (var string : strings) size = Math.addExact(size, 4 + string.length);
        var buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (var string : strings) buffer.putInt(string.length).put(string);
        return buffer.array();
    }

    private static RuntimeException wrong(String name, int count) {
        return InferProblems.bad(
                "tensor-size-wrong",
                "The raw data of input '" + name + "' does not hold " + count + " BYTES elements.",
                "Each element is its length as four little-endian bytes, then its bytes, and nothing is left over.",
                "Make shape, element lengths and binary_data_size agree.");
    }
}
