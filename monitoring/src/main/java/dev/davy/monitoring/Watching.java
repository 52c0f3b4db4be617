package dev.davy.monitoring;

import dev.davy.serving.Origin;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Answers what people ask of what is watched: how an endpoint is, how a metric went, and which
/// limits it would have kept.
public final class Watching {
    /// A suggestion needs some history.
    private static final int WINDOWS_LEAST = 20;

    /// Windows that a page shows.
    public static final int BOARD_WINDOWS = 400;

    /// What limits are learned from: so long, and no fewer windows than these.
    private static final Duration HISTORY = Duration.ofDays(60);

    private static final int HISTORY_WINDOWS = 60;

    private final Monitors monitors;
    private final Truths truths;
    private final Windows windows;
    private final InstantSource clock;

    public Watching(Monitors monitors, Windows windows, Truths truths, InstantSource clock) {
        this.monitors = monitors;
        this.windows = windows;
        this.truths = truths;
        this.clock = clock;
    }

    /// How an endpoint is.
    ///
    /// @param from of the stretch that quality is of; empty: a day, or eight windows, before its
    ///   end
    /// @param to its end; empty: now, or the newest prediction where time is that of a replay
    public Health health(String endpoint, Optional<Instant> from, Optional<Instant> to) {
        var plan = plan(endpoint);
        var end = to.orElseGet(() -> end(endpoint, plan));
        var usual = plan.window().multipliedBy(8);
        var day = Duration.ofDays(1);
        var begin = from.orElseGet(() -> end.minus(usual.compareTo(day) > 0 ? usual : day));
        var stretch = stretch(endpoint, plan, end);
        var normal = stretch.flatMap(each -> normal(endpoint, plan, each));
        var seen =
                new Seen(
                        begin,
                        windows.over(endpoint, plan.origin(), begin, end),
                        truths.over(endpoint, plan.origin(), "", begin, end));
        var open = monitors.open(endpoint);
        boolean truth =
                monitors.said(endpoint).stream()
                        .anyMatch(each ->
                                each.monitor().startsWith("quality.")
                                        && !each.verdict().equals("early"));
        return new Health(
                begin,
                end,
                stretch.map(each -> new Health.Stretch(each.begin(), each.end())),
                monitors.judged(endpoint, plan),
                Health.drift(open, truth),
                open,
                Health.quality(seen, normal),
                Deciders.of(seen),
                truths.orphans(endpoint));
    }

    /// When the newest happened that an endpoint's monitors read.
    public Instant end(String endpoint) {
        return end(endpoint, plan(endpoint));
    }

    /// When the newest that monitors read happened: now, of live traffic.
    private Instant end(String endpoint, Plan plan) {
        if (plan.origin() == Origin.LIVE) return clock.instant();
        return monitors.history()
                .newest(endpoint, plan.origin())
                .map(newest -> newest.plus(Span.MINUTE.length()))
                .orElseGet(clock::instant);
    }

    private Optional<References.Stretch> stretch(String endpoint, Plan plan, Instant at) {
        return monitors.references().stretch(endpoint, plan, at);
    }

    private Optional<Normal> normal(String endpoint, Plan plan, References.Stretch stretch) {
        return monitors.references().normal(endpoint, plan, stretch);
    }

    private Plan plan(String endpoint) {
        return monitors.plan(endpoint).orElseThrow(() -> unknown(endpoint));
    }

