package dev.davy.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Tells of each metric of an endpoint what it said so far, and what it costs.
public final class Usages {
    private final Monitors monitors;
    private final Watching watching;
    private final Windows windows;

    public Usages(Monitors monitors, Watching watching, Windows windows) {
        this.monitors = monitors;
        this.watching = watching;
        this.windows = windows;
    }

    /// All of an endpoint.
    ///
    /// @param now the newest that it was asked about
    public record All(Instant now, List<Usage> usages) {
        public All {
            usages = List.copyOf(usages);
        }

        /// Those that were judged for so long and never had anything to say.
        public List<Usage> silentFor(Duration length) {
            return usages.stream().filter(each -> each.isSilentFor(length, now)).toList();
        }
    }

    /// What never said anything comes first, then by how often it moved.
    ///
    /// @throws dev.davy.strict.Problem NOT_FOUND `endpoint-unknown`
    public All of(String endpoint) {
        var watched = watching.watched(endpoint);
        var said = new HashMap<String, Said>();
        for (var each : monitors.said(endpoint)) said.put(each.monitor(), each);
        var bytes = bytes(endpoint, watched.plan(), watched.now());
        int priced = Judge.priced(watched.monitors());
        var usages = new ArrayList<Usage>();
        for (var monitor : watched.monitors())
            usages.add(usage(monitor, said.get(monitor.name()), bytes, priced));
        usages.sort(
                Comparator.comparingLong(Usage::alarms)
                        .thenComparingLong(Usage::bad)
                        .thenComparing(Usage::monitor));
        return new All(watched.now(), usages);
    }

    private static Usage usage(
            Monitor monitor,
            @org.jspecify.annotations.Nullable Said said,
            Map<String, Long> bytes,
            int priced) {
        var column = monitor.watch() instanceof Metric.Column it ? key(it.where(), it.name()) : "";
        boolean drift = monitor.rule() instanceof Monitor.Rule.Drift;
        var none = java.util.Optional.<Instant>empty();
        return new Usage(
                monitor.name(),
                monitor.watch().text(),
                monitor.declared(),
                said == null ? 0 : said.windows(),
                said == null ? 0 : said.bad(),
                said == null ? 0 : said.alarms(),
                said == null ? none : said.first(),
                said == null ? none : said.lastBad(),
                said == null ? none : said.lastAlarm(),
                bytes.getOrDefault(column, 0L),
                said == null || said.windows() == 0 ? 0 : said.nanos() / 1e3 / said.windows(),
                drift ? 1.0 / priced : 0);
    }

    private static String key(Metric.Where where, String name) {
        return where + " " + name;
    }

    /// How much the columns of the newest day take: its minutes, its hours, and itself.
    private Map<String, Long> bytes(String endpoint, Plan plan, Instant now) {
        var bytes = new TreeMap<String, Long>();
        var day = Span.DAY.start(now);
        for (var span : Span.values())
            for (var window :
                    windows.series(endpoint, plan.origin(), span, day, day.plus(Span.DAY.length()))
                            .values()) {
                add(bytes, Metric.Where.INPUT, window.inputs());
                add(bytes, Metric.Where.OUTPUT, window.outputs());
                add(bytes, Metric.Where.COMPONENT, window.components());
                add(bytes, Metric.Where.CONFIDENCE, Map.of("confidence", window.confidence()));
            }
        return bytes;
    }

    private static void add(
            Map<String, Long> bytes, Metric.Where where, Map<String, Measure> columns) {
        columns.forEach((name, measure) -> {
            var out = Bytes.toWrite();
            measure.write(out);
            bytes.merge(key(where, name), (long) out.written().length, Long::sum);
        });
    }
}
