package dev.davy.schema;

import java.util.Locale;
import java.util.Optional;

/// What a column holds. Its [#word] is how it is written: `type: category`.
public enum ColumnType {
    /// A finite double; in a row a `Double` or a `Long`.
    NUMBER,
    /// A whole number of 64 bits; in a row a `Long`.
    INTEGER,
    /// One of a few texts, [Column#classes] where they are known; in a row a `String`.
    CATEGORY,
    /// Any text; in a row a `String`.
    TEXT,
    /// In a row a `Boolean`.
    BOOLEAN,
    /// An instant; in a row an `Instant`. Microseconds count, finer digits don't.
    TIME,
    /// An image file; in a row a [Media] of type `image/*`.
    IMAGE,
    /// An audio file; in a row a [Media] of type `audio/*`.
    AUDIO,
    /// Numbers in a [Column#shape]; in a row a `float[]` or `double[]`, row-major.
    VECTOR;

    /// The type as it is written in JSON and YAML, `category` for instance.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// As what an [Expression] reads a column of this type; empty for images, audio and vectors, of
    /// which no condition can speak.
    public Optional<Expression.Type> inExpressions() {
        return switch (this) {
            case NUMBER, INTEGER -> Optional.of(Expression.Type.NUMBER);
            case CATEGORY, TEXT -> Optional.of(Expression.Type.TEXT);
            case BOOLEAN -> Optional.of(Expression.Type.BOOLEAN);
            case TIME -> Optional.of(Expression.Type.TIME);
            case IMAGE, AUDIO, VECTOR -> Optional.empty();
        };
    }
}
