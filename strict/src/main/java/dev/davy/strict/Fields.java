package dev.davy.strict;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Reads one object strictly and reports all violations at once.
///
/// A getter whose field is missing or wrong notes that and gives a stand-in (`""`, the least
/// number, nothing), so that reading goes on: call [#done] before anything is built from what was
/// read. A `null` counts as missing.
///
/// ```java
/// var fields = Fields.of(body, "endpoint 'credit'");
/// var model = fields.text("model");
/// var keep = fields.optionalDuration("keep").orElse(NINETY_DAYS);
/// fields.done();
/// return new Endpoint(model, keep);
/// ```
public final class Fields {
    /// Hears what a reader asks for: so the docs can say which fields there are.
    public interface Listener {
        /// @param where what is being read, as it was named to [#of]
        /// @param path of the field
        /// @param wanted what it may be: `an integer from 1 to 10`
        void asked(String where, String path, String wanted);
    }

    /// Who hears it while the readers run in this scope; nobody, unless the reference is written.
    public static final ScopedValue<Listener> LISTENER = ScopedValue.newInstance();

    private final Map<String, JsonNode> values = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<Fields> children = new ArrayList<>();
    private final Violations violations;
    private final String pointer;
    private final String path;
    private boolean finished;

    private Fields(JsonNode object, String pointer, String path, Violations violations) {
        this.violations = violations;
        this.pointer = pointer;
        this.path = path;
        if (object.isObject()) {
            for (var property : object.properties())
                if (!property.getValue().isNull())
                    values.put(property.getKey(), property.getValue());
                else asked.add(property.getKey());
        } else {
            note("", "must be an object, is " + shown(object));
        }
    }

    /// @param where what is being read, to begin the message with: `endpoint 'credit'`
    public static Fields of(JsonNode object, String where) {
        return new Fields(object, "", "", new Violations(where, null));
    }

    /// As above; violations begin with `file:line`.
    public static Fields of(Yaml.Document document, String where) {
        return new Fields(document.tree(), "", "", new Violations(where, document));
    }

    /// Whether the field is there and not `null`.
    public boolean has(String name) {
        asked.add(name);
        if (LISTENER.isBound()) LISTENER.get().asked(violations.where(), inPath(name), "a value");
        return values.containsKey(name);
    }

    /// A text that is not blank.
    public String text(String name) {
        return required(name, optionalText(name), "");
    }

    public Optional<String> optionalText(String name) {
        return get(
                name,
                "a text",
                node ->
                        node.isString() && !node.stringValue().isBlank()
                                ? node.stringValue()
                                : null);
    }

    /// A name as [Names#check] allows it.
    ///
    /// @param kind what is named: `model`
    public String name(String name, String kind) {
        var text = text(name);
        if (values.containsKey(name) && !text.isEmpty() && !Names.isAllowed(text))
            violation(
                    name,
                    Quote.of(text)
                            + " cannot be the name of a "
                            + kind
                            + ": a-z, 0-9, '.', '_' and '-' can");
        return text;
    }

    /// One of an enum's constants, in kebab-case.
    public <E extends Enum<E>> E choice(String name, Class<E> kind) {
        return required(name, optionalChoice(name, kind), constants(kind)[0]);
    }

    public <E extends Enum<E>> Optional<E> optionalChoice(String name, Class<E> kind) {
        var choices =
                Arrays.stream(constants(kind))
                        .collect(
                                Collectors.toMap(
                                        Fields::kebab,
                                        each -> each,
                                        (a, _) -> a,
                                        LinkedHashMap::new));
        var given =
                get(
                        name,
                        "one of " + String.join(", ", choices.keySet()),
                        node -> node.isString() ? node.stringValue() : null);
        if (given.isPresent() && !choices.containsKey(given.get())) {
            var hint = Nearest.hint(given.get(), choices.keySet());
            violation(
                    name,
                    "must be one of "
                            + String.join(", ", choices.keySet())
                            + ", is "
                            + Quote.of(given.get())
                            + (hint.isEmpty() ? "" : "; " + hint));
        }
        return given.flatMap(each -> Optional.ofNullable(choices.get(each)));
    }

