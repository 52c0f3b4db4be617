package dev.davy.monitoring;

import dev.davy.stats.alarm.CategoryColumn;
import dev.davy.stats.alarm.Decision;
import dev.davy.stats.alarm.Extremes;
import dev.davy.stats.alarm.Price;
import dev.davy.stats.alarm.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// Says what a monitor makes of a window. Pure.
final class Judge {
    /// A watch is followed over so many windows: it looks back at two, and forgets when it has
    /// calmed down.
    static final int RECENT = 8;

    /// Outcomes below which a figure of quality is not held against a limit.
    private static final int OUTCOMES_LEAST = 30;

    private Judge() {}

    /// The monitors of an endpoint: those that were declared, and one for every column, for errors
    /// and for quality, where nobody declared another for the same metric.
    static List<Monitor> monitors(Plan plan, Seen whole) {
        var monitors = new TreeMap<String, Monitor>();
        for (var metric : metrics(whole))
            monitors.put(
                    metric.text(),
                    new Monitor(
                            metric.text(),
                            metric,
                            new Monitor.Rule.Drift(0),
                            1,
                            Monitor.Severity.WARNING,
                            false));
        for (var declared : plan.monitors()) {
            if (declared.rule() instanceof Monitor.Rule.Drift)
                monitors.remove(declared.watch().text());
            monitors.put(declared.name(), declared);
        }
        return List.copyOf(monitors.values());
    }

    /// What can drift: all columns that the reference tells something of.
    private static List<Metric> metrics(Seen whole) {
        var metrics = new ArrayList<Metric>();
        var window = whole.window();
        window.inputs()
                .forEach((name, measure) -> {
                    if (says(measure)) metrics.add(column(Metric.Where.INPUT, "input.", name));
                });
        window.outputs()
                .forEach((name, measure) -> {
                    if (says(measure)) metrics.add(column(Metric.Where.OUTPUT, "output.", name));
                });
        window.components()
                .forEach((name, measure) -> {
                    // How long it takes depends on the machine's other work.
                    if (says(measure) && !name.endsWith(".latency") && !Load.isOne(name))
                        metrics.add(
                                column(
                                        Metric.Where.COMPONENT,
                                        name.startsWith("metric.") || name.equals(Deciders.COLUMN)
                                                ? ""
                                                : "component.",
                                        name));
                });
        if (says(window.confidence())) metrics.add(Metric.read("confidence"));
        metrics.add(Metric.read("errors"));
        whole.quality()
                .outputs()
                .forEach((name, quality) -> {
                    var figure =
                            quality.absolute().count() > 0
                                    ? "mae"
                                    : quality.pairs().cells().isEmpty() ? "score" : "accuracy";
                    metrics.add(Metric.read("quality." + name + "." + figure));
                });
        if (!whole.quality().confidences().isEmpty()) metrics.add(Metric.read("quality.surprise"));
        return metrics;
    }

    /// By its place and not by its text: the column 'vector.mean' is not the mean of 'vector'.
    private static Metric column(Metric.Where where, String prefix, String name) {
        return new Metric.Column(prefix + name, where, name);
    }

    private static boolean says(Measure measure) {
        return Math.max(measure.moments().count(), measure.texts().count()) >= 2;
    }

    /// How many of these share the price of false alarms.
    static int priced(List<Monitor> monitors) {
        return (int)
                Math.max(
                        1,
                        monitors.stream()
                                .filter(each -> each.rule() instanceof Monitor.Rule.Drift)
                                .count());
    }

    /// @param recent windows in the order of time, the last of them to be judged
    /// @param columns that share the price
    static Judgement judge(
            Monitor monitor, Normal normal, List<Seen> recent, Plan plan, int columns) {
        var last = recent.getLast();
        var value = monitor.watch().value(last);
        return switch (monitor.rule()) {
            case Monitor.Rule.Limits _ -> limits(monitor, last);
            case Monitor.Rule.Away(double by) -> away(monitor, normal, last, value, by);
            case Monitor.Rule.Drift(double ignore) ->
                    drift(monitor, normal, recent, plan, columns, ignore);
        };
    }

    /// Holds a window against limits, which need nothing that is normal.
    static Judgement limits(Monitor monitor, Seen last) {
        if (!(monitor.rule() instanceof Monitor.Rule.Limits(var least, var most)))
            throw new IllegalStateException(monitor.name() + " has no limits");
        var value = monitor.watch().value(last);
        var early = tooEarly(monitor, last, value);
        if (early != null) return early;
        double is = value.getAsDouble();
        var text = monitor.watch().text();
        if (most.isPresent() && is > most.getAsDouble())
            return new Judgement.Bad(
                    value,
                    "",
                    is - most.getAsDouble(),
                    is - most.getAsDouble(),
                    is - most.getAsDouble(),
                    "%s is %s, above the limit of %s"
                            .formatted(text, said(monitor, is), said(monitor, most.getAsDouble())));
        if (least.isPresent() && is < least.getAsDouble())
            return new Judgement.Bad(
                    value,
                    "",
                    is - least.getAsDouble(),
                    is - least.getAsDouble(),
                    is - least.getAsDouble(),
                    "%s is %s, below the limit of %s"
                            .formatted(
                                    text, said(monitor, is), said(monitor, least.getAsDouble())));
        return new Judgement.Fine(value);
    }

