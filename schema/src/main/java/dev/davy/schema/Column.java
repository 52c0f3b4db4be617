package dev.davy.schema;

import java.util.List;
import java.util.Optional;

/// One column of a [Schema].
///
/// @param name 1 to 128 characters without control characters
/// @param required whether each row must have it
/// @param classes the texts that a `category` may be; empty when any text may
/// @param log how it goes into the prediction log
/// @param shape of a `vector`: its axes, -1 where one varies; of an `image`: `[channels]`, or empty
///   when any number will do; else empty
/// @param min the smallest value of a `number` or `integer`, itself allowed
/// @param max the largest value of a `number` or `integer`, itself allowed
@SuppressWarnings("DoNotCallSuggester") // bodies follow
public record Column(
        String name,
        ColumnType type,
        boolean required,
        List<String> classes,
        LogPolicy log,
        List<Long> shape,
        Optional<Double> min,
        Optional<Double> max) {
    public Column {
        classes = List.copyOf(classes);
        shape = List.copyOf(shape);
    }

    /// A required column of this type without any further conditions, logged as it is.
    public static Column of(String name, ColumnType type) {
        return new Column(
                name,
                type,
                true,
                List.of(),
                LogPolicy.KEEP,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /// What is wrong with a value of this column, in one sentence that names the column; empty when
    /// nothing is. Missing values are [Schema#violations]' business.
    public Optional<String> violation(Object value) {
        throw new IllegalStateException("not there yet");
    }
}
