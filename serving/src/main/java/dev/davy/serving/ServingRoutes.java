package dev.davy.serving;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.schema.ColumnType;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.strict.Audio;
import dev.davy.strict.Csv;
import dev.davy.strict.Fields;
import dev.davy.strict.Images;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.Yaml;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The HTTP of endpoints: declaring, showing, switching, and asking them in rows, images, audio and
/// tables.
public final class ServingRoutes {

    private static final Upload PREDICT =
            Upload.bytes(
                    "application/json",
                    "text/csv",
                    "image/png",
                    "image/jpeg",
                    "image/gif",
                    "image/bmp",
                    "audio/wav",
                    "audio/x-wav",
                    "audio/wave",
                    "audio/vnd.wave");

    private final Endpoints endpoints;
    private final Predictor predictor;
    private final Limits limits;

    public ServingRoutes(Endpoints endpoints, Predictor predictor, Limits limits) {
        this.endpoints = endpoints;
        this.predictor = predictor;
        this.limits = limits;
    }

    public Routes addTo(Routes routes) {
        return routes.add(
                Route.get("/api/v1/endpoints", Permission.READ, request -> all())
                        .about("All endpoints: what is desired and what is live."),
                Route.post("/api/v1/endpoints", Permission.OPERATE, Upload.JSON, this::create)
                        .query("why", "dry-run")
                        .about("Declares an endpoint."),
                Route.get(
                                "/api/v1/endpoints/{name}",
                                Permission.READ,
                                request -> Response.json(endpoints.one(request.parameter("name"))))
                        .about("One endpoint: what is desired, what is live, and why they differ."),
                Route.delete("/api/v1/endpoints/{name}", Permission.OPERATE, this::delete)
                        .query("why")
                        .about("Deletes an endpoint; its predictions stay in the log."),
                Route.put(
                                "/api/v1/endpoints/{name}/live",
                                Permission.OPERATE,
                                Upload.JSON,
                                this::switchLive)
                        .about("Flips the live arm to another version, atomically and warm."),
                Route.post(
                                "/api/v1/apply",
                                Permission.OPERATE,
                                Upload.bytes(
                                        "application/yaml",
                                        "application/x-yaml",
                                        "text/yaml",
                                        "application/json"),
                                this::apply)
                        .query("dry-run", "why", "file")
                        .about("Makes everything be as these YAML documents declare."),
                Route.post(
                                "/api/v1/endpoints/{name}/predict",
                                Permission.PREDICT,
                                PREDICT,
                                this::predict)
                        .query("entity", "request", "at", "arm")
                        .about(
                                "Answers rows of named columns, one image, one recording, or a table."));
    }

    private Response all() {
        var body = Json.object();
        body.set("endpoints", Json.tree(endpoints.all()));
        return Response.json(body);
    }

    private Response create(Request request) {
        var declaration = request.json();
        var applied =
                endpoints.apply(
                        Endpoints.read(declaration),
                        request.who().name(),
                        request.query("why").orElse(""),
                        request.flag("dry-run"));
        var json = Json.tree(applied);
        return applied.result().equals("created") && !request.flag("dry-run")
                ? Response.created("/api/v1/endpoints/" + applied.name(), json)
                : Response.json(json);
    }

    private Response delete(Request request) {
        endpoints.delete(
                request.parameter("name"), request.who().name(), request.query("why").orElse(""));
        return Response.nothing();
    }

    private Response switchLive(Request request) {
        var fields = Fields.of(request.json(), "switch");
        var model = fields.text("model");
        var component = fields.optionalText("component");
        var why = fields.optionalText("why").orElse("");
        fields.done();
        endpoints.switchLive(
                request.parameter("name"), component, model, request.who().name(), why);
        return Response.json(endpoints.one(request.parameter("name")));
    }

