package dev.davy.serving.oip;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.runtime.TensorSpec;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Routing;
import dev.davy.serving.Statistics;
import dev.davy.strict.Json;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The calls of the protocol over REST, but for infer: health, metadata, statistics, repository.
public final class OipRoutes {

    /// Clients send these without a content type, or with any.
    private static final Upload ANY =
            Upload.bytes("application/json", "application/octet-stream", "text/plain", "");

    private final Endpoints endpoints;
    private final BooleanSupplier ready;

    /// @param ready whether the server has warmed up and is not shutting down
    public OipRoutes(Endpoints endpoints, BooleanSupplier ready) {
        this.endpoints = endpoints;
        this.ready = ready;
    }

    public Routes addTo(Routes routes) {
        routes.add(
                Route.get(
                                "/v2/health/live",
                                Permission.PREDICT,
                                request -> Response.json(Json.object().put("live", true)))
                        .about("Whether the process serves."),
                Route.get("/v2/health/ready", Permission.PREDICT, this::ready)
                        .about("Whether every endpoint that should answer does."),
                Route.get("/v2", Permission.PREDICT, request -> Response.json(server()))
                        .about("What this server is and which extensions it has."),
                Route.get("/v2/", Permission.PREDICT, request -> Response.json(server()))
                        .about("The same: the published clients ask for it in both ways."),
                Route.post("/v2/repository/index", Permission.PREDICT, ANY, this::index)
                        .about("The endpoints and their states."),
                Route.post(
                                "/v2/repository/models/{model}/load",
                                Permission.OPERATE,
                                ANY,
                                this::load)
                        .about("Loads an endpoint again."),
                Route.post(
                                "/v2/repository/models/{model}/unload",
                                Permission.OPERATE,
                                ANY,
                                this::unload)
                        .about("Takes an endpoint out of memory."),
                Route.get("/v2/models", Permission.PREDICT, this::models)
                        .about("The names of the endpoints that are ready."),
                Route.get(
                                "/v2/models/stats",
                                Permission.PREDICT,
                                request ->
                                        Response.json(
                                                statistics(
                                                        endpoints.table().routes().values().stream()
                                                                .toList())))
                        .about("Statistics of all endpoints."));
        for (var at : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}"))
            routes.add(
                    Route.get(
                                    at,
                                    Permission.PREDICT,
                                    request -> Response.json(metadata(found(request))))
                            .about("An endpoint's tensors."),
                    Route.get(at + "/ready", Permission.PREDICT, this::modelReady)
                            .about("Whether an endpoint answers."),
                    Route.get(
                                    at + "/stats",
                                    Permission.PREDICT,
                                    request -> Response.json(statistics(List.of(found(request)))))
                            .about("An endpoint's statistics."),
                    Route.get(
                                    at + "/config",
                                    Permission.PREDICT,
                                    request -> Response.json(config(found(request))))
                            .about("An endpoint's configuration."));
        return routes;
    }

    private Routing found(Request request) {
        return Repository.find(
                endpoints.table(),
                request.parameter("model"),
                request.pathParameters().getOrDefault("version", ""));
    }

    private Response ready(Request request) {
        boolean all = ready.getAsBoolean() && Repository.ready(endpoints.table());
        return Response.json(all ? 200 : 503, Json.object().put("live", true).put("ready", all));
    }

    private Response modelReady(Request request) {
        var routing = found(request);
        return Response.json(
                routing.ready() ? 200 : 503,
                Json.object().put("name", routing.endpoint().name()).put("ready", routing.ready()));
    }

    private static ObjectNode server() {
        var server =
                Json.object().put("name", Repository.SERVER).put("version", Repository.VERSION);
        server.set("extensions", Json.tree(Repository.EXTENSIONS));
        return server;
    }

    private Response models(Request request) {
        var names =
                endpoints.table().routes().values().stream()
                        .filter(Routing::ready)
                        .map(routing -> routing.endpoint().name())
                        .sorted()
                        .toList();
        var models = Json.object();
        models.set("models", Json.tree(names));
        return Response.json(models);
    }

