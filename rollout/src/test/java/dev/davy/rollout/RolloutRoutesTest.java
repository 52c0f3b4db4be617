package dev.davy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.access.Permission;
import dev.davy.access.Principal;
import dev.davy.http.Headers;
import dev.davy.http.Payload;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.serving.reading.Entry;
import dev.davy.storage.Backends;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.storage.Position;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RolloutRoutesTest {
    private static final String ROLLOUT = "/api/v1/endpoints/{name}/rollout";

    @TempDir Path folder;

    private final Backends.Backend backend = Backends.sqlite();
    private final InstantSource clock = InstantSource.fixed(Logged.START.plusSeconds(60));
    private final Routes routes = new Routes();
    private Log log;
    private Rollouts rollouts;

    @BeforeEach
    void open() {
        var database = backend.open();
        log = Log.open(folder, 3, Log.Settings.DEFAULT, clock);
        var arms = new PaperArms();
        arms.database = database;
        rollouts = new Rollouts(database, log, new Ids(3, clock), clock, arms, Logged::schema, 3);
        RolloutRoutes.addTo(routes, rollouts, new LiveAt(new Events(database)));
        for (int i = 0; i < 50; i++)
            rollouts.follower()
                    .take(
                            new Entry.Predicted(
                                    new Position(3, 1, i), new Logged(3, i, false).prediction()));
    }

    @AfterEach
    void close() {
        rollouts.close();
        log.close();
        backend.close();
    }

    private Route route(String method, String template) {
        return routes.all().stream()
                .filter(each -> each.method().equals(method) && each.template().equals(template))
                .findFirst()
                .orElseThrow();
    }

    private Response call(
            String method, String template, Map<String, List<String>> query, String body)
            throws Exception {
        var payload =
                body.isEmpty()
                        ? Payload.NONE
                        : new Payload.Bytes(
                                "application/json", body.getBytes(StandardCharsets.UTF_8));
        return route(method, template)
                .handler()
                .handle(
                        new Request(
                                method,
                                template,
                                Map.of("name", "phones"),
                                query,
                                Headers.NONE,
                                Principal.LOCAL,
                                payload,
                                "r",
                                Limits.DEFAULT));
    }

    private JsonNode get(String template) throws Exception {
        return tree(call("GET", template, Map.of(), ""));
    }

    private static JsonNode tree(Response response) {
        if (response.content() instanceof Response.Content.Bytes bytes)
            return Json.read(bytes.bytes(), Limits.DEFAULT);
        throw new IllegalStateException("no bytes: " + response);
    }

    @Test
    void onlyOperatorsMoveARollout() {
        for (var route : routes.all())
            assertThat(route.needs())
                    .as(route.template())
                    .isEqualTo(route.method().equals("GET") ? Permission.READ : Permission.OPERATE);
    }

    @Test
    void beginsShowsAndRollsBack() throws Exception {
        var dry = tree(call("POST", ROLLOUT, Map.of(), "{\"to\":\"phones/2\",\"dry-run\":true}"));
        assertThat(dry.path("policy").path("guards").size()).isEqualTo(2);
        assertThatThrownBy(() -> get(ROLLOUT))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("rollout-unknown"));
        var begun = call("POST", ROLLOUT, Map.of(), "{\"to\":\"phones/2\",\"why\":\"better\"}");
        assertThat(begun.status()).isEqualTo(201);
        var shown = get(ROLLOUT);
        assertThat(shown.path("state").path("is").asString()).isEqualTo("running");
        assertThat(shown.path("guards").get(0).path("verdict").asString()).isEqualTo("too-early");
        assertThat(shown.path("next").path("is").asString()).isEqualTo("hold");
        assertThat(shown.path("next").path("requests").asInt()).isEqualTo(500);
        assertThat(get(ROLLOUT + "/disagreements").path("disagreements").size()).isZero();
        var back =
                tree(
                        call(
                                "POST",
                                ROLLOUT + "/rollback",
                                Map.of(),
                                "{\"why\":\"enough\",\"revision\":1}"));
        assertThat(back.path("state").path("is").asString()).isEqualTo("rolled-back");
        assertThat(back.path("history").get(1).path("why").asString()).isEqualTo("enough");
        assertThat(get("/api/v1/rollouts").path("rollouts").size()).isEqualTo(1);
        assertThatThrownBy(() -> call("POST", ROLLOUT + "/pause", Map.of(), "{}"))
                .isInstanceOf(Problem.class);
    }

    @Test
    void aPlanSaysHowLongEachStepNeeds() throws Exception {
        var plan =
                tree(
                        call(
                                "GET",
                                ROLLOUT + "/plan",
                                Map.of("to", List.of("phones/2"), "beyond", List.of("1")),
                                ""));
        assertThat(plan.path("per-second").asDouble()).isEqualTo(1);
        assertThat(plan.path("stages").size()).isEqualTo(4);
        assertThat(plan.path("stages").get(0).path("until-next").asString()).startsWith("PT");
    }

    @Test
    void whatWasLiveIsToldByTheEvents() {
        assertThatThrownBy(() -> get("/api/v1/endpoints/{name}/at"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo("nothing-live-yet"));
    }
}
