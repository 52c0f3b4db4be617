package dev.davy.monitoring;

import dev.davy.serving.Origin;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/// Puts together what is known of an incident.
public final class Incidents {
    private static final Duration LONGEST = Duration.ofDays(3_660);
    private static final int BARS = 24;
    private static final int SHARES_MOST = 12;
    private static final int EVENTS_MOST = 200;
    private static final int ALARMS_MOST = 200;
    private static final int MOVED_MOST = 12;

    /// Ids that are told one by one.
    public static final int IDS_MOST = 1_000;

    private final Monitors monitors;
    private final Watching watching;
    private final Windows windows;
    private final Events events;
    private final Incident.Finding finding;
    private final InstantSource clock;

    public Incidents(
            Monitors monitors,
            Watching watching,
            Windows windows,
            Events events,
            Incident.Finding finding,
            InstantSource clock) {
        this.monitors = monitors;
        this.watching = watching;
        this.windows = windows;
        this.events = events;
        this.finding = finding;
        this.clock = clock;
    }

    /// @throws Problem NOT_FOUND `endpoint-unknown`; UNACCEPTABLE `stretch-backwards`
    public Incident of(String endpoint, Instant from, Instant to) {
        if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "stretch-backwards",
                    "There is no stretch from " + from + " to " + to + ".",
                    "It must begin before it ends, and last ten years at most.",
                    "Name the times at which the incident began and was over.");
        var health = watching.health(endpoint, Optional.of(from), Optional.of(to));
        var origin = monitors.plan(endpoint).map(Plan::origin).orElse(Origin.LIVE);
        var alarms =
                monitors.over(endpoint, from, to).stream()
                        .filter(each -> each.fired().isPresent())
                        .limit(ALARMS_MOST)
                        .toList();
        var stretches = stretches(alarms, from, to);
        return new Incident(
                endpoint,
                from,
                to,
                clock.instant(),
                timeline(endpoint, alarms, from, to),
                alarms,
                moved(endpoint, alarms, health, stretches),
                health,
                versions(endpoint, origin, from, to),
                stretches.isEmpty()
                        ? Incident.Recall.NOTHING
                        : finding.of(endpoint, stretches, IDS_MOST));
    }

    /// When anything rang, one after the other.
    private static List<Health.Stretch> stretches(List<Alarm> alarms, Instant from, Instant to) {
        var stretches = new ArrayList<Health.Stretch>();
        var sorted = new ArrayList<>(alarms);
        sorted.sort(Comparator.comparing(Alarm::since));
        for (var alarm : sorted) {
            var begin = alarm.since().isBefore(from) ? from : alarm.since();
            // One that still rings does so to the end, judged or not.
            var end = alarm.isOpen() || alarm.until().isAfter(to) ? to : alarm.until();
            if (!begin.isBefore(end)) continue;
            if (stretches.isEmpty() || stretches.getLast().to().isBefore(begin))
                stretches.add(new Health.Stretch(begin, end));
            else if (stretches.getLast().to().isBefore(end)) {
                var last = stretches.removeLast();
                stretches.add(new Health.Stretch(last.from(), end));
            }
        }
        return stretches;
    }

    private List<Incident.Happened> timeline(
            String endpoint, List<Alarm> alarms, Instant from, Instant to) {
        var all = new ArrayList<Incident.Happened>();
        for (var kind : List.of("endpoint", "rollout"))
            for (var event : events.of(kind, endpoint, Optional.empty(), EVENTS_MOST))
                if (!event.at().isBefore(from) && event.at().isBefore(to))
                    all.add(happened(event, event.what()));
        for (var alarm : alarms) {
            all.add(
                    new Incident.Happened(
                            alarm.since(),
                            "alarm",
                            alarm.monitor() + " begins to ring",
                            Monitors.DAVY,
                            alarm.why()));
            if (alarm.state() == Alarm.State.RESOLVED)
                all.add(
                        new Incident.Happened(
                                alarm.until(),
                                "alarm",
                                alarm.monitor() + " is over",
                                Monitors.DAVY,
                                ""));
            for (var event :
                    events.of(
                            "alarm",
                            endpoint + "/" + alarm.monitor(),
                            Optional.empty(),
                            EVENTS_MOST))
                if (!event.who().equals(Monitors.DAVY)
                        && event.detail().path("alarm").asString("").equals(alarm.id().toString()))
                    all.add(happened(event, alarm.monitor() + " " + event.what()));
        }
        all.sort(Comparator.comparing(Incident.Happened::at));
        return all.subList(0, Math.min(all.size(), EVENTS_MOST));
    }

    private static Incident.Happened happened(Event event, String what) {
        return new Incident.Happened(event.at(), event.kind(), what, event.who(), event.why());
    }

    private List<Incident.Shift> moved(
            String endpoint, List<Alarm> alarms, Health health, List<Health.Stretch> stretches) {
        if (health.reference().isEmpty() || stretches.isEmpty()) return List.of();
        var then = health.reference().get();
        var watched = new LinkedHashSet<String>();
        for (var alarm : alarms) watched.add(alarm.watch());
        var moved = new ArrayList<Incident.Shift>();
        for (var text : watched) {
            if (!(Metric.read(text) instanceof Metric.Column column)) continue;
            var now =
                    stretches.stream()
                            .map(each -> ringing(alarms, text, each))
                            .flatMap(Optional::stream)
                            .findFirst();
            if (now.isEmpty()) continue;
            var before = watching.measure(endpoint, column, then.from(), then.to());
            var after = watching.measure(endpoint, column, now.get().from(), now.get().to());
            if (before.isPresent() && after.isPresent())
                moved.add(shift(text, then, before.get(), now.get(), after.get()));
            if (moved.size() == MOVED_MOST) break;
        }
        return moved;
    }

    /// When this one rang first in a stretch.
    private static Optional<Health.Stretch> ringing(
            List<Alarm> alarms, String watch, Health.Stretch in) {
        return alarms.stream()
                .filter(each -> each.watch().equals(watch))
                .filter(each -> each.since().isBefore(in.to()) && each.until().isAfter(in.from()))
                .min(Comparator.comparing(Alarm::since))
                .map(each ->
                        new Health.Stretch(
                                each.since().isBefore(in.from()) ? in.from() : each.since(),
                                each.until().isAfter(in.to()) ? in.to() : each.until()));
    }

    private static Incident.Shift shift(
            String watch, Health.Stretch then, Measure before, Health.Stretch now, Measure after) {
        return new Incident.Shift(
                watch,
                side(then, before),
                side(now, after),
                bars(before, after),
                shares(before, after));
    }

    private static Incident.Side side(Health.Stretch of, Measure measure) {
        return new Incident.Side(
                of.from(),
                of.to(),
                measure.count(),
                measure.missingShare(),
                measure.quantile(0.05),
                measure.quantile(0.5),
                measure.quantile(0.95));
    }

    private static List<Incident.Bar> bars(Measure before, Measure after) {
        double from = least(before.quantile(0.005), after.quantile(0.005));
        double to = -least(negative(before.quantile(0.995)), negative(after.quantile(0.995)));
        if (!(to > from)) return List.of();
        var then = before.histogram(from, to, BARS);
        var now = after.histogram(from, to, BARS);
        var bars = new ArrayList<Incident.Bar>();
        for (int i = 0; i < Math.min(then.size(), now.size()); i++)
            bars.add(
                    new Incident.Bar(
                            then.get(i).from(),
                            then.get(i).to(),
                            then.get(i).count() / before.moments().count(),
                            now.get(i).count() / after.moments().count()));
        return bars;
    }

    private static double least(OptionalDouble one, OptionalDouble other) {
        if (one.isEmpty() || other.isEmpty()) return Double.NaN;
        return Math.min(one.getAsDouble(), other.getAsDouble());
    }

    private static OptionalDouble negative(OptionalDouble number) {
        return number.isEmpty() ? number : OptionalDouble.of(-number.getAsDouble());
    }

    private static List<Incident.Share> shares(Measure before, Measure after) {
        double then = before.texts().count();
        double now = after.texts().count();
        if (then == 0 || now == 0) return List.of();
        long limit = Math.min(before.texts().limit(), after.texts().limit());
        var usual = before.texts().below(limit);
        var counts = after.texts().below(limit);
        var names = new TreeSet<>(usual.keySet());
        names.addAll(counts.keySet());
        var shares = new ArrayList<Incident.Share>();
        for (var name : names)
            shares.add(
                    new Incident.Share(
                            name,
                            usual.getOrDefault(name, 0L) / then,
                            counts.getOrDefault(name, 0L) / now));
        shares.sort(Comparator.comparingDouble(each -> -Math.abs(each.now() - each.then())));
        return shares.subList(0, Math.min(shares.size(), SHARES_MOST));
    }

    private List<Incident.Version> versions(
            String endpoint, Origin origin, Instant from, Instant to) {
        var versions = new ArrayList<Incident.Version>();
        windows.over(endpoint, origin, from, to)
                .arms()
                .values()
                .forEach((arm, rows) -> versions.add(new Incident.Version(arm, rows)));
        versions.sort(Comparator.comparingLong(each -> -each.predictions()));
        return versions;
    }
}
