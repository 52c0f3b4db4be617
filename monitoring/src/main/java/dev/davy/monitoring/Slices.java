package dev.davy.monitoring;

import dev.davy.schema.Column;
import dev.davy.schema.Expression;
import dev.davy.schema.Schema;
import dev.davy.serving.LoggedInput;
import dev.davy.serving.Prediction;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which declared slices a prediction is in. For one thread.
///
/// A slice is a column, each value of which is a part of its own (`line=A`), or a condition
/// (`input.age >= 60`).
final class Slices {
    /// All values of a column that are not told apart.
    static final String OTHER = "…";

    /// A part of a window that a prediction is in.
    ///
    /// @param of empty: it is one of a few
    record In(String part, Optional<OneOfMany> of) {}

    /// A value of a column that may have any number of them: see [SliceValues].
    ///
    /// @param prefix of the parts of all values
    /// @param others the part of those that are not told apart
    record OneOfMany(String prefix, String others) {}

    private sealed interface Which {
        /// @param classes the first that are declared; empty: it may have any value
        record ByColumn(String column, List<String> classes) implements Which {}

        record Condition(String text, Expression expression) implements Which {}
    }

    private final List<String> declared;
    private final Map<Long, List<Which>> known = new HashMap<>();

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
            if (isFew(column.get()))
                return new Which.ByColumn(
                        slice, column.get().classes().stream().limit(SliceValues.MOST).toList());
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
    List<In> of(Prediction prediction, Optional<Schema> schema) {
        if (declared.isEmpty() || schema.isEmpty() || prediction.inputs().isEmpty())
            return List.of();
        var parts = new ArrayList<In>();
        for (var each : known.computeIfAbsent(prediction.schema(), _ -> which(schema.get())))
            switch (each) {
                case Which.ByColumn(var column, var classes) -> {
                    var value = LoggedInput.value(prediction, schema.get(), column);
                    if (value != null) parts.add(in(column, classes, LoggedInput.text(value)));
                }
                case Which.Condition(var text, var expression) -> {
                    if (expression.test(path -> LoggedInput.value(prediction, schema.get(), path)))
                        parts.add(new In(Part.slice(text), Optional.empty()));
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

    private static In in(String column, List<String> classes, String value) {
        var others = Part.slice(column + "=" + OTHER);
        if (classes.isEmpty())
            return new In(
                    Part.slice(column + "=" + value),
                    Optional.of(new OneOfMany(Part.slice(column + "="), others)));
        return new In(
                classes.contains(value) ? Part.slice(column + "=" + value) : others,
                Optional.empty());
    }
}
