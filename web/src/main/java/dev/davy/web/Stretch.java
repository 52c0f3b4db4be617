package dev.davy.web;

import dev.davy.monitoring.Span;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// How far back a page looks.
public enum Stretch {
    QUARTER("15m", "15 minutes", Duration.ofMinutes(15), Duration.ofMinutes(1), Span.MINUTE),
    HOUR("1h", "hour", Duration.ofHours(1), Duration.ofMinutes(1), Span.MINUTE),
    SHIFT("6h", "6 hours", Duration.ofHours(6), Duration.ofMinutes(5), Span.MINUTE),
    DAY("24h", "24 hours", Duration.ofHours(24), Duration.ofMinutes(15), Span.MINUTE),
    WEEK("7d", "7 days", Duration.ofDays(7), Duration.ofHours(2), Span.HOUR),
    MONTH("30d", "30 days", Duration.ofDays(30), Duration.ofHours(6), Span.HOUR);

    private final String word;
    private final String said;
    private final Duration length;
    private final Duration step;
    private final Span span;

    Stretch(String word, String said, Duration length, Duration step, Span span) {
        this.word = word;
        this.said = said;
        this.length = length;
        this.step = step;
        this.span = span;
    }

    /// In addresses: `1h`.
    public String word() {
        return word;
    }

    /// In sentences: "in the last `hour`".
    public String said() {
        return said;
    }

    public Duration length() {
        return length;
    }

    /// The distance of two points in a chart.
    Duration step() {
        return step;
    }

    Span span() {
        return span;
    }

    public static List<Stretch> all() {
        return List.of(values());
    }

    /// The stretch of this word; an hour for any other.
    static Stretch of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word))
                .findFirst()
                .orElse(HOUR);
    }
}