    private Response index(Request request) {
        boolean onlyReady =
                request.bytes().length > 0 && request.json().path("ready").asBoolean(false);
        var list = Json.array();
        for (var entry : Repository.index(endpoints, onlyReady))
            list.add(
                    Json.object()
                            .put("name", entry.name())
                            .put("version", entry.version())
                            .put("state", entry.state())
                            .put("reason", entry.reason()));
        return Response.json(list);
    }

    private Response load(Request request) {
        endpoints.load(request.parameter("model"), request.who().name());
        return Response.json(Json.object());
    }

    private Response unload(Request request) {
        endpoints.unload(request.parameter("model"), request.who().name());
        return Response.json(Json.object());
    }

    private static ObjectNode metadata(Routing routing) {
        if (!routing.ready()) throw InferProblems.notReady(routing.endpoint().name());
        var metadata = Json.object().put("name", routing.endpoint().name());
        metadata.set("versions", Json.tree(Repository.versions(routing)));
        metadata.put("platform", Repository.platform(routing));
        metadata.set("inputs", tensors(routing.shape().signature().inputs()));
        metadata.set("outputs", tensors(routing.shape().signature().outputs()));
        metadata.set("properties", Json.object());
        return metadata;
    }

    private static ArrayNode tensors(List<TensorSpec> specs) {
        var list = Json.array();
        for (var spec : specs) {
            var tensor =
                    Json.object().put("name", spec.name()).put("datatype", spec.datatype().name());
            tensor.set("shape", Json.tree(spec.shape()));
            list.add(tensor);
        }
        return list;
    }

    private static ObjectNode config(Routing routing) {
        var config = metadata(routing);
        config.put("max_batch_size", routing.endpoint().batching().maxRows());
        return config;
    }

    private static ObjectNode statistics(List<Routing> routings) {
        var list = Json.array();
        for (var routing : routings)
            for (var version : Repository.versions(routing)) list.add(statistics(routing, version));
        var body = Json.object();
        body.set("model_stats", list);
        return body;
    }

    private static ObjectNode statistics(Routing routing, String version) {
        var statistics = routing.statistics();
        var model =
                Json.object()
                        .put("name", routing.endpoint().name())
                        .put("version", version)
                        .put("last_inference", statistics.lastMillis())
                        .put("inference_count", statistics.rows())
                        .put("execution_count", statistics.runs());
        var inference = Json.object();
        inference.set("success", span(statistics.success));
        inference.set("fail", span(statistics.fail));
        inference.set("queue", span(statistics.queue));
        inference.set("compute_input", span(statistics.input));
        inference.set("compute_infer", span(statistics.infer));
        inference.set("compute_output", span(statistics.output));
        inference.set("cache_hit", Json.object().put("count", 0).put("ns", 0));
        inference.set("cache_miss", Json.object().put("count", 0).put("ns", 0));
        model.set("inference_stats", inference);
        var batches = Json.array();
        statistics.sizes().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(size -> {
                    var batch = Json.object().put("batch_size", size.getKey().intValue());
                    batch.set("compute_input", span(size.getValue().input));
                    batch.set("compute_infer", span(size.getValue().infer));
                    batch.set("compute_output", span(size.getValue().output));
                    batches.add(batch);
                });
        model.set("batch_stats", batches);
        model.set(
                "davy",
                Json.object()
                        .put("records_lost", statistics.lost())
                        .put("blobs_sampled_away", statistics.blobsDropped())
                        .put("answers_not_finite", statistics.notFinite())
                        .put("answered_instead", statistics.answeredInstead())
                        .put("shadows_dropped", statistics.shadowsDropped()));
        return model;
    }

    private static ObjectNode span(Statistics.Span span) {
        return Json.object().put("count", span.count()).put("ns", span.nanos());
    }
}
