package dev.davy.batch;

import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import tools.jackson.databind.JsonNode;

/// What a batch is asked to do.
///
/// @param file the input's digest
/// @param name the input's name, for people
/// @param input what the file is
/// @param output what the result shall be
/// @param log whether its predictions go into the log
record Request(String endpoint, String file, String name, Input input, Output output, boolean log) {
    enum Input {
        CSV,
        PARQUET,
        /// A list of files: `file,sha256`.
        FILES
    }

    enum Output {
        CSV,
        PARQUET
    }

    static Request of(JsonNode arguments) {
        var fields = Fields.of(arguments, "The arguments");
        var request =
                new Request(
                        fields.text("endpoint"),
                        fields.text("file"),
                        fields.optionalText("name").orElse("the file"),
                        fields.choice("input", Input.class),
                        fields.optionalChoice("output", Output.class).orElse(Output.PARQUET),
                        fields.flag("log", true));
        fields.done();
        return request;
    }

    JsonNode json() {
        return Json.object()
                .put("endpoint", endpoint)
                .put("file", file)
                .put("name", name)
                .put("input", word(input))
                .put("output", word(output))
                .put("log", log);
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }
}
