package dev.davy.monitoring.pipeline;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.serving.Origin;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/// The HTTP of attribution.
public final class AttributionRoutes {
    /// Where nothing is said: the last hour, against the day before it.
    private static final Duration LAST = Duration.ofHours(1);

    private static final Duration BEFORE = Duration.ofDays(1);

    private final Attributions attributions;
    private final InstantSource clock;

    private AttributionRoutes(Attributions attributions, InstantSource clock) {
        this.attributions = attributions;
        this.clock = clock;
    }

    public static void addTo(Routes routes, Attributions attributions, InstantSource clock) {
        var here = new AttributionRoutes(attributions, clock);
        routes.add(
                Route.get(
                                "/api/v1/endpoints/{name}/attribution",
                                Permission.OPERATE,
                                here::attribute)
                        .query(
                                "from",
                                "to",
                                "reference-from",
                                "reference-to",
                                "origin",
                                "rows",
                                "seed")
                        .about(
                                "Which part of a pipeline became other since a reference: its input,"
                                        + " a component, or none that is known."));
    }

    private Response attribute(Request request) {
        var to = request.time("to").orElseGet(clock::instant);
        var from = request.time("from").orElseGet(() -> to.minus(LAST));
        var referenceTo = request.time("reference-to").orElse(from);
        var referenceFrom =
                request.time("reference-from").orElseGet(() -> referenceTo.minus(BEFORE));
        var asked =
                new Asked(
                        request.parameter("name"),
                        stretch("from", from, to),
                        stretch("reference-from", referenceFrom, referenceTo),
                        origin(request.query("origin").orElse("live")),
                        (int) request.query("rows", Asked.ROWS, Asked.ROWS_MIN, Asked.ROWS_MAX),
                        request.query("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
        return Response.json(AttributionJson.of(attributions.of(asked)));
    }

    private static Stretch stretch(String name, Instant from, Instant to) {
        if (from.isBefore(to)) return new Stretch(from, to);
        throw new Problem(
                Problem.Kind.MALFORMED,
                "stretch-empty",
                "'" + name + "' begins a stretch that has already ended.",
                "It is from " + from + " to " + to + ".",
                "Name a time before its end.");
    }

    private static Origin origin(String word) {
        return Arrays.stream(Origin.values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new Problem(
                                Problem.Kind.MALFORMED,
                                "origin-unknown",
                                "'origin' names no origin of predictions.",
                                "The origins are "
                                        + Arrays.stream(Origin.values()).map(Origin::word).toList()
                                        + ".",
                                "Name one, or leave it out for live."));
    }
}
