package dev.davy.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.access.Role;
import dev.davy.access.Tokens;
import dev.davy.http.FastPath;
import dev.davy.http.HttpServer;
import dev.davy.http.HttpSettings;
import dev.davy.http.RouteMatrix;
import dev.davy.http.RouteMatrix.Door;
import dev.davy.http.Routes;
import dev.davy.storage.Database;
import dev.davy.storage.Ids;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModelRoutesTest {
    private static final byte[] ONE = TinyModel.adding(1);

    @TempDir Path home;
    private Database database;
    private Registry registry;
    private Routes routes;
    private HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        database = Database.sqlite(home.resolve("state.db"));
        registry = new Registry(home, database);
        routes = new Routes();
        ModelRoutes.addTo(routes, registry.models);
        EventRoutes.addTo(routes, registry.events);
        server = serve("127.0.0.1");
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
        registry.close();
        database.close();
    }

    @Test
    void aModelIsPushedAndFoundAgain() throws Exception {
        var created = post("scratch/versions?why=first%20try", "application/octet-stream", ONE);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(header(created, "location")).isEqualTo("/api/v1/models/scratch/versions/1");
        var version = json(created);
        assertThat(version.get("result").stringValue()).isEqualTo("created");
        assertThat(version.get("why").stringValue()).isEqualTo("first try");
        assertThat(version.get("who").stringValue()).isEqualTo("local");
        assertThat(version.get("trial").isObject()).isTrue();
        assertThat(version.get("bundle").get("input").isObject()).isTrue();

        var again = post("scratch/versions", "application/octet-stream", ONE);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(json(again).get("result").stringValue()).isEqualTo("unchanged");
        assertThat(json(again).get("version").intValue()).isEqualTo(1);

        var zip = Registry.zip(Map.of("model.onnx", TinyModel.adding(2)));
        assertThat(post("scratch/versions?version=1", "application/zip", zip).statusCode())
                .isEqualTo(409);
        assertThat(post("scratch/versions?version=2", "application/zip", zip).statusCode())
                .isEqualTo(201);

        var model = json(get("scratch"));
        assertThat(model.get("versions")).hasSize(2);
        assertThat(model.get("versions").get(0).get("version").intValue()).isEqualTo(2);
        assertThat(json(get("scratch?limit=1")).get("versions")).hasSize(1);
        var list = json(get("")).get("models");
        assertThat(list.get(0).get("name").stringValue()).isEqualTo("scratch");
        assertThat(list.get(0).get("newest").intValue()).isEqualTo(2);
        assertThat(registry.temporaryFiles()).isZero();
    }

    @Test
    void anAliasIsMovedByWhoeverSawItLast() throws Exception {
        post("scratch/versions", "application/octet-stream", ONE);
        var first = alias("{\"version\":1,\"why\":\"best\"}", "If-None-Match", "*");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(header(first, "etag")).isEqualTo("\"1\"");
        assertThat(alias("{\"version\":1}", "If-None-Match", "*").statusCode()).isEqualTo(412);
        assertThat(alias("{\"version\":1}", "If-Match", "\"1\"").statusCode()).isEqualTo(200);
        assertThat(alias("{\"version\":1}", "If-Match", "\"1\"").statusCode()).isEqualTo(412);
        assertThat(alias("{\"version\":1}", "If-Match", "1").statusCode()).isEqualTo(400);
        assertThat(alias("{\"version\":9}", "X", "y").statusCode()).isEqualTo(404);
        assertThat(alias("{\"version\":0}", "X", "y").statusCode()).isEqualTo(422);
        assertThat(alias("{\"version\":1,\"whi\":\"\"}", "X", "y").body())
                .contains("Did you mean 'why'?");
        assertThat(json(get("")).get("models").get(0).get("aliases").get("champion").intValue())
                .isEqualTo(1);

        var inUse = delete("scratch/versions/1");
        assertThat(inUse.statusCode()).isEqualTo(409);
        assertThat(delete("scratch/aliases/champion?why=tired").statusCode()).isEqualTo(204);
        assertThat(delete("scratch/aliases/champion").statusCode()).isEqualTo(404);
        assertThat(delete("scratch/versions/1").statusCode()).isEqualTo(204);
        assertThat(get("scratch/versions/1").statusCode()).isEqualTo(410);
        assertThat(get("scratch/versions/2").statusCode()).isEqualTo(404);
        assertThat(get("scratch/versions/one").statusCode()).isEqualTo(404);
        assertThat(get("nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void eventsAreListedPageByPage() throws Exception {
        post("scratch/versions", "application/octet-stream", ONE);
        for (int i = 0; i < 4; i++) alias("{\"version\":1,\"why\":\"move\"}", "X", "y");
        var page = json(events("?kind=model&name=scratch&limit=3"));
        assertThat(page.get("events")).hasSize(3);
        assertThat(page.get("events").get(0).get("detail").get("revision").intValue()).isEqualTo(4);
        var rest = json(events("?kind=model&limit=3&before=" + page.get("before").stringValue()));
        assertThat(rest.get("events")).hasSize(2);
        assertThat(rest.get("events").get(1).get("what").stringValue()).isEqualTo("registered");
        assertThat(rest.has("before")).isFalse();
        assertThat(json(events("?kind=%27%20OR%201=1%20--")).get("events")).isEmpty();
        assertThat(json(events("?kind=model&name=x%27;DROP%20TABLE%20events")).get("events"))
                .isEmpty();
        for (var wrong :
                new String[] {
                    "?limit=0",
                    "?limit=-1",
                    "?limit=2147483648",
                    "?limit=x",
                    "?before=rubbish",
                    "?name=scratch",
                    "?kind=model&kind=endpoint",
                    "?page=2"
                }) assertThat(events(wrong).statusCode()).as(wrong).isEqualTo(400);
    }

    @Test
    void hostileNamesAreRefusedOrUnknown() throws Exception {
        for (var name :
                new String[] {
                    "CON",
                    "..;",
                    "%2e%2e",
                    "a%2Fb",
                    "%00",
                    "%C3%A4",
                    "e%CC%81",
                    "%D0%B0",
                    "$%7Bjndi:ldap:%2F%2Fx%7D",
                    "'%20OR%201=1--",
                    "%7B%7B7*7%7D%7D",
                    "$(id)",
                    "%E2%80%AEgpj",
                    "x".repeat(129),
                    "x".repeat(7_000),
                    "-x",
                    ".x",
                    "A"
                }) {
            var pushed = post(name + "/versions", "application/octet-stream", ONE);
            assertThat(pushed.statusCode()).as(name).isEqualTo(400);
            assertThat(get(name).statusCode()).as(name).isIn(400, 404);
        }
        assertThat(registry.models.names()).isEmpty();
        assertThat(registry.blobs()).isZero();
    }

    @Test
    void otherContentTypesAreRefused() throws Exception {
        assertThat(post("scratch/versions", "text/plain", ONE).statusCode()).isEqualTo(415);
        assertThat(post("scratch/versions", "application/octet-stream", new byte[0]).statusCode())
                .isEqualTo(422);
    }

    @Test
    void badModelsAndArchivesAreMetAsTheirManifestSays() throws Exception {
        var folder = SharedData.folder("bad-inputs");
        var manifest =
                Json.read(Files.readAllBytes(folder.resolve("manifest.json")), Limits.DEFAULT);
        for (var entry : manifest.get("files")) {
            var kind = entry.get("kind").stringValue();
            if (!kind.equals("model") && !kind.equals("archive")) continue;
            var name = entry.get("file").stringValue();
            var file = Files.readAllBytes(folder.resolve(name));
            var type =
                    name.endsWith(".zip")
                            ? "application/zip"
                            : name.endsWith(".gz")
                                    ? "application/gzip"
                                    : "application/octet-stream";
            var answer = post("bad/versions", type, file);
            assertThat(answer.statusCode()).as(name + ": " + answer.body()).isIn(allowed(entry));
            assertThat(answer.body())
                    .as(name)
                    .doesNotContain(home.toString(), "Exception", "java.", "/etc/");
            assertThat(registry.temporaryFiles()).as(name).isZero();
            assertThat(get("").statusCode()).as(name).isEqualTo(200);
        }
        assertThat(Path.of("PICKLE_EXECUTED_MARKER")).doesNotExist();
        assertThat(post("good/versions", "application/octet-stream", ONE).statusCode())
                .isEqualTo(201);
    }

    /// The statuses that fit what the manifest expects of a file; what goes wrong later, with a
    /// request, may also be found out by the trial.
    private static Object[] allowed(JsonNode entry) {
        var expect = entry.get("expect").stringValue();
        if (expect.equals("accepted")) return new Object[] {200, 201};
        if (expect.startsWith("accepted")) return new Object[] {200, 201, 422};
        if (expect.contains("422")) return new Object[] {415, 422, 400};
        return new Object[] {200, 201, 422};
    }

    @Test
    void publishedModelsAreTakenIn() throws Exception {
        var data = SharedData.folder("");
        try (Stream<Path> files = Files.walk(data, 3)) {
            var models =
                    files.filter(file -> file.toString().endsWith(".onnx"))
                            .filter(file -> !file.startsWith(data.resolve("bad-inputs")))
                            .toList();
            for (var file : models) {
                var name = file.getFileName().toString().replaceAll("\\.onnx$", "");
                var answer =
                        post(
                                name.toLowerCase(java.util.Locale.ROOT) + "/versions",
                                "application/octet-stream",
                                Files.readAllBytes(file));
                assertThat(answer.statusCode()).as(name + ": " + answer.body()).isEqualTo(201);
            }
        }
    }

    @Test
    void everyRouteAsksForItsPermission() throws IOException {
        var tokens =
                new Tokens(database, new Ids(0, InstantSource.system()), InstantSource.system());
        var byRole = new EnumMap<Role, String>(Role.class);
        for (var role : Role.values())
            byRole.put(
                    role,
                    tokens.create(
                            "a-" + role.name().toLowerCase(java.util.Locale.ROOT),
                            role,
                            "test",
                            ""));
        server.close();
        server = serve("0.0.0.0");
        var doors = routes.all().stream().map(Door::of).toList();
        assertThat(RouteMatrix.violations(server.port(), doors, byRole)).isEmpty();
    }

    private HttpServer serve(String host) {
        var tokens =
                new Tokens(database, new Ids(0, InstantSource.system()), InstantSource.system());
        var settings = HttpSettings.of(host, 0, registry.folder.temporary());
        return HttpServer.start(settings, routes, FastPath.NONE, tokens);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(models(path).GET());
    }

    private HttpResponse<String> events(String query) throws Exception {
        return send(at("/api/v1/events" + query).GET());
    }

    private HttpResponse<String> delete(String path) throws Exception {
        return send(models(path).DELETE());
    }

    private HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
        return send(
                models(path).header("content-type", type).POST(BodyPublishers.ofByteArray(body)));
    }

    private HttpResponse<String> alias(String body, String header, String value) throws Exception {
        return send(
                models("scratch/aliases/champion")
                        .header("content-type", "application/json")
                        .header(header, value)
                        .PUT(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder models(String path) {
        return at("/api/v1/models" + (path.isEmpty() || path.startsWith("?") ? "" : "/") + path);
    }

    private HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .version(HttpClient.Version.HTTP_1_1);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isIn(200, 201);
        return Json.read(response.body().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
