package dev.davy.monitoring;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes and reads what a window is stored as: numbers as short as they are.
final class Bytes {
    private byte[] bytes;
    private int at;
    private final int end;

    private Bytes(byte[] bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    static Bytes toWrite() {
        return new Bytes(new byte[1024], 0);
    }

    static Bytes toRead(byte[] bytes) {
        return new Bytes(bytes, bytes.length);
    }

    byte[] written() {
        return Arrays.copyOf(bytes, at);
    }

    /// At least 0; seven bits a byte.
    void number(long number) {
        room(10);
        long left = number;
        while ((left & ~0x7FL) != 0) {
            bytes[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
    }

    long number() {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = take();
            number |= (long) (b & 0x7F) << shift;
            if (b >= 0) return number;
        }
        throw new IllegalStateException("a number in a stored window has no end");
    }

    void signed(long number) {
        number(number << 1 ^ number >> 63);
    }

    long signed() {
        long number = number();
        return number >>> 1 ^ -(number & 1);
    }

    void real(double real) {
        room(8);
        long bits = Double.doubleToRawLongBits(real);
        for (int i = 0; i < 8; i++) bytes[at++] = (byte) (bits >>> 8 * i);
    }

    double real() {
        long bits = 0;
        for (int i = 0; i < 8; i++) bits |= (take() & 0xFFL) << 8 * i;
        return Double.longBitsToDouble(bits);
    }

    void text(String text) {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, at, utf8.length);
        at += utf8.length;
    }

    String text() {
        int length = (int) number();
        if (length < 0 || length > end - at)
            throw new IllegalStateException("a text in a stored window has no end");
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    private byte take() {
        if (at == end) throw new IllegalStateException("a stored window ends too early");
        return bytes[at++];
    }

    private void room(int more) {
        if (at + more > bytes.length)
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, at + more));
    }
}
