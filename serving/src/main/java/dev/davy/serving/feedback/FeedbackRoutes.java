package dev.davy.serving.feedback;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.serving.Decided;
import dev.davy.serving.Decisions;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Micros;
import dev.davy.serving.PredictionJson;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.ShadowRecord;
import dev.davy.storage.Cursor;
import dev.davy.storage.Log;
import dev.davy.storage.LogReader;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The HTTP of feedback, of reported predictions, and of the log itself.
public final class FeedbackRoutes {
    /// The kinds of record that the log has, in words.
    private static final Set<String> TYPES = Set.of("prediction", "shadow", "feedback");

    /// Most items of one call.
    private static final int MOST = 100_000;

    /// Longer than this nobody waits for a person on one connection.
    private static final Duration WAIT_MOST = Duration.ofMinutes(5);

    private final Feedbacks feedbacks;
    private final Reports reports;
    private final Log log;
    private final Endpoints endpoints;
    private final Decisions decisions;

    public FeedbackRoutes(
            Feedbacks feedbacks,
            Reports reports,
            Log log,
            Endpoints endpoints,
            Decisions decisions) {
        this.feedbacks = feedbacks;
        this.reports = reports;
        this.log = log;
        this.endpoints = endpoints;
        this.decisions = decisions;
    }

    public Routes addTo(Routes routes) {
        return routes.add(
                Route.post("/api/v1/feedback", Permission.FEEDBACK, Upload.JSON, this::take)
                        .about("Keeps truth, judgements and events; one, or a list."),
                Route.post("/api/v1/predictions", Permission.FEEDBACK, Upload.JSON, this::report)
                        .about("Keeps predictions that another server made; one, or a list."),
                Route.get("/api/v1/predictions/{id}", Permission.READ, this::prediction)
                        .query("wait")
                        .about(
                                "A prediction with all that came to be known of it; waits for people."),
                Route.get("/api/v1/log", Permission.READ, this::log)
                        .query("follow", "endpoint", "type", "limit", "from")
                        .about("The log as lines of JSON, in its order."),
                Route.get("/api/v1/log/status", Permission.READ, request -> status())
                        .about("What the log holds, and what it lost."));
    }

    private static List<JsonNode> items(JsonNode body) {
        if (!body.isArray()) return List.of(body);
        if (body.size() > MOST)
            throw new Problem(
                    Problem.Kind.TOO_LARGE,
                    "too-many-items",
                    "The list has " + body.size() + " items.",
                    "One call takes " + MOST + " at most.",
                    "Send it in parts.");
        var items = new ArrayList<JsonNode>(body.size());
        body.forEach(items::add);
        return items;
    }

    private Response take(Request request) {
        var body = request.json();
        var results = feedbacks.take(items(body));
        if (!body.isArray()) {
            return switch (results.getFirst()) {
                case Feedbacks.Result.Kept(var id) -> Response.json(201, said(id, "kept"));
                case Feedbacks.Result.Known(var id) -> Response.json(said(id, "known"));
                case Feedbacks.Result.Refused(var problem) -> throw problem;
            };
        }
        int kept = 0, known = 0;
        var refused = Json.array();
        for (int i = 0; i < results.size(); i++)
            switch (results.get(i)) {
                case Feedbacks.Result.Kept _ -> kept++;
                case Feedbacks.Result.Known _ -> known++;
                case Feedbacks.Result.Refused(var problem) ->
                        refused.add(
                                Json.object()
                                        .put("index", i)
                                        .put("code", problem.code())
                                        .put("what", problem.what())
                                        .put("why", problem.why())
                                        .put("todo", problem.todo()));
            }
        var answer = Json.object().put("kept", kept).put("known", known);
        answer.set("refused", refused);
        // 207: some of it was done and some not; a client that looks at the status alone must not
        // take it for all.
        return Response.json(refused.isEmpty() ? 200 : 207, answer);
    }

    private static ObjectNode said(String id, String result) {
        return Json.object().put("id", id).put("result", result);
    }

    private Response report(Request request) {
        var body = request.json();
        var taken = reports.take(items(body));
        var list = Json.array();
        for (var each : taken)
            list.add(
                    Json.object()
                            .put("id", each.id())
                            .put("prediction", each.prediction().toString())
                            .put("result", each.isNew() ? "kept" : "known"));
        if (!body.isArray())
            return Response.json(taken.getFirst().isNew() ? 201 : 200, list.get(0));
        var answer = Json.object();
        answer.set("predictions", list);
        return Response.json(answer);
    }

