package dev.davy.stats.drift;

import java.util.LinkedHashMap;
import java.util.Map;

/// The numbers of a column, or some of them that were drawn so that each had the same chance
/// (Vitter 1985, algorithm R).
///
/// @param values those that were drawn
/// @param of how many there were
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record Drawn(double[] values, long of) {
    public Drawn {
        if (values.length > of)
            throw new IllegalArgumentException(values.length + " drawn of " + of);
    }

    public static Drawn all(double[] values) {
        return new Drawn(values, values.length);
    }

    /// For how many numbers one of them stands.
    double each() {
        return values.length == of ? 1 : (double) of / values.length;
    }

    private boolean some() {
        return values.length < of;
    }

    /// Empty where all numbers are there.
    static Map<String, Object> definition(Drawn reference, Drawn current) {
        var definition = new LinkedHashMap<String, Object>();
        if (reference.some()) definition.put("drawn-from-reference", reference.words());
        if (current.some()) definition.put("drawn-from-current", current.words());
        return definition;
    }

    private String words() {
        return "%d of %d numbers, each with the same chance".formatted(values.length, of);
    }
}
