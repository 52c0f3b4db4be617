package dev.davy.web;

import dev.davy.monitoring.Alarm;
import dev.davy.monitoring.Measure;
import dev.davy.monitoring.Monitors;
import dev.davy.monitoring.Shares;
import dev.davy.monitoring.Span;
import dev.davy.monitoring.Window;
import dev.davy.monitoring.Windows;
import dev.davy.registry.Models;
import dev.davy.rollout.RolloutDocuments;
import dev.davy.serving.Arm;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Origin;
import dev.davy.serving.Routing;
import dev.davy.serving.feedback.Feedbacks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Puts into words and figures what the windows hold.
final class Monitor {
    /// What the lamp looks at.
    private static final Duration LAMP = Duration.ofMinutes(15);

    private static final int LINE_POINTS = 60;

    private final Endpoints endpoints;
    private final Models models;
    private final RolloutDocuments rollouts;
    private final ReviewPages reviews;
    private final Windows windows;
    private final Monitors monitors;
    private final Feedbacks feedbacks;
    private final InstantSource clock;

    Monitor(
            Endpoints endpoints,
            Models models,
            RolloutDocuments rollouts,
            ReviewPages reviews,
            Windows windows,
            Monitors monitors,
            Feedbacks feedbacks,
            InstantSource clock) {
        this.endpoints = endpoints;
        this.models = models;
        this.rollouts = rollouts;
        this.reviews = reviews;
        this.windows = windows;
        this.monitors = monitors;
        this.feedbacks = feedbacks;
        this.clock = clock;
    }

    HomeView home(String who) {
        var now = clock.instant();
        var rows = new ArrayList<HomeView.Row>();
        long all = 0, failed = 0;
        int well = 0;
        for (var each : endpoints.all()) {
            var name = each.get("name").asString();
            var hour = windows.over(name, Origin.LIVE, now.minus(Stretch.HOUR.length()), now);
            all += hour.predictions();
            failed += hour.failed();
            var lamp = lamp(name, each.get("state").asString(), now);
            if (lamp == Lamp.WELL || lamp == Lamp.UNKNOWN) well++;
            rows.add(row(name, each.path("reason").asString(""), hour, lamp, now));
        }
        rows.sort(
                Comparator.comparingInt((HomeView.Row row) -> worst(row.lamp()))
                        .thenComparing(HomeView.Row::name));
        var lamp = rows.isEmpty() ? Lamp.UNKNOWN : rows.getFirst().lamp();
        var chrome = new Chrome("Davy", "monitor", who, true);
        if (rows.isEmpty())
            return new HomeView(
                    chrome,
                    lamp,
                    "Nothing is served yet.",
                    List.of(),
                    rows,
                    !models.names().isEmpty());
        var sentence =
                well == rows.size()
                        ? (all == 0 ? "Nothing was asked" : "Yes: " + asked(all))
                                + " in the last hour"
                                + (failed == 0
                                        ? (all == 0 ? "." : ", and none failed.")
                                        : ", " + failed(failed, all))
                        : "No: "
                                + Figures.of(rows.size() - well, "endpoint")
                                + (rows.size() - well == 1 ? " needs" : " need")
                                + " a look.";
        return new HomeView(chrome, lamp, sentence, List.of(), rows, true);
    }

    private static String asked(long count) {
        return Figures.of(count, "prediction");
    }

    private static String failed(long failed, long all) {
        return Figures.count(failed) + " of which failed (" + Figures.share(failed, all) + ").";
    }

    private static int worst(Lamp lamp) {
        return switch (lamp) {
            case DARK -> 0;
            case ALARM -> 1;
            case UNEASY -> 2;
            case WELL -> 3;
            case UNKNOWN -> 4;
        };
    }

    private Lamp lamp(String name, String state, Instant now) {
        boolean answers = state.equals("ready") || state.equals("external");
        var lamp = Lamp.of(answers, windows.over(name, Origin.LIVE, now.minus(LAMP), now));
        if (!answers) return lamp;
        var alarms = monitors.open(name);
        if (alarms.stream().anyMatch(Alarm::rings)) return Lamp.ALARM;
        return !alarms.isEmpty() && lamp == Lamp.WELL ? Lamp.UNEASY : lamp;
    }

    /// What is watched of it, in a sentence.
    private String watched(String name) {
        var ringing = monitors.open(name).stream().filter(Alarm::rings).toList();
        if (ringing.isEmpty()) return "Is it still right? What is watched of it.";
        return Figures.of(ringing.size(), "alarm")
                + (ringing.size() == 1 ? " rings: " : " ring; the first: ")
                + ringing.getFirst().why()
                + ".";
    }

