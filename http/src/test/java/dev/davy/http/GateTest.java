package dev.davy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.access.Permission;
import dev.davy.access.Role;
import dev.davy.access.Tokens;
import dev.davy.storage.Database;
import dev.davy.storage.Ids;
import dev.davy.strict.Problem;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who gets in, on an address that others can reach.
class GateTest {
    @TempDir Path folder;
    private Database database;
    private Tokens tokens;

    @BeforeEach
    void open() {
        database = Database.sqlite(folder.resolve("state.db"));
        tokens = new Tokens(database, new Ids(0, InstantSource.system()), InstantSource.system());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void everyRouteAsksForItsPermission() throws IOException {
        var routes = new Routes();
        for (var needs : Permission.values())
            routes.add(
                    Route.get("/api/v1/" + needs, needs, _ -> Response.text("in")),
                    Route.post("/api/v1/" + needs, needs, Upload.JSON, _ -> Response.text("in")),
                    Route.delete("/api/v1/" + needs + "/{name}", needs, _ -> Response.text("in")));
        var byRole = aTokenForEachRole();
        try (var server = start(routes, FastPath.NONE)) {
            var doors = new ArrayList<>(routes.all().stream().map(RouteMatrix.Door::of).toList());
            doors.add(new RouteMatrix.Door("GET", "/api/v1/openapi.json", Permission.READ));
            doors.add(new RouteMatrix.Door("GET", "/api/v1/limits", Permission.READ));
            assertThat(RouteMatrix.violations(server.port(), doors, byRole)).isEmpty();
        }
    }

    @Test
    void theDataPathAsksTheSameGate() throws IOException {
        var byRole = aTokenForEachRole();
        try (var server = start(new Routes(), new Predictor())) {
            var door = new RouteMatrix.Door("POST", "/v2/models/x/infer", Permission.PREDICT);
            assertThat(RouteMatrix.violations(server.port(), List.of(door), byRole)).isEmpty();
        }
    }

    @Test
    void aRevokedTokenIsOutAtOnce() throws IOException {
        var admin = tokens.create("admin", Role.ADMIN, "test", "");
        var guest = tokens.create("guest", Role.VIEWER, "test", "");
        var routes =
                new Routes()
                        .add(
                                Route.get(
                                        "/api/v1/me",
                                        Permission.READ,
                                        request -> Response.text(request.who().name())));
        try (var server = start(routes, FastPath.NONE);
                var raw = new Raw(server.port())) {
            assertThat(me(raw, server, guest).body()).isEqualTo("guest");
            assertThat(me(raw, server, admin).body()).isEqualTo("admin");
            assertThat(me(raw, server, guest).body()).isEqualTo("guest");
            tokens.revoke("guest", "admin", "gone");
            var refused = me(raw, server, guest);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("www-authenticate")).isEqualTo("Bearer realm=\"davy\"");
            assertThat(refused.body()).doesNotContain(guest);
            assertThat(me(raw, server, admin).body()).isEqualTo("admin");
        }
    }

    @Test
    void doesNotListenOnAnOpenAddressWithoutCredentials() {
        assertThatThrownBy(() -> start(new Routes(), FastPath.NONE))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("credentials-needed"));
    }

    @Test
    void whoeverComesThroughAProxyNeedsAToken() throws IOException {
        var settings = HttpSettings.of("127.0.0.1", 0, folder).allowing(Set.of("davy.example.com"));
        var routes = new Routes().add(Route.get("/x", Permission.READ, _ -> Response.text("in")));
        try (var server = HttpServer.start(settings, routes, FastPath.NONE, tokens)) {
            assertThat(get(server, "Host: localhost\r\n")).isEqualTo(200);
            assertThat(get(server, "Host: davy.example.com\r\n")).isEqualTo(401);
            assertThat(get(server, "Host: localhost\r\nX-Forwarded-For: 1.2.3.4\r\n"))
                    .isEqualTo(401);
            assertThat(get(server, "Host: localhost\r\nForwarded: for=1.2.3.4\r\n")).isEqualTo(401);
            assertThat(get(server, "Host: localhost\r\nAuthorization: Bearer x\r\n"))
                    .isEqualTo(401);
        }
    }

    @Test
    void saysWhyItCannotListen() throws IOException {
        var settings = HttpSettings.of("127.0.0.1", 0, folder);
        try (var first = HttpServer.start(settings, new Routes(), FastPath.NONE, tokens)) {
            var taken = HttpSettings.of("127.0.0.1", first.port(), folder);
            assertThatThrownBy(() -> HttpServer.start(taken, new Routes(), FastPath.NONE, tokens))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem ->
                                    assertThat(problem.code()).isEqualTo("address-not-available"));
        }
    }

    /// A data path of one line.
    private static final class Predictor implements FastPath {
        private Gate gate;

        @SuppressWarnings("NullAway.Init") // opened before it is asked
        Predictor() {}

        @Override
        public void open(io.vertx.core.Vertx vertx, Gate gate) {
            this.gate = gate;
        }

        @Override
        public boolean handle(HttpServerRequest request) {
            if (!request.uri().startsWith("/v2/")) return false;
            try {
                gate.check(request, Permission.PREDICT);
                request.response().end("in");
            } catch (Problem problem) {
                gate.answer(request, problem, gate.requestId());
            }
            return true;
        }
    }

    private HttpServer start(Routes routes, FastPath fast) {
        return HttpServer.start(HttpSettings.of("0.0.0.0", 0, folder), routes, fast, tokens);
    }

    private Map<Role, String> aTokenForEachRole() {
        var byRole = new EnumMap<Role, String>(Role.class);
        for (var role : Role.values()) {
            var name = "a-" + role.name().toLowerCase(java.util.Locale.ROOT);
            byRole.put(role, tokens.create(name, role, "test", ""));
        }
        return byRole;
    }

    private static Raw.Reply me(Raw raw, HttpServer server, String token) throws IOException {
        return raw.send(
                        "GET /api/v1/me HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n\r\n"
                                .formatted(server.port(), token))
                .reply();
    }

    private static int get(HttpServer server, String headers) throws IOException {
        try (var raw = new Raw(server.port())) {
            return raw.send("GET /x HTTP/1.1\r\n" + headers + "\r\n").reply().status();
        }
    }
}
