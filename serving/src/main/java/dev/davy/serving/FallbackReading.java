package dev.davy.serving;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads an endpoint's `fallback`: `people`, or one of `answer`, `rule` and `remote`.
final class FallbackReading {
    private static final String NAME = "fallback";

    private final Fields fields;
    private final List<Output> outputs;

    private FallbackReading(Fields fields, List<Output> outputs) {
        this.fields = fields;
        this.outputs = outputs;
    }

    /// @param fields of the endpoint, which has a fallback
    /// @param outputs that it declares
    /// @return empty where something is wrong with it, which is said
    static Optional<Fallback> read(Fields fields, List<Output> outputs) {
        var reading = new FallbackReading(fields, outputs);
        reading.declared();
        var node = fields.node(NAME);
        if (!node.isString()) return reading.written(fields.object(NAME));
        if (node.stringValue().equals(Fallback.PEOPLE)) {
            if (!fields.has("automation"))
                fields.violation(
                        NAME,
                        "people answer as long as no model does: say in 'automation' what callers get"
                                + " meanwhile, for instance automation: {level: full, while-in-review: wait}");
            return Optional.of(new Fallback.People());
        }
        fields.violation(
                NAME,
                "'fallback' is "
                        + node
                        + "; it must be people, or like {answer: {label: ok}}, {rule: {label: \"'ok'\"}}"
                        + " or {remote: {url: …, model: …}}");
        return Optional.empty();
    }

    /// No model says what callers send and get.
    private void declared() {
        if (!fields.has("input"))
            fields.violation(
                    "input",
                    "an endpoint with a 'fallback' must declare its 'input': no model says what callers send");
        if (outputs.isEmpty())
            fields.violation(
                    "output",
                    "an endpoint with a 'fallback' must declare its 'output': no model says what callers get");
        if (fields.has("pipeline") || fields.has("external"))
            fields.violation(
                    NAME,
                    "'fallback' stands where one 'model' may come; a pipeline has rules of its own");
    }

    private Optional<Fallback> written(Fields of) {
        int ways = 0;
        for (var way : List.of("answer", "rule", "remote")) if (of.has(way)) ways++;
        if (ways != 1) {
            of.violation("needs exactly one of 'answer', 'rule' and 'remote'; it has " + ways);
            return Optional.empty();
        }
        if (of.has("answer")) return answer(of);
        if (of.has("rule")) return rule(of);
        var remote = of.object("remote");
        var url = remote.text("url");
        var model = remote.text("model");
        try {
            var server = URI.create(url).getAuthority();
            if (server != null) return Optional.of(new Fallback.Remote(url, server, model));
        } catch (IllegalArgumentException notAnAddress) {
            // Told below.
        }
        remote.violation("url", "'url' must be like http://127.0.0.1:8000");
        return Optional.empty();
    }

    private Optional<Fallback> rule(Fields of) {
        var rules = new LinkedHashMap<String, String>();
        of.map("rule")
                .forEach((name, value) -> {
                    if (value.isValueNode() && !value.isNull()) rules.put(name, value.asString());
                    else of.violation("rule", "'rule." + name + "' must be an expression");
                });
        named(of, "rule", rules);
        return Optional.of(new Fallback.Rule(rules));
    }

    private Optional<Fallback> answer(Fields of) {
        var said = of.map("answer");
        named(of, "answer", said);
        var values = new LinkedHashMap<String, Object>();
        for (var output : outputs) {
            var node = said.get(output.name());
            if (node == null) continue;
            var value = value(output.kind(), node);
            if (value != null) values.put(output.name(), value);
            else
                of.violation(
                        "answer",
                        "'answer.%s' is %s, which is no %s%s"
                                .formatted(
                                        output.name(),
                                        node,
                                        output.kind().name(),
                                        output.kind() instanceof OutputKind.Category(var classes)
                                                        && !classes.isEmpty()
                                                ? " of " + classes
                                                : ""));
        }
        return Optional.of(new Fallback.Answer(values));
    }

    /// All outputs, and nothing else.
    private void named(Fields of, String way, Map<String, ?> said) {
        var names = outputs.stream().map(Output::name).toList();
        for (var name : said.keySet())
            if (!names.contains(name))
                of.violation(way, "'" + way + "." + name + "' is no output; they are " + names);
        for (var name : names)
            if (!said.containsKey(name)) of.violation(way, "says nothing of output '" + name + "'");
    }

    /// As a model would say it; null where it is no such thing.
    private static @Nullable Object value(OutputKind kind, JsonNode node) {
        return switch (kind) {
            case OutputKind.Category _, OutputKind.Text _ ->
                    kind.truthViolation(node).isEmpty() ? node.stringValue() : null;
            case OutputKind.Number _ -> node.isNumber() ? (Object) node.doubleValue() : null;
            case OutputKind.MultiLabel _ ->
                    kind.truthViolation(node).isEmpty() ? texts(node) : null;
            case OutputKind.Ranking _ -> texts(node);
            // A box that is always there would be of no picture.
            case OutputKind.Boxes _ -> node.equals(Json.array()) ? List.of() : null;
            case OutputKind.Vector _ -> kind.truthViolation(node).isEmpty() ? floats(node) : null;
        };
    }

    private static @Nullable List<String> texts(JsonNode node) {
        if (!node.isArray()) return null;
        var texts = new ArrayList<String>();
        for (var each : node) {
            if (!each.isString()) return null;
            texts.add(each.stringValue());
        }
        return List.copyOf(texts);
    }

    private static List<Float> floats(JsonNode node) {
        var floats = new ArrayList<Float>(node.size());
        for (var each : node) floats.add((float) each.doubleValue());
        return List.copyOf(floats);
    }
}
