package dev.davy.review.explain;

import dev.davy.serving.LoggedInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is usual of a column among recent rows.
final class Usual {
    /// Of those in between, nine of ten are.
    private static final double LOW = 0.05;

    private static final double HIGH = 0.95;

    private Usual() {}

    /// How a value stands among recent ones.
    sealed interface Place {
        /// A number.
        ///
        /// @param percentile the share of recent values below it, those like it counted half
        /// @param low nineteen of twenty recent values are at least this
        /// @param high nineteen of twenty are at most this
        record Among(double percentile, double low, double high) implements Place {}

        /// Anything else, and what is missing.
        ///
        /// @param share of recent rows that have the same
        /// @param commonest what most of them have
        record Same(double share, String commonest) implements Place {}
    }

    /// @param value null: missing
    /// @param recent of the same column
    static Optional<Place> place(@Nullable Object value, List<@Nullable Object> recent) {
        if (recent.isEmpty()) return Optional.empty();
        var numbers = new ArrayList<Double>();
        for (var each : recent)
            if (each instanceof Number number) numbers.add(number.doubleValue());
        return Optional.of(
                value instanceof Number number && !numbers.isEmpty()
                        ? among(number.doubleValue(), numbers)
                        : same(value, recent));
    }

    private static Place.Among among(double value, List<Double> numbers) {
        Collections.sort(numbers);
        double below = 0;
        for (double each : numbers) below += each < value ? 1 : each == value ? 0.5 : 0;
        return new Place.Among(below / numbers.size(), at(numbers, LOW), at(numbers, HIGH));
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }

    private static Place.Same same(@Nullable Object value, List<@Nullable Object> recent) {
        var counts = new HashMap<String, Integer>();
        for (var each : recent) counts.merge(text(each), 1, Integer::sum);
        var commonest =
                counts.entrySet().stream()
                        .max(
                                Map.Entry.<String, Integer>comparingByValue()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .map(Map.Entry::getKey)
                        .orElse("");
        return new Place.Same(
                counts.getOrDefault(text(value), 0) / (double) recent.size(), commonest);
    }

    static String text(@Nullable Object value) {
        return value == null ? "missing" : LoggedInput.text(value);
    }
}