    private static Judgement.@org.jspecify.annotations.Nullable TooEarly tooEarly(
            Monitor monitor, Seen last, OptionalDouble value) {
        if (value.isEmpty())
            return new Judgement.TooEarly(
                    monitor.watch().isOfQuality()
                            ? "no truth has come for this window"
                            : "nothing of it came in this window");
        if (monitor.watch() instanceof Metric.Figure figure) {
            long outcomes = Figures.of(figure, last.quality()).map(Figures.Of::outcomes).orElse(0L);
            if (outcomes < OUTCOMES_LEAST)
                return new Judgement.TooEarly(
                        "%d outcomes of at least %d".formatted(outcomes, OUTCOMES_LEAST));
        }
        return null;
    }

    private static Judgement away(
            Monitor monitor, Normal normal, Seen last, OptionalDouble value, double by) {
        var early = tooEarly(monitor, last, value);
        if (early != null) return early;
        var usual = monitor.watch().value(normal.whole());
        if (usual.isEmpty())
            return new Judgement.TooEarly(
                    "the reference says nothing of " + monitor.watch().text());
        double expected =
                monitor.watch() instanceof Metric.Requests
                        ? usual.getAsDouble() / normal.size()
                        : usual.getAsDouble();
        double is = value.getAsDouble();
        double away = expected == 0 ? (is == 0 ? 0 : Math.signum(is)) : is / expected - 1;
        if (Math.abs(away) <= by) return new Judgement.Fine(value);
        return new Judgement.Bad(
                value,
                "",
                away,
                away,
                away,
                "%s is %s, %s; %s is normal and %s is allowed"
                        .formatted(
                                monitor.watch().text(),
                                said(monitor, is),
                                percent(Math.abs(away)) + (away > 0 ? " more" : " less"),
                                said(monitor, expected),
                                "±" + percent(by)));
    }

    private static Judgement drift(
            Monitor monitor,
            Normal normal,
            List<Seen> recent,
            Plan plan,
            int columns,
            double ignore) {
        var watched = normal.watched(monitor.watch(), recent);
        if (watched.isEmpty())
            return new Judgement.TooEarly(
                    "the reference says nothing of " + monitor.watch().text());
        var value = monitor.watch().value(recent.getLast());
        var windows = watched.get().recent();
        boolean told =
                !windows.isEmpty() && windows.getLast().from().equals(recent.getLast().from());
        if (!told)
            return new Judgement.TooEarly(
                    monitor.watch().isOfQuality()
                            ? "no truth has come for this window"
                            : "nothing of it came in this window");
        var extremes = extremes(monitor, normal);
        var price = new Price(plan.falseAlarms(), plan.aMonth(), columns);
        var watch =
                Watch.of(
                        watched.get().column(),
                        extremes.isPresent() ? price.part(1 - Extremes.PART) : price);
        for (var window : windows) watch = watch.after(window);
        if (watch.decision()
                        instanceof
                        Decision.Drifted(var what, double effect, double low, double high)
                && Math.abs(effect) >= ignore) {
            var news = news(monitor.watch(), what, effect, normal.whole(), recent.getLast());
            var why =
                    Moved.said(
                            monitor.watch(),
                            what,
                            effect,
                            low,
                            high,
                            normal.whole(),
                            recent.getLast());
            return new Judgement.Bad(value, what, effect, low, high, why + news.said(), news);
        }
        var extreme =
                extremes.flatMap(of -> extreme(monitor, normal, of, recent.getLast(), price))
                        .filter(bad -> Math.abs(bad.effect()) >= ignore);
        if (extreme.isPresent()) return extreme.get();
        return watch.decision() instanceof Decision.TooEarly(long needed)
                ? new Judgement.TooEarly("%,d more rows are needed".formatted(needed))
                : new Judgement.Fine(value);
    }

    /// Which values those are that are more often others than before.
    private static Newcomers news(
            Metric watch, String what, double effect, Seen reference, Seen last) {
        if (!(watch instanceof Metric.Column column)
                || !what.equals(CategoryColumn.OTHERS)
                || effect < 0) return Newcomers.NONE;
        return reference
                .measure(column)
                .flatMap(then -> last.measure(column).map(now -> Newcomers.of(then, now)))
                .orElse(Newcomers.NONE);
    }

    private static Optional<Extremes> extremes(Monitor monitor, Normal normal) {
        return monitor.watch() instanceof Metric.Column column
                ? normal.extremes(column)
                : Optional.empty();
    }

    /// A single number that is too far out.
    private static Optional<Judgement.Bad> extreme(
            Monitor monitor, Normal normal, Extremes extremes, Seen last, Price price) {
        var column = (Metric.Column) monitor.watch();
        var beyond =
                last.measure(column)
                        .flatMap(Normal::range)
                        .flatMap(range -> extremes.beyond(range, price));
        if (beyond.isEmpty()) return Optional.empty();
        var found = beyond.get();
        var reference = normal.whole().measure(column).orElseThrow();
        double effect =
                (found.number() - reference.moments().mean()) / reference.deviation().orElseThrow();
        return Optional.of(
                new Judgement.Bad(
                        OptionalDouble.of(found.number()),
                        found.high() ? "highest" : "lowest",
                        effect,
                        effect,
                        effect,
                        Moved.extreme(monitor.watch().text(), found, effect)));
    }

    static String said(Monitor monitor, double value) {
        if (monitor.watch().isShare()) return percent(value);
        boolean millis =
                monitor.watch() instanceof Metric.Quantile quantile
                        && quantile.column().where() == Metric.Where.LATENCY;
        return Moved.number(value) + (millis ? " ms" : "");
    }

    static String percent(double share) {
        double percent = 100 * share;
        return String.format(Locale.ROOT, Math.abs(percent) < 10 ? "%.2g %%" : "%.1f %%", percent);
    }
}
