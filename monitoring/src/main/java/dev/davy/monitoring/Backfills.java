package dev.davy.monitoring;

import dev.davy.serving.past.Traffic;
import dev.davy.storage.Database;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;

/// Counts a declared metric over what was predicted before it was declared, into the windows that
/// are there. Nothing is judged again, so nothing rings for the past.
public final class Backfills {
    /// Whoever is late is counted by then.
    private static final Duration LATENESS = Duration.ofMinutes(10);

    /// An event may have a time that is so far ahead of when it was received.
    private static final Duration AHEAD = Duration.ofDays(1);

    private final Database database;
    private final Declared declared;
    private final Windows windows;
    private final Traffic traffic;
    private final InstantSource clock;

    public Backfills(
            Database database,
            Declared declared,
            Windows windows,
            Traffic traffic,
            InstantSource clock) {
        this.database = database;
        this.declared = declared;
        this.windows = windows;
        this.traffic = traffic;
        this.clock = clock;
    }

    /// A stretch of event time, to whole hours, over which a metric is to be counted.
    record Stretch(String endpoint, Plan.Custom metric, Instant from, Instant to) {}

    /// What was counted.
    ///
    /// @param rows predictions of the stretch
    /// @param filled windows that hold the metric now and did not before, or not whole
    /// @param left windows of the stretch that are not stored, or whose traffic is still being
    ///   counted
    public record Filled(long rows, long filled, long left) {}

    /// That a metric was counted over the past.
    public record Past(String metric, Instant from, Instant to, Instant at, String who) {}

