package dev.davy.strict;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.JsonGeneratorDelegate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON as trees. For hot paths there are [JsonCursor] and [JsonWriter].
///
/// Trees are built by the cursor, so that there is one grammar in the house: no repeated names,
/// trailing text, infinite numbers, control characters, broken UTF-8. Jackson holds the trees and
/// writes them.
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /// One strict document (RFC 8259) in UTF-8 without a byte order mark. Integers stay exact,
    /// other numbers are the nearest doubles.
    ///
    /// @throws Problem MALFORMED, of the codes of [JsonCursor] and `json-duplicate-key`; TOO_LARGE
    ///   `json-too-many-values`
    public static JsonNode read(byte[] utf8, Limits limits) {
        return read(utf8, 0, utf8.length, limits);
    }

    /// As [#read(byte[], Limits)], of a part of an array.
    public static JsonNode read(byte[] utf8, int from, int to, Limits limits) {
        var cursor = new JsonCursor(limits).reset(utf8, from, to);
        var tree = new Planting(cursor, limits.jsonValues()).value();
        cursor.end();
        return tree;
    }

    /// As [#read(byte[], Limits)], of a stream, of which no more than `maxBytes` are taken into
    /// memory.
    ///
    /// @throws Problem TOO_LARGE `json-too-large`
    public static JsonNode read(InputStream in, long maxBytes, Limits limits) throws IOException {
        return read(Streams.all(in, maxBytes, "json-too-large", "The JSON text"), limits);
    }

    /// In UTF-8: a tree, a record, a map, a list, a text or a number. Numbers that are not finite
    /// become `null`.
    public static byte[] write(Object nodeOrPojo) {
        var out = new ByteArrayOutputStream();
        try (var generator = new FiniteGenerator(MAPPER.createGenerator(out))) {
            MAPPER.writeValue(generator, nodeOrPojo);
        }
        return out.toByteArray();
    }

    /// As [#write], as text.
    public static String text(JsonNode node) {
        return new String(write(node), StandardCharsets.UTF_8);
    }

    public static ObjectNode object() {
        return NODES.objectNode();
    }

    public static ArrayNode array() {
        return NODES.arrayNode();
    }

    /// The tree that [#write] would write.
    public static JsonNode tree(Object value) {
        return value instanceof JsonNode node ? node : MAPPER.valueToTree(value);
    }

    /// Makes a tree, and counts what is in it: a body of millions of empty objects is small as text
    /// and takes a hundred times as much here.
    private static final class Planting {
        private final JsonCursor cursor;
        private final int most;
        private int values;

        Planting(JsonCursor cursor, int most) {
            this.cursor = cursor;
            this.most = most;
        }

        // As deep as the limit on depth at most: 512.
        JsonNode value() {
            if (++values > most) throw tooMany(most);
            return switch (cursor.peek()) {
                case OBJECT -> object();
                case ARRAY -> array();
                case STRING -> NODES.stringNode(cursor.string());
                case NUMBER -> number(cursor);
                case TRUE, FALSE -> NODES.booleanNode(cursor.bool());
                case NULL -> {
                    cursor.nullValue();
                    yield NODES.nullNode();
                }
                case END -> throw cursor.malformed("expected a value");
            };
        }

        private JsonNode object() {
            var object = NODES.objectNode();
            cursor.beginObject();
            while (cursor.nextField()) {
                var name = cursor.fieldName();
                if (object.has(name)) throw repeated(name);
                object.set(name, value());
            }
            return object;
        }

        private JsonNode array() {
            var array = NODES.arrayNode();
            cursor.beginArray();
            while (cursor.nextElement()) array.add(value());
            return array;
        }
    }

    private static Problem tooMany(int most) {
        return new Problem(
                Problem.Kind.TOO_LARGE,
                "json-too-many-values",
                "The JSON text holds too many values.",
                "At most " + most + " numbers, texts, arrays and objects are read at once.",
                "Send it in parts; tensors go as binary data.");
    }

    private static JsonNode number(JsonCursor cursor) {
        cursor.scanNumber();
        var number = cursor.number;
        if (!number.isPlainInteger()) {
            double value = number.float64();
            if (Double.isInfinite(value))
                throw cursor.outOfRange("a number that a 64-bit float can hold");
            return NODES.numberNode(value);
        }
        if (!number.isInteger(false)) return NODES.numberNode(new BigInteger(number.text()));
        long value = number.int64();
        // The same node that Jackson makes of the same number, or equal trees would differ.
        return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
    }

    private static Problem repeated(String name) {
        return new Problem(
                Problem.Kind.MALFORMED,
                "json-duplicate-key",
                "An object of the JSON text has the same name twice.",
                "The name is " + Quote.of(name) + ".",
                "Send each name once.");
    }

    private static final class FiniteGenerator extends JsonGeneratorDelegate {
        FiniteGenerator(JsonGenerator generator) {
            super(generator, false);
        }

        @Override
        public JsonGenerator writeNumber(double value) {
            return Double.isFinite(value) ? super.writeNumber(value) : writeNull();
        }

        @Override
        public JsonGenerator writeNumber(float value) {
            return Float.isFinite(value) ? super.writeNumber(value) : writeNull();
        }

        @Override
        public JsonGenerator writeArray(double[] values, int from, int length) {
            writeStartArray();
            for (int i = from; i < from + length; i++) writeNumber(values[i]);
            return writeEndArray();
        }
    }
}
