package dev.davy.monitoring.pipeline;

import java.time.Instant;

/// A half-open stretch of event time.
public record Stretch(Instant from, Instant to) {
    public Stretch {
        if (!from.isBefore(to))
            throw new IllegalArgumentException("a stretch from " + from + " to " + to);
    }

    boolean holds(Instant time) {
        return !time.isBefore(from) && time.isBefore(to);
    }
}
