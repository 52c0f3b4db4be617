package dev.davy.strict;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;

/// YAML 1.2 for settings, as trees of JSON: what JSON can say, and nothing else.
///
/// Anchors, aliases, tags, repeated keys, tabs and control characters are refused, each with file
/// and line. Without quotes `true`, `false`, `null`, `~` and decimal numbers as JSON writes them
/// are values; all else is text: `no`, `010`, `0x1F`, `12:30:00`, `1_000`, `.inf`.
public final class Yaml {
    private final String fileName;
    private final Limits limits;
    private final Iterator<Event> events;
    private int depth;

    private Yaml(String text, String fileName, Limits limits) {
        this.fileName = fileName;
        this.limits = limits;
        var settings =
                LoadSettings.builder()
                        .setAllowDuplicateKeys(false)
                        .setAllowRecursiveKeys(false)
                        .setMaxAliasesForCollections(0)
                        .setCodePointLimit(limits.yamlBytes())
                        .setLabel(fileName)
                        .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /// One document and where its parts stand.
    public record Document(JsonNode tree, String fileName, Lines lines) {}

    /// Line numbers, from 1, by JSON pointer: `/rollout/steps/0`; `""` is the document itself. For
    /// what is not there, the line of what is around it.
    public interface Lines {
        int of(String jsonPointer);
    }

    /// All documents of the text that are not empty.
    ///
    /// @param fileName for the messages; a name that the person knows, no path of the server
    /// @throws Problem MALFORMED `yaml-malformed`, TOO_LARGE `yaml-too-large`
    public static List<Document> read(byte[] utf8, String fileName, Limits limits) {
        if (utf8.length > limits.yamlBytes())
            throw Streams.tooLarge("yaml-too-large", Quote.of(fileName), limits.yamlBytes());
        checkCharacters(utf8, fileName);
        var text = new String(utf8, StandardCharsets.UTF_8);
        return new Yaml(text.startsWith("\uFEFF") ? text.substring(1) : text, fileName, limits)
                .documents();
    }

    private static void checkCharacters(byte[] utf8, String fileName) {
        int broken = Utf8.firstBroken(utf8, 0, utf8.length);
        int line = 1;
        for (int i = 0; i <= broken && i < utf8.length; i++) {
            byte b = utf8[i];
            if (b == '\n') line++;
            boolean control = b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == 0x7F;
            if (i < broken && !control) continue;
            int second = utf8.length > 1 ? utf8[1] & 0xFF : -1;
            boolean utf16 =
                    (utf8[0] & 0xFF) == 0xFF && second == 0xFE
                            || (utf8[0] & 0xFF) == 0xFE && second == 0xFF;
            if (utf16 || b == 0 && i < 2)
                throw malformed(fileName, 1, "the file is UTF-16; only UTF-8 is read");
            if (control)
                throw malformed(
                        fileName, line, "a control character, U+%04X, stands here".formatted(b));
            throw malformed(fileName, line, "the bytes here are not UTF-8");
        }
    }

    private List<Document> documents() {
        var documents = new ArrayList<Document>();
        try {
            while (events.hasNext())
                if (events.next() instanceof DocumentStartEvent) {
                    var place = new Place(1);
                    var tree = node(events.next(), place);
                    if (!tree.isNull()) documents.add(new Document(tree, fileName, place));
                }
        } catch (MarkedYamlEngineException e) {
            var mark = e.getProblemMark().or(e::getContextMark);
            throw malformed(
                    fileName, mark.map(each -> each.getLine() + 1).orElse(1), said(e.getProblem()));
        } catch (YamlEngineException e) {
            throw malformed(fileName, 1, "a character is not allowed or the text is too long");
        }
        return List.copyOf(documents);
    }

    private JsonNode node(Event event, Place place) {
        int line = line(event);
        place.line = line;
        if (event instanceof AliasEvent)
            throw malformed(fileName, line, "aliases (*name) are not read; write it out");
        if (event instanceof NodeEvent node && node.getAnchor().isPresent())
            throw malformed(fileName, line, "anchors (&name) are not read; write it out");
        return switch (event) {
            case ScalarEvent scalar -> scalar(scalar, line);
            case SequenceStartEvent sequence -> {
                noTag(sequence.getTag().orElse(null), line);
                yield sequence(place, line);
            }
            case MappingStartEvent mapping -> {
                noTag(mapping.getTag().orElse(null), line);
                yield mapping(place, line);
            }
            default -> throw malformed(fileName, line, "a value is missing");
        };
    }

    private JsonNode sequence(Place place, int line) {
        deeper(line);
        var array = Json.array();
        for (var event = events.next();
                !(event instanceof SequenceEndEvent);
                event = events.next()) {
            var element = new Place(line);
            place.elements().add(element);
            array.add(node(event, element));
        }
        depth--;
        return array;
    }

    private JsonNode mapping(Place place, int line) {
        deeper(line);
        var object = Json.object();
        for (var event = events.next();
                !(event instanceof MappingEndEvent);
                event = events.next()) {
            int keyLine = line(event);
            if (!(event instanceof ScalarEvent scalar) || scalar.getAnchor().isPresent())
                throw malformed(fileName, keyLine, "a key must be a plain text");
            noTag(scalar.getTag().orElse(null), keyLine);
            var key = checked(scalar.getValue(), keyLine);
            if (object.has(key))
                throw malformed(fileName, keyLine, "the key " + Quote.of(key) + " is there twice");
            var value = new Place(keyLine);
            object.set(key, node(events.next(), value));
            // The key's line: a nested block begins on the next one, and people look for the key.
            value.line = keyLine;
            place.fields().put(key, value);
        }
        depth--;
        return object;
    }

    private JsonNode scalar(ScalarEvent scalar, int line) {
        noTag(scalar.getTag().orElse(null), line);
        var text = checked(scalar.getValue(), line);
        if (!scalar.isPlain()) return Json.tree(text);
        return switch (text) {
            case "", "~", "null" -> Json.read(new byte[] {'n', 'u', 'l', 'l'}, limits);
            case "true" -> Json.tree(true);
            case "false" -> Json.tree(false);
            default -> isNumber(text) ? number(text, line) : Json.tree(text);
        };
    }

    /// As strict as strings of JSON: escapes can spell what the file itself must not hold.
    private String checked(String text, int line) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c < ' ' && c != '\n' && c != '\r' && c != '\t' || c >= 0xD800 && c <= 0xDFFF)
                throw malformed(fileName, line, "a text holds the character U+%04X".formatted(c));
            i += Character.charCount(c);
        }
        return text;
    }

    private static boolean isNumber(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        char first = text.charAt(0);
        return (first == '-' || first >= '0' && first <= '9')
                && new JsonNumber().scan(bytes, 0, bytes.length) == bytes.length;
    }

    private JsonNode number(String text, int line) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8), limits);
        } catch (Problem p) {
            throw malformed(fileName, line, "the number " + Quote.of(text) + " is too large");
        }
    }

    private void noTag(@Nullable String tag, int line) {
        if (tag != null)
            throw malformed(fileName, line, "tags (" + Quote.of(tag) + ") are not read");
    }

    private void deeper(int line) {
        if (++depth > limits.jsonDepth())
            throw malformed(
                    fileName, line, "it is nested more than " + limits.jsonDepth() + " deep");
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private static String said(@Nullable String problem) {
        return problem == null ? "this is not how YAML is written" : problem;
    }

    private static Problem malformed(String fileName, int line, String why) {
        return new Problem(
                Problem.Kind.MALFORMED,
                "yaml-malformed",
                "The settings cannot be read.",
                fileName + ":" + line + ": " + why + ".",
                "Correct it: plain YAML 1.2 in UTF-8, indented with spaces.");
    }

    /// A line and the places below it. A tree, as the text is one: a table by pointer would hold
    /// each path again and again.
    private static final class Place implements Lines {
        int line;
        private @Nullable Map<String, Place> fields;
        private @Nullable List<Place> elements;

        Place(int line) {
            this.line = line;
        }

        Map<String, Place> fields() {
            if (fields == null) fields = new HashMap<>();
            return fields;
        }

        List<Place> elements() {
            if (elements == null) elements = new ArrayList<>();
            return elements;
        }

        @Override
        public int of(String jsonPointer) {
            var place = this;
            for (var step : jsonPointer.split("/", -1)) {
                var next = step.isEmpty() && place == this ? place : place.child(step);
                if (next == null) break;
                place = next;
            }
            return place.line;
        }

        private @Nullable Place child(String step) {
            if (fields != null) return fields.get(step.replace("~1", "/").replace("~0", "~"));
            if (elements == null) return null;
            int index = (int) Numbers.asInteger(step).orElse(-1);
            return index >= 0 && index < elements.size() ? elements.get(index) : null;
        }
    }
}