    private HomeView.Row row(String name, String why, Window hour, Lamp lamp, Instant now) {
        var routing = endpoints.table().route(name);
        return new HomeView.Row(
                name,
                href(name),
                routing.map(each -> each.endpoint().about()).orElse(""),
                lamp,
                why,
                routing.flatMap(Routing::live).map(Monitor::version).orElse(""),
                Figures.rate(recentRate(name, now)),
                Figures.count(hour.predictions()),
                Figures.share(hour.failed(), hour.predictions()),
                Figures.millis(hour.latency().quantile(0.5)),
                Figures.millis(hour.latency().quantile(0.99)),
                line(name, now));
    }

    /// Over the last five minutes.
    private double recentRate(String name, Instant now) {
        var from = Span.MINUTE.start(now.minus(Duration.ofMinutes(5)));
        var window = windows.over(name, Origin.LIVE, from, now);
        return window.predictions() / (Duration.between(from, now).toMillis() / 1000.0);
    }

    private static String version(Arm arm) {
        return arm.program().version();
    }

    private String line(String name, Instant now) {
        var from = Span.MINUTE.start(now.minus(Stretch.HOUR.length()));
        var series = windows.series(name, Origin.LIVE, Span.MINUTE, from, now);
        long most = 1;
        for (var window : series.values()) most = Math.max(most, window.predictions());
        var points = new StringBuilder();
        for (int i = 0; i < LINE_POINTS; i++) {
            var window = series.get(from.plus(Duration.ofMinutes(i)));
            double height = window == null ? 0 : 22.0 * window.predictions() / most;
            points.append(i == 0 ? "" : " ")
                    .append(String.format(Locale.ROOT, "%d,%.1f", 2 * i, 23 - height));
        }
        return series.isEmpty() ? "" : points.toString();
    }

    static String href(String endpoint) {
        return "/endpoints/" + Figures.segment(endpoint);
    }

    /// @throws dev.davy.strict.Problem NOT_FOUND `endpoint-unknown`
    EndpointView endpoint(String name, Stretch stretch, String who) {
        var now = clock.instant();
        var shown = endpoints.one(name);
        var from = Span.MINUTE.start(now.minus(stretch.length()));
        var window = windows.over(name, Origin.LIVE, from, now);
        var before = windows.over(name, Origin.LIVE, from.minus(stretch.length()), from);
        var lamp = lamp(name, shown.get("state").asString(), now);
        var routing = endpoints.table().route(name);
        var confidence = confidence(window.confidence(), before.confidence());
        return new EndpointView(
                new Chrome(name + " · Davy", "monitor", who, true),
                name,
                href(name),
                routing.map(each -> each.endpoint().about()).orElse(""),
                lamp,
                sentence(lamp, window, stretch, shown.path("reason").asString("")),
                details(name, window, from, now),
                watched(name),
                rollout(name, now),
                reviews.brief(name),
                stretch,
                "the " + stretch.said() + " before",
                window.isEmpty(),
                command(name),
                summary(window, name, now),
                Columns.of(window.outputs(), before.outputs()),
                confidence,
                Columns.of(window.inputs(), before.inputs()),
                tallies(window.errors(), window.predictions()),
                tallies(window.feedback(), 0),
                tallies(window.arms(), window.predictions()),
                recent(name, now));
    }

    private static List<Columns> confidence(Measure now, Measure before) {
        if (now.moments().count() == 0) return List.of();
        return Columns.of(
                new TreeMap<>(Map.of("confidence", now)),
                new TreeMap<>(Map.of("confidence", before)));
    }

    private static String sentence(Lamp lamp, Window window, Stretch stretch, String reason) {
        if (lamp == Lamp.DARK)
            return "No: it does not answer." + (reason.isEmpty() ? "" : " " + reason);
        if (window.predictions() == 0)
            return (lamp == Lamp.ALARM ? "No: something rings. " : "")
                    + "It answers, but nobody asked in the last "
                    + stretch.said()
                    + ".";
        var said = new StringBuilder(lamp == Lamp.ALARM || lamp == Lamp.UNEASY ? "No: " : "Yes: ");
        long failed = window.failed();
        if (failed == 0 && lamp == Lamp.ALARM) said.append("something rings; ");
        said.append(
                failed == 0
                        ? (window.predictions() == 1
                                ? "the only prediction of"
                                : "all " + asked(window.predictions()) + " of")
                        : Figures.count(failed)
                                + " of "
                                + asked(window.predictions())
                                + " ("
                                + Figures.share(failed, window.predictions())
                                + ") of");
        said.append(" the last ").append(stretch.said());
        said.append(
                failed > 0
                        ? " failed"
                        : window.predictions() == 1 ? " was answered" : " were answered");
        var p50 = window.latency().quantile(0.5);
        if (p50.isPresent())
            said.append(", half of them within ")
                    .append(Figures.millis(p50))
                    .append(" and 99 % within ")
                    .append(Figures.millis(window.latency().quantile(0.99)));
        return said.append('.').toString();
    }

