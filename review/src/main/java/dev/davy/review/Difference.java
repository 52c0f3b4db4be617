package dev.davy.review;

import dev.davy.stats.Interval;
import dev.davy.stats.quality.Figure;
import java.util.Optional;

/// How far one share lies above another, with an interval made of the intervals of both (Newcombe
/// 1998, method 10; Zou and Donner 2008 for intervals of any kind).
public record Difference(double value, Interval interval) {
    /// Empty where one of the two is not defined.
    static Optional<Difference> of(Figure first, Figure second) {
        if (first.interval().isEmpty() || second.interval().isEmpty()) return Optional.empty();
        double a = first.value().orElseThrow();
        double b = second.value().orElseThrow();
        var one = first.interval().get();
        var other = second.interval().get();
        return Optional.of(
                new Difference(
                        a - b,
                        new Interval(
                                a - b - Math.hypot(a - one.low(), other.high() - b),
                                a - b + Math.hypot(one.high() - a, b - other.low()),
                                one.confidence(),
                                "Newcombe")));
    }
}
