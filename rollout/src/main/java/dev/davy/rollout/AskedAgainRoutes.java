package dev.davy.rollout;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.jobs.JobRoutes;
import dev.davy.jobs.Jobs;
import dev.davy.strict.Json;
import java.time.InstantSource;

/// Rehearsals and comparisons over HTTP: each is a job, and its result is the job's.
public final class AskedAgainRoutes {
    private static final String ENDPOINT = "/api/v1/endpoints/{name}";

    private final Jobs jobs;
    private final InstantSource clock;

    private AskedAgainRoutes(Jobs jobs, InstantSource clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    public static void addTo(Routes routes, Jobs jobs, InstantSource clock) {
        var here = new AskedAgainRoutes(jobs, clock);
        routes.add(
                Route.post(
                                ENDPOINT + "/rollout/rehearsals",
                                Permission.OPERATE,
                                Upload.JSON,
                                request -> here.submit(request, RehearsalWork.KIND))
                        .about(
                                "Begins a job that says what a rollout would have done with logged"
                                        + " traffic: `to`, `since`, `until`, `case`, `policy`."),
                Route.post(
                                ENDPOINT + "/diffs",
                                Permission.OPERATE,
                                Upload.JSON,
                                request -> here.submit(request, DiffWork.KIND))
                        .about(
                                "Begins a job that says which logged answers would flip under a"
                                        + " version: `with`, `since`, `until`, `most`, `slices`."));
    }

    private Response submit(Request request, String kind) {
        var arguments = Json.object();
        var body = request.json();
        if (body.isObject())
            body.properties().forEach(each -> arguments.set(each.getKey(), each.getValue()));
        arguments.put("endpoint", request.parameter("name"));
        return JobRoutes.created(jobs.submit(kind, arguments, request.who().name()), clock);
    }
}
