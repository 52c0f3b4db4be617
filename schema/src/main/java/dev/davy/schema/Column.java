package dev.davy.schema;

import dev.davy.strict.Nearest;
import dev.davy.strict.Quote;
import java.time.Instant;
import java.util.ArrayList;
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
public record Column(
        String name,
        ColumnType type,
        boolean required,
        List<String> classes,
        LogPolicy log,
        List<Long> shape,
        Optional<Double> min,
        Optional<Double> max) {
    static final int NAME_MAX = 128;
    private static final int AXES_MAX = 8;
    private static final long ELEMENTS_MAX = 1 << 26;

    public Column {
        classes = List.copyOf(classes);
        shape = List.copyOf(shape);
        var wrong = contradictions(name, type, classes, shape, min, max);
        if (!wrong.isEmpty()) throw new IllegalArgumentException(name + ": " + wrong);
    }

    /// A required column of this type without any further conditions, logged as it is.
    public static Column of(String name, ColumnType type) {
        return new Column(
                name,
                type,
                true,
                List.of(),
                LogPolicy.KEEP,
                type == ColumnType.VECTOR ? List.of(-1L) : List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /// What doesn't fit together in a column to be, a sentence without subject each.
    static List<String> contradictions(
            String name,
            ColumnType type,
            List<String> classes,
            List<Long> shape,
            Optional<Double> min,
            Optional<Double> max) {
        var found = new ArrayList<String>();
        if (name.isBlank() || name.length() > NAME_MAX || name.chars().anyMatch(Column::unsayable))
            found.add(
                    "must have a name of 1 to "
                            + NAME_MAX
                            + " characters without control characters");
        found.addAll(Classes.contradictions(classes));
        if (!classes.isEmpty() && type != ColumnType.CATEGORY)
            found.add("is " + type.word() + "; only a category has classes");
        boolean number = type == ColumnType.NUMBER || type == ColumnType.INTEGER;
        if (!number && (min.isPresent() || max.isPresent()))
            found.add("is " + type.word() + "; only numbers and integers have min and max");
        if (min.isPresent() && max.isPresent() && min.get() > max.get())
            found.add("has a min of " + said(min.get()) + " above its max of " + said(max.get()));
        switch (type) {
            case VECTOR -> vectorShape(shape, found);
            case IMAGE -> {
                if (shape.size() > 1
                        || !shape.isEmpty() && (shape.getFirst() < 1 || shape.getFirst() > 4))
                    found.add("has channels " + shape + "; an image has 1 to 4");
            }
            case NUMBER, INTEGER, CATEGORY, TEXT, BOOLEAN, TIME, AUDIO -> {
                if (!shape.isEmpty())
                    found.add("is " + type.word() + "; only a vector has a shape");
            }
        }
        return found;
    }

    private static void vectorShape(List<Long> shape, List<String> found) {
        if (shape.isEmpty() || shape.size() > AXES_MAX) {
            found.add("is a vector and needs a shape of 1 to " + AXES_MAX + " axes");
            return;
        }
        double elements = 1;
        for (long axis : shape) {
            if (axis < 1 && axis != -1)
                found.add("has an axis of " + axis + "; an axis is at least 1, or -1 if it varies");
            elements *= Math.max(1, axis);
        }
        if (elements > ELEMENTS_MAX)
            found.add("has a shape of more than " + ELEMENTS_MAX + " numbers");
    }

    private static boolean unsayable(int c) {
        return Character.isISOControl(c);
    }

    /// What is wrong with a value of this column, in one sentence that names the column; empty when
    /// nothing is. Missing values are [Schema#violations]' business.
    public Optional<String> violation(Object value) {
        return switch (type) {
            case NUMBER ->
                    switch (value) {
                        case Double number when Double.isFinite(number) -> outside(number);
                        case Double _ ->
                                wrong(
                                        value,
                                        "must be a finite number; leave it out where it is unknown");
                        case Long number -> outside(number);
                        default -> wrong(value, "must be a number");
                    };
            case INTEGER ->
                    value instanceof Long number
                            ? outside(number)
                            : wrong(value, "must be a whole number");
            case CATEGORY ->
                    value instanceof String text ? unlisted(text) : wrong(value, "must be a text");
            case TEXT ->
                    value instanceof String ? Optional.empty() : wrong(value, "must be a text");
            case BOOLEAN ->
                    value instanceof Boolean
                            ? Optional.empty()
                            : wrong(value, "must be true or false");
            case TIME ->
                    value instanceof Instant ? Optional.empty() : wrong(value, "must be a time");
            case IMAGE -> file(value, "image/", "must be an image file");
            case AUDIO -> file(value, "audio/", "must be an audio file");
            case VECTOR ->
                    switch (value) {
                        case float[] numbers ->
                                misshapen(numbers.length).or(() -> infinite(numbers));
                        case double[] numbers ->
                                misshapen(numbers.length).or(() -> infinite(numbers));
                        default -> wrong(value, "must be a list of numbers");
                    };
        };
    }

    private Optional<String> wrong(Object value, String must) {
        return Optional.of("column " + Quote.of(name) + " is " + said(value) + "; it " + must);
    }

    private Optional<String> outside(double number) {
        if (min.isPresent() && number < min.get())
            return wrong(number, "must be at least " + said(min.get()));
        if (max.isPresent() && number > max.get())
            return wrong(number, "must be at most " + said(max.get()));
        return Optional.empty();
    }

    private Optional<String> unlisted(String text) {
        if (classes.isEmpty() || classes.contains(text)) return Optional.empty();
        var hint = Nearest.hint(text, classes);
        return wrong(
                text,
                "must be one of " + Classes.said(classes) + (hint.isEmpty() ? "" : ". " + hint));
    }

    private Optional<String> file(Object value, String prefix, String must) {
        return value instanceof Media media && media.contentType().startsWith(prefix)
                ? Optional.empty()
                : wrong(value, must);
    }

    private Optional<String> misshapen(int length) {
        long fixed = shape.stream().filter(axis -> axis != -1).reduce(1L, (a, b) -> a * b);
        boolean varies = shape.contains(-1L);
        if (varies ? length > 0 && length % fixed == 0 : length == fixed) return Optional.empty();
        return Optional.of(
                "column %s has %d numbers; its shape %s holds %s%d"
                        .formatted(
                                Quote.of(name),
                                length,
                                shape,
                                varies ? "a multiple of " : "",
                                fixed));
    }

    private Optional<String> infinite(float[] numbers) {
        for (int i = 0; i < numbers.length; i++)
            if (!Float.isFinite(numbers[i])) return infinite(i, numbers[i]);
        return Optional.empty();
    }

    private Optional<String> infinite(double[] numbers) {
        for (int i = 0; i < numbers.length; i++)
            if (!Double.isFinite(numbers[i])) return infinite(i, numbers[i]);
        return Optional.empty();
    }

    private Optional<String> infinite(int index, double number) {
        return Optional.of(
                "column %s holds %s at index %d; its numbers must be finite"
                        .formatted(Quote.of(name), number, index));
    }

    static String said(Object value) {
        return switch (value) {
            case String text -> "the text " + Quote.of(text);
            case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
                    Long.toString(number.longValue());
            case float[] numbers -> "a list of " + numbers.length + " numbers";
            case double[] numbers -> "a list of " + numbers.length + " numbers";
            default -> value.toString();
        };
    }
}
