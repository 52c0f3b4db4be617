package dev.davy.stats.check;

import dev.davy.strict.Fields;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A file of known answers.
///
/// An array of objects with `name`, `statistic`, `params`, `inputs`, `expected` and `tolerance`;
/// numbers that are not finite are the texts "NaN", "Infinity" and "-Infinity", and an input
/// `same_stream_as` names the vector whose inputs are meant.
public record Vectors(List<Vector> vectors) {
    static final Map<String, Double> NOT_FINITE =
            Map.of(
                    "NaN", Double.NaN,
                    "Infinity", Double.POSITIVE_INFINITY,
                    "-Infinity", Double.NEGATIVE_INFINITY);

    private static final String SAME = "same_stream_as";

    public Vectors {
        vectors = List.copyOf(vectors);
    }

    /// @throws Problem UNACCEPTABLE with all violations of the first bad entry
    public static Vectors read(JsonNode file) {
        if (!file.isArray())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "vectors-not-acceptable",
                    "These are no known answers.",
                    "The file must hold a JSON array of objects; it holds something else.",
                    "Give a file with entries of name, statistic, params, inputs, expected and"
                            + " tolerance.");
        var vectors = new LinkedHashMap<String, Vector>();
        int at = 0;
        for (var entry : file) {
            var fields = Fields.of(entry, "Entry " + ++at);
            var name = fields.text("name");
            var statistic = fields.text("statistic");
            double tolerance = entry.path("tolerance").asDouble(-1);
            if (!(tolerance >= 0)) fields.violation("tolerance", "must be a number, at least 0");
            if (!entry.has("expected")) fields.violation("expected", "is missing");
            if (vectors.containsKey(name)) fields.violation("name", "was used before: " + name);
            // Sources and notes are for people.
            for (var other : entry.propertyNames()) fields.optionalNode(other);
            fields.done();
            vectors.put(
                    name,
                    new Vector(
                            name,
                            statistic,
                            object(entry.path("params")),
                            object(entry.path("inputs")),
                            plain(entry.path("expected")),
                            tolerance));
        }
        return new Vectors(vectors.values().stream().map(each -> resolved(each, vectors)).toList());
    }

    private static Vector resolved(Vector vector, Map<String, Vector> all) {
        var other = all.get(String.valueOf(vector.inputs().get(SAME)));
        if (other == null) return vector;
        var inputs = new LinkedHashMap<String, @Nullable Object>(other.inputs());
        inputs.putAll(vector.inputs());
        inputs.remove(SAME);
        return new Vector(
                vector.name(),
                vector.statistic(),
                vector.params(),
                inputs,
                vector.expected(),
                vector.tolerance());
    }

    /// What our formula makes of it.
    public static Check check(Vector vector) {
        return check(vector, Offered.statistics());
    }

    static Check check(Vector vector, Map<String, Statistic> statistics) {
        var statistic = statistics.get(vector.statistic());
        if (statistic == null)
            return new Check.Skipped("there is no statistic " + vector.statistic());
        try {
            var computed =
                    statistic.compute(new Inputs(vector.params()), new Inputs(vector.inputs()));
            var found = new ArrayList<Check.Failed>();
            compare("", vector.expected(), computed, vector.tolerance(), found);
            return found.isEmpty() ? new Check.Passed() : found.getFirst();
        } catch (NotOffered e) {
            return new Check.Skipped(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return new Check.Skipped("its inputs are not acceptable: " + e.getMessage());
        }
    }

    private static void compare(
            String at,
            @Nullable Object expected,
            @Nullable Object computed,
            double tolerance,
            List<Check.Failed> found) {
        if (expected instanceof Map<?, ?> map) {
            if (!(computed instanceof Map<?, ?> values)) {
                found.add(failed(at, expected, computed));
                return;
            }
            map.forEach((name, value) ->
                    compare(inside(at, name), value, values.get(name), tolerance, found));
        } else if (expected instanceof List<?> list) {
            if (!(computed instanceof List<?> values) || values.size() != list.size()) {
                found.add(failed(at, expected, computed));
                return;
            }
            for (int i = 0; i < list.size(); i++)
                compare(inside(at, i), list.get(i), values.get(i), tolerance, found);
        } else if (!equal(expected, computed, tolerance)) {
            found.add(failed(at, expected, computed));
        }
    }

    private static boolean equal(
            @Nullable Object expected, @Nullable Object computed, double tolerance) {
        var number = number(expected);
        var other = number(computed);
        if (number == null || other == null)
            return String.valueOf(expected).equals(String.valueOf(computed));
        if (!Double.isFinite(number)) return number.equals(other);
        return Math.abs(number - other) <= tolerance;
    }

    private static @Nullable Double number(@Nullable Object value) {
        if (value instanceof Number number) return number.doubleValue();
        return value instanceof String text ? NOT_FINITE.get(text) : null;
    }

    private static String inside(String at, Object name) {
        return at.isEmpty() ? String.valueOf(name) : at + "." + name;
    }

    private static Check.Failed failed(
            String at, @Nullable Object expected, @Nullable Object computed) {
        return new Check.Failed(at, String.valueOf(expected), String.valueOf(computed));
    }

    private static Map<String, @Nullable Object> object(JsonNode node) {
        var read = new LinkedHashMap<String, @Nullable Object>();
        node.forEachEntry((name, value) -> read.put(name, plain(value)));
        return read;
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) return object(node);
        if (node.isArray()) {
            var list = new ArrayList<@Nullable Object>();
            node.forEach(each -> list.add(plain(each)));
            return list;
        }
        if (node.isBoolean()) return node.booleanValue();
        if (node.isIntegralNumber() && node.canConvertToLong()) return node.longValue();
        if (node.isNumber()) return node.doubleValue();
        return node.isString() ? node.stringValue() : null;
    }
}
