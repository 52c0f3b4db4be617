package dev.davy.serving;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.strict.Fields;
import dev.davy.strict.Names;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads an endpoint's declaration, from YAML or JSON, and says everything that is wrong with it.
final class EndpointReading {

    /// What is to be watched, and who is told: read by who watches.
    private static final List<String> OF_MONITORING =
            List.of(
                    "window",
                    "origin",
                    "reference",
                    "false-alarms",
                    "truth-within",
                    "slices",
                    "metrics",
                    "monitors",
                    "notify");

    /// How much the model decides, and what people do: read by who keeps their cases.
    private static final String AUTOMATION = "automation";

    /// The key of an endpoint's only model, and the name of its component.
    private static final String MODEL = "model";

    private final Fields fields;

    private EndpointReading(Fields fields) {
        this.fields = fields;
    }

    /// @throws Problem UNACCEPTABLE with all violations
    static Endpoint read(Fields fields, JsonNode source) {
        return new EndpointReading(fields).endpoint(source);
    }

    private Endpoint endpoint(JsonNode source) {
        fields.optionalText("kind");
        var name = fields.name("name", "endpoint");
        var about = fields.optionalText("about").orElse("");
        var entity = fields.optionalText("entity");
        if (entity.isPresent() && !entity.get().startsWith("input."))
            fields.violation(
                    "entity",
                    "'entity' is '"
                            + entity.get()
                            + "'; it must be a column of the input, like input.customer");
        var input = fields.optionalNode("input").map(this::schema);
        var output = outputs();
        var pipeline = pipeline(output);
        var capture = fields.optionalObject("capture").map(this::capture).orElse(Capture.DEFAULT);
        var batching =
                fields.optionalObject("batching")
                        .map(this::batching)
                        .orElse(Endpoint.Batching.DEFAULT);
        var deadline = fields.optionalDuration("deadline").orElse(Endpoint.DEFAULT_DEADLINE);
        if (deadline.isNegative() || deadline.isZero())
            fields.violation("deadline", "'deadline' must be longer than nothing");
        var joinWithin =
                fields.optionalObject("feedback")
                        .map(feedback -> within(feedback, entity.isPresent()))
                        .orElse(Endpoint.DEFAULT_JOIN);
        if (fields.has("external") && input.isEmpty())
            fields.violation(
                    "input", "an endpoint that is served elsewhere must declare its 'input'");
        if (input.isPresent()
                && entity.isPresent()
                && input.get()
                        .column(entity.get().substring(Math.min(6, entity.get().length())))
                        .isEmpty())
            fields.violation(
                    "entity",
                    "'entity' is '" + entity.get() + "', and there is no such column in 'input'");
        var rollout = fields.optionalNode("rollout");
        for (var each : OF_MONITORING) fields.optionalNode(each);
        fields.optionalNode(AUTOMATION);
        fields.done();
        return new Endpoint(
                name,
                about,
                pipeline,
                entity,
                input,
                output,
                capture,
                batching,
                deadline,
                joinWithin,
                rollout,
                canonical(source));
    }

    /// How long what is told of an entity belongs to its predictions. That truth counts so is
    /// monitoring's.
    private static Duration within(Fields feedback, boolean entity) {
        var truth = feedback.optionalText("truth");
        if (truth.isPresent() && !truth.get().equals("last") && !truth.get().equals("all"))
            feedback.violation(
                    "truth",
                    "'truth' is '"
                            + truth.get()
                            + "'; truth of an entity is of its 'last' prediction before, or of 'all'");
        if (truth.isPresent() && !entity)
            feedback.violation(
                    "truth", "truth can't be joined by entity: the endpoint declares no 'entity'");
        return feedback.optionalDuration("within").orElse(Endpoint.DEFAULT_JOIN);
    }

    /// The declaration without what says the same by being left out.
    private static JsonNode canonical(JsonNode source) {
        var copy = (ObjectNode) source.deepCopy();
        copy.remove("kind");
        return copy;
    }

    private Schema schema(JsonNode node) {
        try {
            return Schema.read(node);
        } catch (Problem problem) {
            problem.violations().forEach(violation -> fields.violation("input", violation));
            if (problem.violations().isEmpty()) fields.violation("input", problem.why());
            return new Schema(List.of());
        }
    }

