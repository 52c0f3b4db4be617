package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How busy models and the machine are, as it is kept, shown, and watched.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SoftwareTest {
    private static final String PRESS =
            """
            kind: Endpoint
            name: press
            monitors:
              - {watch: process.open-files, above: 100000}
              - {watch: software.wait.p99, above: 50ms}
            input: {force: {type: number}}
            output: {label: {type: category, classes: [ok, bent]}}
            pipeline:
              - {name: judge, rule: {label: "case when input.force > 1 then 'bent' else 'ok' end"}}
            """;

    @TempDir private Path folder = Path.of("");

    @Test
    void whatIsCountedAnywayIsKeptInWindowsAndShown() {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var caller = Caller.of(server);
            caller.apply(PRESS);
            server.davy().software().keep();
            for (int i = 0; i < 3; i++)
                caller.post(
                                "/api/v1/endpoints/press/predict",
                                "{\"rows\":[{\"force\":0.5},{\"force\":1.5},{\"force\":2.5},{\"force\":3}]}")
                        .is(200);
            caller.post("/api/v1/endpoints/press/predict", "{\"rows\":[{\"force\":0.5}]}").is(200);
            server.davy().software().keep();

            // Three runs of four rows, and one of one.
            assertThat(last(caller, "software.batch")).isEqualTo(13 / 4.0);
            assertThat(last(caller, "software.batch.highest")).isEqualTo(4);
            assertThat(last(caller, "software.queue")).isZero();
            assertThat(last(caller, "software.wait")).isBetween(0.0, 60_000.0);
            assertThat(last(caller, "process.heap")).isGreaterThan(1e6);
            assertThat(last(caller, "process.threads")).isGreaterThan(1);
            assertThat(last(caller, "machine.memory")).isBetween(0.0, 1.0);

            // What nobody asks is not counted again.
            server.davy().software().keep();
            assertThat(last(caller, "software.batch")).isEqualTo(13 / 4.0);

            assertThat(caller.get("/endpoints/press/software").is(200).text())
                    .contains("How busy is")
                    .contains("software.batch")
                    .contains("machine.memory");
            assertThat(caller.get("/metrics").is(200).text())
                    .contains("davy_batch_rows_bucket{endpoint=\"press\",le=\"1.0\"} 1")
                    .contains("davy_batch_rows_bucket{endpoint=\"press\",le=\"4.0\"} 4")
                    .contains("davy_batch_rows_sum{endpoint=\"press\"} 13.0")
                    .contains("davy_queue_rows{endpoint=\"press\"} 0.0")
                    .contains("davy_machine_memory");
        }
    }

    private static double last(Caller caller, String watch) {
        var windows =
                caller.get("/api/v1/endpoints/press/metric?watch=" + watch)
                        .is(200)
                        .json()
                        .path("windows");
        assertThat(windows.size()).as(watch).isPositive();
        return windows.get(windows.size() - 1).path("value").asDouble(Double.NaN);
    }

    @Test
    void howBusyAMachineIsNeverDriftsByItself() {
        try (var server = Server.start(Settings.of(folder.resolve("data")).port(0))) {
            var wrong =
                    Caller.of(server)
                            .post(
                                    "/api/v1/apply",
                                    "application/yaml",
                                    Caller.utf8(
                                            PRESS.replace(
                                                    "{watch: process.open-files, above: 100000}",
                                                    "{watch: process.cpu}")))
                            .is(422)
                            .text();
            assertThat(wrong).contains("a limit is missing");
        }
    }
}