    private String rollout(String name, Instant now) {
        var found = rollouts.brief(name);
        if (found.isEmpty()) return "";
        var rollout = found.get();
        var since = Instant.parse(rollout.at("/state/since").asString());
        if (rollout.path("over").asBoolean(false) && since.isBefore(now.minus(Duration.ofDays(1))))
            return "";
        var candidate = rollout.path("candidate").asString("");
        var share = Figures.share(rollout.path("share").asDouble());
        return switch (rollout.at("/state/is").asString("")) {
            case "rolled-back" -> candidate + " was rolled back " + Figures.ago(since, now) + ".";
            case "finished" -> candidate + " came live " + Figures.ago(since, now) + ".";
            case "baking" -> candidate + " was promoted, and is still watched.";
            case "paused" -> "The rollout of " + candidate + " is paused, and waits for you.";
            default -> candidate + " is on its way to live, with " + share + " of the traffic.";
        };
    }

    private List<String> details(String name, Window window, Instant from, Instant now) {
        var details = new ArrayList<String>();
        if (window.notFinite() > 0)
            details.add(
                    Figures.of(window.notFinite(), "answer")
                            + " held a number that is infinite or none at all.");
        for (var trouble : window.troubles().values().entrySet())
            details.add(
                    "Component "
                            + trouble.getKey().replace(" ", ": ")
                            + ", "
                            + Figures.count(trouble.getValue())
                            + " times.");
        if (window.inputsKept() < window.predictions())
            details.add(
                    "Inputs were kept of "
                            + Figures.share(window.inputsKept(), window.predictions())
                            + " of the predictions; what came in is told of these.");
        long lost = endpoints.table().route(name).map(each -> each.statistics().lost()).orElse(0L);
        if (lost > 0)
            details.add(
                    Figures.of(lost, "prediction")
                            + " since the start could not be logged and are in no figure here.");
        for (var gap : windows.incomplete(from, now))
            details.add(
                    "Figures are incomplete: what node "
                            + gap.node()
                            + " logged between "
                            + Figures.time(gap.since())
                            + " and "
                            + Figures.time(gap.until())
                            + " was lost before it was counted ("
                            + gap.cause().toLowerCase(Locale.ROOT)
                            + ").");
        return details;
    }

    private EndpointView.Summary summary(Window window, String name, Instant now) {
        return new EndpointView.Summary(
                Figures.count(window.predictions()),
                Figures.rate(recentRate(name, now)),
                Figures.share(window.failed(), window.predictions()),
                Figures.millis(window.latency().quantile(0.5)),
                Figures.millis(window.latency().quantile(0.99)),
                Figures.count(window.notFinite()));
    }

    private static List<EndpointView.Tally> tallies(Shares shares, long of) {
        var tallies = new ArrayList<EndpointView.Tally>();
        shares.values().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(each ->
                        tallies.add(
                                new EndpointView.Tally(
                                        each.getKey(),
                                        Figures.count(each.getValue()),
                                        of == 0 ? "" : Figures.share(each.getValue(), of))));
        if (shares.other() > 0)
            tallies.add(
                    new EndpointView.Tally(
                            "other",
                            Figures.count(shares.other()),
                            of == 0 ? "" : Figures.share(shares.other(), of)));
        return tallies;
    }

    /// The last dozen, and the last of each answer that is not among them.
    List<RecentView> recent(String name, Instant now) {
        var recent = new ArrayList<RecentView>();
        var answers = new HashSet<Object>();
        for (var prediction : windows.recent(name)) {
            var said =
                    prediction.decision().outputs().values().stream()
                            .filter(String.class::isInstance)
                            .findFirst();
            boolean first = said.isPresent() && answers.add(said.get());
            if (recent.size() < Windows.RECENT / 2 || first)
                recent.add(
                        RecentView.of(
                                prediction,
                                endpoints.schema(prediction.schema()),
                                feedbacks.truth(prediction),
                                now));
        }
        return recent;
    }

    /// The command that asks this endpoint, to be copied.
    private String command(String name) {
        var routing = endpoints.table().route(name);
        var media =
                routing.map(each ->
                                each.shape().rows().columns().stream()
                                        .filter(column ->
                                                switch (column.type()) {
                                                    case IMAGE, AUDIO -> true;
                                                    case NUMBER,
                                                            INTEGER,
                                                            CATEGORY,
                                                            TEXT,
                                                            BOOLEAN,
                                                            TIME,
                                                            VECTOR ->
                                                            false;
                                                })
                                        .map(column -> column.type().word())
                                        .findFirst()
                                        .orElse("table"))
                        .orElse("table");
        return "davy predict "
                + name
                + switch (media) {
                    case "image" -> " photo.png";
                    case "audio" -> " recording.wav";
                    default -> " rows.csv";
                };
    }
}
