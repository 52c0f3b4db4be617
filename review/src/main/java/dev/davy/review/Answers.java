package dev.davy.review;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a person may say of an endpoint's outputs.
final class Answers {
    private Answers() {}

    /// The value that JSON says; null where it is none of this kind.
    static @Nullable Object value(OutputKind kind, JsonNode json) {
        return switch (kind) {
            case OutputKind.Category category ->
                    json.isString()
                                    && (category.classes().isEmpty()
                                            || category.classes().contains(json.stringValue()))
                            ? json.stringValue()
                            : null;
            case OutputKind.Number _ -> json.isNumber() ? (Object) json.doubleValue() : null;
            case OutputKind.Text _ -> json.isString() ? json.stringValue() : null;
            case OutputKind.MultiLabel _, OutputKind.Ranking _ -> texts(json);
            case OutputKind.Boxes _, OutputKind.Vector _ -> json.isArray() ? json : null;
        };
    }

    private static @Nullable List<String> texts(JsonNode json) {
        if (!json.isArray()) return null;
        var texts = new java.util.ArrayList<String>();
        for (var each : json) {
            if (!each.isString()) return null;
            texts.add(each.stringValue());
        }
        return List.copyOf(texts);
    }

    /// What a reviewer says, checked against the endpoint's outputs.
    ///
    /// @throws Problem UNACCEPTABLE `answer-does-not-fit`
    static ObjectNode checked(JsonNode answer, List<Output> outputs) {
        var checked = Json.object();
        for (var each : answer.properties()) {
            var output = outputs.stream().filter(of -> of.name().equals(each.getKey())).findFirst();
            if (output.isEmpty() || value(output.get().kind(), each.getValue()) == null)
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "answer-does-not-fit",
                        "'" + each.getKey() + "' = " + each.getValue() + " is no answer here.",
                        output.isEmpty()
                                ? "The outputs are "
                                        + outputs.stream().map(Output::name).toList()
                                        + "."
                                : output.get().kind() instanceof OutputKind.Category category
                                        ? "Its classes are " + category.classes() + "."
                                        : "It is of another kind.",
                        "Say one of these, or cannot-tell.");
            checked.set(each.getKey(), each.getValue());
        }
        if (checked.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "answer-empty",
                    "'answer' says nothing.",
                    "It must hold a value for an output, such as {\"label\": \"ok\"}.",
                    "Say one, or cannot-tell.");
        return checked;
    }

    /// Outputs by name, from the JSON that is kept.
    static Map<String, Object> values(String json, List<Output> outputs) {
        var values = new LinkedHashMap<String, Object>();
        for (var each :
                Json.read(json.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT).properties())
            for (var output : outputs)
                if (output.name().equals(each.getKey())) {
                    var value = value(output.kind(), each.getValue());
                    if (value != null) values.put(each.getKey(), value);
                }
        return values;
    }
}
