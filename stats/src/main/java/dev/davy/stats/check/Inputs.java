package dev.davy.stats.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Named values, each asked for as what it should be.
///
/// The values are plain: `Double` or `Long`, `String`, `Boolean`, `null`, lists and maps of these.
/// The texts "NaN", "Infinity" and "-Infinity" are numbers where a number is asked for. Whatever is
/// missing or of another kind is an [IllegalArgumentException] that names it.
public final class Inputs {
    private final Map<String, @Nullable Object> values;

    public Inputs(Map<String, ? extends @Nullable Object> values) {
        this.values = new LinkedHashMap<>(values);
    }

    public boolean has(String name) {
        return values.get(name) != null;
    }

    public Set<String> names() {
        return values.keySet();
    }

    /// The value as it is.
    public Object value(String name) {
        var value = values.get(name);
        if (value == null) throw new IllegalArgumentException(name + " is missing");
        return value;
    }

    public double number(String name) {
        return number(name, value(name));
    }

    public double number(String name, double otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    public int integer(String name) {
        double number = number(name);
        if (number != (int) number)
            throw new IllegalArgumentException(name + " is " + number + "; it must be whole");
        return (int) number;
    }

    public int integer(String name, int otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    public String text(String name) {
        return text(value(name));
    }

    public String text(String name, String otherwise) {
        return has(name) ? text(name) : otherwise;
    }

    public boolean flag(String name, boolean otherwise) {
        if (!has(name)) return otherwise;
        if (value(name) instanceof Boolean flag) return flag;
        throw new IllegalArgumentException(name + " must be true or false");
    }

    /// Without its missing values (`null`).
    public double[] numbers(String name) {
        return numbers(name, list(name));
    }

    /// Texts, or numbers written as texts; without missing values.
    public List<String> texts(String name) {
        return list(name).stream().filter(each -> each != null).map(Inputs::text).toList();
    }

    /// A list as it is, with its missing values.
    public List<@Nullable Object> list(String name) {
        return list(name, value(name));
    }

    /// A list of lists of numbers, such as a table of counts.
    public double[][] table(String name) {
        return list(name).stream()
                .map(row -> numbers(name, list(name, row)))
                .toArray(double[][]::new);
    }

    /// A list of lists, with missing values.
    public List<List<@Nullable Object>> rows(String name) {
        var rows = new ArrayList<List<@Nullable Object>>();
        for (var row : list(name)) rows.add(list(name, row));
        return rows;
    }

    /// How much of each: a map from name to number, in the order of the file.
    public Map<String, Double> amounts(String name) {
        return map(name, each -> number(name, each));
    }

    /// The maps of a list.
    public List<Inputs> each(String name) {
        return list(name).stream().map(each -> inputs(name, each)).toList();
    }

    private <T> Map<String, T> map(String name, Function<@Nullable Object, T> as) {
        if (!(value(name) instanceof Map<?, ?> map))
            throw new IllegalArgumentException(name + " must be an object");
        var read = new LinkedHashMap<String, T>();
        map.forEach((key, value) -> read.put(String.valueOf(key), as.apply(value)));
        return read;
    }

    private static Inputs inputs(String name, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map))
            throw new IllegalArgumentException(name + " must hold objects");
        var read = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, each) -> read.put(String.valueOf(key), each));
        return new Inputs(read);
    }

    private static List<@Nullable Object> list(String name, @Nullable Object value) {
        if (value instanceof Collection<?> list) return new ArrayList<@Nullable Object>(list);
        throw new IllegalArgumentException(name + " must be a list");
    }

    private static double[] numbers(String name, List<@Nullable Object> list) {
        return list.stream()
                .filter(each -> each != null)
                .mapToDouble(each -> number(name, each))
                .toArray();
    }

    /// A number, or the name of one that is not finite.
    static double number(String name, @Nullable Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case Boolean flag -> flag ? 1 : 0;
            case String text when Vectors.NOT_FINITE.containsKey(text) ->
                    Vectors.NOT_FINITE.getOrDefault(text, Double.NaN);
            case null, default ->
                    throw new IllegalArgumentException(
                            name + " has " + value + " where a number must be");
        };
    }

    /// A text, or a number as a person writes it: 3, not 3.0.
    static String text(@Nullable Object value) {
        return value instanceof Double number && number == Math.rint(number)
                ? Long.toString(number.longValue())
                : String.valueOf(value);
    }
}