    private Response prediction(Request request) {
        var text = request.parameter("id");
        UUID id;
        try {
            id = UUID.fromString(text);
        } catch (IllegalArgumentException notAnId) {
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "id-malformed",
                    "The id of a prediction is a UUID.",
                    "This is none.",
                    "Use the id that came with the answer.");
        }
        var waits = request.query("wait").map(FeedbackRoutes::patience);
        // Who waits is answered as soon as people have decided, or when the time is up.
        var decided =
                waits.isPresent()
                        ? decisions.await(id, System.nanoTime() + waits.get().toNanos())
                        : decisions.of(id);
        return feedbacks
                .joined(id)
                .map(json -> Response.json(reviewed(json, decided)))
                .orElseThrow(() ->
                        new Problem(
                                Problem.Kind.NOT_FOUND,
                                "prediction-unknown",
                                "There is no prediction " + id + ".",
                                "It was never made here, or retention deleted it.",
                                "Check the id."));
    }

    private static Duration patience(String text) {
        var wait = Units.duration(text);
        return wait.compareTo(WAIT_MOST) > 0 ? WAIT_MOST : wait;
    }

    private static ObjectNode reviewed(ObjectNode json, Optional<Decided> decided) {
        if (!json.has("review")) return json;
        var review =
                Json.object()
                        .put("state", decided.isPresent() ? "decided" : "open")
                        .put("why", json.path("review").asString(""));
        decided.ifPresent(each -> {
            review.put("by", each.by()).put("at", each.at().toString());
            var output = Json.object();
            each.outputs().forEach((name, value) -> output.set(name, PredictionJson.value(value)));
            review.set("output", output);
        });
        json.set("review", review);
        return json;
    }

    private Response log(Request request) {
        boolean follow = request.flag("follow");
        var endpoint = request.query("endpoint");
        var type = request.query("type");
        long limit = request.query("limit", Long.MAX_VALUE, 1, Long.MAX_VALUE);
        var from = request.query("from").orElse("start");
        if (!from.equals("start") && !from.equals("end"))
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "from-malformed",
                    "'from' is '" + from + "'.",
                    "It is start or end.",
                    "Correct it.");
        if (type.isPresent() && !TYPES.contains(type.get()))
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "type-malformed",
                    "'type' is not a kind of record.",
                    "It is prediction, shadow or feedback.",
                    "Correct it.");
        return Response.stream(sink -> {
            long left = limit;
            var end = log.end();
            try (var reader = log.read(from.equals("end") ? end : Cursor.START)) {
                while (left > 0) {
                    if (!reader.next()) {
                        if (!follow) return;
                        reader.await(Duration.ofSeconds(1));
                        continue;
                    }
                    var line = line(reader, endpoint, type);
                    if (line.isEmpty()) continue;
                    sink.line(Json.write(line.get()));
                    left--;
                }
            }
        });
    }

    private static boolean wanted(Optional<String> type, String is) {
        return type.isEmpty() || type.get().equals(is);
    }

    private Optional<ObjectNode> line(
            LogReader reader, Optional<String> endpoint, Optional<String> type) throws IOException {
        if (reader.gap().isPresent()) {
            var gap = reader.gap().get();
            return Optional.of(
                    Json.object()
                            .put("type", "gap")
                            .put("from", gap.from().toString())
                            .put("to", gap.to().toString())
                            .put("cause", gap.cause().name().toLowerCase(java.util.Locale.ROOT)));
        }
        if (PredictionReader.isPrediction(reader.type()) && wanted(type, "prediction")) {
            var prediction =
                    PredictionReader.read(
                            reader.version(),
                            reader.schemaHash(),
                            new UUID(reader.idHigh(), reader.idLow()),
                            reader.timeMicros(),
                            reader.payload());
            if (endpoint.isPresent() && !endpoint.get().equals(prediction.endpoint()))
                return Optional.empty();
            return Optional.of(
                    PredictionJson.logged(prediction, endpoints.schema(prediction.schema())));
        }
        if (ShadowRecord.isShadow(reader.type()) && wanted(type, "shadow")) {
            var shadow =
                    ShadowRecord.read(
                            reader.version(),
                            new UUID(reader.idHigh(), reader.idLow()),
                            reader.timeMicros(),
                            reader.payload());
            return endpoint.isPresent() && !endpoint.get().equals(shadow.endpoint())
                    ? Optional.empty()
                    : Optional.of(PredictionJson.shadowed(shadow));
        }
        if (reader.type() == LogIndex.FEEDBACK && wanted(type, "feedback")) {
            var payload = reader.payload();
            var body =
                    (ObjectNode) Json.read(payload.getBytes(payload.remaining()), Limits.DEFAULT);
            if (endpoint.isPresent() && !endpoint.get().equals(body.path("endpoint").asString("")))
                return Optional.empty();
            var line =
                    Json.object()
                            .put("type", "feedback")
                            .put("received", Micros.instant(reader.timeMicros()).toString());
            line.setAll(body);
            return Optional.of(line);
        }
        return Optional.empty();
    }

    private Response status() {
        var status = log.status();
        var json =
                Json.object()
                        .put("end", status.end().toString())
                        .put("synced", status.synced().toString())
                        .put("appended", status.appended())
                        .put("bytes", status.bytes())
                        .put("segments", status.segments())
                        .put("torn-bytes", status.tornBytes())
                        .put("sync-failures", status.syncFailures());
        var lost = Json.object();
        status.lost()
                .forEach((reason, count) ->
                        lost.put(reason.name().toLowerCase(java.util.Locale.ROOT), count));
        json.set("lost", lost);
        status.failing()
                .ifPresent(reason ->
                        json.put("failing", reason.name().toLowerCase(java.util.Locale.ROOT)));
        status.oldest().ifPresent(oldest -> json.put("oldest", oldest.toString()));
        return Response.json(json);
    }
}