    private List<Component> pipeline(List<Endpoint.DeclaredOutput> declared) {
        if (fields.has("fallback")) return fallback(declared);
        int ways =
                (fields.has(MODEL) ? 1 : 0)
                        + (fields.has("pipeline") ? 1 : 0)
                        + (fields.has("external") ? 1 : 0);
        if (ways != 1)
            fields.violation(
                    "needs exactly one of 'model', 'pipeline' and 'external' to say what answers; it has "
                            + ways
                            + "; or a 'fallback', where no model does yet");
        if (fields.has(MODEL))
            return List.of(
                    new Component.Registered(
                            MODEL,
                            Optional.empty(),
                            fields.text(MODEL),
                            Map.of(),
                            Optional.empty()));
        if (fields.has("external")) {
            if (!fields.flag("external", true))
                fields.violation("external", "'external' can only be true");
            return List.of();
        }
        if (!fields.has("pipeline")) return List.of();
        var components = new ArrayList<Component>();
        for (var each : fields.objects("pipeline")) component(each).ifPresent(components::add);
        var names = new HashSet<String>();
        for (var component : components)
            if (component.name().equals("input") || !names.add(component.name()))
                fields.violation(
                        "pipeline",
                        "component name '" + component.name() + "' is taken; each has its own");
        if (components.isEmpty()) fields.violation("pipeline", "'pipeline' has no components");
        return components;
    }

    /// Where a model may come: the one that is desired by now, if any.
    private List<Component> fallback(List<Endpoint.DeclaredOutput> declared) {
        var outputs = declared.stream().map(Endpoint.DeclaredOutput::output).toList();
        var model = fields.optionalText(MODEL);
        return FallbackReading.read(fields, outputs)
                .map(fallback ->
                        List.<Component>of(
                                new Component.Registered(
                                        MODEL,
                                        Optional.empty(),
                                        model.orElseGet(fallback::version),
                                        Map.of(),
                                        Optional.of(fallback))))
                .orElse(List.of());
    }

    private Optional<Component> component(Fields each) {
        var name = Names.check("component", each.text("name"));
        var when = each.optionalText("when");
        int kinds = 0;
        for (var kind : List.of("model", "rule", "remote", "lookup")) if (each.has(kind)) kinds++;
        if (kinds != 1) {
            each.violation(
                    "needs exactly one of 'model', 'rule', 'remote' and 'lookup' to say what component '"
                            + name
                            + "' is");
            return Optional.empty();
        }
        if (each.has("model"))
            return Optional.of(
                    new Component.Registered(
                            name,
                            when,
                            each.text("model"),
                            texts(each, "input"),
                            Optional.empty()));
        if (each.has("rule")) {
            var rules = texts(each, "rule");
            if (rules.isEmpty()) {
                each.violation(
                        "rule", "rule '" + name + "' says nothing: give each output an expression");
                return Optional.empty();
            }
            return Optional.of(new Component.Rule(name, when, rules));
        }
        if (each.has("remote")) {
            var remote = each.object("remote");
            return Optional.of(
                    new Component.Elsewhere(
                            name,
                            when,
                            remote.text("url"),
                            remote.text("model"),
                            texts(each, "input")));
        }
        var lookup = each.object("lookup");
        var key = lookup.text("key");
        var table = new ArrayList<Map<String, Object>>();
        for (var row : lookup.list("table")) table(lookup, key, row).ifPresent(table::add);
        return Optional.of(new Component.Lookup(name, when, key, lookup.text("equals"), table));
    }

    private static Optional<Map<String, Object>> table(Fields lookup, String key, JsonNode row) {
        var values = new LinkedHashMap<String, Object>();
        if (row.isObject())
            for (var cell : row.properties()) {
                var value = cell.getValue();
                if (value.isIntegralNumber() && value.canConvertToLong())
                    values.put(cell.getKey(), value.longValue());
                else if (value.isNumber()) values.put(cell.getKey(), value.doubleValue());
                else if (value.isString()) values.put(cell.getKey(), value.stringValue());
                else if (value.isBoolean()) values.put(cell.getKey(), value.booleanValue());
                else if (!value.isNull())
                    lookup.violation(
                            "table",
                            "cell '"
                                    + cell.getKey()
                                    + "' is neither a number, a text nor true or false");
            }
        if (values.containsKey(key)) return Optional.of(values);
        lookup.violation("table", "a row has no '" + key + "', which is the key");
        return Optional.empty();
    }

