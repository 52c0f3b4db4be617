package dev.davy.schema;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values of one prediction's input by column name, in the order in which they came.
///
/// A value is a `Double`, `Long`, `String`, `Boolean`, `Instant`, `float[]`, `double[]` or [Media];
/// `null` is a missing value, and so is a column that isn't there.
///
/// @param values not changed after this; arrays in it are not copied
public record Row(Map<String, @Nullable Object> values) {
    // Written out in full: in a compact constructor javac forgets that values may be null.
    public Row(Map<String, @Nullable Object> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.values.forEach(Row::check);
    }

    /// `Row.of("age", 31, "line", "A")`: names and values in turn. Smaller whole numbers become
    /// `Long`, a `Float` becomes a `Double`.
    public static Row of(@Nullable Object... namesAndValues) {
        if (namesAndValues.length % 2 != 0)
            throw new IllegalArgumentException("a name without a value, the last of a row");
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!(namesAndValues[i] instanceof String name))
                throw new IllegalArgumentException(namesAndValues[i] + " is no column name");
            if (values.containsKey(name))
                throw new IllegalArgumentException("column '" + name + "' is given twice");
            values.put(name, widened(namesAndValues[i + 1]));
        }
        return new Row(values);
    }

    /// The value of a column, `null` when it is missing.
    public @Nullable Object at(String column) {
        return values.get(column);
    }

    private static @Nullable Object widened(@Nullable Object value) {
        return switch (value) {
            case Integer i -> i.longValue();
            case Short s -> s.longValue();
            case Byte b -> b.longValue();
            case Float f -> f.doubleValue();
            case null -> null;
            default -> value;
        };
    }

    private static void check(String column, @Nullable Object value) {
        boolean known =
                switch (value) {
                    case null -> true;
                    case Double _, Long _, String _, Boolean _, Instant _ -> true;
                    case float[] _, double[] _, Media _ -> true;
                    default -> false;
                };
        if (!known && value != null)
            throw new IllegalArgumentException(
                    "column '" + column + "' holds a " + value.getClass().getName());
    }
}
