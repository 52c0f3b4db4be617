package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.TinyOnnx;
import dev.davy.server.Caller;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A rollout whose server is killed at random moments: it goes on at the step where it was, with
/// the evidence that it had, until it is live.
@Timeout(300)
class RolloutKilledTest {
    private static final int KILLS = 4;

    @TempDir private Path folder = Path.of("");

    private final AtomicReference<Caller> door = new AtomicReference<>(Caller.at("http://none"));

    /// Held while it is looked at what a restart brought back.
    private final Semaphore traffic = new Semaphore(1, true);

    private final AtomicBoolean stop = new AtomicBoolean();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    @Test
    void goesOnAtTheSameStepWithTheEvidenceItHad() throws Exception {
        var data = folder.resolve("data");
        var random = new Random(20_261_121);
        var asking = Thread.ofPlatform().daemon().unstarted(this::ask);
        JsonNode before;
        try (var server = ServerProcess.start(data)) {
            begin(server);
            asking.start();
            before = killed(server, random);
        }
        for (int kill = 2; kill <= KILLS; kill++)
            try (var server = ServerProcess.start(data)) {
                goesOn(server, before);
                before = killed(server, random);
            }
        try (var server = ServerProcess.start(data)) {
            goesOn(server, before);
            var now = rollout();
            while (!now.path("over").asBoolean()) now = rollout();
            assertThat(now.at("/state/is").asString())
                    .as(now.toPrettyString())
                    .isEqualTo("finished");
            stop.set(true);
            asking.join();
        }
        assertThat(wrong).isEmpty();
    }

    private void begin(ServerProcess server) {
        var caller = Caller.at(server.address());
        for (float added : new float[] {1, 1.5f})
            caller.push(
                    "plus",
                    new TinyOnnx()
                            .input("x", TinyOnnx.FLOAT, "N", 2)
                            .output("y", TinyOnnx.FLOAT, "N", 2)
                            .weights(TinyOnnx.floats("a", new long[] {1}, added))
                            .add("Add", "x a", "y")
                            .bytes());
        caller.apply(
                """
                kind: Endpoint
                name: plus
                model: plus/1
                rollout:
                  steps: [10%, 30%, 50%, 100%]
                  each-step: {at-least: 3s, requests: 100}
                  guards:
                    - {watch: errors, worse-by: +20 points}
                  bake: 2s
                """);
        caller.post("/api/v1/endpoints/plus/rollout", "{\"to\":\"plus/2\"}").is(201);
        door.set(caller);
    }

    /// One caller after the other, each of an entity of their own. That a killed server gives no
    /// answer is no error of the rollout.
    private void ask() {
        for (int i = 0; !stop.get(); i++) {
            traffic.acquireUninterruptibly();
            try {
                var said =
                        door.get()
                                .send(
                                        "POST",
                                        "/api/v1/endpoints/plus/predict",
                                        Caller.utf8("{\"rows\":[{\"x\":[1,0]}]}"),
                                        "davy-entity",
                                        "e" + i,
                                        "Content-Type",
                                        "application/json");
                if (said.status() != 200) wrong.add(said.text());
            } catch (UncheckedIOException killed) {
                // It is asked again when the server is back.
            } finally {
                traffic.release();
            }
        }
    }

    private JsonNode rollout() {
        return door.get().get("/api/v1/endpoints/plus/rollout").is(200).json();
    }

    private static long candidates(JsonNode rollout) {
        return rollout.at("/requests/candidate").asLong();
    }

    /// SIGKILL after some more requests, or in the middle of the next step.
    private JsonNode killed(ServerProcess server, Random random) throws InterruptedException {
        var now = rollout();
        long until = candidates(now) + random.nextInt(150);
        int revision = now.path("revision").asInt();
        while (candidates(now) < until && now.path("revision").asInt() == revision) now = rollout();
        server.process.destroyForcibly().waitFor();
        traffic.acquireUninterruptibly();
        return now;
    }

    private void goesOn(ServerProcess server, JsonNode before) {
        door.set(Caller.at(server.address()));
        try {
            goesOn(before);
        } finally {
            traffic.release();
        }
    }

    private void goesOn(JsonNode before) {
        var now = rollout();
        // It may have taken a step between the last look and the kill; it never takes one back.
        int revision = before.path("revision").asInt();
        assertThat(now.path("revision").asInt()).isGreaterThanOrEqualTo(revision);
        if (now.path("revision").asInt() > revision) return;
        assertThat(now.path("state")).isEqualTo(before.path("state"));
        // What was answered is in the log, and is counted again as far as it was not kept.
        while (candidates(now) < candidates(before) && now.path("revision").asInt() == revision)
            now = rollout();
    }
}
