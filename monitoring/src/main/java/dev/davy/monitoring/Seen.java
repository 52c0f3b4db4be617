package dev.davy.monitoring;

import java.time.Instant;
import java.util.Optional;

/// What is known of a stretch: what was predicted, and what came to be known of it.
record Seen(Instant from, Window window, Quality quality) {
    /// What was seen of a column; empty where it did not come.
    Optional<Measure> measure(Metric.Column column) {
        return Optional.ofNullable(
                switch (column.where()) {
                    case INPUT -> window.inputs().get(column.name());
                    case OUTPUT -> window.outputs().get(column.name());
                    case COMPONENT, SOFTWARE -> window.components().get(column.name());
                    case CONFIDENCE -> window.confidence();
                    case LATENCY -> window.latency();
                });
    }

    Seen merge(Seen that) {
        return new Seen(
                from.isBefore(that.from) ? from : that.from,
                window.merge(that.window),
                quality.merge(that.quality));
    }
}
