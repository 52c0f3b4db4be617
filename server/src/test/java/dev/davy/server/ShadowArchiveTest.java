package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.archive.Duck;
import dev.davy.runtime.TinyOnnx;
import dev.davy.serving.Beside;
import dev.davy.serving.Change;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What shadows said, when the log has forgotten it: in Parquet, in `davy query`, and gone with
/// whom it was about.
class ShadowArchiveTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private Path folder = Path.of("");
    private Server server = nothing();
    private Caller caller = Caller.at("http://127.0.0.1:1");

    @SuppressWarnings("NullAway") // set before each test
    private static Server nothing() {
        return null;
    }

    @BeforeEach
    void start() {
        open();
        caller.push("plus", plus("Identity", "x"));
        // The root of what is below zero is no number.
        caller.push("plus", plus("Sqrt", "x"));
        caller.endpoint("plus", "plus/1");
        caller.endpoint("shadows", "plus/1");
        beside();
    }

    private void open() {
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] plus(String operator, String inputs) {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 1)
                .output("y", TinyOnnx.FLOAT, "N", 1)
                .add(operator, inputs, "y")
                .bytes();
    }

    private void beside() {
        server.davy()
                .endpoints()
                .beside(
                        "plus",
                        new Beside(Map.of("model", "plus/2"), 0, 1),
                        Change.by("anna", "a test"));
    }

    /// Asks, and waits until the shadow has said something of each.
    private void ask(double x, String entity, int times) throws InterruptedException {
        int before = caller.log("type=shadow").size();
        for (int i = 0; i < times; i++)
            caller.send(
                            "POST",
                            "/api/v1/endpoints/plus/predict",
                            Caller.utf8("{\"rows\":[{\"x\":" + x + "}]}"),
                            "Content-Type",
                            "application/json",
                            "davy-entity",
                            entity)
                    .is(200);
        long until = System.nanoTime() + LONG.toNanos();
        while (caller.log("type=shadow").size() < before + times) {
            assertThat(System.nanoTime()).as("the shadow said nothing").isLessThan(until);
            Thread.sleep(20);
        }
    }

    private void caughtUp() {
        assertThat(server.davy().readers().awaitCaughtUp(LONG)).isTrue();
    }

    private JsonNode rows(String sql) {
        return caller.post("/api/v1/query", Json.text(Json.object().put("sql", sql)))
                .is(200)
                .json()
                .path("rows");
    }

    private List<Path> files() throws IOException {
        var root = folder.resolve("data").resolve("archive").resolve("shadows");
        if (!Files.exists(root)) return List.of();
        try (var walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void keepsWhatAShadowSaidBesideThePredictionThatCounted() throws Exception {
        assertThat(rows("select * from shadows")).isEmpty();
        ask(4, "ann", 1);
        ask(-1, "bob", 1);
        caughtUp();
        assertThat(files()).isNotEmpty();
        assertThat(folder.relativize(files().getFirst()).toString())
                .matches(
                        "data/archive/shadows/endpoint=plus/schema=1/date=\\d{4}-\\d\\d-\\d\\d/0-1-\\d+\\.parquet");
        assertThat(
                        rows("""
                        select s.endpoint, s.entity, s.version, s.outputs, s.live_outputs,
                            s.failure, s.latency_ms > 0, s.live_latency_ms > 0,
                            p.version, p.received <= s.received
                        from shadows s join predictions p on p.id = s.prediction
                        order by s.prediction\
                        """)
                                .toString())
                .isEqualTo(
                        "[[\"plus\",\"ann\",\"plus/2\",\"{\\\"y\\\":2.0}\",\"{\\\"y\\\":4.0}\",null,true,true,\"plus/1\",true],"
                                + "[\"plus\",\"bob\",\"plus/2\",null,\"{\\\"y\\\":-1.0}\",\"answer-not-finite\",true,true,\"plus/1\",true]]");
        // An endpoint of that name is asked by another.
        caller.predictRows("shadows", "[{\"x\":7}]");
        assertThat(rows("select output_y from endpoint_shadows").toString()).isEqualTo("[[7.0]]");
        assertThat(rows("select count(*) from shadows").at("/0/0").asInt()).isEqualTo(2);
    }

    @Test
    void hasEachOnceOverRestartsAndWhenTheLogForgets() throws Exception {
        ask(4, "ann", 20);
        caughtUp();
        server.close();
        open();
        ask(9, "ann", 20);
        caughtUp();
        var all = rows("select prediction, outputs from shadows order by 1");
        assertThat(all).hasSize(40);
        server.close();
        // As retention does it, a month later.
        try (var segments = Files.newDirectoryStream(folder.resolve("data/log"), "*.log")) {
            for (var segment : segments) Files.delete(segment);
        }
        open();
        assertThat(rows("select prediction, outputs from shadows order by 1")).isEqualTo(all);
        assertThat(rows("select count(distinct prediction) from shadows").at("/0/0").asInt())
                .isEqualTo(40);
    }

    @Test
    void becomeOneFileWhenTheirDayIsOver() throws Exception {
        for (int i = 0; i < 3; i++) {
            ask(i, "ann", 2);
            caughtUp();
        }
        int before = files().size();
        assertThat(before).isGreaterThan(1);
        var said = rows("select prediction, outputs, version from shadows order by 1");
        server.davy().archives().tidying().tidy(Instant.now().plus(Duration.ofDays(1)));
        assertThat(files()).hasSize(1);
        assertThat(files().getFirst().toString()).endsWith(".g2.parquet");
        assertThat(rows("select prediction, outputs, version from shadows order by 1"))
                .isEqualTo(said);
    }

    @Test
    void goesWithTheEntityThatItWasAbout() throws Exception {
        ask(4, "ann-the-one", 3);
        ask(9, "bob", 2);
        caughtUp();
        // And one that is in the log only, when it begins.
        ask(16, "ann-the-one", 1);
        assertThat(Grep.files(folder.resolve("data").resolve("log"), "ann-the-one")).isNotEmpty();
        var receipt =
                caller.post(
                                "/api/v1/erasures",
                                "{\"entity\":\"ann-the-one\",\"why\":\"she asked\"}")
                        .is(201)
                        .json();
        assertThat(receipt.at("/log/records").asInt()).isEqualTo(8);
        assertThat(receipt.at("/archive/predictions").asInt()).isEqualTo(4);
        assertThat(receipt.at("/archive/shadows").asInt()).isEqualTo(4);
        assertThat(Grep.files(folder.resolve("data").resolve("log"), "ann-the-one")).isEmpty();
        try (var duck = Duck.open(new Duck.Bounds(100_000_000, 1, null))) {
            assertThat(
                            duck.rows(
                                    "SELECT DISTINCT entity FROM read_parquet("
                                            + Duck.files(files())
                                            + ")",
                                    row -> row.getString(1)))
                    .containsExactly("bob");
        }
        server.close();
        open();
        caughtUp();
        assertThat(rows("select entity, count(*) from shadows group by 1").toString())
                .isEqualTo("[[\"bob\",2]]");
    }
}
