package dev.davy.runtime;

import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.LogPolicy;
import dev.davy.strict.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads `input:` and `vector:` of a descriptor: the columns, and which tensor each feeds.
final class InputReader {

    private final Fields fields;
    private final Signature signature;
    private final Map<String, Feed> feeds;
    private final Map<String, Column> columns;
    private final Map<String, Feed.Source> sources = new HashMap<>();

    private enum Resample {
        SINC
    }

    InputReader(
            Fields fields,
            Signature signature,
            Map<String, Feed> feeds,
            Map<String, Column> columns) {
        this.fields = fields;
        this.signature = signature;
        this.feeds = feeds;
        this.columns = columns;
    }

    void read() {
        var inVectors = inVectors();
        fields.objectsByName("input").forEach((name, column) -> column(name, column, inVectors));
        vectors();
    }

    private Set<String> inVectors() {
        var names = new HashSet<String>();
        for (var list : fields.map("vector").values())
            if (list.isArray()) for (var each : list.values()) names.add(each.asString(""));
        return names;
    }

    private void column(String name, Fields of, Set<String> inVectors) {
        var type = of.choice("type", ColumnType.class);
        var to = of.optionalText("to").orElse(name);
        var missing = missing(of, type);
        boolean required = of.flag("required", missing.isEmpty());
        var log = of.optionalChoice("log", LogPolicy.class).orElse(LogPolicy.KEEP);
        // A text that may be missing is an empty one, as tables write it, unless said otherwise.
        boolean text = type == ColumnType.CATEGORY || type == ColumnType.TEXT;
        var source =
                new Feed.Source(
                        name,
                        missing.or(() -> text && !required ? Optional.of("") : Optional.empty()));
        sources.put(name, source);
        boolean fed = !inVectors.contains(name) || of.has("to");
        var spec = fed ? spec(to, of) : Optional.<TensorSpec>empty();
        List<Long> shape = List.of();
        switch (type) {
            case IMAGE -> {
                var recipe = ImageReader.read(of, spec);
                spec.ifPresent(s -> put(of, new Feed.Image(s.name(), name, recipe)));
                shape = List.of((long) recipe.channels());
            }
            case AUDIO -> sound(name, of, spec);
            case VECTOR -> {
                shape = shape(of, spec);
                spec.ifPresent(s -> put(of, new Feed.Vector(s.name(), name)));
            }
            case TIME -> of.violation("type", "is time, which no tensor takes; send a number");
            case NUMBER, INTEGER, BOOLEAN, CATEGORY, TEXT -> {
                if (fed) spec.ifPresent(s -> scalar(of, s, type, source));
            }
        }
        var classes = classes(of);
        var min = boxed(of, "min");
        var max = boxed(of, "max");
        try {
            columns.put(name, new Column(name, type, required, classes, log, shape, min, max));
        } catch (IllegalArgumentException e) {
            of.violation(String.valueOf(e.getMessage()));
        }
    }

    private void put(Fields of, Feed feed) {
        if (feeds.putIfAbsent(feed.input(), feed) != null)
            of.violation("feeds '" + feed.input() + "', which is fed already");
    }

    private Optional<TensorSpec> spec(String input, Fields of) {
        var place = signature.input(input);
        if (place.isPresent()) return Optional.of(signature.inputs().get(place.getAsInt()));
        of.violation(
                "to",
                "names no input of the model: '"
                        + input
                        + "'; it has "
                        + signature.inputs().stream().map(TensorSpec::name).limit(20).toList());
        return Optional.empty();
    }

    private void scalar(Fields of, TensorSpec spec, ColumnType type, Feed.Source source) {
        long elements = spec.shape().isEmpty() ? 1 : Math.abs(spec.rowElements());
        boolean text = type == ColumnType.CATEGORY || type == ColumnType.TEXT;
        if (text != (spec.datatype() == Datatype.BYTES))
            of.violation(
                    "type",
                    "is " + type.word() + "; '" + spec.name() + "' takes " + spec.datatype());
        if (elements != 1)
            of.violation(
                    "to",
                    "feeds one value into '"
                            + spec.name()
                            + "' of shape "
                            + spec.shape()
                            + "; list the columns under vector:");
        put(of, new Feed.Scalar(spec.name(), source));
    }

