package dev.davy.monitoring;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.jobs.JobRoutes;
import dev.davy.jobs.Jobs;
import dev.davy.strict.Json;
import dev.davy.strict.Units;
import java.time.InstantSource;
import tools.jackson.databind.node.ObjectNode;

/// What metrics were worth, and counting them over the past, over HTTP.
public final class MetricRoutes {
    private static final String METRICS = "/api/v1/endpoints/{name}/metrics";

    private final Usages usages;
    private final Backfills backfills;
    private final Jobs jobs;
    private final InstantSource clock;

    private MetricRoutes(Usages usages, Backfills backfills, Jobs jobs, InstantSource clock) {
        this.usages = usages;
        this.backfills = backfills;
        this.jobs = jobs;
        this.clock = clock;
    }

    public static void addTo(
            Routes routes, Usages usages, Backfills backfills, Jobs jobs, InstantSource clock) {
        var here = new MetricRoutes(usages, backfills, jobs, clock);
        routes.add(
                Route.get(METRICS, Permission.READ, here::metrics)
                        .query("silent-for")
                        .about(
                                "What each metric of an endpoint said so far, and what it costs;"
                                        + " with `silent-for=90d` those that never said anything."),
                Route.post(
                                METRICS + "/{metric}/backfill",
                                Permission.OPERATE,
                                Upload.JSON,
                                here::backfill)
                        .about(
                                "Begins a job that counts a declared metric over what was predicted"
                                        + " before it was declared: `from`, `to`."));
    }

    private Response metrics(Request request) {
        var endpoint = request.parameter("name");
        var all = usages.of(endpoint);
        var silent = request.query("silent-for").map(Units::duration);
        var json = Json.object();
        json.put("now", all.now().toString());
        var list = json.putArray("metrics");
        for (var each : silent.map(all::silentFor).orElse(all.usages())) list.add(json(each));
        var filled = json.putArray("backfilled");
        for (var each : backfills.of(endpoint))
            filled.addObject()
                    .put("metric", "metric." + each.metric())
                    .put("from", each.from().toString())
                    .put("to", each.to().toString())
                    .put("at", each.at().toString())
                    .put("who", each.who());
        return Response.json(json);
    }

    private static ObjectNode json(Usage usage) {
        var json = Json.object();
        json.put("monitor", usage.monitor());
        json.put("watch", usage.watch());
        json.put("declared", usage.declared());
        json.put("windows", usage.windows());
        json.put("moved", usage.bad());
        json.put("alarms", usage.alarms());
        usage.first().ifPresent(at -> json.put("first", at.toString()));
        usage.lastBad().ifPresent(at -> json.put("last-moved", at.toString()));
        usage.lastAlarm().ifPresent(at -> json.put("last-alarm", at.toString()));
        json.put("bytes-a-day", usage.bytesADay());
        json.put("micros-a-window", usage.microsAWindow());
        json.put("price-share", usage.priceShare());
        return json;
    }

    private Response backfill(Request request) {
        var arguments = Json.object();
        var body = request.json();
        if (body.isObject())
            body.properties().forEach(each -> arguments.set(each.getKey(), each.getValue()));
        arguments.put("endpoint", request.parameter("name"));
        arguments.put("metric", request.parameter("metric"));
        return JobRoutes.created(
                jobs.submit(BackfillWork.KIND, arguments, request.who().name()), clock);
    }
}
