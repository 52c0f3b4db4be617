package dev.davy.monitoring;

import dev.davy.serving.Origin;
import dev.davy.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was seen of an endpoint, in windows of its plan's length.
final class History {
    private final Database database;
    private final Windows windows;
    private final Truths truths;
    private final Software software;

    History(Database database, Windows windows, Truths truths, Software software) {
        this.software = software;
        this.database = database;
        this.windows = windows;
        this.truths = truths;
    }

    /// The windows from a moment on and before another in which anything was predicted.
    List<Seen> windows(String endpoint, Plan plan, Instant from, Instant to) {
        return windows(endpoint, plan, "", from, to);
    }

    /// The same of a part; all of it where that is empty.
    List<Seen> windows(String endpoint, Plan plan, String part, Instant from, Instant to) {
        var seen = seen(endpoint, plan, part, from, to);
        if (part.isEmpty() && plan.watchesSoftware())
            busy(endpoint, plan, from, to)
                    .forEach((at, busy) -> seen.computeIfPresent(at, (_, had) -> had.merge(busy)));
        var list = new ArrayList<Seen>();
        for (var each : seen.values()) if (!each.window().isEmpty()) list.add(each);
        return list;
    }

    /// How busy the machine and the models were, whether anything was predicted or not.
    SortedMap<Instant, Seen> busy(String endpoint, Plan plan, Instant from, Instant to) {
        var busy = new TreeMap<Instant, Seen>();
        // It is of the clock, and what is replayed has a time of its own.
        if (plan.origin() != Origin.LIVE || !from.isBefore(to)) return busy;
        software.series(endpoint, span(plan.window()), from, to)
                .forEach((start, window) -> {
                    var at = plan.start(start);
                    busy.merge(at, new Seen(at, window, Quality.EMPTY), Seen::merge);
                });
        return busy;
    }

    private SortedMap<Instant, Seen> seen(
            String endpoint, Plan plan, String part, Instant from, Instant to) {
        var seen = new TreeMap<Instant, Seen>();
        if (!from.isBefore(to)) return seen;
        var span = span(plan.window());
        windows.series(endpoint, plan.origin(), part, span, from, to)
                .forEach((start, window) -> {
                    var at = plan.start(start);
                    seen.merge(at, new Seen(at, window, Quality.EMPTY), Seen::merge);
                });
        truths.series(endpoint, plan.origin(), part, span, from, to)
                .forEach((start, quality) -> {
                    var at = plan.start(start);
                    seen.merge(at, new Seen(at, Window.EMPTY, quality), Seen::merge);
                });
        return seen;
    }

    /// The hours of a stretch whose minutes are forgotten.
    List<Seen> hours(String endpoint, Plan plan, String part, Instant from, Instant to) {
        var hourly =
                new Plan(
                        Span.HOUR.length(),
                        plan.origin(),
                        plan.reference(),
                        plan.falseAlarms(),
                        plan.truthWithin(),
                        plan.slices(),
                        plan.metrics(),
                        plan.monitors());
        return windows(endpoint, hourly, part, Span.HOUR.start(from), to);
    }

    /// The longest stored windows of which these are made.
    private static Span span(Duration window) {
        if (window.toSeconds() % Span.DAY.length().toSeconds() == 0) return Span.DAY;
        return window.toSeconds() % Span.HOUR.length().toSeconds() == 0 ? Span.HOUR : Span.MINUTE;
    }

    /// The beginning of the first window.
    Optional<Instant> oldest(String endpoint, Plan plan) {
        return database.read(handle ->
                        AlarmTable.judged(handle, endpoint, plan.origin(), AlarmTable.What.BEGIN))
                .or(() -> windows.oldest(endpoint, plan.origin()))
                .map(plan::start);
    }

    /// The same of a part; of all where that is empty.
    Optional<Instant> oldest(String endpoint, Plan plan, String part) {
        return part.isEmpty()
                ? oldest(endpoint, plan)
                : windows.oldest(endpoint, plan.origin(), part).map(plan::start);
    }

    /// The arm that answers callers: with the version that most of a window's predictions were
    /// answered by; empty where all of what was seen so far has one version.
    Optional<String> liveArm(String endpoint, Plan plan, Instant from, Instant to) {
        var arms =
                windows.parts(endpoint, plan.origin(), Instant.EPOCH, to).stream()
                        .filter(part -> !part.isEmpty() && !Part.isSlice(part))
                        .toList();
        if (arms.size() < 2) return Optional.empty();
        String most = null;
        long count = 0;
        for (var arm : arms) {
            if (!arm.startsWith("live ")) continue;
            long here = windows.over(endpoint, plan.origin(), arm, from, to).predictions();
            if (here > count) {
                most = arm;
                count = here;
            }
        }
        return Optional.ofNullable(most);
    }

    /// The minute of the newest prediction's time.
    Optional<Instant> newest(String endpoint, Origin origin) {
        return windows.newestMinute(endpoint, origin);
    }
}
