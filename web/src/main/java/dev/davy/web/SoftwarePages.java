package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.monitoring.Measure;
import dev.davy.monitoring.Software;
import dev.davy.monitoring.Window;
import dev.davy.monitoring.Windows;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Origin;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/// The page of software: how busy are an endpoint's models, and the machine under them?
final class SoftwarePages {
    private static final int COMPONENTS_MOST = 12;

    private final Endpoints endpoints;
    private final Windows windows;
    private final Software software;
    private final InstantSource clock;

    SoftwarePages(Endpoints endpoints, Windows windows, Software software, InstantSource clock) {
        this.endpoints = endpoints;
        this.windows = windows;
        this.software = software;
        this.clock = clock;
    }

    Response one(Request request) {
        var name = request.parameter("name");
        endpoints.one(name); // 404 for what is not there
        var stretch = Stretch.of(request.query("last").orElse("1h"));
        return Html.page("software", view(name, stretch, Pages.who(request)));
    }

    /// The steps of a stretch, of which some have no traffic and some no look at the machine.
    private record Steps(
            Instant from,
            Instant to,
            Stretch stretch,
            TreeMap<Instant, Window> traffic,
            TreeMap<Instant, Window> busy) {

        Instant step(Instant at) {
            long seconds = stretch.step().toSeconds();
            return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
        }

        void put(TreeMap<Instant, Window> into, Instant start, Window window) {
            into.merge(step(start), window, Window::merge);
        }
    }

    private SoftwareView view(String name, Stretch stretch, String who) {
        var now = clock.instant();
        var steps =
                new Steps(
                        now.minus(stretch.length()),
                        now,
                        stretch,
                        new TreeMap<>(),
                        new TreeMap<>());
        windows.series(name, Origin.LIVE, stretch.span(), steps.from, now)
                .forEach((start, window) -> steps.put(steps.traffic, start, window));
        software.series(name, stretch.span(), steps.from, now)
                .forEach((start, window) -> steps.put(steps.busy, start, window));
        var groups = new ArrayList<SoftwareView.Group>();
        groups.add(
                new SoftwareView.Group("What is asked, and how long does it take?", asked(steps)));
        groups.add(new SoftwareView.Group("How do its models keep up?", models(steps)));
        groups.add(
                new SoftwareView.Group("What do this process and its machine do?", machine(steps)));
        groups.removeIf(each -> each.tracks().isEmpty());
        return new SoftwareView(
                new Chrome("How busy is " + name + "? · Davy", "monitor", who, true),
                name,
                Monitor.href(name),
                sentence(steps),
                stretch,
                groups,
                TrackDrawing.axis(steps.from, now));
    }

    private static String sentence(Steps steps) {
        var all = steps.traffic.values().stream().reduce(Window.EMPTY, Window::merge);
        var busy = steps.busy.values().stream().reduce(Window.EMPTY, Window::merge);
        var said = new ArrayList<String>();
        said.add(
                all.predictions() == 0
                        ? "Nothing was asked in the last " + steps.stretch.said() + "."
                        : "It answered %s in the last %s, half within %s, %s failed."
                                .formatted(
                                        Figures.of(all.predictions(), "row"),
                                        steps.stretch.said(),
                                        Figures.millis(all.latency().quantile(0.5)),
                                        Figures.share(all.failed(), all.predictions())));
        var cpu = Optional.ofNullable(busy.components().get("process.cpu"));
        cpu.filter(measure -> measure.moments().count() > 0)
                .ifPresent(measure ->
                        said.add(
                                "This process used %s of all processors, %s at most."
                                        .formatted(
                                                Figures.share(measure.moments().mean()),
                                                Figures.share(measure.moments().max()))));
        return String.join(" ", said);
    }

