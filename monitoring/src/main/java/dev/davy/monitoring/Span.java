package dev.davy.monitoring;

import java.time.Duration;
import java.time.Instant;

/// How long a stored window is.
public enum Span {
    MINUTE(Duration.ofMinutes(1)),
    HOUR(Duration.ofHours(1)),
    DAY(Duration.ofDays(1));

    private final Duration length;

    Span(Duration length) {
        this.length = length;
    }

    public Duration length() {
        return length;
    }

    /// The beginning of the window that holds a moment; days are those of UTC.
    public Instant start(Instant moment) {
        long seconds = length.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(moment.getEpochSecond(), seconds) * seconds);
    }

    /// The next shorter one; minutes have none.
    Span finer() {
        return switch (this) {
            case DAY -> HOUR;
            case HOUR -> MINUTE;
            case MINUTE -> throw new IllegalStateException("nothing is finer than a minute");
        };
    }
}