    /// @param from empty: as far back as there are windows
    /// @param to empty: up to the hour that is over
    /// @throws Problem NOT_FOUND `endpoint-unknown`, `metric-not-declared`; UNACCEPTABLE
    ///   `stretch-empty`
    Stretch stretch(String endpoint, String metric, Optional<Instant> from, Optional<Instant> to) {
        var plan =
                Optional.ofNullable(declared.plans().get(endpoint))
                        .orElseThrow(() -> Watching.unknown(endpoint));
        var name = metric.startsWith("metric.") ? metric.substring(7) : metric;
        var custom =
                plan.metrics().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> notDeclared(endpoint, name, plan));
        var over = Span.HOUR.start(clock.instant().minus(LATENESS));
        var end = to.map(Span.HOUR::start).filter(each -> each.isBefore(over)).orElse(over);
        var begin =
                from.or(() -> windows.oldest(endpoint, plan.origin()))
                        .map(Span.HOUR::start)
                        .orElse(end);
        if (!begin.isBefore(end))
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "stretch-empty",
                    "There is nothing to count '" + name + "' over.",
                    "Counting goes by whole hours that are over, here from %s to %s."
                            .formatted(begin, end),
                    "Choose an earlier --from, or wait until the hour is over.");
        return new Stretch(endpoint, custom, begin, end);
    }

    private static Problem notDeclared(String endpoint, String name, Plan plan) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "metric-not-declared",
                "'" + endpoint + "' declares no metric '" + name + "'.",
                "It declares "
                        + (plan.metrics().isEmpty()
                                ? "none"
                                : plan.metrics().stream().map(Plan.Custom::name).toList())
                        + ".",
                "Declare it under 'metrics' and apply the endpoint first.");
    }

    /// @param seen is told how many predictions were looked at
    /// @param stops whether it should end before it is done: then nothing is written
    Optional<Filled> fill(Stretch of, String who, LongConsumer seen, BooleanSupplier stops) {
        var now = clock.instant();
        var counting = counting(of, now);
        long[] looked = {0};
        traffic.read(
                of.endpoint,
                earliest(of.from.minus(AHEAD)),
                now,
                logged -> {
                    counting.take(logged.prediction());
                    seen.accept(++looked[0]);
                    return !stops.getAsBoolean();
                });
        if (stops.getAsBoolean()) return Optional.empty();
        var tally = new Tally();
        counting.byDay()
                .forEach((day, columns) -> {
                    var changed = database.write(handle -> store(handle, of, columns, tally));
                    windows.changed(changed);
                });
        database.write(handle -> {
            MetricTable.put(
                    handle, of.endpoint, new Past(of.metric.name(), of.from, of.to, now, who));
            return true;
        });
        return Optional.of(new Filled(counting.rows(), tally.filled, tally.left));
    }

    private Backfilling counting(Stretch of, Instant now) {
        var plan = declared.plans().get(of.endpoint);
        var origin = plan == null ? dev.davy.serving.Origin.LIVE : plan.origin();
        var newest = windows.newestMinute(of.endpoint, origin).orElse(now);
        return new Backfilling(
                of,
                declared.outputs(of.endpoint),
                new Slices(declared.slices(of.endpoint)),
                declared::schema,
                newest.minus(Windows.MINUTES_KEPT));
    }

    /// A year that no calendar of a database has.
    private static Instant earliest(Instant at) {
        return at.isBefore(Instant.EPOCH) ? Instant.EPOCH : at;
    }

    private static final class Tally {
        long filled;
        long left;
    }

    /// One day: its minutes and hours, and then itself, which is its hours.
    private static List<Kept.Key> store(
            Handle handle, Stretch of, Map<Kept.Key, Backfilling.Counted> columns, Tally tally) {
        var name = "metric." + of.metric.name();
        var stored = WindowTable.WINDOWS.get(handle, columns.keySet());
        var placed = new LinkedHashMap<Kept.Key, Measure>();
        columns.forEach((key, counted) -> {
            var at = stored.containsKey(key) ? key : counted.others().map(key::of).orElse(key);
            placed.merge(at, counted.measure(), Measure::merge);
        });
        var others = placed.keySet().stream().filter(key -> !stored.containsKey(key)).toList();
        var all = new LinkedHashMap<>(stored);
        all.putAll(WindowTable.WINDOWS.get(handle, others));
        var changes = new LinkedHashMap<Kept.Key, Window>();
        placed.forEach((key, measure) -> {
            var window = all.get(key);
            // What is not counted yet will be, and with it the metric.
            if (window == null || measure.count() > window.predictions()) tally.left++;
            else if (count(window, name) < measure.count())
                changes.put(key, window.withComponent(name, measure));
        });
        tally.filled += changes.size();
        WindowTable.WINDOWS.put(handle, changes);
        days(handle, name, changes);
        return List.copyOf(changes.keySet());
    }

    private static void days(Handle handle, String name, Map<Kept.Key, Window> changes) {
        var hours = new TreeMap<Long, Kept.Key>();
        var days = new LinkedHashMap<Kept.Key, Window>();
        for (var key : changes.keySet())
            if (key.span() == Span.HOUR) days.putIfAbsent(key.in(Span.DAY), Window.EMPTY);
        for (var day : days.keySet()) {
            hours.clear();
            for (int i = 0; i < 24; i++) {
                long start = day.start() + i * Span.HOUR.length().toSeconds();
                hours.put(
                        start,
                        new Kept.Key(
                                day.endpoint(),
                                day.origin(),
                                day.part(),
                                Span.HOUR,
                                start,
                                day.node()));
            }
            Measure whole = null;
            for (var hour : WindowTable.WINDOWS.get(handle, hours.values()).values()) {
                var column = hour.components().get(name);
                if (column != null) whole = whole == null ? column : whole.merge(column);
            }
            var had = WindowTable.WINDOWS.get(handle, day);
            if (whole != null && had.isPresent())
                WindowTable.WINDOWS.put(handle, Map.of(day, had.get().withComponent(name, whole)));
        }
    }

    private static long count(Window window, String name) {
        var column = window.components().get(name);
        return column == null ? 0 : column.count();
    }

    /// What was counted over the past of an endpoint, newest first.
    public List<Past> of(String endpoint) {
        return database.read(handle -> MetricTable.of(handle, endpoint));
    }
}
