package dev.davy.registry;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.registry.ModelTable.Stored;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Numbers;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/// Models over HTTP.
public final class ModelRoutes {
    private static final String MODELS = "/api/v1/models";
    private static final String MODEL = MODELS + "/{name}";
    private static final String VERSION = MODEL + "/versions/{version}";
    private static final String ALIAS = MODEL + "/aliases/{alias}";

    private final Models models;

    private ModelRoutes(Models models) {
        this.models = models;
    }

    public static void addTo(Routes routes, Models models) {
        var here = new ModelRoutes(models);
        routes.add(
                Route.get(MODELS, Permission.READ, here::list).about("All models."),
                Route.get(MODEL, Permission.READ, here::model)
                        .query("limit")
                        .about("A model's versions, newest first, and its aliases."),
                Route.post(
                                MODEL + "/versions",
                                Permission.OPERATE,
                                Upload.file(
                                        "application/octet-stream",
                                        "application/zip",
                                        "application/gzip",
                                        "application/x-gzip"),
                                here::push)
                        .query("why", "version")
                        .about("Takes in a model file, or a bundle as zip or tar.gz."),
                Route.get(VERSION, Permission.READ, here::version)
                        .about("A version: its bundle, its trial, its reference profile."),
                Route.delete(VERSION, Permission.OPERATE, here::delete)
                        .query("why")
                        .about("Takes a version out of use that nobody uses."),
                Route.put(
                                VERSION + "/reference",
                                Permission.OPERATE,
                                Upload.file("text/csv"),
                                here::reference)
                        .query("why")
                        .about("What the version's input and output looked like in training."),
                Route.put(ALIAS, Permission.OPERATE, Upload.JSON, here::move)
                        .about("Points an alias at a version; If-Match takes its ETag."),
                Route.delete(ALIAS, Permission.OPERATE, here::drop)
                        .query("why")
                        .about("Removes an alias; If-Match takes its ETag."));
    }

    private Response list(Request request) {
        var json = Json.object();
        var list = json.putArray("models");
        for (var summary : models.summaries()) {
            var model = list.addObject().put("name", summary.model());
            model.put("versions", summary.versions()).put("newest", summary.newest());
            var aliases = model.putObject("aliases");
            for (var alias : models.aliases(summary.model()))
                aliases.put(alias.name(), alias.version());
        }
        return Response.json(json);
    }

    private Response model(Request request) {
        var name = request.parameter("name");
        int most = request.limits().pageSize();
        long limit = request.query("limit", most, 1, most);
        var json = Json.object().put("name", name);
        var versions = json.putArray("versions");
        models.stored(name).stream().limit(limit).forEach(row -> brief(versions.addObject(), row));
        var aliases = json.putArray("aliases");
        for (var alias : models.aliases(name)) aliases.add(json(alias));
        return Response.json(json);
    }

    private Response push(Request request) throws IOException {
        var name = request.parameter("name");
        var pushed =
                models.push(
                        name,
                        request.file(),
                        expectedNumber(request),
                        request.who().name(),
                        request.query("why").orElse(""));
        var version = pushed.version();
        var json = whole(version).put("result", pushed.isNew() ? "created" : "unchanged");
        var location = MODELS + "/" + name + "/versions/" + version.version();
        return pushed.isNew()
                ? Response.created(location, json)
                : Response.json(json).with("location", location);
    }

    private Response version(Request request) {
        return Response.json(whole(models.version(request.parameter("name"), number(request))));
    }

    private Response delete(Request request) throws IOException {
        models.delete(
                request.parameter("name"),
                number(request),
                request.who().name(),
                request.query("why").orElse(""));
        return Response.nothing();
    }

    private Response reference(Request request) throws IOException {
        var name = request.parameter("name");
        int version = number(request);
        try (var csv = Files.newInputStream(request.file())) {
            var table =
                    models.reference(
                            name,
                            version,
                            csv,
                            "the reference of " + name + "/" + version,
                            request.who().name(),
                            request.query("why").orElse(""));
            var json = Json.object().put("rows", table.accepted());
            json.put("rejected", table.rejected());
            var rejects = json.putArray("rejects");
            for (var reject : table.rejects())
                rejects.addObject().put("line", reject.line()).put("reason", reject.reason());
            json.set("ignored", Json.tree(table.ignored()));
            json.set("profile", table.profile().json());
            return Response.json(json);
        }
    }

    private Response move(Request request) {
        var fields = Fields.of(request.json(), "The alias");
        int version = (int) fields.integer("version", 1, Integer.MAX_VALUE);
        var why = fields.optionalText("why").orElse("");
        fields.done();
        var alias =
                models.move(
                        request.parameter("name"),
                        request.parameter("alias"),
                        version,
                        expected(request),
                        request.who().name(),
                        why);
        return Response.json(json(alias)).with("etag", "\"" + alias.revision() + "\"");
    }

    private Response drop(Request request) {
        models.dropAlias(
                request.parameter("name"),
                request.parameter("alias"),
                expected(request),
                request.who().name(),
                request.query("why").orElse(""));
        return Response.nothing();
    }

    private static int number(Request request) {
        var text = request.parameter("version");
        var number = Numbers.asInteger(text);
        if (number.isPresent() && number.getAsLong() >= 1 && number.getAsLong() < 1L << 31)
            return (int) number.getAsLong();
        throw new Problem(
                Kind.NOT_FOUND,
                "version-unknown",
                "There is no such version.",
                "Versions are whole numbers from 1.",
                "GET /api/v1/models/NAME lists them.");
    }

    private static OptionalInt expectedNumber(Request request) {
        long number = request.query("version", 0, 1, Integer.MAX_VALUE);
        return number == 0 ? OptionalInt.empty() : OptionalInt.of((int) number);
    }

    /// RFC 9110, section 13.1: what the caller saw.
    private static Expected expected(Request request) {
        var match = request.headers().first("if-match");
        var none = request.headers().first("if-none-match");
        if (match.isEmpty() && none.isEmpty()) return Expected.ANYTHING;
        if (match.isEmpty() && none.get().equals("*")) return new Expected.Nothing();
        if (none.isEmpty() && match.orElse("").matches("\"[0-9]{1,18}\""))
            return new Expected.Revision(Long.parseLong(match.get().replace("\"", "")));
        throw new Problem(
                Kind.MALFORMED,
                "condition-malformed",
                "The condition on the alias cannot be read.",
                "If-Match holds one ETag as it was given; If-None-Match holds *.",
                "Send If-Match: \"3\", or If-None-Match: *, or neither.");
    }

    private static void brief(ObjectNode json, Stored row) {
        json.put("version", row.version()).put("digest", row.digest()).put("bytes", row.bytes());
        json.put("at", row.at().toString()).put("who", row.who()).put("why", row.why());
        json.put("reference", row.reference().isPresent());
    }

    private static ObjectNode whole(ModelVersion version) {
        var json = Json.object().put("model", version.model()).put("version", version.version());
        json.put("digest", version.digest()).set("files", Json.tree(version.files()));
        json.put("at", version.at().toString()).put("who", version.who());
        json.put("why", version.why());
        json.set("bundle", version.bundle().json());
        json.set("trial", version.trial().json());
        version.reference().ifPresent(profile -> json.set("reference", profile.json()));
        return json;
    }

    private static ObjectNode json(Alias alias) {
        var json = Json.object().put("model", alias.model()).put("name", alias.name());
        json.put("version", alias.version()).put("revision", alias.revision());
        json.put("at", alias.at().toString()).put("who", alias.who()).put("why", alias.why());
        return json;
    }
}