    private static Map<String, String> texts(Fields of, String name) {
        var texts = new LinkedHashMap<String, String>();
        if (of.has(name))
            of.map(name)
                    .forEach((key, value) -> {
                        if (value.isValueNode() && !value.isNull())
                            texts.put(key, value.asString());
                        else of.violation(name, "'" + name + "." + key + "' must be a text");
                    });
        return texts;
    }

    private List<Endpoint.DeclaredOutput> outputs() {
        var outputs = new ArrayList<Endpoint.DeclaredOutput>();
        if (!fields.has("output")) return outputs;
        fields.map("output")
                .forEach((name, node) -> {
                    try {
                        Optional<String> from = Optional.empty();
                        var kind = node;
                        if (node instanceof ObjectNode object && object.has("from")) {
                            from = Optional.of(object.get("from").asString());
                            var rest = object.deepCopy();
                            rest.remove("from");
                            kind = rest;
                        }
                        outputs.add(
                                new Endpoint.DeclaredOutput(
                                        new Output(name, OutputKind.read(kind)), from));
                    } catch (Problem problem) {
                        fields.violation("output", "output '" + name + "': " + problem.why());
                    }
                });
        return outputs;
    }

    private Capture capture(Fields capture) {
        double rows = 1;
        var said = capture.optionalNode("rows");
        if (said.isPresent()) rows = share(capture, said.get());
        long blobs = capture.has("blobs") ? rate(capture) : Capture.DEFAULT.blobBytesPerSecond();
        var whenLogFails =
                capture.optionalChoice("when-log-fails", Capture.WhenLogFails.class)
                        .orElse(Capture.WhenLogFails.SERVE);
        var keep = capture.optionalDuration("keep");
        if (keep.isPresent() && (keep.get().isNegative() || keep.get().isZero()))
            capture.violation("keep", "'keep' must be longer than nothing");
        return new Capture(
                rows > 0 && rows <= 1 ? rows : 1, Math.max(0, blobs), keep, whenLogFails);
    }

    private static double share(Fields capture, JsonNode said) {
        double share = Double.NaN;
        if (said.isNumber()) share = said.doubleValue();
        else if (said.asString().equals("all")) share = 1;
        else if (said.asString().matches("[0-9]{1,3}(\\.[0-9]{1,6})?%")) {
            var text = said.asString();
            share = Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
        }
        if (!(share > 0 && share <= 1))
            capture.violation(
                    "rows",
                    "'rows' is "
                            + said
                            + "; it must be all, or a share above 0 and at most 1, like 10%");
        return share;
    }

    /// `10 MB/s`, or `all`, or `none`.
    private static long rate(Fields capture) {
        var node = capture.node("blobs");
        var text = node.asString();
        if (text.equals("all")) return Long.MAX_VALUE;
        if (text.equals("none")) return 0;
        if (!text.endsWith("/s")) {
            capture.violation(
                    "blobs",
                    "'blobs' is "
                            + node
                            + "; it must be all, none, or bytes a second, like 10 MB/s");
            return 0;
        }
        try {
            return dev.davy.strict.Units.bytes(text.substring(0, text.length() - 2).strip());
        } catch (Problem problem) {
            capture.violation("blobs", "'blobs' is " + node + "; " + problem.why());
            return 0;
        }
    }

    private Endpoint.Batching batching(Fields batching) {
        var defaults = Endpoint.Batching.DEFAULT;
        int max = (int) batching.optionalInteger("max", 1, 4096).orElse(defaults.maxRows());
        var delay = batching.optionalDuration("delay").orElse(defaults.delay());
        if (delay.compareTo(Duration.ofSeconds(1)) > 0 || delay.isNegative()) {
            batching.violation("delay", "'delay' is " + delay + "; it must be from 0 to 1 s");
            delay = defaults.delay();
        }
        int queue = (int) batching.optionalInteger("queue", 1, 1_000_000).orElse(defaults.queue());
        return new Endpoint.Batching(max, delay, queue);
    }
}