    public long integer(String name, long min, long max) {
        return required(name, optionalInteger(name, min, max).stream().boxed().findFirst(), min);
    }

    /// An integer with exactly this value; `3.0` is 3.
    public OptionalLong optionalInteger(String name, long min, long max) {
        var found =
                get(
                        name,
                        "an integer from " + min + " to " + max,
                        node -> {
                            if (!node.isNumber() || node.isBigInteger()) return null;
                            if (!node.isIntegralNumber()
                                    && (node.doubleValue() != Math.rint(node.doubleValue())
                                            || Math.abs(node.doubleValue()) > 1L << 53))
                                return null;
                            long value =
                                    node.isIntegralNumber()
                                            ? node.longValue()
                                            : (long) node.doubleValue();
                            return value < min || value > max ? null : value;
                        });
        return found.isPresent() ? OptionalLong.of(found.get()) : OptionalLong.empty();
    }

    public double number(String name) {
        return number(name, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    public double number(String name, double min, double max) {
        return required(name, optionalNumber(name, min, max).stream().boxed().findFirst(), min);
    }

    public OptionalDouble optionalNumber(String name) {
        return optionalNumber(name, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    /// A finite number.
    public OptionalDouble optionalNumber(String name, double min, double max) {
        boolean any = min == -Double.MAX_VALUE && max == Double.MAX_VALUE;
        var found =
                get(
                        name,
                        any ? "a number" : "a number from " + plain(min) + " to " + plain(max),
                        node -> {
                            if (!node.isNumber()) return null;
                            double value = node.asDouble();
                            return value >= min && value <= max ? value : null;
                        });
        return found.isPresent() ? OptionalDouble.of(found.get()) : OptionalDouble.empty();
    }

    public boolean flag(String name, boolean orElse) {
        return get(name, "true or false", node -> node.isBoolean() ? node.booleanValue() : null)
                .orElse(orElse);
    }

    public Duration duration(String name) {
        return required(name, optionalDuration(name), Duration.ZERO);
    }

    /// A time span as text: `10m`, `100 ms`.
    public Optional<Duration> optionalDuration(String name) {
        return get(
                name,
                "a time span such as '100 ms' or '90d'",
                node -> tried(node, Units::duration));
    }

    public long bytes(String name) {
        return required(name, optionalBytes(name).stream().boxed().findFirst(), 0L);
    }

    /// A size as text, `64 MiB`, or as a number of bytes.
    public OptionalLong optionalBytes(String name) {
        var found =
                get(
                        name,
                        "a size such as '64 MiB'",
                        node ->
                                node.isIntegralNumber()
                                                && node.canConvertToLong()
                                                && node.longValue() >= 0
                                        ? (Long) node.longValue()
                                        : tried(node, Units::bytes));
        return found.isPresent() ? OptionalLong.of(found.get()) : OptionalLong.empty();
    }

    /// The elements; none if the field is missing.
    public List<JsonNode> list(String name) {
        return get(name, "a list", node -> node.isArray() ? List.copyOf(node.values()) : null)
                .orElse(List.of());
    }

    /// A list of texts that are not blank; none if the field is missing.
    public List<String> texts(String name) {
        var texts = new ArrayList<String>();
        int i = 0;
        for (var node : list(name)) {
            if (node.isString() && !node.stringValue().isBlank()) texts.add(node.stringValue());
            else
                note(
                        name + "[" + i + "]",
                        "must be a text, is " + shown(node),
                        pointerTo(name) + "/" + i);
            i++;
        }
        return List.copyOf(texts);
    }

    /// A list of objects; none if the field is missing.
    public List<Fields> objects(String name) {
        var objects = new ArrayList<Fields>();
        for (var node : list(name)) {
            int i = objects.size();
            objects.add(child(node, pointerTo(name) + "/" + i, inPath(name) + "[" + i + "]"));
        }
        return List.copyOf(objects);
    }

    /// An object whose keys are free, in their order; empty if the field is missing.
    public Map<String, JsonNode> map(String name) {
        var map = new LinkedHashMap<String, JsonNode>();
        get(name, "an object", node -> node.isObject() ? node : null)
                .ifPresent(object -> {
                    for (var property : object.properties())
                        map.put(property.getKey(), property.getValue());
                });
        return Collections.unmodifiableMap(map);
    }

    /// An object of objects, in their order; empty if the field is missing.
    public Map<String, Fields> objectsByName(String name) {
        var objects = new LinkedHashMap<String, Fields>();
        map(name)
                .forEach((key, node) ->
                        objects.put(
                                key,
                                child(
                                        node,
                                        pointerTo(name) + "/" + escaped(key),
                                        inPath(name) + "." + key)));
        return Collections.unmodifiableMap(objects);
    }

    /// A value of any kind.
    public JsonNode node(String name) {
        return required(name, optionalNode(name), MissingNode.getInstance());
    }

    public Optional<JsonNode> optionalNode(String name) {
        return get(name, "a value", node -> node);
    }

    /// An object within; its violations are reported with these, and [#done] here covers it.
    public Fields object(String name) {
        return required(
                name,
                optionalObject(name),
                new Fields(Json.object(), pointerTo(name), inPath(name), new Violations("", null)));
    }

    public Optional<Fields> optionalObject(String name) {
        return optionalNode(name).map(node -> child(node, pointerTo(name), inPath(name)));
    }

    /// Notes a violation of the object as a whole.
    public void violation(String violation) {
        note("", violation, pointer);
    }

    /// Notes a violation of one field: `must be less than 'to'`.
    public void violation(String name, String violation) {
        note(name, violation);
    }

    /// The file and line of a field, or of the object for `""`; empty where it was not read from a
    /// file.
    public String place(String name) {
        return violations.place(name.isEmpty() ? pointer : pointerTo(name));
    }

    /// Checks that no key was left over, here and in the objects within, then throws if anything
    /// was noted anywhere.
    ///
    /// @throws Problem UNACCEPTABLE `fields-not-acceptable` with all violations
    public void done() {
        finish();
        violations.throwIfAny();
    }

    private void finish() {
        if (finished) return;
        finished = true;
        for (var name : values.keySet())
            if (!asked.contains(name)) {
                var hint =
                        Nearest.hint(
                                name,
                                asked.stream().filter(each -> !values.containsKey(each)).toList());
                note(name, "is not known here" + (hint.isEmpty() ? "" : "; " + hint));
            }
        for (var child : children) child.finish();
    }

    private <T> Optional<T> get(
            String name, String wanted, Function<JsonNode, @Nullable T> reading) {
        asked.add(name);
        if (LISTENER.isBound()) LISTENER.get().asked(violations.where(), inPath(name), wanted);
        var node = values.get(name);
        if (node == null) return Optional.empty();
        var value = Optional.<T>ofNullable(reading.apply(node));
        if (value.isEmpty()) note(name, "must be " + wanted + ", is " + shown(node));
        return value;
    }

    private <T> T required(String name, Optional<T> value, T standIn) {
        if (!values.containsKey(name)) note(name, "is missing");
        return value.orElse(standIn);
    }

    private Fields child(JsonNode node, String childPointer, String childPath) {
        var child = new Fields(node, childPointer, childPath, violations);
        children.add(child);
        return child;
    }

    private void note(String name, String violation) {
        note(name, violation, name.isEmpty() ? pointer : pointerTo(name));
    }

    private void note(String name, String violation, String at) {
        violations.note(name.isEmpty() ? path : inPath(name), at, violation);
    }

    private String inPath(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private String pointerTo(String name) {
        return pointer + "/" + escaped(name);
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static <T> @Nullable T tried(JsonNode node, Function<String, T> reading) {
        try {
            return node.isString() ? reading.apply(node.stringValue()) : null;
        } catch (Problem p) {
            return null;
        }
    }

    private static String shown(JsonNode node) {
        if (node.isArray()) return "a list";
        if (node.isObject()) return "an object";
        return node.isString()
                ? Quote.of(node.stringValue())
                : node.isMissingNode() ? "missing" : Json.text(node);
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E[] constants(Class<E> kind) {
        return kind.getEnumConstants();
    }
}