    static Problem unknown(String endpoint) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "endpoint-unknown",
                "There is no endpoint '" + endpoint + "'.",
                "None was declared under this name.",
                "See the endpoints with: davy get endpoint");
    }

    /// What is watched of an endpoint now.
    record Watched(Plan plan, Instant now, List<Monitor> monitors) {}

    Watched watched(String endpoint) {
        var plan = plan(endpoint);
        var end = end(endpoint, plan);
        var whole =
                stretch(endpoint, plan, end)
                        .flatMap(each -> normal(endpoint, plan, each))
                        .map(Normal::whole)
                        .orElseGet(() ->
                                new Seen(
                                        end,
                                        windows.over(
                                                endpoint,
                                                plan.origin(),
                                                end.minus(Span.DAY.length()),
                                                end),
                                        Quality.EMPTY));
        return new Watched(plan, end, Judge.monitors(plan, whole));
    }

    /// All that is watched, over a stretch.
    ///
    /// @param from empty: as much as there is, but no more than [#BOARD_WINDOWS] windows
    public Board board(String endpoint, Optional<Instant> from, Optional<Instant> to) {
        var plan = plan(endpoint);
        var end = to.orElseGet(() -> end(endpoint, plan));
        var least = end.minus(plan.window().multipliedBy(BOARD_WINDOWS));
        var oldest = monitors.history().oldest(endpoint, plan).orElse(end);
        var begin = plan.start(from.orElse(oldest.isBefore(least) ? least : oldest));
        var stretch = stretch(endpoint, plan, end);
        return Boards.of(
                plan,
                begin,
                end,
                over(monitors.history().windows(endpoint, plan, begin, end), plan, end),
                stretch,
                stretch.flatMap(each -> normal(endpoint, plan, each)),
                monitors.said(endpoint),
                monitors.over(endpoint, begin, end));
    }

    /// Those that are over: the few rows of one that has just begun would look like a change. The
    /// first of all is better than nothing.
    private static List<Seen> over(List<Seen> windows, Plan plan, Instant end) {
        if (windows.size() < 2) return windows;
        return windows.getLast().from().plus(plan.window()).isAfter(end)
                ? windows.subList(0, windows.size() - 1)
                : windows;
    }

    /// Against what rows of an endpoint are held to be unusual: the inputs of its reference; empty
    /// while there is none.
    public Optional<Novelty> novelty(String endpoint) {
        var plan = monitors.plan(endpoint);
        if (plan.isEmpty()) return Optional.empty();
        return stretch(endpoint, plan.get(), end(endpoint, plan.get()))
                .map(each ->
                        Novelty.of(
                                windows.over(
                                        endpoint, plan.get().origin(), each.begin(), each.end())));
    }

    /// What a column looked like in a stretch.
    public Optional<Measure> measure(
            String endpoint, Metric.Column column, Instant from, Instant to) {
        var plan = plan(endpoint);
        return new Seen(from, windows.over(endpoint, plan.origin(), from, to), Quality.EMPTY)
                .measure(column);
    }

    /// A metric of a part of a stretch.
    public OptionalDouble value(
            String endpoint, Metric metric, String part, Instant from, Instant to) {
        var origin = plan(endpoint).origin();
        return metric.value(
                new Seen(
                        from,
                        windows.over(endpoint, origin, part, from, to),
                        truths.over(endpoint, origin, part, from, to)));
    }

    /// Whether a metric changed at once or little by little, in a sentence; empty where it did not.
    public Optional<String> change(List<Point> points) {
        return switch (Boards.change(points)) {
            case Boards.Change.None _ -> Optional.empty();
            case Boards.Change.Sudden(var at, double before, double after) ->
                    Optional.of(
                            "It changed at once, on %s, from %s to %s."
                                    .formatted(
                                            said(at), Moved.number(before), Moved.number(after)));
            case Boards.Change.Gradual(var since, double perDay) ->
                    Optional.of(
                            "It has been changing little by little since %s, by %s a day."
                                    .formatted(said(since), Moved.number(perDay)));
        };
    }

    private static String said(Instant at) {
        return at.toString().replace("T", " ").replace(":00Z", " UTC");
    }

    /// A metric of a window.
    ///
    /// @param rows predictions of the window, or outcomes of a figure of quality
    public record Point(Instant from, Instant to, OptionalDouble value, long rows) {}

    /// A metric window by window, in windows of the endpoint's plan.
    ///
    /// @param part `live loan/3` or `slice line=A`; empty: all
    public List<Point> series(
            String endpoint,
            Metric metric,
            String part,
            Optional<Instant> from,
            Optional<Instant> to,
            int most) {
        var plan = plan(endpoint);
        var end = to.orElseGet(() -> end(endpoint, plan));
        var begin = from.orElseGet(() -> end.minus(plan.window().multipliedBy(most)));
        if (begin.isBefore(end.minus(plan.window().multipliedBy(most))))
            begin = end.minus(plan.window().multipliedBy(most));
        var points = new ArrayList<Point>();
        for (var seen :
                metric.isOfSoftware() && part.isEmpty()
                        ? monitors.history().busy(endpoint, plan, begin, end).values()
                        : monitors.history().windows(endpoint, plan, part, begin, end)) {
            long rows = metric.isOfQuality() ? seen.quality().count() : seen.window().predictions();
            points.add(
                    new Point(
                            seen.from(),
                            seen.from().plus(plan.window()),
                            metric.value(seen),
                            rows));
        }
        return points;
    }

    /// Limits.
    ///
    /// @param windows of history that they stand on
    /// @param perMonth the false alarms that are to be expected of both together
    /// @param extrapolated whether they lie beyond what was seen: then the tail is taken to fall as
    ///   its outermost tenth did
    public record Suggestion(
            int windows, double low, double high, double perMonth, boolean extrapolated) {}

    /// Limits that a metric's own history would have kept, but for so many false alarms. Windows in
    /// which it rang are left out.
    ///
    /// @throws Problem UNACCEPTABLE `history-too-short`
    public Suggestion suggestion(String endpoint, Metric metric, double perMonth) {
        var plan = plan(endpoint);
        var end = end(endpoint, plan);
        var windows = plan.window().multipliedBy(HISTORY_WINDOWS);
        var begin = end.minus(windows.compareTo(HISTORY) > 0 ? windows : HISTORY);
        var alarms =
                monitors.over(endpoint, begin, end).stream()
                        .filter(alarm -> alarm.watch().equals(metric.text()))
                        .toList();
        var values =
                series(endpoint, metric, "", Optional.of(begin), Optional.of(end), 100_000).stream()
                        .filter(point ->
                                point.value().isPresent()
                                        && alarms.stream()
                                                .noneMatch(alarm ->
                                                        alarm.since().isBefore(point.to())
                                                                && alarm.until()
                                                                        .isAfter(point.from())))
                        .mapToDouble(point -> point.value().getAsDouble())
                        .sorted()
                        .toArray();
        if (values.length < WINDOWS_LEAST)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "history-too-short",
                    "There is too little history of " + metric.text() + ".",
                    "It has %d windows in which nothing rang; %d are needed."
                            .formatted(values.length, WINDOWS_LEAST),
                    "Ask again later.");
        // Each side has half of what is paid for.
        double share = Math.min(0.25, perMonth / plan.aMonth() / 2);
        var mirrored = Arrays.stream(values).map(each -> -each).sorted().toArray();
        return new Suggestion(
                values.length,
                -Tail.limit(mirrored, share),
                Tail.limit(values, share),
                perMonth,
                share * values.length < 1);
    }
}
