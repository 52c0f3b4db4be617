package dev.davy.monitoring;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Reports of incidents over HTTP.
public final class IncidentRoutes {
    /// The page brings its own style, and nothing else.
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none';"
                    + " base-uri 'none'; frame-ancestors 'none'";

    private final Incidents incidents;
    private final Function<JsonNode, String> page;

    private IncidentRoutes(Incidents incidents, Function<JsonNode, String> page) {
        this.incidents = incidents;
        this.page = page;
    }

    /// @param page an incident, as JSON tells it, as a page that needs nothing else
    public static void addTo(Routes routes, Incidents incidents, Function<JsonNode, String> page) {
        routes.add(
                Route.get(
                                "/api/v1/endpoints/{name}/report",
                                Permission.READ,
                                new IncidentRoutes(incidents, page)::report)
                        .query("from", "to")
                        .about(
                                "What happened at an endpoint over a stretch of time: what rang and"
                                        + " why, what moved, how right it was, who did what, which"
                                        + " versions answered, and which predictions to recall;"
                                        + " with 'Accept: text/html' as one page that needs nothing"
                                        + " else."));
    }

    private Response report(Request request) {
        var from = request.time("from").orElseThrow(() -> missing("from"));
        var to = request.time("to").orElseThrow(() -> missing("to"));
        var incident = IncidentJson.of(incidents.of(request.parameter("name"), from, to));
        if (!request.headers().first("accept").orElse("").contains("text/html"))
            return Response.json(incident).with("vary", "accept");
        return Response.bytes(
                        200,
                        "text/html; charset=utf-8",
                        page.apply(incident).getBytes(StandardCharsets.UTF_8))
                .with("content-security-policy", POLICY)
                .with("vary", "accept");
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
