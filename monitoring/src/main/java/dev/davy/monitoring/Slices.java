package dev.davy.monitoring;

import dev.davy.schema.Column;
import dev.davy.schema.Expression;
import dev.davy.schema.Schema;
import dev.davy.serving.LoggedInput;
import dev.davy.serving.Prediction;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which declared slices a prediction is in. For one thread.
///
/// A slice is a column, each value of which is a part of its own (`line=A`), or a condition
/// (`input.age >= 60`).
final class Slices {
    /// Of a column with more values only the first that came are told apart.
    static final int VALUES_MOST = 32;

    /// All other values of such a column.
    static final String OTHER = "…";

    private sealed interface Which {
        record ByColumn(String column) implements Which {}

        record Condition(String text, Expression expression) implements Which {}
    }

    private final List<String> declared;
    private final Map<Long, List<Which>> known = new HashMap<>();
    private final Map<String, Set<String>> values = new HashMap<>();

    Slices(List<String> declared) {
        this.declared = List.copyOf(declared);
    }

    /// @throws Problem UNACCEPTABLE if it is neither a column that can be sliced by nor a condition
    static void check(String slice, Schema schema) {
        which(slice, schema);
    }

    private static Which which(String slice, Schema schema) {
        var column = schema.column(slice);
        if (column.isPresent()) {
            if (isFew(column.get())) return new Which.ByColumn(slice);
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "slice-not-possible",
                    "Column '" + slice + "' can't be sliced by.",
                    "It is a "
                            + column.get().type().word()
                            + "; slices are values of a category, a text, a boolean or an integer.",
                    "Write a condition instead, like input.age >= 60.");
        }
        return new Which.Condition(slice, Expression.condition(slice, schema.scope("input")));
    }

    private static boolean isFew(Column column) {
        return switch (column.type()) {
            case CATEGORY, TEXT, BOOLEAN, INTEGER -> true;
            case NUMBER, TIME, IMAGE, AUDIO, VECTOR -> false;
        };
    }

    /// As parts of a window: `slice line=A`. What was not kept of the inputs is in no slice.
    List<String> of(Prediction prediction, Optional<Schema> schema) {
        if (declared.isEmpty() || schema.isEmpty() || prediction.inputs().isEmpty())
            return List.of();
        var parts = new ArrayList<String>();
        for (var each : known.computeIfAbsent(prediction.schema(), _ -> which(schema.get())))
            switch (each) {
                case Which.ByColumn(var column) -> {
                    var value = LoggedInput.value(prediction, schema.get(), column);
                    if (value != null) parts.add(part(column, LoggedInput.text(value)));
                }
                case Which.Condition(var text, var expression) -> {
                    if (expression.test(path -> LoggedInput.value(prediction, schema.get(), path)))
                        parts.add(Part.slice(text));
                }
            }
        return parts;
    }

    private List<Which> which(Schema schema) {
        var all = new ArrayList<Which>();
        for (var slice : declared)
            try {
                all.add(which(slice, schema));
            } catch (Problem notOfThisSchema) {
                // Predictions of an earlier schema are in no slice that it does not know.
            }
        return all;
    }

    private String part(String column, String value) {
        var those = values.computeIfAbsent(column, _ -> new HashSet<>());
        boolean told = those.contains(value) || those.size() < VALUES_MOST && those.add(value);
        return Part.slice(column + "=" + (told ? value : OTHER));
    }
}
