package dev.davy.strict;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// YAML 1.2 with the core schema and nothing else: no tags, anchors, aliases, duplicate keys or
/// tabs.
@SuppressWarnings("DoNotCallSuggester")
public final class Yaml {
    private Yaml() {}

    /// One document and where its parts stand.
    public record Document(JsonNode tree, String fileName, Lines lines) {}

    /// Line numbers, from 1, by JSON pointer; `""` is the document itself.
    public interface Lines {
        int of(String jsonPointer);
    }

    public static List<Document> read(byte[] utf8, String fileName, Limits limits) {
        throw new IllegalStateException("not there yet");
    }
}
