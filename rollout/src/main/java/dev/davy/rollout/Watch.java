package dev.davy.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// A guard as a person writes it, before it is known what traffic there is.
///
/// @param metric as [Measure#of] reads it
/// @param slices names of columns, `line=3`, or conditions
public record Watch(String metric, Allowed allowed, List<String> slices, boolean observeOnly) {
    /// Values of a column that become slices of their own; the others are in the whole only.
    static final int VALUES_MOST = 8;

    /// Where nobody says anything, in milliseconds: less than that a busy machine does to a model
    /// now and then, whichever it is.
    static final double LATENCY_LEAST = 20;

    public Watch {
        slices = List.copyOf(slices);
    }

    /// The same, allowing something else.
    Watch with(Allowed other) {
        return new Watch(metric, other, slices, observeOnly);
    }

    /// How much harm is allowed.
    public sealed interface Allowed {
        /// More than live, per request.
        record MoreThanLive(double harm) implements Allowed {}

        /// Longer than live: the larger of a time and a part of live's own.
        ///
        /// @param millis 0 where nothing is said
        /// @param part 0.5 for half as long again; 0 where nothing is said
        record LongerThanLive(double millis, double part) implements Allowed {}

        /// At all, per request.
        record AtMost(double harm) implements Allowed {}
    }

    /// What the traffic of an endpoint looks like before a rollout.
    ///
    /// @param values of columns, the most frequent first
    /// @param latencies of live in milliseconds, by the level of the quantile
    public record Facts(Map<String, List<String>> values, Map<Double, Double> latencies) {
        public static final Facts NONE = new Facts(Map.of(), Map.of());

        public Facts {
            values = Map.copyOf(values);
            latencies = Map.copyOf(latencies);
        }
    }

    /// The guard that is held.
    Guard guard(Measure measure, Facts facts, int most) {
        var all = new ArrayList<String>();
        for (var slice : slices) {
            var values = facts.values().get(slice);
            if (values == null) all.add(slice);
            else
                for (var value : values.subList(0, Math.min(VALUES_MOST, values.size())))
                    all.add(slice + "=" + value);
        }
        var held = all.stream().distinct().toList();
        return switch (allowed) {
            case Allowed.MoreThanLive(double harm) ->
                    measure instanceof Measure.Agreement
                            ? new Guard.Pairs(metric, harm, most, held, observeOnly)
                            : new Guard.Rate(metric, harm, most, held, observeOnly);
            case Allowed.LongerThanLive(double millis, double part) -> {
                double level = measure instanceof Measure.Latency(double of) ? of : 0.99;
                var live = facts.latencies().get(level);
                double margin = Math.max(millis, live == null ? 0 : part * live);
                yield new Guard.Latency(
                        metric, level, margin > 0 ? margin : LATENCY_LEAST, held, observeOnly);
            }
            case Allowed.AtMost(double harm) ->
                    new Guard.Limit(metric, harm, most, held, observeOnly);
        };
    }

    /// Reads `+0.5 points`, `20 ms`, `50%` or `max(5 ms, 50%)`.
    static final class Margins {
        private Margins() {}

        /// A part of 1; empty for what is no such thing.
        static OptionalDouble points(String text) {
            var found = text.strip().replaceFirst("\\s*points?$", "");
            return found.equals(text.strip()) ? OptionalDouble.empty() : number(found, 100);
        }

        static OptionalDouble percent(String text) {
            var stripped = text.strip();
            return stripped.endsWith("%")
                    ? number(stripped.substring(0, stripped.length() - 1), 100)
                    : OptionalDouble.empty();
        }

        private static OptionalDouble number(String text, double parts) {
            return text.matches("[+-]?[0-9]{1,9}(\\.[0-9]{1,9})?\\s*")
                    ? OptionalDouble.of(Double.parseDouble(text.strip()) / parts)
                    : OptionalDouble.empty();
        }
    }
}
