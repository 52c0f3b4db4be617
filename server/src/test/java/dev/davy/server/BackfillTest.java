package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A metric that is declared late, counted over what was predicted before.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BackfillTest {
    private static final Instant BEGIN = Instant.parse("2026-03-02T10:00:00Z");

    private static final String PRESS =
            """
            kind: Endpoint
            name: press
            window: 1h
            origin: replay
            reference: first 3h
            slices: [line]
            %s
            input: {force: {type: number}, line: {type: text}}
            output: {label: {type: category, classes: [ok, bent]}}
            pipeline:
              - {name: judge, rule: {label: "case when input.force > 1 then 'bent' else 'ok' end"}}
            """;

    private static final String HEAVY =
            """
            metrics: [{name: heavy, value: input.force > 2}]
            monitors: [{watch: metric.heavy, above: 10%}]
            """;

    @TempDir private Path folder = Path.of("");

    @Test
    void itLandsInTheWindowsThatItIsOfAndNothingRingsForThePast() throws Exception {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(PRESS.formatted("metrics: []"));
            // Of the hour h every (h + 2)th row is heavy.
            replay(server, caller, 0, 5);
            caller.apply(PRESS.formatted(HEAVY));
            // From here on it is counted by itself.
            replay(server, caller, 5, 7);
            server.davy().monitors().judgeNow();
            assertThat(values(caller, "")).containsExactly(-1.0, -1.0, -1.0, -1.0, -1.0, 9.0, 8.0);
            var before = alarms(caller);

            var done = backfill(caller, "heavy", "");
            assertThat(done.at("/result/rows").asInt()).isEqualTo(7 * 60);
            assertThat(done.at("/result/filled").asInt()).isPositive();
            assertThat(values(caller, "")).containsExactly(30.0, 20.0, 15.0, 12.0, 10.0, 9.0, 8.0);
            // Half of them each.
            assertThat(values(caller, "slice line=A")).startsWith(30.0, 10.0, 15.0);

            // Its days are the sums of its hours.
            var day =
                    server.davy()
                            .windows()
                            .over(
                                    "press",
                                    dev.davy.serving.Origin.REPLAY,
                                    Instant.parse("2026-03-02T00:00:00Z"),
                                    Instant.parse("2026-03-03T00:00:00Z"));
            var heavy = day.components().get("metric.heavy");
            assertThat(heavy).isNotNull();
            assertThat(heavy.count()).isEqualTo(7 * 60);
            assertThat(heavy.moments().mean() * heavy.count())
                    .isCloseTo(104, org.assertj.core.data.Offset.offset(1e-6));

            server.davy().monitors().judgeNow();
            assertThat(alarms(caller)).isEqualTo(before);
            assertThat(backfill(caller, "heavy", "").at("/result/filled").asInt()).isZero();
            var marked =
                    caller.get("/api/v1/endpoints/press/metrics").is(200).json().path("backfilled");
            assertThat(marked.size()).isEqualTo(1);
            assertThat(marked.at("/0/metric").asString()).isEqualTo("metric.heavy");
            assertThat(marked.at("/0/from").asString()).isEqualTo("2026-03-02T10:00:00Z");
            assertThat(caller.get("/endpoints/press/metrics").is(200).text())
                    .contains("metric.heavy was counted over 2026-03-02 10:00");
        }
    }

    @Test
    void whatIsNotDeclaredIsNotCounted() {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(PRESS.formatted(HEAVY));
            var wrong =
                    caller.post("/api/v1/endpoints/press/metrics/light/backfill", "{}")
                            .is(404)
                            .json();
            assertThat(wrong.path("code").asString()).isEqualTo("metric-not-declared");
        }
    }

    private static void replay(Server server, Caller caller, int fromHour, int toHour) {
        for (int hour = fromHour; hour < toHour; hour++) {
            var body = Json.object();
            var rows = body.putArray("rows");
            for (int minute = 0; minute < 60; minute++)
                rows.addObject()
                        .put("at", BEGIN.plus(Duration.ofMinutes(60L * hour + minute)).toString())
                        .putObject("input")
                        .put("force", minute % (hour + 2) == 0 ? 3 : 1.5)
                        .put("line", minute % 2 == 0 ? "A" : "B");
            caller.post("/api/v1/endpoints/press/replay", Json.text(body)).is(200);
        }
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
    }

    /// How many were heavy, hour by hour; -1 where it was not counted.
    private static List<Double> values(Caller caller, String part) {
        var values = new ArrayList<Double>();
        for (var window :
                caller.get(
                                "/api/v1/endpoints/press/metric?watch=metric.heavy&part="
                                        + part.replace(" ", "%20").replace("=", "%3D"))
                        .is(200)
                        .json()
                        .path("windows"))
            values.add(
                    window.has("value")
                            ? Math.rint(
                                    window.path("value").asDouble()
                                            * window.path("rows").asDouble())
                            : -1.0);
        return values;
    }

    private static List<String> alarms(Caller caller) {
        var alarms = new ArrayList<String>();
        for (var alarm : caller.get("/api/v1/alarms?endpoint=press").is(200).json().path("alarms"))
            alarms.add(
                    alarm.path("monitor").asString() + " since " + alarm.path("since").asString());
        return alarms;
    }

    private static JsonNode backfill(Caller caller, String metric, String arguments)
            throws InterruptedException {
        var id =
                caller.post(
                                "/api/v1/endpoints/press/metrics/" + metric + "/backfill",
                                "{" + arguments + "}")
                        .is(200, 201, 202)
                        .json()
                        .path("id")
                        .asString();
        long until = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (System.nanoTime() < until) {
            var now = caller.get("/api/v1/jobs/" + id).is(200).json();
            switch (now.path("state").asString()) {
                case "done" -> {
                    return now;
                }
                case "failed" -> throw new AssertionError(now.toPrettyString());
                default -> Thread.sleep(20);
            }
        }
        throw new AssertionError("the job takes too long");
    }
}
