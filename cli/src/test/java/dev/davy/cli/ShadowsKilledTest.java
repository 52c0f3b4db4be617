package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.TinyOnnx;
import dev.davy.server.Caller;
import dev.davy.strict.Json;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `kill -9`, again and again, while a shadow answers and the archive writes: what the shadow said
/// and the log has is in the archive once.
class ShadowsKilledTest {
    private static final int KILLS = 3;

    @TempDir private Path folder = Path.of("");

    private final AtomicReference<Caller> door =
            new AtomicReference<>(Caller.at("http://127.0.0.1:1"));
    private final AtomicBoolean stop = new AtomicBoolean();

    @Test
    void hasEachAnswerOfAShadowOnce() throws Exception {
        var random = new Random(20_261_122);
        var asking = Thread.ofPlatform().daemon().unstarted(this::ask);
        for (int kill = 1; kill <= KILLS; kill++)
            try (var server = start()) {
                if (kill == 1) {
                    begin();
                    asking.start();
                }
                // So that kills hit the archive before, while and after it writes a file.
                int files = files() + 1 + random.nextInt(2);
                while (files() < files) Thread.sleep(1);
                Thread.sleep(random.nextInt(1_000));
                server.process.destroyForcibly().waitFor();
            }
        stop.set(true);
        asking.join();
        try (var server = start()) {
            var logged = new ArrayList<String>();
            for (var each : door.get().log("type=shadow"))
                logged.add(each.path("prediction").asString());
            var archived = new ArrayList<String>();
            for (var row : query("select prediction from shadows"))
                archived.add(row.get(0).asString());
            assertThat(logged).hasSizeGreaterThan(KILLS);
            assertThat(archived).containsExactlyInAnyOrderElementsOf(logged);
            assertThat(server.stop()).isZero();
        }
    }

    private ServerProcess start() throws Exception {
        var config = folder.resolve("davy.yaml");
        Files.writeString(config, "archive: {every: 1 s}\n");
        var server = ServerProcess.start(folder.resolve("data"), "--config", config.toString());
        door.set(Caller.at(server.address()));
        return server;
    }

    private void begin() {
        var caller = door.get();
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
                  steps: [shadow for 1h, 100%]
                """);
        caller.post("/api/v1/endpoints/plus/rollout", "{\"to\":\"plus/2\"}").is(201);
    }

    /// That a killed server gives no answer is no error.
    private void ask() {
        while (!stop.get())
            try {
                door.get().predictRows("plus", "[{\"x\":[1,0]}]");
            } catch (UncheckedIOException killed) {
                // It is asked again when the server is back.
            }
    }

    private int files() throws Exception {
        var shadows = folder.resolve("data").resolve("archive").resolve("shadows");
        if (!Files.exists(shadows)) return 0;
        try (var walk = Files.walk(shadows)) {
            return (int) walk.filter(Files::isRegularFile).count();
        }
    }

    /// Each question waits a moment for the archive, and says when it is still behind.
    private JsonNode query(String sql) {
        while (true) {
            var said =
                    door.get()
                            .post("/api/v1/query", Json.text(Json.object().put("sql", sql)))
                            .is(200)
                            .json();
            if (!said.has("behind")) return said.path("rows");
        }
    }
}
