package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.monitoring.Span;
import dev.davy.serving.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Rows of the past, asked again over HTTP.
class ReplayTest {
    private static final Instant THEN = Instant.parse("1996-05-07T00:00:00Z");
    private static final String PATH = "/api/v1/endpoints/add/replay";

    @TempDir private Path folder = Path.of("");
    private Settings settings = Settings.of(folder);

    @BeforeEach
    void settings() {
        settings = Settings.of(folder.resolve("data")).port(0);
    }

    private static String row(String at, String entity, String x) {
        return "{\"at\":\"%s\",\"entity\":\"%s\",\"input\":{\"x\":%s}}".formatted(at, entity, x);
    }

    private static String rows(String... rows) {
        return "{\"rows\":[" + String.join(",", rows) + "]}";
    }

    @Test
    void eachRowHasItsOwnTimeAndEntityAndCountsNowhereAsLive() throws Exception {
        try (var server = Server.start(settings)) {
            var caller = Caller.of(server);
            AddOne.serveIn(server.davy());
            var said =
                    caller.post(
                                    PATH,
                                    rows(
                                            row(THEN.toString(), "anna", "[1,2,3,4]"),
                                            row("1996-05-07T12:30:00+02:00", "bert", "[2,3,4,5]")))
                            .is(200)
                            .json()
                            .get("predictions");
            assertThat(said.get(0).at("/output/y/0").asDouble()).isEqualTo(2);
            assertThat(said.get(1).at("/version").asString()).isEqualTo("add/1");
            var first = caller.get("/api/v1/predictions/" + id(said, 0)).is(200).json();
            assertThat(first.path("origin").asString()).isEqualTo("replay");
            assertThat(first.path("event-time").asString()).isEqualTo(THEN.toString());
            assertThat(first.path("entity").asString()).isEqualTo("anna");
            var second = caller.get("/api/v1/predictions/" + id(said, 1)).is(200).json();
            assertThat(second.path("event-time").asString()).isEqualTo("1996-05-07T10:30:00Z");
            assertThat(second.path("entity").asString()).isEqualTo("bert");

            caller.post(
                            "/api/v1/feedback",
                            "{\"id\":\"f\",\"prediction\":\"%s\",\"truth\":[2,3,4,5],\"at\":\"%s\"}"
                                    .formatted(id(said, 0), THEN.plusSeconds(60)))
                    .is(201);
            var windows = server.davy().windows();
            long seen = 0;
            while (true) {
                var day = windows.series("add", Origin.REPLAY, Span.DAY, THEN, THEN.plusSeconds(1));
                if (!day.isEmpty() && day.firstEntry().getValue().feedback().count() == 1) {
                    assertThat(day.firstEntry().getValue().predictions()).isEqualTo(2);
                    break;
                }
                seen = windows.awaitChange(seen, Duration.ofSeconds(30));
            }
            // Longer ago than computers count.
            var old = Instant.parse("1949-01-01T00:00:00Z");
            caller.post(PATH, rows(row(old.toString(), "carl", "[1,2,3,4]"))).is(200);
            while (windows.series("add", Origin.REPLAY, Span.DAY, old, old.plusSeconds(1))
                    .isEmpty()) seen = windows.awaitChange(seen, Duration.ofSeconds(30));
            var ever = windows.series("add", Origin.LIVE, Span.DAY, Instant.EPOCH, Instant.now());
            assertThat(ever).isEmpty();
        }
    }

    private static String id(JsonNode said, int place) {
        return said.get(place).path("id").asString();
    }

    @Test
    void aRowThatIsRefusedKeepsNoOtherFromItsAnswer() throws Exception {
        try (var server = Server.start(settings)) {
            var caller = Caller.of(server);
            AddOne.serveIn(server.davy());
            var said =
                    caller.post(
                                    PATH,
                                    rows(
                                            row(THEN.toString(), "a", "\"none\""),
                                            row(THEN.toString(), "b", "[1,2]"),
                                            row(THEN.toString(), "c", "[1,2,3,4]")))
                            .is(200)
                            .json()
                            .get("predictions");
            assertThat(said.get(0).at("/refused/code").asString()).isEqualTo("rows-malformed");
            assertThat(said.get(0).at("/refused/why").asString()).contains("'x'");
            assertThat(said.get(1).at("/refused/code").asString()).isEqualTo("input-does-not-fit");
            assertThat(said.get(2).has("output")).isTrue();
            assertThat(caller.log("type=prediction")).hasSize(1);
        }
    }

    @Test
    void aRowWithoutATimeIsAMistakeOfTheWholeCall() throws Exception {
        try (var server = Server.start(settings)) {
            var caller = Caller.of(server);
            AddOne.serveIn(server.davy());
            caller.post(PATH, rows("{\"input\":{\"x\":[1,2,3,4]}}")).is(422);
            for (var at : new String[] {"yesterday", "+999999999-01-01T00:00:00Z"})
                assertThat(caller.post(PATH, rows(row(at, "a", "[1,2,3,4]"))).is(422).text())
                        .contains("rows[0]")
                        .contains("is not a time");
            caller.post(PATH, rows()).is(422);
            assertThat(caller.log("type=prediction")).isEmpty();
        }
    }

    /// Traffic that is called a replay is watched by nobody.
    @Test
    void whoMayOnlyPredictMayNotReplay() throws Exception {
        try (var server = Server.start(settings.host("0.0.0.0"))) {
            var nobody = Caller.of(server);
            var admin = nobody.as(Files.readString(server.firstToken().orElseThrow()).strip());
            AddOne.serveIn(server.davy());
            var body = rows(row(THEN.toString(), "a", "[1,2,3,4]"));
            for (var role : new String[] {"service", "viewer", "reviewer", "operator"}) {
                var token =
                        admin.post(
                                        "/api/v1/tokens",
                                        "{\"name\":\"%s\",\"role\":\"%s\"}".formatted(role, role))
                                .is(201)
                                .json()
                                .path("token")
                                .asString();
                nobody.as(token).post(PATH, body).is(role.equals("operator") ? 200 : 403);
            }
        }
    }
}