    private Response apply(Request request) {
        var file = request.query("file").orElse("apply.yaml");
        var read = new ArrayList<Endpoint>();
        // All documents are read before the first is applied: a mistake in the last changes
        // nothing.
        for (var document : Yaml.read(request.bytes(), file, limits)) {
            var kind = document.tree().path("kind").asString("");
            if (!kind.equals("Endpoint"))
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "kind-unknown",
                        file
                                + ":"
                                + document.lines().of("/kind")
                                + ": kind '"
                                + kind
                                + "' can't be applied.",
                        "What can be is Endpoint.",
                        "Begin the document with kind: Endpoint.");
            read.add(Endpoints.read(document));
        }
        var results = Json.array();
        for (var endpoint : read)
            results.add(
                    Json.tree(
                            endpoints.apply(
                                    endpoint,
                                    request.who().name(),
                                    request.query("why").orElse(""),
                                    request.flag("dry-run"))));
        var body = Json.object();
        body.set("results", results);
        return Response.json(body);
    }

    private Response predict(Request request) {
        long arrived = System.nanoTime();
        var routing = predictor.routing(request.parameter("name"));
        var rows = rows(request, routing.shape());
        var pinned =
                request.query("arm")
                        .or(() -> request.headers().first("davy-arm"))
                        .map(Arm.Role::of);
        if (pinned.isPresent() && !request.who().may(Permission.OPERATE))
            throw new Problem(
                    Problem.Kind.FORBIDDEN,
                    "pin-not-permitted",
                    "An arm can't be pinned with this token.",
                    "Pinning is for testers: it takes the right to operate.",
                    "Leave 'arm' out.");
        var at =
                request.query("at")
                        .map(text ->
                                RowJson.time(text)
                                        .orElseThrow(() ->
                                                new Problem(
                                                        Problem.Kind.MALFORMED,
                                                        "time-malformed",
                                                        "'at' is not a time.",
                                                        "It must be like 2026-11-21T10:15:00Z.",
                                                        "Correct it.")));
        var entity = request.query("entity").or(() -> request.headers().first("davy-entity"));
        var asked =
                new Asked(
                        request.query("request"),
                        entity,
                        Origin.LIVE,
                        at,
                        pinned,
                        Predictor.deadline(routing, arrived, Optional.empty()));
        var predicted =
                predictor.settled(predictor.call(routing, rows, asked), asked.deadlineNanos());
        var body = Json.object();
        var id = asked.request().orElseGet(() -> predicted.getFirst().id().toString());
        body.put("request", id);
        var list = Json.array();
        for (var each : predicted) list.add(PredictionJson.answered(each));
        body.set("predictions", list);
        boolean waits = predicted.stream().anyMatch(Predicted::waits);
        // 202: a person is yet to decide, and what they decide is had by the prediction's id.
        var response = waits ? Response.json(202, body) : Response.json(body);
        if (predicted.size() > 1) return response;
        var only = predicted.getFirst();
        if (waits) response = response.with("location", "/api/v1/predictions/" + only.id());
        return response.with("davy-prediction-id", only.id().toString())
                .with("davy-arm", only.arm().word())
                .with("davy-version", only.version());
    }

    private List<Row> rows(Request request, Shape shape) {
        var type = request.contentType();
        if (type.startsWith("image/"))
            return List.of(medium(request, shape, ColumnType.IMAGE, Images.sniff(request.bytes())));
        if (type.startsWith("audio/"))
            return List.of(medium(request, shape, ColumnType.AUDIO, Audio.sniff(request.bytes())));
        if (type.equals("text/csv")) return table(request, shape);
        var fields = Fields.of(request.json(), "request");
        var rows = fields.list("rows");
        if (rows.isEmpty())
            fields.violation("rows", "'rows' is empty; there is nothing to predict");
        fields.done();
        return RowJson.rows(rows, shape.rows(), limits);
    }

    private static Row medium(
            Request request, Shape shape, ColumnType type, Optional<String> sniffed) {
        var columns =
                shape.rows().columns().stream().filter(column -> column.type() == type).toList();
        if (columns.size() != 1)
            throw new Problem(
                    Problem.Kind.UNSUPPORTED_MEDIA,
                    "medium-not-taken",
                    "The endpoint takes no single " + type.word() + ".",
                    "It has " + columns.size() + " columns of that type.",
                    "Send rows as JSON, with files in base64.");
        var found =
                sniffed.orElseThrow(() ->
                        new Problem(
                                Problem.Kind.UNACCEPTABLE,
                                "medium-not-known",
                                "The body is no " + type.word() + " file that is read here.",
                                "Its first bytes are none of "
                                        + (type == ColumnType.IMAGE
                                                ? "PNG, JPEG, GIF and BMP."
                                                : "a WAV file."),
                                "Send the file's bytes as they are."));
        return Row.of(columns.getFirst().name(), new Media(found, request.bytes()));
    }

    private List<Row> table(Request request, Shape shape) {
        try (var table = Csv.open(new ByteArrayInputStream(request.bytes()), "the table", limits)) {
            return RowJson.table(table, shape.rows(), limits);
        } catch (IOException e) {
            throw new IllegalStateException("a table in memory could not be read", e);
        }
    }
}
