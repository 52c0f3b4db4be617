package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.monitoring.Alarm;
import dev.davy.monitoring.Board;
import dev.davy.monitoring.Health;
import dev.davy.monitoring.Metric;
import dev.davy.monitoring.Monitors;
import dev.davy.monitoring.Watching;
import dev.davy.monitoring.Windows;
import dev.davy.serving.Endpoints;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// The pages of what is watched: is an endpoint still right, and what moved?
final class WatchPages {
    private static final int PAST_MOST = 20;
    private static final int ROWS_MOST = 24;

    /// Windows after an alarm began in which its change is looked for.
    private static final int CHANGE_WINDOWS = 12;

    private static final int SLICES_MOST = 40;

    private final Endpoints endpoints;
    private final Monitors monitors;
    private final Watching watching;
    private final Windows windows;

    WatchPages(Endpoints endpoints, Monitors monitors, Watching watching, Windows windows) {
        this.endpoints = endpoints;
        this.monitors = monitors;
        this.watching = watching;
        this.windows = windows;
    }

    Response one(Request request) {
        var name = request.parameter("name");
        endpoints.one(name); // 404 for what is not there
        return Html.page("watch", view(name, Zoom.Asked.of(request), Pages.who(request)));
    }

    Response metric(Request request) {
        var name = request.parameter("name");
        endpoints.one(name);
        var watch = request.query("watch").orElse("errors");
        return Html.page("metric", metric(name, watch, Zoom.Asked.of(request), Pages.who(request)));
    }

    private WatchView view(String name, Zoom.Asked asked, String who) {
        var health = watching.health(name, Optional.empty(), Optional.empty());
        var board = watching.board(name, asked.from(), asked.to());
        var window = board.plan().window();
        var quality = new ArrayList<WatchView.Track>();
        var tracks = new ArrayList<WatchView.Track>();
        var sorted = new ArrayList<>(board.tracks());
        sorted.sort(
                Comparator.comparingInt(WatchPages::rank)
                        .thenComparing(each -> each.monitor().name()));
        for (var track : sorted) {
            var drawn = track(name, board, track);
            if (track.monitor().watch().isOfQuality()) quality.add(drawn);
            else tracks.add(drawn);
        }
        var rings = new ArrayList<WatchView.Ring>();
        for (var alarm : health.alarms()) rings.add(ring(name, alarm, true, window));
        var past =
                monitors
                        .list(Optional.of(name), Optional.of(Alarm.State.RESOLVED), PAST_MOST)
                        .stream()
                        .map(alarm -> ring(name, alarm, false, window))
                        .toList();
        return new WatchView(
                new Chrome("Is " + name + " still right? · Davy", "monitor", who, true),
                name,
                Monitor.href(name),
                lamp(health),
                sentence(health),
                details(health),
                normal(board),
                rings,
                past,
                quality,
                tracks,
                TrackDrawing.axis(board.from(), board.to()),
                Zoom.of(
                        Monitor.href(name) + "/monitoring?",
                        asked,
                        window,
                        end(name, asked, board)),
                asked.query(),
                board.tracks().stream().allMatch(each -> each.points().isEmpty()));
    }

    /// What rings comes first, then what is bad, then the rest.
    private static int rank(Board.Track track) {
        if (track.alarms().stream().anyMatch(Alarm::rings)) return 0;
        if (track.said().map(each -> each.verdict().equals("bad")).orElse(false)) return 1;
        return track.alarms().isEmpty() ? 3 : 2;
    }

    static Lamp lamp(Health health) {
        if (health.alarms().stream().anyMatch(Alarm::rings)) return Lamp.ALARM;
        if (!health.alarms().isEmpty()) return Lamp.UNEASY;
        return health.judged().isEmpty() || health.reference().isEmpty() ? Lamp.UNKNOWN : Lamp.WELL;
    }

    private static String sentence(Health health) {
        var ringing = health.alarms().stream().filter(Alarm::rings).toList();
        if (!ringing.isEmpty()) {
            var first = ringing.getFirst();
            var said = capital(first.why());
            return "No: %s%s since %s. %s."
                    .formatted(
                            Figures.of(ringing.size(), "alarm"),
                            ringing.size() == 1 ? " rings" : " ring",
                            Figures.time(first.since()),
                            said);
        }
        if (health.judged().isEmpty() || health.reference().isEmpty())
            return "It is too early to tell: what is normal is still being learned.";
        return "Yes, as far as can be told: nothing departs from what is normal.";
    }

