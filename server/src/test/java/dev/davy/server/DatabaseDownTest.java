package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real PostgreSQL that goes away under a running server, and comes back: predictions go on by
/// the last committed table, what needs the database says so, and nothing is lost.
@Timeout(180)
@SuppressWarnings("NullAway.Init") // made before each test
class DatabaseDownTest {
    private static final String ROW = "{\"rows\":[{\"x\":[1,2,3,4]}]}";

    @TempDir private Path folder = Path.of("");
    private @Nullable EmbeddedPostgres postgres;
    private int port;
    private @Nullable Server server;
    private Caller caller;
    private final Set<String> predicted = new HashSet<>();

    @BeforeEach
    void start() throws IOException {
        var first = postgres(0);
        postgres = first;
        port = first.getPort();
        var started = Server.start(settings());
        server = started;
        caller = Caller.of(started);
        caller.push("add", model());
        caller.endpoint("add", "add/1");
    }

    @AfterEach
    void stop() throws IOException {
        // Where PostgreSQL can't be started there is neither.
        if (server != null) server.close();
        if (postgres != null) postgres.close();
    }

    private byte[] model() throws IOException {
        return Files.readAllBytes(AddOne.file(folder));
    }

    /// @param at its port; 0: any
    private EmbeddedPostgres postgres(int at) {
        try {
            var builder =
                    EmbeddedPostgres.builder()
                            .setDataDirectory(folder.resolve("postgres"))
                            .setCleanDataDirectory(false)
                            .setServerConfig("fsync", "off");
            return (at == 0 ? builder : builder.setPort(at)).start();
        } catch (IOException | RuntimeException | LinkageError e) {
            return abort("PostgreSQL cannot be started on this machine: " + e);
        }
    }

    private void goesAway() throws IOException {
        if (postgres != null) postgres.close();
    }

    private Settings settings() {
        var plain = Settings.of(folder.resolve("data")).port(0);
        var url = "jdbc:postgresql://localhost:" + port + "/postgres";
        return new Settings(
                plain.data(),
                plain.host(),
                plain.port(),
                plain.allowedHosts(),
                plain.drain(),
                Optional.of(new Settings.Storage(url, "postgres", "postgres")),
                plain.node(),
                plain.log(),
                plain.archive(),
                plain.remotes(),
                plain.deliveries(),
                plain.limits());
    }

    private void predict(int times) {
        for (int i = 0; i < times; i++) {
            var said = caller.post("/api/v1/endpoints/add/predict", ROW).is(200).json();
            assertThat(said.at("/predictions/0/output/y"))
                    .isEqualTo(Caller.parsed("[2.0,3.0,4.0,5.0]"));
            predicted.add(said.at("/predictions/0/id").asString());
            var tensors =
                    "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,2,3,4]}]}";
            var infer = caller.post("/v2/models/add/infer", tensors).is(200);
            assertThat(infer.json().at("/outputs/0/data")).hasSize(4);
            predicted.add(infer.header("davy-prediction-id"));
        }
    }

    /// Refused for now, in words of its own.
    private static void unavailable(Caller.Said said) {
        assertThat(said.status()).as(said.text()).isEqualTo(503);
        assertThat(said.text()).contains("database").doesNotContain("Exception", "postgresql");
    }

    @Test
    void predictionsGoOnAndTheRestSaysSo() throws IOException {
        predict(5);
        goesAway();
        predict(20);
        assertThat(caller.get("/v2/health/live").status()).isEqualTo(200);
        assertThat(caller.get("/metrics").is(200).text()).contains("davy_database_up 0");
        unavailable(
                caller.post("/api/v1/models/add/versions", "application/octet-stream", model()));
        unavailable(caller.post("/api/v1/endpoints", "{\"name\":\"more\",\"model\":\"add/1\"}"));
        for (var path :
                Set.of(
                        "/",
                        "/endpoints/add",
                        "/models",
                        "/review",
                        "/api/v1/models",
                        "/api/v1/events"))
            assertThat(caller.get(path).status()).as(path).isIn(200, 503);
        predict(20);
        assertThat(caller.log("type=prediction")).hasSize(predicted.size());

        postgres = postgres(port);
        predict(5);
        assertThat(caller.get("/metrics").is(200).text()).contains("davy_database_up");
        // The first calls may still meet a broken connection.
        while (caller.get("/api/v1/models").status() == 503) Thread.onSpinWait();
        caller.endpoint("more", "add/1");
        // All readers went on: each prediction is in the archive, and once.
        var count = "{\"sql\":\"select count(*), count(distinct id) from predictions\"}";
        while (true) {
            var said = caller.post("/api/v1/query", count).is(200).json();
            var row = said.at("/rows/0");
            assertThat(row.get(0)).isEqualTo(row.get(1));
            if (row.get(0).asInt() == predicted.size()) break;
            assertThat(row.get(0).asInt()).isLessThan(predicted.size());
        }
    }

    @Test
    void feedbackIsKeptOrRefusedAndNeverHalf() throws IOException {
        predict(1);
        var id = predicted.iterator().next();
        var truth =
                "{\"id\":\"f-1\",\"prediction\":\"%s\",\"source\":\"lab\",\"truth\":[2,3,4,5]}"
                        .formatted(id);
        goesAway();
        var said = caller.post("/api/v1/feedback", truth);
        assertThat(said.status()).as(said.text()).isIn(201, 503);
        postgres = postgres(port);
        // Sent again, it is known if it was kept, and kept now if it was refused; and there once.
        var again = said;
        while (again.status() == 503) again = caller.post("/api/v1/feedback", truth);
        again.is(200, 201);
        caller.post("/api/v1/feedback", truth).is(200);
        assertThat(caller.log("type=feedback")).hasSize(1);
    }
}
