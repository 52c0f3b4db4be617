package dev.davy.strict;

import java.io.InputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON as trees. For hot paths there are [JsonCursor] and [JsonWriter].
@SuppressWarnings("DoNotCallSuggester")
public final class Json {
    private Json() {}

    /// One strict document (RFC 8259, UTF-8 without a mark).
    ///
    /// @throws Problem MALFORMED `json-malformed` with the place
    public static JsonNode read(byte[] utf8, Limits limits) {
        throw new IllegalStateException("not there yet");
    }

    public static JsonNode read(InputStream in, long maxBytes, Limits limits) {
        throw new IllegalStateException("not there yet");
    }

    public static byte[] write(Object nodeOrPojo) {
        throw new IllegalStateException("not there yet");
    }

    public static String text(JsonNode node) {
        throw new IllegalStateException("not there yet");
    }

    public static ObjectNode object() {
        throw new IllegalStateException("not there yet");
    }

    public static ArrayNode array() {
        throw new IllegalStateException("not there yet");
    }

    public static JsonNode tree(Object value) {
        throw new IllegalStateException("not there yet");
    }
}