    /// The name of a metric stays as it is written.
    private static String capital(String text) {
        int end = text.indexOf(' ');
        var first = end < 0 ? text : text.substring(0, end);
        if (text.isEmpty() || first.contains(".")) return text;
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static List<String> details(Health health) {
        var details = new ArrayList<String>();
        var drift =
                switch (health.drift()) {
                    case NEITHER -> "";
                    case DATA ->
                            "What comes in has changed; what it means has not, as far as the truth that came tells.";
                    case CONCEPT ->
                            "What comes in is as it was, and no longer means the same: the model's confidence is wrong.";
                    case BOTH -> "What comes in has changed, and no longer means the same.";
                    case NOT_ENOUGH_TRUTH ->
                            "Whether what comes in still means the same can't be told: there is not enough truth.";
                };
        if (!drift.isEmpty()) details.add(drift);
        for (var output : health.quality()) details.add(quality(output));
        var deciders = health.deciders();
        if (deciders.rows() > 0)
            details.add(
                    "Of %s the model decided %s alone and people %s; %s fell back, and %s wait for a person."
                            .formatted(
                                    Figures.of(deciders.rows(), "row"),
                                    Figures.share(deciders.model(), deciders.rows()),
                                    Figures.share(deciders.people(), deciders.rows()),
                                    Figures.share(deciders.fallback(), deciders.rows()),
                                    Figures.share(deciders.waiting(), deciders.rows())));
        if (health.orphans() > 0)
            details.add(
                    Figures.of(health.orphans(), "truth")
                            + " came for predictions that are not known here.");
        return details;
    }

    private static String quality(Health.Output output) {
        boolean share = !output.figure().equals("mae");
        var said =
                new StringBuilder(
                        "%s of %s is %s"
                                .formatted(
                                        capital(
                                                output.figure().equals("mae")
                                                        ? "mean absolute error"
                                                        : output.figure()),
                                        output.name(),
                                        figure(output.realised(), share)));
        output.interval()
                .ifPresent(interval ->
                        said.append(" (")
                                .append(figure(OptionalDouble.of(interval.low()), share))
                                .append(" to ")
                                .append(figure(OptionalDouble.of(interval.high()), share))
                                .append(")"));
        said.append(" on ").append(Figures.of(output.outcomes(), "matured answer"));
        if (output.matured() < 1)
            said.append(", ")
                    .append(Figures.share(output.matured()))
                    .append(
                            output.weighted()
                                    ? " of all, weighted"
                                    : " of all, the labelled cases only");
        if (output.normal().isPresent())
            said.append("; ").append(figure(output.normal(), share)).append(" is normal");
        if (output.estimated().isPresent())
            said.append("; by its confidence ")
                    .append(figure(output.estimated(), share))
                    .append(" was to be expected");
        if (output.unchanged().isPresent())
            said.append("; who says what was true just before ")
                    .append(share ? "is right in " : "is off by ")
                    .append(figure(output.unchanged(), share));
        if (output.commonest().isPresent())
            said.append("; the commonest class alone ").append(figure(output.commonest(), share));
        return said.append('.').toString();
    }

    private static String figure(OptionalDouble value, boolean share) {
        return share ? percent(value) : Figures.number(value);
    }

    private static String percent(OptionalDouble value) {
        return value.isEmpty()
                ? "–"
                : String.format(java.util.Locale.ROOT, "%.1f %%", 100 * value.getAsDouble());
    }

    private static String normal(Board board) {
        return board.reference()
                .map(stretch ->
                        "Normal is what came from %s to %s; each window is %s long."
                                .formatted(
                                        Figures.time(stretch.from()),
                                        Figures.time(stretch.to()),
                                        length(board)))
                .orElse(
                        "What is normal is learned from the first traffic; each window is "
                                + length(board)
                                + " long.");
    }

    private static String length(Board board) {
        var window = board.plan().window();
        if (window.toSeconds() % 86_400 == 0) return Figures.of(window.toDays(), "day");
        if (window.toSeconds() % 3_600 == 0) return Figures.of(window.toHours(), "hour");
        return Figures.of(window.toMinutes(), "minute");
    }

    private static WatchView.Ring ring(String name, Alarm alarm, boolean acts, Duration window) {
        return new WatchView.Ring(
                alarm.id().toString(),
                alarm.watch(),
                metricHref(name, alarm.watch()),
                metricHref(name, alarm.watch()) + Zoom.around(alarm, window),
                alarm.severity().word(),
                alarm.silenced().isPresent() && alarm.isOpen()
                        ? alarm.state().word() + ", silenced"
                        : alarm.state().word(),
                capital(alarm.why()) + ".",
                Figures.time(alarm.since()),
                Figures.of(alarm.bad(), "window"),
                alarm.owner(),
                alarm.revision(),
                acts);
    }

    static String metricHref(String endpoint, String watch) {
        return Monitor.href(endpoint) + "/metric?watch=" + Figures.segment(watch);
    }

    private static WatchView.Track track(String name, Board board, Board.Track track) {
        var watch = track.monitor().watch().text();
        var values = values(name, track, false);
        boolean accuracy = watch.startsWith("quality.") && watch.endsWith(".accuracy");
        var last =
                track.points().stream()
                        .filter(each -> each.value().isPresent())
                        .reduce((_, second) -> second);
        var verdict = track.said().map(each -> each.verdict()).orElse("");
        return new WatchView.Track(
                track.monitor().name(),
                metricHref(name, watch),
                track.alarms().stream().anyMatch(Alarm::rings) ? "bad" : verdict,
                word(track, verdict),
                last.map(each -> said(track, each.value())).orElse("–"),
                TrackDrawing.of(
                        board, track, values, accuracy ? expected(board) : List.of(), false));
    }

    private static String word(Board.Track track, String verdict) {
        if (track.alarms().stream().anyMatch(Alarm::rings)) return "rings";
        return switch (verdict) {
            case "bad" -> "departs from normal";
            case "fine" -> "as normal";
            case "early" -> "too early: " + track.said().map(each -> each.why()).orElse("");
            default -> "not judged yet";
        };
    }

    private static List<TrackDrawing.Value> values(String name, Board.Track track, boolean links) {
        var values = new ArrayList<TrackDrawing.Value>();
        for (var point : track.points())
            values.add(
                    new TrackDrawing.Value(
                            point.from(),
                            point.value(),
                            Figures.time(point.from()) + ": " + said(track, point.value()),
                            links ? predictions(name, point.from(), point.to()) : "",
                            track.alarms().stream()
                                    .anyMatch(alarm ->
                                            !alarm.since().isAfter(point.from())
                                                    && alarm.until().isAfter(point.from()))));
        return values;
    }

    private static List<TrackDrawing.Value> expected(Board board) {
        return board.expectations().stream()
                .map(each -> new TrackDrawing.Value(each.from(), each.estimated(), "", "", false))
                .toList();
    }

    static String predictions(String endpoint, Instant from, Instant to) {
        return Monitor.href(endpoint) + "/predictions?from=" + from + "&to=" + to;
    }

    private static String said(Board.Track track, OptionalDouble value) {
        if (value.isEmpty()) return "nothing";
        boolean share = track.ofDistance() || track.monitor().watch().isShare();
        var said = share ? percent(value) : Figures.number(value);
        return track.ofDistance() ? said + " away from normal" : said;
    }

    private MetricView metric(String name, String watch, Zoom.Asked asked, String who) {
        var board = watching.board(name, asked.from(), asked.to());
        var window = board.plan().window();
        var track =
                board.tracks().stream()
                        .filter(each ->
                                each.monitor().name().equals(watch)
                                        || each.monitor().watch().text().equals(watch))
                        .findFirst()
                        .orElseThrow(() -> unknown(name, watch));
        var verdict = track.said();
        var sentence =
                verdict.map(said ->
                                switch (said.verdict()) {
                                    case "bad" -> capital(said.why()) + ".";
                                    case "early" -> "It is too early to tell: " + said.why() + ".";
                                    default ->
                                            "It is as normal: %s in the window from %s."
                                                    .formatted(
                                                            said(track, lastValue(track)),
                                                            Figures.time(said.start()));
                                })
                        .orElse(
                                "It has not been judged yet: what is normal is still being learned.");
        boolean rings = track.alarms().stream().anyMatch(Alarm::rings);
        return new MetricView(
                new Chrome(watch + " of " + name + " · Davy", "monitor", who, true),
                name,
                Monitor.href(name),
                watch,
                rings
                        ? Lamp.ALARM
                        : verdict.map(said -> said.verdict().equals("bad")).orElse(false)
                                ? Lamp.UNEASY
                                : verdict.isPresent() ? Lamp.WELL : Lamp.UNKNOWN,
                sentence,
                change(track),
                track.alarms().reversed().stream()
                        .map(each -> ring(name, each, each.isOpen(), window))
                        .toList(),
                TrackDrawing.of(board, track, values(name, track, true), List.of(), true),
                TrackDrawing.axis(board.from(), board.to()),
                Zoom.of(metricHref(name, watch), asked, window, end(name, asked, board)),
                normal(board),
                drawing(name, board, track),
                slices(name, board, track),
                rows(name, track));
    }

    /// Of all there is, whatever is looked at now.
    private Instant end(String name, Zoom.Asked asked, Board board) {
        return asked.to().isEmpty() ? board.to() : watching.end(name);
    }

    /// Of what rang, how it began.
    private String change(Board.Track track) {
        if (track.alarms().isEmpty()) return "";
        var since = track.alarms().getFirst().since();
        var points = track.points();
        int at = 0;
        while (at < points.size() && points.get(at).from().isBefore(since)) at++;
        return watching.change(points.subList(0, Math.min(points.size(), at + CHANGE_WINDOWS)))
                .orElse("");
    }

    private static OptionalDouble lastValue(Board.Track track) {
        return track.points().isEmpty() ? OptionalDouble.empty() : track.points().getLast().value();
    }

    private static Problem unknown(String name, String watch) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "metric-not-watched",
                "'" + watch + "' of '" + name + "' is not watched.",
                "Columns are watched once they came in, other metrics once they are declared.",
                "See what is watched on the endpoint's page.");
    }

    /// The last windows against what is normal.
    private Optional<Drawing> drawing(String name, Board board, Board.Track track) {
        if (!(track.monitor().watch() instanceof Metric.Column column) || track.points().isEmpty())
            return Optional.empty();
        var to = track.points().getLast().to();
        var from = to.minus(board.plan().window().multipliedBy(3));
        var now = watching.measure(name, column, from, to);
        var normal =
                board.reference()
                        .flatMap(stretch ->
                                watching.measure(name, column, stretch.from(), stretch.to()));
        return now.map(measure -> Drawing.of(measure, normal.orElse(measure)));
    }

    private List<MetricView.Slice> slices(String name, Board board, Board.Track track) {
        var slices = new ArrayList<MetricView.Slice>();
        if (track.points().isEmpty() || board.reference().isEmpty()) return slices;
        var to = track.points().getLast().to();
        var from = to.minus(board.plan().window().multipliedBy(3));
        var stretch = board.reference().get();
        for (var part : windows.parts(name, board.plan().origin(), from, to)) {
            if (!part.startsWith("slice ") || slices.size() >= SLICES_MOST) continue;
            slices.add(
                    new MetricView.Slice(
                            part.substring(6),
                            said(
                                    track,
                                    watching.value(name, track.monitor().watch(), part, from, to)),
                            said(
                                    track,
                                    watching.value(
                                            name,
                                            track.monitor().watch(),
                                            part,
                                            stretch.from(),
                                            stretch.to()))));
        }
        return slices;
    }

    private static List<MetricView.Row> rows(String name, Board.Track track) {
        var rows = new ArrayList<MetricView.Row>();
        for (var point : track.points().reversed()) {
            if (rows.size() >= ROWS_MOST) break;
            boolean bad =
                    track.alarms().stream()
                            .anyMatch(alarm ->
                                    !alarm.since().isAfter(point.from())
                                            && alarm.until().isAfter(point.from()));
            rows.add(
                    new MetricView.Row(
                            Figures.time(point.from()),
                            point.from().toString(),
                            said(track, point.value()),
                            Figures.count(point.rows()),
                            bad ? "rings" : "",
                            predictions(name, point.from(), point.to())));
        }
        return rows;
    }
}
