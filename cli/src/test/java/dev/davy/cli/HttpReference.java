package dev.davy.cli;

import dev.davy.server.Caller;
import java.util.ArrayList;
import java.util.Locale;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// `docs/reference/http.md`, from the OpenAPI document that a server gives of its own routes.
final class HttpReference {
    private HttpReference() {}

    static String page(Caller caller) {
        var paths = caller.get("/api/v1/openapi.json").is(200).json().path("paths");
        var groups = new TreeMap<String, StringBuilder>();
        for (var path : paths.properties())
            for (var operation : path.getValue().properties())
                groups.computeIfAbsent(group(path.getKey()), _ -> new StringBuilder())
                        .append(row(path.getKey(), operation.getKey(), operation.getValue()));
        var page =
                new StringBuilder(
                        """
                        # HTTP

                        <!-- Made from the code by ReferenceTest; a change belongs into the route itself. -->

                        Every route of a server, as it says at `GET /api/v1/openapi.json` too. *May* is what the caller's token
                        must be allowed to do; without tokens, on loopback, everybody may do everything. A query parameter or a
                        field that is not known is refused. What goes wrong is told as a problem document (RFC 9457) with
                        `code`, what happened, why, and what to do.

                        Predictions are asked for at `/v2/…` (the Open Inference Protocol, REST and gRPC on the same port) or at
                        `/api/v1/endpoints/{name}/predict`, which takes rows as JSON or CSV, an image or a recording.
                        """);
        groups.forEach((group, rows) ->
                page.append("\n## ")
                        .append(group)
                        .append("\n\n| | may | what it does | query |\n|---|---|---|---|\n")
                        .append(rows));
        return page.toString();
    }

    private static String group(String path) {
        var parts = path.split("/", -1);
        if (path.startsWith("/api/v1/")) {
            if (parts[3].equals("endpoints") && parts.length > 5)
                return "/api/v1/endpoints/{name}/…";
            return "/api/v1/" + parts[3];
        }
        return path.startsWith("/v2") ? "/v2" : "pages and others";
    }

    private static String row(String path, String method, JsonNode of) {
        var query = new ArrayList<String>();
        for (var each : of.path("parameters"))
            if (each.path("in").asString().equals("query"))
                query.add("`" + each.path("name").asString() + "`");
        return "| `%s %s` | %s | %s | %s |\n"
                .formatted(
                        method.toUpperCase(Locale.ROOT),
                        path,
                        of.path("x-permission").asString(),
                        of.path("summary").asString().replace("|", "\\|"),
                        String.join(", ", query));
    }
}
