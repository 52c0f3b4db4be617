package dev.davy.review.explain;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.review.explain.Explaining.Wanted;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// The HTTP of explanations.
public final class ExplanationRoutes {
    private static final int CELLS = 8;

    private final Explanations explanations;

    private ExplanationRoutes(Explanations explanations) {
        this.explanations = explanations;
    }

    public static void addTo(Routes routes, Explanations explanations) {
        var here = new ExplanationRoutes(explanations);
        routes.add(
                Route.get(
                                "/api/v1/endpoints/{name}/predictions/{id}/explanation",
                                Permission.READ,
                                here::explain)
                        .query("class", "cells", "values-only")
                        .about(
                                "What an answer hung on: which part of a picture or recording, or"
                                        + " which values of a row; and how unusual these are."));
    }

    private Response explain(Request request) {
        var wanted =
                new Wanted(
                        request.query("class"),
                        (int)
                                request.query(
                                        "cells", CELLS, Occlusion.CELLS_MIN, Occlusion.CELLS_MAX),
                        !request.flag("values-only"));
        return Response.json(json(explanations.of(request.parameter("name"), id(request), wanted)));
    }

    private static UUID id(Request request) {
        try {
            return UUID.fromString(request.parameter("id"));
        } catch (IllegalArgumentException notAnId) {
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "id-malformed",
                    "The prediction's id can't be read.",
                    "It is a UUID like 01a1fd9a-5ffb-7000-8000-002380aa1cac.",
                    "Take it from the answer, or from a list of predictions.");
        }
    }

    private static ObjectNode json(Explanation explanation) {
        var json =
                Json.object()
                        .put("method", explanation.method().word())
                        .put("version", explanation.version());
        explanation
                .target()
                .ifPresent(target -> {
                    var of = Json.object().put("output", target.output());
                    if (!target.category().isEmpty()) of.put("class", target.category());
                    of.put(
                            "score",
                            switch (target.reads()) {
                                case Target.Reads.Score _ -> "score";
                                case Target.Reads.Value _ -> "value";
                                case Target.Reads.Confidence _ -> "confidence";
                                case Target.Reads.Same _ -> "same";
                            });
                    json.set("of", of);
                });
        explanation.base().ifPresent(base -> json.put("base", base));
        explanation
                .grid()
                .ifPresent(grid -> {
                    var drawn =
                            Json.object()
                                    .put("column", explanation.column())
                                    .put("rows", grid.rows())
                                    .put("columns", grid.columns());
                    if (grid.width() > 0)
                        drawn.put("width", grid.width()).put("height", grid.height());
                    else drawn.put("seconds", grid.seconds());
                    var values = drawn.putArray("values");
                    grid.values().forEach(values::add);
                    json.set("grid", drawn);
                });
        var columns = json.putArray("columns");
        for (var each : explanation.columns()) columns.add(json(each));
        return json.put("recent", explanation.recent()).put("runs", explanation.runs());
    }

    private static ObjectNode json(Explanation.Column column) {
        var json = Json.object().put("name", column.name()).put("value", column.value());
        column.push().ifPresent(push -> json.put("push", push));
        column.error().ifPresent(error -> json.put("push-error", error));
        column.unusual()
                .ifPresent(place -> {
                    switch (place) {
                        case Usual.Place.Among(double percentile, double low, double high) ->
                                json.put("percentile", percentile)
                                        .put("low", low)
                                        .put("high", high);
                        case Usual.Place.Same(double share, var commonest) ->
                                json.put("share", share).put("commonest", commonest);
                    }
                });
        return json;
    }
}
