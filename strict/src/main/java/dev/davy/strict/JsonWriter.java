package dev.davy.strict;

/// Writes JSON into a growable array, for hot paths.
@SuppressWarnings("DoNotCallSuggester")
public final class JsonWriter {
    public JsonWriter() {}

    public JsonWriter reset() {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter beginObject() {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter endObject() {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter beginArray() {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter endArray() {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter field(byte[] name) {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter field(String name) {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter value(String text) {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter value(long number) {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter value(double number) {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter value(float number) {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter value(boolean flag) {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter utf8(byte[] text, int from, int to) {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter unsigned(long number) {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter nullValue() {
        throw new IllegalStateException("not there yet");
    }

    public JsonWriter raw(byte[] json) {
        throw new IllegalStateException("not there yet");
    }

    public byte[] array() {
        throw new IllegalStateException("not there yet");
    }

    public int length() {
        throw new IllegalStateException("not there yet");
    }

    public byte[] toBytes() {
        throw new IllegalStateException("not there yet");
    }
}
