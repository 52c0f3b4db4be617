package dev.davy.monitoring;

import dev.davy.serving.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// What was seen of an endpoint, in windows of its plan's length.
final class History {
    private final Windows windows;
    private final Truths truths;

    History(Windows windows, Truths truths) {
        this.windows = windows;
        this.truths = truths;
    }

    /// The windows from a moment on and before another in which anything was predicted.
    List<Seen> windows(String endpoint, Plan plan, Instant from, Instant to) {
        return windows(endpoint, plan, "", from, to);
    }

    /// The same of a part; all of it where that is empty.
    List<Seen> windows(String endpoint, Plan plan, String part, Instant from, Instant to) {
        if (!from.isBefore(to)) return List.of();
        var span = span(plan.window());
        var seen = new TreeMap<Instant, Seen>();
        var predicted =
                part.isEmpty()
                        ? windows.series(endpoint, plan.origin(), span, from, to)
                        : windows.series(endpoint, plan.origin(), part, span, from, to);
        var known =
                part.isEmpty()
                        ? truths.series(endpoint, plan.origin(), span, from, to)
                        : truths.series(endpoint, plan.origin(), part, span, from, to);
        predicted.forEach((start, window) -> {
            var at = plan.start(start);
            seen.merge(at, new Seen(at, window, Quality.EMPTY), Seen::merge);
        });
        known.forEach((start, quality) -> {
            var at = plan.start(start);
            seen.merge(at, new Seen(at, Window.EMPTY, quality), Seen::merge);
        });
        var list = new ArrayList<Seen>();
        for (var each : seen.values()) if (!each.window().isEmpty()) list.add(each);
        return list;
    }

    /// The longest stored windows of which these are made.
    private static Span span(Duration window) {
        if (window.toSeconds() % Span.DAY.length().toSeconds() == 0) return Span.DAY;
        return window.toSeconds() % Span.HOUR.length().toSeconds() == 0 ? Span.HOUR : Span.MINUTE;
    }

    /// The beginning of the first window.
    Optional<Instant> oldest(String endpoint, Plan plan) {
        return windows.oldest(endpoint, plan.origin()).map(plan::start);
    }

    /// The minute of the newest prediction's time.
    Optional<Instant> newest(String endpoint, Origin origin) {
        return windows.newestMinute(endpoint, origin);
    }
}
