package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `/metrics` as Prometheus sees it: its own tool reads it, and its server scrapes it. Both come
/// from Debian's package `prometheus`; where they are missing, these tests are skipped.
class MetricsTest {
    private static final String LOANS =
            """
            kind: Endpoint
            name: loan-approval
            input: {amount: {type: number}, purpose: {type: category, required: false}}
            output: {risk: {type: category, classes: [bad, good]}}
            pipeline:
              - {name: judge, rule: {risk: "case when input.amount > 1000 then 'bad' else 'good' end"}}
            """;

    @TempDir private Path folder = Path.of("");
    private Server server = nothing();
    private Caller caller = Caller.at("http://127.0.0.1:1");

    @SuppressWarnings("NullAway") // set before each test
    private static Server nothing() {
        return null;
    }

    @BeforeEach
    void start() {
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
        caller.apply(LOANS);
        for (int i = 0; i < 30; i++)
            caller.predictRows(
                    "loan-approval",
                    "[{\"amount\":" + i * 50 + ",\"purpose\":\"a \\\"car\\\"\\n\\\\\"}]");
        caller.predict("loan-approval", "application/json", Caller.utf8("{\"rows\":[{}]}")).is(400);
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofSeconds(30))).isTrue();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Path program(String name) {
        Optional<Path> found =
                List.of("/usr/bin/", "/usr/local/bin/").stream()
                        .map(place -> Path.of(place + name))
                        .filter(Files::isExecutable)
                        .findFirst();
        assumeTrue(found.isPresent(), name + " is not on this machine");
        return found.orElseThrow();
    }

    @Test
    void promtoolFindsNothingToSay() throws Exception {
        var tool =
                new ProcessBuilder(program("promtool").toString(), "check", "metrics")
                        .redirectErrorStream(true)
                        .start();
        try (var in = tool.getOutputStream()) {
            in.write(caller.get("/metrics").is(200).body());
        }
        var said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tool.waitFor()).as(said).isZero();
        assertThat(said).isEmpty();
    }

    @Test
    void prometheusScrapesWhatWasServed() throws Exception {
        var program = program("prometheus");
        int port;
        try (var free = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var config = folder.resolve("prometheus.yml");
        Files.writeString(
                config,
                """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: davy
                    static_configs: [{targets: ["127.0.0.1:%d"]}]
                """
                        .formatted(server.port()));
        var prometheus =
                new ProcessBuilder(
                                program.toString(),
                                "--config.file=" + config,
                                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                                "--web.listen-address=127.0.0.1:" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("prometheus.log").toFile())
                        .start();
        try {
            assertThat(value(port, "up{job=\"davy\"}")).isEqualTo(1);
            assertThat(value(port, "sum(davy_predictions_total{endpoint=\"loan-approval\"})"))
                    .isEqualTo(30);
        } finally {
            prometheus.destroy();
            if (!prometheus.waitFor(20, TimeUnit.SECONDS)) prometheus.destroyForcibly();
        }
    }

    /// What Prometheus answers once it has scraped.
    private double value(int port, String query) throws Exception {
        var until = Instant.now().plusSeconds(60);
        while (true) {
            var result = ask(port, query);
            if (!result.isMissingNode())
                return Double.parseDouble(result.at("/value/1").asString());
            assertThat(Instant.now())
                    .as("Prometheus: " + Files.readString(folder.resolve("prometheus.log")))
                    .isBefore(until);
            Thread.sleep(200);
        }
    }

    private static JsonNode ask(int port, String query) throws InterruptedException {
        var uri =
                URI.create(
                        "http://127.0.0.1:%d/api/v1/query?query=%s"
                                .formatted(port, Caller.encoded(query)));
        try (var http = HttpClient.newHttpClient()) {
            var said =
                    http.send(
                            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            // It listens before it is ready, and says so as plain text.
            if (said.statusCode() != 200) return Json.object().path("nothing");
            return Json.read(said.body(), Limits.DEFAULT).at("/data/result/0");
        } catch (IOException notUpYet) {
            return Json.object().path("nothing");
        }
    }
}
