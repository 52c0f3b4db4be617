package dev.davy.monitoring.pipeline;

import dev.davy.serving.Prediction.ComponentAnswer;
import dev.davy.serving.Prediction.Numbers;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// When two answers are the same: the same texts, and numbers that are equal but for the rounding
/// of another processor or another number of rows in the run.
final class Sameness {
    /// Of the larger of the two numbers and 1.
    static final double TOLERANCE = 1e-3;

    private Sameness() {}

    /// Scores are not looked at: what later components and callers go by are values and confidence.
    static boolean same(ComponentAnswer one, ComponentAnswer other) {
        return one.skipped() == other.skipped()
                && one.failure().equals(other.failure())
                && same(one.values(), other.values())
                && same(one.confidence(), other.confidence());
    }

    static boolean same(
            Map<String, ? extends @Nullable Object> one,
            Map<String, ? extends @Nullable Object> other) {
        // A missing output is left out, or there without a value.
        return one.keySet().stream().allMatch(name -> same(one.get(name), other.get(name)))
                && other.keySet().stream().allMatch(name -> same(one.get(name), other.get(name)));
    }

    private static boolean same(OptionalDouble one, OptionalDouble other) {
        return one.isPresent() == other.isPresent()
                && (one.isEmpty() || near(one.getAsDouble(), other.getAsDouble()));
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number a && other instanceof Number b)
            return near(a.doubleValue(), b.doubleValue());
        if (one instanceof Numbers(var _, var a) && other instanceof Numbers(var _, var b)) {
            if (a.size() != b.size()) return false;
            for (int i = 0; i < a.size(); i++)
                if (!near(a.get(i).doubleValue(), b.get(i).doubleValue())) return false;
            return true;
        }
        if (one == null || other == null) return one == null && other == null;
        return text(one).equals(text(other));
    }

    /// A rule's truth is logged as a text.
    private static Object text(Object value) {
        return value instanceof Boolean flag ? flag.toString() : value;
    }

    private static boolean near(double a, double b) {
        if (Double.compare(a, b) == 0) return true;
        return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
    }
}
