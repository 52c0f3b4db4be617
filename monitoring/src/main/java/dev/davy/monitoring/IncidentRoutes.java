package dev.davy.monitoring;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.strict.Problem;

/// Reports of incidents over HTTP.
public final class IncidentRoutes {
    private final Incidents incidents;

    private IncidentRoutes(Incidents incidents) {
        this.incidents = incidents;
    }

    public static void addTo(Routes routes, Incidents incidents) {
        routes.add(
                Route.get(
                                "/api/v1/endpoints/{name}/report",
                                Permission.READ,
                                new IncidentRoutes(incidents)::report)
                        .query("from", "to")
                        .about(
                                "What happened at an endpoint over a stretch of time: what rang and"
                                        + " why, what moved, how right it was, who did what, which"
                                        + " versions answered, and which predictions to recall."));
    }

    private Response report(Request request) {
        var from = request.time("from").orElseThrow(() -> missing("from"));
        var to = request.time("to").orElseThrow(() -> missing("to"));
        return Response.json(IncidentJson.of(incidents.of(request.parameter("name"), from, to)));
    }

    private static Problem missing(String name) {
        return new Problem(
                Problem.Kind.MALFORMED,
                "stretch-missing",
                "'" + name + "' is missing.",
                "A report is of a stretch of time.",
                "Write it like 2026-11-21T14:05:00Z.");
    }
}
