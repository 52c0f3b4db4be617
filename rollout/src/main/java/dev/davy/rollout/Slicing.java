package dev.davy.rollout;

import dev.davy.schema.Expression;
import dev.davy.schema.Schema;
import dev.davy.serving.LoggedInput;
import dev.davy.serving.Prediction;
import dev.davy.strict.Problem;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Which slices a logged prediction is in. For one thread.
final class Slicing {
    private final LongFunction<Optional<Schema>> schemas;
    private final Map<Long, Map<String, Optional<Which>>> known = new HashMap<>();

    private sealed interface Which {
        record Value(int column, String value) implements Which {}

        record Condition(Expression expression, Schema schema) implements Which {}
    }

    /// @param schemas by the hash that predictions name
    Slicing(LongFunction<Optional<Schema>> schemas) {
        this.schemas = schemas;
    }

    /// What was not kept of the inputs is in no slice.
    boolean isIn(String slice, Prediction prediction) {
        if (slice.isEmpty()) return true;
        var which =
                known.computeIfAbsent(prediction.schema(), _ -> new HashMap<>())
                        .computeIfAbsent(
                                slice,
                                _ ->
                                        schemas.apply(prediction.schema())
                                                .flatMap(of -> which(slice, of)));
        if (which.isEmpty()) return false;
        return switch (which.get()) {
            case Which.Value(int column, var value) -> {
                var is = at(prediction, column);
                yield is != null && Measure.text(is).equals(value);
            }
            case Which.Condition(var expression, var schema) ->
                    !prediction.inputs().isEmpty()
                            && expression.test(path -> LoggedInput.value(prediction, schema, path));
        };
    }

    private static Optional<Which> which(String slice, Schema schema) {
        var column = SliceReading.valueOf(slice, schema);
        if (column.isPresent())
            return Optional.of(
                    new Which.Value(
                            schema.columns().indexOf(column.get()),
                            slice.substring(slice.indexOf('=') + 1)));
        try {
            return Optional.of(
                    new Which.Condition(
                            Expression.condition(slice, schema.scope("input")), schema));
        } catch (Problem notOfThisSchema) {
            return Optional.empty();
        }
    }

    private static @Nullable Object at(Prediction prediction, int column) {
        return column < prediction.inputs().size() ? prediction.inputs().get(column) : null;
    }
}