    private static Optional<Object> missing(Fields of, ColumnType type) {
        return of.optionalNode("missing")
                .flatMap(node -> {
                    Object value = missing(node, type);
                    if (value == null)
                        of.violation("missing", "must be a value of type " + type.word());
                    return Optional.ofNullable(value);
                });
    }

    private static @org.jspecify.annotations.Nullable Object missing(
            JsonNode node, ColumnType type) {
        return switch (type) {
            case NUMBER -> node.isNumber() ? (Object) node.asDouble() : null;
            case INTEGER ->
                    node.isIntegralNumber() && node.canConvertToLong()
                            ? (Object) node.longValue()
                            : null;
            case BOOLEAN -> node.isBoolean() ? (Object) node.booleanValue() : null;
            case CATEGORY, TEXT -> node.isString() ? node.stringValue() : null;
            case TIME, IMAGE, AUDIO, VECTOR -> null;
        };
    }

    static List<String> classes(Fields of) {
        var classes = new ArrayList<String>();
        for (var node : of.list("classes"))
            if (node.isString() || node.isNumber() || node.isBoolean())
                classes.add(node.asString());
            else of.violation("classes", "must be a list of texts");
        return classes;
    }

    private static Optional<Double> boxed(Fields of, String name) {
        var number = of.optionalNumber(name);
        return number.isPresent() ? Optional.of(number.getAsDouble()) : Optional.empty();
    }

    private static List<Long> shape(Fields of, Optional<TensorSpec> spec) {
        var given = new ArrayList<Long>();
        for (var node : of.list("shape"))
            if (node.isIntegralNumber() && node.canConvertToLong()) given.add(node.longValue());
            else of.violation("shape", "must be a list of whole numbers");
        if (!given.isEmpty()) return given;
        return spec.map(Guess::rowShape).orElse(List.of(-1L));
    }

    private void sound(String name, Fields of, Optional<TensorSpec> spec) {
        of.optionalChoice("resample", Resample.class);
        if (!of.has("frame")) {
            var recipe = SoundReader.whole(of, spec);
            spec.ifPresent(s -> put(of, new Feed.Sound(s.name(), name, recipe)));
            return;
        }
        var recipe = SoundReader.frames(of, spec);
        spec.ifPresent(s -> put(of, new Feed.Frames(s.name(), name, recipe)));
        var rateTo = of.optionalText("rate-to");
        rateTo.ifPresent(input -> {
            if (signature.input(input).isEmpty())
                of.violation("rate-to", "names no input of the model: '" + input + "'");
            else put(of, new Feed.Rate(input));
        });
        if (recipe.frames().size() > 1 && rateTo.isEmpty())
            of.violation("rate-to", "is missing: the model must be told which of the rates it is");
    }

    private void vectors() {
        fields.map("vector")
                .forEach((input, list) -> {
                    var place = signature.input(input);
                    if (place.isEmpty()) {
                        fields.violation("vector." + input, "is no input of the model");
                        return;
                    }
                    vector(signature.inputs().get(place.getAsInt()), list);
                });
    }

    private void vector(TensorSpec spec, JsonNode list) {
        var chosen = new ArrayList<Feed.Source>();
        var where = "vector." + spec.name();
        if (!list.isArray()) {
            fields.violation(where, "must be a list of columns");
            return;
        }
        for (var each : list.values()) {
            var name = each.asString("");
            var source = sources.computeIfAbsent(name, n -> new Feed.Source(n, Optional.empty()));
            if (!columns.containsKey(name)) added(where, name, spec);
            chosen.add(source);
        }
        long elements = spec.rowElements();
        if (elements >= 0 && elements != chosen.size())
            fields.violation(
                    where,
                    "lists "
                            + chosen.size()
                            + " columns; shape "
                            + spec.shape()
                            + " takes "
                            + elements);
        if (feeds.putIfAbsent(spec.name(), new Feed.Features(spec.name(), chosen)) != null)
            fields.violation(where, "is fed already");
    }

    /// A column that stands in a vector only: a number, or a text where the tensor holds texts.
    private void added(String where, String name, TensorSpec spec) {
        try {
            columns.put(name, Column.of(name, Guess.type(spec.datatype())));
        } catch (IllegalArgumentException e) {
            fields.violation(where, String.valueOf(e.getMessage()));
        }
    }
}
