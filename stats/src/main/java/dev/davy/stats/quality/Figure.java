package dev.davy.stats.quality;

import dev.davy.stats.Interval;
import java.util.Optional;
import java.util.OptionalDouble;

/// One number about a model, with what is needed to believe it.
///
/// @param name in the words of the field, lower case with `_`: `recall`
/// @param value empty where it is not defined: the precision of a class that was never predicted
/// @param interval where it may lie; empty where it is not defined, or nothing can be said
/// @param count examples it stands on, unweighted
/// @param definition formula and choices, in one line
public record Figure(
        String name,
        OptionalDouble value,
        Optional<Interval> interval,
        long count,
        String definition) {

    public Figure {
        if (value.isPresent() && Double.isNaN(value.getAsDouble()))
            throw new IllegalArgumentException(name + " is not a number");
        if (value.isEmpty() && interval.isPresent())
            throw new IllegalArgumentException(name + " has an interval and no value");
    }

    public static Figure of(
            String name, double value, Interval interval, long count, String definition) {
        return new Figure(name, OptionalDouble.of(value), Optional.of(interval), count, definition);
    }

    /// Without an interval where there is none; not defined where the value is not a number.
    static Figure of(
            String name, double value, Optional<Interval> interval, long count, String definition) {
        return Double.isNaN(value)
                ? undefined(name, count, definition)
                : new Figure(name, OptionalDouble.of(value), interval, count, definition);
    }

    public static Figure undefined(String name, long count, String definition) {
        return new Figure(name, OptionalDouble.empty(), Optional.empty(), count, definition);
    }

    public Figure named(String other) {
        return new Figure(other, value, interval, count, definition);
    }
}
