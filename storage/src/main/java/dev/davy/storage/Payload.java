package dev.davy.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Reads a record's content in the order in which [RecordBatch] wrote it.
///
/// A later release may have written more than this one knows: what is left over is simply not read.
/// Reading past the end throws [IllegalStateException], since the record's checksum was right and
/// so its writer or its reader is wrong. For one thread.
public final class Payload {
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private byte[] bytes;
    private int at;
    private int end;

    private Payload(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    public static Payload of(byte[] bytes) {
        return new Payload(bytes, 0, bytes.length);
    }

    void reset(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /// Bytes not yet read.
    public int remaining() {
        return end - at;
    }

    public byte getByte() {
        return bytes[take(1)];
    }

    public short getShort() {
        return (short) SHORT.get(bytes, take(2));
    }

    public int getInt() {
        return (int) INT.get(bytes, take(4));
    }

    public long getLong() {
        return (long) LONG.get(bytes, take(8));
    }

    public float getFloat() {
        return Float.intBitsToFloat(getInt());
    }

    public double getDouble() {
        return Double.longBitsToDouble(getLong());
    }

    public long getVarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = getByte();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) return value;
        }
        throw new IllegalStateException("a number in a log record has no end");
    }

    public String getText() {
        int length = length();
        return new String(bytes, take(length), length, StandardCharsets.UTF_8);
    }

    /// Moves over a text without making one.
    public void skipText() {
        take(length());
    }

    public void getBytes(byte[] into, int from, int length) {
        System.arraycopy(bytes, take(length), into, from, length);
    }

    public byte[] getBytes(int length) {
        var taken = new byte[checked(length)];
        getBytes(taken, 0, length);
        return taken;
    }

    public void skip(int length) {
        take(length);
    }

    private int length() {
        long length = getVarint();
        if (length < 0 || length > remaining()) throw tooShort(length);
        return (int) length;
    }

    private int checked(int length) {
        if (length < 0 || length > end - at) throw tooShort(length);
        return length;
    }

    private int take(int length) {
        int from = at;
        at += checked(length);
        return from;
    }

    private IllegalStateException tooShort(long wanted) {
        return new IllegalStateException(
                "a log record has "
                        + remaining()
                        + " bytes left where "
                        + wanted
                        + " were to be read");
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN)
                .withInvokeExactBehavior();
    }
}
