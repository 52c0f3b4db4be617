package dev.davy.registry;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What happened to things, over HTTP.
public final class EventRoutes {
    private static final int PAGE = 100;

    private EventRoutes() {}

    public static void addTo(Routes routes, Events events) {
        routes.add(
                Route.get("/api/v1/events", Permission.READ, request -> list(events, request))
                        .query("kind", "name", "before", "limit")
                        .about("What happened to models, endpoints and tokens, newest first."));
    }

    private static Response list(Events events, Request request) {
        var kind = request.query("kind");
        var name = request.query("name");
        int limit = (int) request.query("limit", PAGE, 1, request.limits().pageSize());
        var before = request.query("before").map(EventRoutes::id);
        if (name.isPresent() && kind.isEmpty())
            throw new Problem(
                            Kind.MALFORMED,
                            "kind-missing",
                            "The name alone does not say which thing is meant.",
                            "A model and an endpoint may have the same name.",
                            "Give the kind, too: ?kind=model&name=NAME.")
                    .at("kind");
        var page =
                name.isPresent()
                        ? events.of(kind.orElseThrow(), name.get(), before, limit)
                        : events.all(kind, before, limit);
        var json = Json.object();
        var list = json.putArray("events");
        for (var event : page) list.add(json(event));
        // A full page may have another behind it.
        if (page.size() == limit) json.put("before", page.getLast().id().toString());
        return Response.json(json);
    }

    private static ObjectNode json(Event event) {
        var json = Json.object().put("id", event.id().toString()).put("at", event.at().toString());
        json.put("kind", event.kind()).put("name", event.name()).put("what", event.what());
        json.put("who", event.who()).put("why", event.why()).set("detail", event.detail());
        return json;
    }

    private static UUID id(String text) {
        var form = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
        if (text.matches(form)) return UUID.fromString(text);
        throw new Problem(
                        Kind.MALFORMED,
                        "id-malformed",
                        "The id of an event cannot be read.",
                        "It is a UUID in lower case.",
                        "Use the 'before' of the page before.")
                .at("before");
    }
}
