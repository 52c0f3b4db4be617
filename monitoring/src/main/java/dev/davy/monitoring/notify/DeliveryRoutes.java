package dev.davy.monitoring.notify;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The HTTP of deliveries.
public final class DeliveryRoutes {
    private static final int PAGE = 100;
    private static final int PAGE_MOST = 1_000;

    private final Deliveries deliveries;

    private DeliveryRoutes(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    public static Routes addTo(Routes routes, Deliveries deliveries) {
        var here = new DeliveryRoutes(deliveries);
        return routes.add(
                Route.get("/api/v1/deliveries", Permission.READ, here::list)
                        .query("endpoint", "state", "limit")
                        .about("Who was told of alarms, who could not be, and why; newest first."),
                Route.get(
                                "/api/v1/deliveries/{id}",
                                Permission.READ,
                                request -> here.one(request.parameter("id")))
                        .about("One delivery, with what it tells."),
                Route.post("/api/v1/deliveries/test", Permission.OPERATE, Upload.JSON, here::test)
                        .about("Sends a test to every channel of an endpoint."));
    }

    private Response list(Request request) {
        var state = request.query("state").map(DeliveryRoutes::state);
        int limit = (int) request.query("limit", PAGE, 1, PAGE_MOST);
        return said(deliveries.list(request.query("endpoint"), state, limit));
    }

    private static Delivery.State state(String text) {
        return Stream.of(Delivery.State.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new Problem(
                                Problem.Kind.MALFORMED,
                                "state-malformed",
                                "'state' is no state of a delivery.",
                                "It is waiting, sent or failed.",
                                "Correct it."));
    }

    private static Response said(List<Delivery> deliveries) {
        var list = Json.array();
        for (var each : deliveries) list.add(each.json());
        var body = Json.object();
        body.set("deliveries", list);
        return Response.json(body);
    }

    private Response one(String id) {
        var delivery =
                deliveries
                        .one(id)
                        .orElseThrow(() ->
                                new Problem(
                                        Problem.Kind.NOT_FOUND,
                                        "delivery-unknown",
                                        "There is no such delivery.",
                                        "It never was, or it is longer ago than 30 days.",
                                        "See them with: GET /api/v1/deliveries"));
        var json = delivery.json();
        var news = Json.array();
        for (var each : delivery.news()) news.add(each.json());
        json.set("news", news);
        return Response.json(json);
    }

    private Response test(Request request) {
        var fields = Fields.of(request.json(), "test");
        var endpoint = fields.text("endpoint");
        fields.done();
        var made = deliveries.test(endpoint, request.who().name());
        if (made.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "nobody-to-tell",
                    "Nobody is told of alarms of '" + endpoint + "'.",
                    "There is no such endpoint, or it declares no 'notify'.",
                    "Declare it: notify: [{webhook: \"https://…\"}].");
        return said(made);
    }
}
