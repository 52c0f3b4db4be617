package dev.davy.archive;

import dev.davy.strict.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A column of a file of predictions that comes from an endpoint's schema or outputs.
///
/// @param name of the column
/// @param type in SQL
/// @param of what it holds
/// @param source the name of the input or output
/// @param index of the input among the record's inputs; -1 for outputs
/// @param kind of the output, as it is written; none for inputs
record Field(String name, String type, Of of, String source, int index, Optional<String> kind) {
    /// What a column holds.
    enum Of {
        INPUT,
        /// The SHA-256 of an input's content, by which it lies in `blobs/`.
        BLOB,
        /// What is known of a large input beside its content, as JSON.
        INFO,
        OUTPUT
    }

    JsonNode json() {
        var json =
                Json.object()
                        .put("name", name)
                        .put("type", type)
                        .put("of", of.name())
                        .put("source", source)
                        .put("index", index);
        kind.ifPresent(of -> json.put("kind", of));
        return json;
    }

    static Field read(JsonNode json) {
        return new Field(
                json.path("name").asString(),
                json.path("type").asString(),
                Of.valueOf(json.path("of").asString()),
                json.path("source").asString(),
                json.path("index").asInt(),
                json.has("kind") ? Optional.of(json.path("kind").asString()) : Optional.empty());
    }

    /// The column in which the truth of this output stands.
    String truthName() {
        return "truth_" + name.substring("output_".length());
    }

    boolean isOutput() {
        return of == Of.OUTPUT;
    }
}
