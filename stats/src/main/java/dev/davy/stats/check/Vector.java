package dev.davy.stats.check;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One known answer.
///
/// @param name what it is called
/// @param statistic what was computed
/// @param params the variant, where the statistic has several
/// @param inputs the numbers that went in
/// @param expected a number, a text, a boolean, a list, or a map of these
/// @param tolerance how far each number may be off, in its own unit
public record Vector(
        String name,
        String statistic,
        Map<String, @Nullable Object> params,
        Map<String, @Nullable Object> inputs,
        @Nullable Object expected,
        double tolerance) {

    public Vector {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        if (!(tolerance >= 0))
            throw new IllegalArgumentException(name + ": tolerance is " + tolerance);
    }
}
