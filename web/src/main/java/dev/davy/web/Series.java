package dev.davy.web;

import dev.davy.monitoring.Window;
import dev.davy.monitoring.Windows;
import dev.davy.serving.Origin;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.strict.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The lines of the charts of an endpoint's page, over one time axis.
final class Series {
    private static final int MARKS = 100;

    private final Windows windows;
    private final Events events;

    Series(Windows windows, Events events) {
        this.windows = windows;
        this.events = events;
    }

    /// Times in milliseconds since 1970; where nothing is known stands null, not zero.
    ObjectNode json(String endpoint, Stretch stretch, Instant now) {
        long step = stretch.step().toSeconds();
        long first = Math.floorDiv(now.minus(stretch.length()).getEpochSecond(), step) * step;
        var from = Instant.ofEpochSecond(first);
        var points = new TreeMap<Long, Window>();
        windows.series(endpoint, Origin.LIVE, stretch.span(), from, now)
                .forEach((start, window) ->
                        points.merge(
                                Math.floorDiv(start.getEpochSecond(), step) * step,
                                window,
                                Window::merge));
        var json = Json.object();
        json.put("step", step * 1000);
        var times = json.putArray("times");
        var traffic = json.putArray("traffic");
        var failed = json.putArray("failed");
        var p50 = json.putArray("p50");
        var p99 = json.putArray("p99");
        var confidence = json.putArray("confidence");
        for (long at = first; at <= now.getEpochSecond(); at += step) {
            var window = points.get(at);
            double seconds = Math.clamp(now.toEpochMilli() / 1000.0 - at, 1, (double) step);
            times.add(at * 1000);
            // The step that is not over may not have been counted yet.
            if (window == null && at + step > now.getEpochSecond()) {
                traffic.addNull();
                failed.addNull();
            } else {
                traffic.add(window == null ? 0 : round(window.predictions() / seconds));
                failed.add(window == null ? 0 : round(window.failed() / seconds));
            }
            add(p50, window, 0.5);
            add(p99, window, 0.99);
            var sure = window == null ? OptionalDouble.empty() : window.confidence().quantile(0.5);
            if (sure.isPresent()) confidence.add(round(sure.getAsDouble()));
            else confidence.addNull();
        }
        marks(json.putArray("marks"), endpoint, from);
        var gaps = json.putArray("incomplete");
        for (var gap : windows.incomplete(from, now))
            gaps.addArray()
                    .add(gap.since().toEpochMilli())
                    .add(gap.until().plus(Duration.ofSeconds(1)).toEpochMilli());
        return json;
    }

    private static void add(
            ArrayNode to, @org.jspecify.annotations.Nullable Window window, double share) {
        var at = window == null ? OptionalDouble.empty() : window.latency().quantile(share);
        if (at.isPresent()) to.add(round(at.getAsDouble()));
        else to.addNull();
    }

    /// To four significant digits: a chart shows no more.
    private static double round(double number) {
        if (number == 0 || !Double.isFinite(number)) return 0;
        double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(number))) - 3);
        return Math.round(number / unit) * unit;
    }

    private void marks(ArrayNode marks, String endpoint, Instant from) {
        for (Event event : events.of("endpoint", endpoint, Optional.empty(), MARKS)) {
            if (event.at().isBefore(from)) continue;
            marks.addObject()
                    .put("at", event.at().toEpochMilli())
                    .put("what", event.what())
                    .put("who", event.who())
                    .put("why", event.why());
        }
    }
}
