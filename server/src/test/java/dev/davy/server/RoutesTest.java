package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.access.Permission;
import dev.davy.access.Role;
import dev.davy.http.Route;
import dev.davy.strict.Json;
import dev.davy.web.Story;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Walks every route with every role: who lacks the permission is refused, whoever has it is heard.
class RoutesTest {
    @TempDir private Path folder = Path.of("");

    /// With values that name nothing, so that a walk changes nothing.
    private static String path(Route route) {
        var version = route.template().startsWith("/v2") ? "1" : "4711";
        return route.template()
                .replace("{version}", version)
                .replace("{id}", "0198c000-0000-7000-8000-000000000001")
                .replaceAll("\\{[a-z]+}", "no-such-thing");
    }

    private static Caller.Said call(Caller caller, Route route) {
        // A body that no route can take: the gate stands before it is read.
        var body = route.method().equals("GET") || route.method().equals("DELETE") ? "" : "{\"x\":";
        return caller.send(
                route.method(), path(route), Caller.utf8(body), "Content-Type", "application/json");
    }

    private List<Route> routes(Server server) {
        var routes = new ArrayList<>(Server.routes(server.davy(), Story.NONE, () -> true).all());
        assertThat(routes).hasSizeGreaterThan(30);
        return routes;
    }

    @Test
    void everyRouteAsksForItsPermission() throws IOException {
        try (var server = Server.start(Settings.of(folder).host("0.0.0.0").port(0))) {
            var nobody = Caller.at("http://127.0.0.1:" + server.port());
            var admin = nobody.as(Files.readString(server.firstToken().orElseThrow()).strip());
            var callers = new EnumMap<Role, Caller>(Role.class);
            for (var role : Role.values()) {
                var name = role.name().toLowerCase(Locale.ROOT);
                var made =
                        admin.post(
                                        "/api/v1/tokens",
                                        "{\"name\":\"a-%s\",\"role\":\"%s\"}".formatted(name, name))
                                .is(201);
                callers.put(role, nobody.as(made.json().get("token").asString()));
            }
            var forged = nobody.as("davy_0123456789abcdef_" + "A".repeat(43));
            for (var route : routes(server)) {
                var as = route.method() + " " + route.template();
                if (route.needs() == Permission.NONE) {
                    assertThat(call(nobody, route).status())
                            .as("%s by nobody", as)
                            .isNotIn(401, 403, 500);
                    continue;
                }
                assertThat(call(nobody, route).status()).as("%s by nobody", as).isEqualTo(401);
                assertThat(call(forged, route).status()).as("%s, forged", as).isEqualTo(401);
                for (var role : Role.values()) {
                    var said = call(Objects.requireNonNull(callers.get(role)), route);
                    if (role.may(route.needs()))
                        assertThat(said.status())
                                .as("%s by %s: %s", as, role, said.text())
                                .isNotIn(401, 403)
                                .isNotEqualTo(500);
                    else
                        assertThat(said.status())
                                .as("%s by %s: %s", as, role, said.text())
                                .isEqualTo(403);
                }
            }
            inferAsksToo(nobody, callers);
            grpcAsksToo(server, callers);
        }
    }

    /// Infer is no route: it is answered before them.
    private static void inferAsksToo(Caller nobody, Map<Role, Caller> callers) {
        for (var path :
                List.of(
                        "/v2/models/no-such/infer",
                        "/v2/models/no-such/versions/1/infer",
                        "/v2/models/n%6F-such/infer")) {
            var body = "{\"inputs\":[]}";
            assertThat(nobody.post(path, body).status()).as(path).isEqualTo(401);
            callers.forEach((role, caller) ->
                    assertThat(caller.post(path, body).status())
                            .as("%s by %s", path, role)
                            .isEqualTo(role.may(Permission.PREDICT) ? 404 : 403));
        }
    }

    private void grpcAsksToo(Server server, Map<Role, Caller> callers) throws IOException {
        var vertx = Vertx.vertx();
        try {
            var grpc = new GrpcCaller(vertx, server.port());
            var named = GrpcCaller.message(out -> out.writeString(1, "no-such"));
            var loaded = GrpcCaller.message(out -> out.writeString(2, "no-such"));
            var needs =
                    Map.of(
                            "ServerLive", Permission.PREDICT,
                            "ServerReady", Permission.PREDICT,
                            "ServerMetadata", Permission.PREDICT,
                            "ModelReady", Permission.PREDICT,
                            "ModelMetadata", Permission.PREDICT,
                            "ModelInfer", Permission.PREDICT,
                            "RepositoryIndex", Permission.PREDICT,
                            "RepositoryModelLoad", Permission.OPERATE,
                            "RepositoryModelUnload", Permission.OPERATE);
            needs.forEach((method, permission) -> {
                var message = permission == Permission.OPERATE ? loaded : named;
                assertThat(grpc.call(method, message).status()).as(method).isEqualTo(16);
                callers.forEach((role, caller) -> {
                    var status =
                            grpc.call(method, message, "authorization", caller.authorization())
                                    .status();
                    if (role.may(permission))
                        assertThat(status).as("%s by %s", method, role).isNotIn(7, 16);
                    else assertThat(status).as("%s by %s", method, role).isEqualTo(7);
                });
            });
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void onLoopbackWhoeverSitsThereIsAdmin() {
        try (var server = Server.start(Settings.of(folder).port(0))) {
            var here = Caller.of(server);
            for (var route : routes(server))
                assertThat(call(here, route).status())
                        .as(route.method() + " " + route.template())
                        .isNotIn(401, 403, 500);
            assertThat(
                            here.as("davy_0123456789abcdef_" + "A".repeat(43))
                                    .get("/api/v1/models")
                                    .status())
                    .as("who shows a token is asked whose it is")
                    .isEqualTo(401);
        }
    }

    @Test
    void behindAProxyNobodyIsAtHome() {
        try (var server = Server.start(Settings.of(folder).port(0))) {
            var here = Caller.of(server);
            assertThat(
                            here.send(
                                            "GET",
                                            "/api/v1/models",
                                            new byte[0],
                                            "X-Forwarded-For",
                                            "203.0.113.7")
                                    .status())
                    .isEqualTo(401);
            assertThat(
                            here.send(
                                            "POST",
                                            "/api/v1/apply",
                                            new byte[0],
                                            "Origin",
                                            "http://evil.example",
                                            "Content-Type",
                                            "application/yaml")
                                    .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void allThatIsOfferedIsAmongTheRoutes() {
        try (var server = Server.start(Settings.of(folder).port(0))) {
            var walked = new TreeSet<String>();
            for (var route : routes(server))
                walked.add(route.method().toLowerCase(Locale.ROOT) + " " + route.template());
            var offered = new TreeSet<String>();
            var openapi = Caller.of(server).get("/api/v1/openapi.json").is(200).json();
            openapi.get("paths")
                    .properties()
                    .forEach(path ->
                            path.getValue()
                                    .propertyNames()
                                    .forEach(method -> offered.add(method + " " + path.getKey())));
            // Added by the HTTP server itself, about its routes.
            walked.add("get /api/v1/openapi.json");
            walked.add("get /api/v1/limits");
            assertThat(offered).isEqualTo(walked);
            assertThat(Json.text(Caller.of(server).get("/api/v1/limits").is(200).json()))
                    .contains("body-bytes");
        }
    }
}
