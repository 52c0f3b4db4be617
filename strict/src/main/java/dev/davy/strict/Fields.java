package dev.davy.strict;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// Reads one object strictly and reports all violations at once.
///
/// A getter whose field is wrong notes it and gives a stand-in, so that reading goes on: call
/// [#done] before anything is built from what was read.
@SuppressWarnings("DoNotCallSuggester")
public final class Fields {
    private Fields() {}

    public static Fields of(JsonNode object, String where) {
        throw new IllegalStateException("not there yet");
    }

    public static Fields of(Yaml.Document document, String where) {
        throw new IllegalStateException("not there yet");
    }

    public boolean has(String name) {
        throw new IllegalStateException("not there yet");
    }

    public String text(String name) {
        throw new IllegalStateException("not there yet");
    }

    public Optional<String> optionalText(String name) {
        throw new IllegalStateException("not there yet");
    }

    public String name(String name, String kind) {
        throw new IllegalStateException("not there yet");
    }

    public <E extends Enum<E>> E choice(String name, Class<E> kind) {
        throw new IllegalStateException("not there yet");
    }

    public <E extends Enum<E>> Optional<E> optionalChoice(String name, Class<E> kind) {
        throw new IllegalStateException("not there yet");
    }

    public long integer(String name, long min, long max) {
        throw new IllegalStateException("not there yet");
    }

    public OptionalLong optionalInteger(String name, long min, long max) {
        throw new IllegalStateException("not there yet");
    }

    public double number(String name) {
        throw new IllegalStateException("not there yet");
    }

    public double number(String name, double min, double max) {
        throw new IllegalStateException("not there yet");
    }

    public OptionalDouble optionalNumber(String name) {
        throw new IllegalStateException("not there yet");
    }

    public boolean flag(String name, boolean orElse) {
        throw new IllegalStateException("not there yet");
    }

    public Duration duration(String name) {
        throw new IllegalStateException("not there yet");
    }

    public Optional<Duration> optionalDuration(String name) {
        throw new IllegalStateException("not there yet");
    }

    public long bytes(String name) {
        throw new IllegalStateException("not there yet");
    }

    public OptionalLong optionalBytes(String name) {
        throw new IllegalStateException("not there yet");
    }

    public List<JsonNode> list(String name) {
        throw new IllegalStateException("not there yet");
    }

    public List<String> texts(String name) {
        throw new IllegalStateException("not there yet");
    }

    public List<Fields> objects(String name) {
        throw new IllegalStateException("not there yet");
    }

    public Map<String, JsonNode> map(String name) {
        throw new IllegalStateException("not there yet");
    }

    public JsonNode node(String name) {
        throw new IllegalStateException("not there yet");
    }

    public Optional<JsonNode> optionalNode(String name) {
        throw new IllegalStateException("not there yet");
    }

    public Fields object(String name) {
        throw new IllegalStateException("not there yet");
    }

    public Optional<Fields> optionalObject(String name) {
        throw new IllegalStateException("not there yet");
    }

    public void violation(String violation) {
        throw new IllegalStateException("not there yet");
    }

    public void violation(String name, String violation) {
        throw new IllegalStateException("not there yet");
    }

    public void done() {
        throw new IllegalStateException("not there yet");
    }
}
