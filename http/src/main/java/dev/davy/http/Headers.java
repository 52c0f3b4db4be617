package dev.davy.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A request's header fields. Names are looked up without regard to case.
///
/// @param fields by name in lower case; each with its values in the order in which they came
public record Headers(Map<String, List<String>> fields) {
    public static final Headers NONE = new Headers(Map.of());

    public Headers {
        var lower = new TreeMap<String, List<String>>();
        fields.forEach(
                (name, values) -> lower.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        fields = Map.copyOf(lower);
    }

    /// The first value of this field.
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    public List<String> all(String name) {
        return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }
}
