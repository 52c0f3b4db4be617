package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.server.Caller;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A replay whose server is killed at random moments: afterwards every window holds exactly what
/// the log does, and what rang rang once.
@Timeout(600)
class MonitorsKilledTest {
    /// `-Ddavy.kills=20` for the long way.
    private static final int KILLS = Integer.getInteger("davy.kills", 5);

    private static final int ROWS = 200;
    private static final int BATCHES_LEAST = 80;
    private static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");

    private static final String PRESS =
            """
            kind: Endpoint
            name: press
            origin: replay
            window: 6h
            reference: first 7d
            truth-within: 0s
            input: {force: {type: number}}
            output: {label: {type: category, classes: [ok, bent]}}
            pipeline:
              - {name: judge, rule: {label: "case when input.force > 2 then 'bent' else 'ok' end"}}
            """;

    @TempDir private Path folder = Path.of("");
    private final Random random = new Random(20_261_121);

    @Test
    void windowsHoldWhatTheLogDoesWhateverIsKilledWhen() throws Exception {
        var data = folder.resolve("data");
        int batch = 0;
        for (int kill = 0; kill < KILLS; kill++)
            try (var server = ServerProcess.start(data)) {
                var caller = Caller.at(server.address());
                caller.apply(PRESS);
                var killer =
                        Thread.ofPlatform()
                                .daemon()
                                .start(() -> kill(server, 1_500 + random.nextInt(2_500)));
                try {
                    while (server.process.isAlive()) send(caller, batch++);
                } catch (UncheckedIOException killed) {
                    // What was on its way may be in the log or not; the log says.
                }
                killer.join();
            }
        try (var server = ServerProcess.start(data)) {
            var caller = Caller.at(server.address());
            while (batch < BATCHES_LEAST) send(caller, batch++);
            send(caller, batch);
            compare(caller);
        }
    }

    private static void kill(ServerProcess server, int millis) {
        try {
            if (!server.process.waitFor(Duration.ofMillis(millis)))
                server.process.destroyForcibly().waitFor();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /// Two hundred rows of a few hours, and the truth of half of them; from the eightieth batch on
    /// something is heavier.
    private void send(Caller caller, int batch) {
        var body = Json.object();
        var rows = body.putArray("rows");
        for (int i = 0; i < ROWS; i++) {
            var at = BEGIN.plus(Duration.ofHours(3L * batch)).plusSeconds(50L * i);
            rows.addObject()
                    .put("at", at.toString())
                    .putObject("input")
                    .put("force", random.nextGaussian() + (batch < 70 ? 0 : 1));
        }
        var answered =
                caller.post("/api/v1/endpoints/press/replay", Json.text(body))
                        .is(200)
                        .json()
                        .path("predictions");
        var truths = Json.array();
        for (int i = 0; i < ROWS; i += 2) {
            var id = answered.get(i).path("id").asString();
            truths.addObject()
                    .put("id", "t-" + id)
                    .put("prediction", id)
                    .put("truth", i % 20 == 0 ? "bent" : "ok");
        }
        caller.post("/api/v1/feedback", Json.text(truths)).is(200, 201);
    }

    /// What a window should hold.
    private static final class Expected {
        long rows;
        double sum;
        long truths;
    }

    private static void compare(Caller caller) {
        var expected = new TreeMap<Instant, Expected>();
        var startOf = new TreeMap<String, Instant>();
        var told = new HashSet<String>();
        for (var line :
                caller.get("/api/v1/log?endpoint=press&limit=1000000")
                        .is(200)
                        .text()
                        .lines()
                        .toList()) {
            var json = Json.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
            if (json.path("type").asString("").equals("prediction")) {
                var start = start(Instant.parse(json.path("event-time").asString()));
                startOf.put(json.path("id").asString(), start);
                var window = expected.computeIfAbsent(start, _ -> new Expected());
                window.rows++;
                window.sum += json.at("/input/force").asDouble();
            }
        }
        for (var line :
                caller.get("/api/v1/log?type=feedback&limit=1000000")
                        .is(200)
                        .text()
                        .lines()
                        .toList()) {
            var json = Json.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
            var prediction = json.path("prediction").asString("");
            var start = startOf.get(prediction);
            if (start != null && told.add(prediction))
                expected.computeIfAbsent(start, _ -> new Expected()).truths++;
        }
        assertThat(told).hasSizeGreaterThan(BATCHES_LEAST * ROWS / 4);
        awaitCounted(caller, startOf.size(), told.size());
        var requests = windows(caller, "requests");
        var means = windows(caller, "input.force");
        var quality = windows(caller, "quality.accuracy");
        assertThat(requests.keySet()).isEqualTo(expected.keySet());
        expected.forEach((start, window) -> {
            assertThat(at(requests, start).path("value").asLong()).isEqualTo(window.rows);
            assertThat(at(means, start).path("value").asDouble())
                    .isCloseTo(window.sum / window.rows, within(1e-9));
            assertThat(at(quality, start).path("rows").asLong()).isEqualTo(window.truths);
        });
        rangOnce(caller);
    }

    private static JsonNode at(Map<Instant, JsonNode> windows, Instant start) {
        return windows.getOrDefault(start, Json.object());
    }

    private static Instant start(Instant at) {
        long seconds = Duration.ofHours(6).toSeconds();
        return Instant.ofEpochSecond(at.getEpochSecond() / seconds * seconds);
    }

    private static void awaitCounted(Caller caller, long rows, long truths) {
        long counted = 0;
        long known = 0;
        long until = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while ((counted < rows || known < truths) && System.nanoTime() < until) {
            counted = 0;
            for (var window : windows(caller, "requests").values())
                counted += window.path("value").asLong();
            known = 0;
            for (var window : windows(caller, "quality.accuracy").values())
                known += window.path("rows").asLong();
        }
        assertThat(List.of(counted, known)).isEqualTo(List.of(rows, truths));
    }

    private static Map<Instant, JsonNode> windows(Caller caller, String watch) {
        var windows = new TreeMap<Instant, JsonNode>();
        for (var window :
                caller.get(
                                "/api/v1/endpoints/press/metric?from=2024-01-01T00:00:00Z&watch="
                                        + watch)
                        .is(200)
                        .json()
                        .path("windows"))
            windows.put(Instant.parse(window.path("from").asString()), window);
        return windows;
    }

    /// The heavier hand is one alarm, however often the server began anew.
    private static void rangOnce(Caller caller) {
        long rang = 0;
        while (rang == 0) {
            rang = 0;
            for (var alarm :
                    caller.get("/api/v1/alarms?endpoint=press").is(200).json().path("alarms"))
                if (alarm.path("watch").asString().equals("input.force")) rang++;
        }
        assertThat(rang).isEqualTo(1);
    }
}
