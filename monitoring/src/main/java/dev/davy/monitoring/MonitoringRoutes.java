package dev.davy.monitoring;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;

/// What is watched and what rings, over HTTP.
public final class MonitoringRoutes {
    private static final String ALARM = "/api/v1/alarms/{id}";
    private static final String ENDPOINT = "/api/v1/endpoints/{name}";
    private static final int PAGE = 100;
    private static final int WINDOWS_MOST = 2_000;

    private final Monitors monitors;
    private final Watching watching;
    private final InstantSource clock;

    private MonitoringRoutes(Monitors monitors, Watching watching, InstantSource clock) {
        this.monitors = monitors;
        this.watching = watching;
        this.clock = clock;
    }

    public static void addTo(
            Routes routes, Monitors monitors, Watching watching, InstantSource clock) {
        var here = new MonitoringRoutes(monitors, watching, clock);
        routes.add(
                Route.get("/api/v1/alarms", Permission.READ, here::alarms)
                        .query("endpoint", "state", "limit")
                        .about("Alarms, newest first."),
                Route.get(ALARM, Permission.READ, here::alarm)
                        .about("An alarm: since when, by how much, and where to look."),
                Route.post(
                                ALARM + "/acknowledge",
                                Permission.OPERATE,
                                Upload.JSON,
                                here::acknowledge)
                        .about("Says that somebody looks after an alarm."),
                Route.post(ALARM + "/silence", Permission.OPERATE, Upload.JSON, here::silence)
                        .about("Tells nobody of an alarm for a while."),
                Route.post(ALARM + "/resolve", Permission.OPERATE, Upload.JSON, here::resolve)
                        .about("Says that an alarm is over."),
                Route.get(ENDPOINT + "/monitoring", Permission.READ, here::monitoring)
                        .query("from", "to")
                        .about(
                                "How an endpoint is: what drifted, how right it was beside what was"
                                        + " expected, what rings, and what each monitor said last."),
                Route.get(ENDPOINT + "/metric", Permission.READ, here::metric)
                        .query("watch", "from", "to", "part")
                        .about("A metric over time, window by window, beside what is normal."),
                Route.get(ENDPOINT + "/suggestion", Permission.READ, here::suggestion)
                        .query("watch", "per-month")
                        .about(
                                "Limits for a metric that its own history would have kept, at so many"
                                        + " false alarms a month."));
    }

    private Response alarms(Request request) {
        int limit = (int) request.query("limit", PAGE, 1, request.limits().pageSize());
        var state = request.query("state").map(MonitoringRoutes::state);
        var json = Json.object();
        var list = json.putArray("alarms");
        for (var alarm : monitors.list(request.query("endpoint"), state, limit))
            list.add(MonitoringJson.alarm(alarm));
        return Response.json(json);
    }

    private static Alarm.State state(String word) {
        return Arrays.stream(Alarm.State.values())
                .filter(each -> each.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new Problem(
                                Problem.Kind.UNACCEPTABLE,
                                "alarm-state-unknown",
                                "Alarms are never '" + word + "'.",
                                "They are pending, firing, acknowledged or resolved.",
                                "Name one of these."));
    }

    private Response alarm(Request request) {
        return Response.json(MonitoringJson.alarm(monitors.alarm(id(request))));
    }

    private static UUID id(Request request) {
        var text = request.parameter("id");
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException notAnId) {
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "alarm-unknown",
                    "There is no alarm '" + text + "'.",
                    "An alarm's id is a UUID.",
                    "See them with: davy alarm list");
        }
    }

    private Response acknowledge(Request request) {
        return acted(request, new Monitors.Act.Acknowledge());
    }

    private Response resolve(Request request) {
        return acted(request, new Monitors.Act.Resolve());
    }

    private Response acted(Request request, Monitors.Act act) {
        var fields = Fields.of(request.json(), "The alarm");
        var why = fields.optionalText("why").orElse("");
        // What was looked at; nothing that can be done about an alarm depends on it.
        fields.optionalInteger("revision", 0, Integer.MAX_VALUE);
        fields.done();
        return acted(request, act, why);
    }

    private Response silence(Request request) {
        var fields = Fields.of(request.json(), "The silence");
        var why = fields.optionalText("why").orElse("");
        var length = fields.optionalDuration("for").orElse(Duration.ofHours(1));
        fields.optionalInteger("revision", 0, Integer.MAX_VALUE);
        fields.done();
        return acted(request, new Monitors.Act.Silence(clock.instant().plus(length)), why);
    }

    private Response acted(Request request, Monitors.Act act, String why) {
        return Response.json(
                MonitoringJson.alarm(monitors.act(id(request), act, request.who().name(), why)));
    }

    private Response monitoring(Request request) {
        var name = request.parameter("name");
        var to = request.time("to");
        var from = request.time("from");
        var json = MonitoringJson.health(watching.health(name, from, to));
        var said = json.putArray("monitors");
        for (var each : monitors.said(name)) said.add(MonitoringJson.said(each));
        return Response.json(json);
    }

    private Response metric(Request request) {
        var watch = request.query("watch").orElseThrow(() -> missing("watch"));
        var series =
                watching.series(
                        request.parameter("name"),
                        Metric.read(watch),
                        request.query("part").orElse(""),
                        request.time("from"),
                        request.time("to"),
                        WINDOWS_MOST);
        var json = Json.object();
        json.put("watch", watch);
        var list = json.putArray("windows");
        for (var point : series) {
            var each = list.addObject();
            each.put("from", point.from().toString());
            each.put("to", point.to().toString());
            MonitoringJson.put(each, "value", point.value());
            each.put("rows", point.rows());
        }
        return Response.json(json);
    }

    private Response suggestion(Request request) {
        var watch = request.query("watch").orElseThrow(() -> missing("watch"));
        double perMonth = 1;
        try {
            perMonth = Double.parseDouble(request.query("per-month").orElse("1"));
        } catch (NumberFormatException notANumber) {
            perMonth = Double.NaN;
        }
        if (!(perMonth > 0 && perMonth <= 1_000))
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "price-impossible",
                    "There can't be so many false alarms a month.",
                    "'per-month' must be a number above 0, at most 1000.",
                    "Ask with per-month=1.");
        var suggestion =
                watching.suggestion(request.parameter("name"), Metric.read(watch), perMonth);
        var json = Json.object();
        json.put("watch", watch);
        json.put("windows", suggestion.windows());
        json.put("below", suggestion.low());
        json.put("above", suggestion.high());
        json.put("false-alarms-per-month", suggestion.perMonth());
        json.put("beyond-what-was-seen", suggestion.extrapolated());
        json.put(
                "declaration",
                "- {watch: %s, between: [%s, %s]}"
                        .formatted(
                                watch,
                                Moved.plain(suggestion.low()),
                                Moved.plain(suggestion.high())));
        return Response.json(json);
    }

    private static Problem missing(String name) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "metric-missing",
                "'" + name + "' is missing.",
                "It says which metric: " + Metric.FORMS + ".",
                "Ask with ?watch=latency.p99 for instance.");
    }
}
