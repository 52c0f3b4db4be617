package dev.davy.strict;

/// A strict pull reader of JSON over bytes, for hot paths.
@SuppressWarnings("DoNotCallSuggester")
public final class JsonCursor {
    public JsonCursor(Limits limits) {}

    public enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL,
        END
    }

    public JsonCursor() {
        this(Limits.DEFAULT);
    }

    public JsonCursor reset(byte[] bytes, int from, int to) {
        throw new IllegalStateException("not there yet");
    }

    public Kind peek() {
        throw new IllegalStateException("not there yet");
    }

    public void beginObject() {
        throw new IllegalStateException("not there yet");
    }

    public boolean nextField() {
        throw new IllegalStateException("not there yet");
    }

    public boolean fieldIs(byte[] name) {
        throw new IllegalStateException("not there yet");
    }

    public String fieldName() {
        throw new IllegalStateException("not there yet");
    }

    public void beginArray() {
        throw new IllegalStateException("not there yet");
    }

    public boolean nextElement() {
        throw new IllegalStateException("not there yet");
    }

    public String string() {
        throw new IllegalStateException("not there yet");
    }

    public byte[] stringBytes() {
        throw new IllegalStateException("not there yet");
    }

    public long int64(long min, long max) {
        throw new IllegalStateException("not there yet");
    }

    public float float32() {
        throw new IllegalStateException("not there yet");
    }

    public double float64() {
        throw new IllegalStateException("not there yet");
    }

    public boolean bool() {
        throw new IllegalStateException("not there yet");
    }

    public void nullValue() {
        throw new IllegalStateException("not there yet");
    }

    public void skip() {
        throw new IllegalStateException("not there yet");
    }

    public void end() {
        throw new IllegalStateException("not there yet");
    }

    public int position() {
        throw new IllegalStateException("not there yet");
    }

    public long[] shape() {
        throw new IllegalStateException("not there yet");
    }

    public int elements(long[] shape) {
        throw new IllegalStateException("not there yet");
    }

    public int float32s(float[] into, int count, long[] shape) {
        throw new IllegalStateException("not there yet");
    }

    public int float64s(double[] into, int count, long[] shape) {
        throw new IllegalStateException("not there yet");
    }

    public int int64s(long[] into, int count, long[] shape, long min, long max) {
        throw new IllegalStateException("not there yet");
    }

    public int uint64s(long[] into, int count, long[] shape) {
        throw new IllegalStateException("not there yet");
    }

    public int bools(byte[] into, int count, long[] shape) {
        throw new IllegalStateException("not there yet");
    }

    public byte[][] strings(int count, long[] shape) {
        throw new IllegalStateException("not there yet");
    }
}