    private static List<SoftwareView.Track> asked(Steps steps) {
        var tracks = new ArrayList<SoftwareView.Track>();
        double seconds = steps.stretch.step().toSeconds();
        add(
                tracks,
                steps,
                steps.traffic,
                "requests",
                "rows a second",
                window -> some(window.predictions() / seconds),
                _ -> OptionalDouble.empty(),
                Figures::rate);
        add(
                tracks,
                steps,
                steps.traffic,
                "errors",
                "share of the rows that failed",
                window ->
                        window.predictions() == 0
                                ? OptionalDouble.empty()
                                : some((double) window.failed() / window.predictions()),
                _ -> OptionalDouble.empty(),
                Figures::share);
        add(
                tracks,
                steps,
                steps.traffic,
                "latency",
                "half within; dashed: 99 %",
                window -> window.latency().quantile(0.5),
                window -> window.latency().quantile(0.99),
                value -> Figures.millis(some(value)));
        var components = new TreeSet<String>();
        for (var window : steps.traffic.values())
            for (var name : window.components().keySet())
                if (name.endsWith(".latency")) components.add(name);
        for (var name : components)
            if (tracks.size() < COMPONENTS_MOST)
                add(
                        tracks,
                        steps,
                        steps.traffic,
                        "component." + name,
                        "half within; dashed: 99 %",
                        window -> quantile(window, name, 0.5),
                        window -> quantile(window, name, 0.99),
                        value -> Figures.millis(some(value)));
        return tracks;
    }

    private static List<SoftwareView.Track> models(Steps steps) {
        var tracks = new ArrayList<SoftwareView.Track>();
        gauge(tracks, steps, "software.batch", "rows of a run; dashed: the most", Figures::number);
        gauge(tracks, steps, "software.queue", "rows that wait; dashed: the most", Figures::number);
        gauge(
                tracks,
                steps,
                "software.wait",
                "until a model takes a call; dashed: the longest of five seconds' means",
                value -> Figures.millis(some(value)));
        return tracks;
    }

    private static List<SoftwareView.Track> machine(Steps steps) {
        var tracks = new ArrayList<SoftwareView.Track>();
        for (var name : Software.names()) {
            if (name.startsWith("software.")) continue;
            DoubleFunction<String> said =
                    switch (name) {
                        case "process.memory", "process.heap" ->
                                value -> Figures.bytes((long) value);
                        case "process.cpu", "machine.cpu", "machine.memory" -> Figures::share;
                        default -> Figures::number;
                    };
            gauge(tracks, steps, name, about(name) + "; dashed: the most", said);
        }
        return tracks;
    }

    private static String about(String name) {
        return switch (name) {
            case "process.cpu" -> "of all processors, by this process";
            case "process.memory" -> "of the machine's memory, by this process";
            case "process.heap" -> "of it by Java's objects";
            case "process.open-files" -> "open files and connections";
            case "process.threads" -> "threads";
            case "machine.cpu" -> "of all processors, by whomever";
            case "machine.load" -> "tasks that run or want to, a processor";
            case "machine.memory" -> "of its memory, by whomever";
            default -> name.toLowerCase(Locale.ROOT);
        };
    }

    private static void gauge(
            List<SoftwareView.Track> into,
            Steps steps,
            String name,
            String unit,
            DoubleFunction<String> said) {
        add(
                into,
                steps,
                steps.busy,
                name,
                unit,
                window -> mean(window, name),
                window -> quantile(window, name, 1),
                said);
    }

    private static void add(
            List<SoftwareView.Track> into,
            Steps steps,
            SortedMap<Instant, Window> of,
            String name,
            String unit,
            Function<Window, OptionalDouble> line,
            Function<Window, OptionalDouble> dashed,
            DoubleFunction<String> said) {
        var values = new ArrayList<TrackDrawing.Value>();
        var most = new ArrayList<TrackDrawing.Value>();
        var last = "";
        for (var each : of.entrySet()) {
            var value = line.apply(each.getValue());
            if (value.isEmpty()) continue;
            last = said.apply(value.getAsDouble());
            values.add(
                    new TrackDrawing.Value(
                            each.getKey(),
                            value,
                            Figures.time(each.getKey()) + ": " + last,
                            "",
                            false));
            most.add(
                    new TrackDrawing.Value(
                            each.getKey(), dashed.apply(each.getValue()), "", "", false));
        }
        if (values.isEmpty()) return;
        into.add(
                new SoftwareView.Track(
                        name,
                        last,
                        unit,
                        TrackDrawing.plain(
                                steps.from, steps.to, steps.stretch.step(), values, most, said)));
    }

    private static OptionalDouble some(double value) {
        return OptionalDouble.of(value);
    }

    private static OptionalDouble mean(Window window, String name) {
        var measure = window.components().get(name);
        return measure == null || measure.moments().count() == 0
                ? OptionalDouble.empty()
                : some(measure.moments().mean());
    }

    private static OptionalDouble quantile(Window window, String name, double level) {
        Measure measure = window.components().get(name);
        return measure == null ? OptionalDouble.empty() : measure.quantile(level);
    }
}
