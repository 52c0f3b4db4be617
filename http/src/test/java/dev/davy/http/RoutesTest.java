package dev.davy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.access.Permission;
import dev.davy.strict.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private static final Handler ANY = _ -> Response.nothing();

    private final Routes routes =
            new Routes()
                    .add(
                            Route.get("/api/v1/models", Permission.READ, ANY),
                            Route.get("/api/v1/models/{name}", Permission.READ, ANY),
                            Route.delete("/api/v1/models/{name}", Permission.OPERATE, ANY),
                            Route.get("/api/v1/models/latest/notes", Permission.READ, ANY),
                            Route.put(
                                    "/api/v1/models/{name}/aliases/{alias}",
                                    Permission.OPERATE,
                                    Upload.JSON,
                                    ANY));

    @Test
    void findsTheRouteAndItsParameters() {
        var match = routes.match("PUT", Target.of("/api/v1/models/scratch/aliases/champion"));
        assertThat(match.route().template()).isEqualTo("/api/v1/models/{name}/aliases/{alias}");
        assertThat(match.parameters()).isEqualTo(Map.of("name", "scratch", "alias", "champion"));
    }

    @Test
    void prefersALiteralButComesBackFromIt() {
        assertThat(found("/api/v1/models/latest")).isEqualTo("/api/v1/models/{name}");
        assertThat(found("/api/v1/models/latest/notes")).isEqualTo("/api/v1/models/latest/notes");
    }

    @Test
    void knowsNoOtherAddress() {
        for (var path :
                new String[] {"/", "/api", "/api/v1/models/", "/api/v1/models/x/", "/api/v1//x"})
            assertThatThrownBy(() -> found(path))
                    .as(path)
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.code()).isEqualTo("address-unknown"));
    }

    @Test
    void saysWhichMethodsThereAre() {
        assertThat(routes.allowed(Target.of("/api/v1/models/x")))
                .containsExactly("DELETE", "GET", "HEAD", "OPTIONS");
        assertThatThrownBy(() -> routes.match("POST", Target.of("/api/v1/models/x")))
                .hasMessageContaining("It takes DELETE, GET, HEAD, OPTIONS.");
    }

    @Test
    void refusesTwoRoutesForOneRequest() {
        assertThatThrownBy(() -> routes.add(Route.get("/api/v1/models/{id}", Permission.READ, ANY)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private String found(String path) {
        return routes.match("GET", Target.of(path)).route().template();
    }
}
