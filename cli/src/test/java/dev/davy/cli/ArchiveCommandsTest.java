package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.server.Caller;
import dev.davy.server.Server;
import dev.davy.server.Settings;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The archive as a person asks it, and as pandas reads it without us.
class ArchiveCommandsTest {
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
        caller.apply(
                """
                kind: Endpoint
                name: doubles
                entity: input.customer
                input: {customer: {type: text}, amount: {type: number}}
                output: {double: {type: number}}
                pipeline:
                  - {name: rule, rule: {double: "input.amount * 2"}}
                """);
        for (int i = 0; i < 20; i++)
            caller.predictRows(
                    "doubles", "[{\"customer\":\"c%d\",\"amount\":%s}]".formatted(i % 3, i / 8.0));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Commands.Told davy(String... words) {
        var here = Map.of("DAVY_SERVER", "http://127.0.0.1:" + server.port());
        return Commands.runWith("", here, words);
    }

    @Test
    void asksInTablesJsonAndCsv() {
        var sql = "select input_customer as who, count(*) as n from doubles group by 1 order by 1";
        assertThat(davy("query", sql).out().lines().map(String::strip).toList())
                .containsExactly("who  n", "c0   7", "c1   7", "c2   6");
        assertThat(davy("query", sql, "--csv").out().lines().toList())
                .containsExactly("who,n", "c0,7", "c1,7", "c2,6");
        var json =
                Json.read(
                        davy("query", sql, "-o", "json").out().getBytes(StandardCharsets.UTF_8),
                        Limits.DEFAULT);
        assertThat(json.path("rows").toString()).isEqualTo("[[\"c0\",7],[\"c1\",7],[\"c2\",6]]");
        var cut = davy("query", "select id from predictions", "--limit", "5");
        assertThat(cut.out().lines()).hasSize(6);
        assertThat(cut.err()).contains("--limit");
        var no = davy("query", "drop table predictions");
        assertThat(no.exit()).isEqualTo(Exit.NO);
        assertThat(no.err()).contains("Only one SELECT can be asked.");
    }

    @Test
    void erasesAndShowsTheReceipt() {
        var told = davy("erase", "c1", "--why", "asked to");
        assertThat(told.exit()).as(told.err()).isZero();
        assertThat(told.out()).contains("Receipt").containsPattern("archived predictions +7");
        assertThat(davy("query", "select count(*) as n from doubles", "--csv").out().lines())
                .containsExactly("n", "13");
        assertThat(davy("events", "--kind", "entity").out()).contains("erased", "asked to");
    }

    @Test
    void isReadByPandasWithTheSameNumbers() {
        var python = PythonVenv.of(PythonVenv.SCRIPTS.resolve("archive-requirements.txt"));
        assertThat(server.davy().readers().awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
        var ours =
                davy(
                                "query",
                                "select id, input_amount, output_double from doubles order by id",
                                "--csv")
                        .out()
                        .lines()
                        .skip(1)
                        .map(line -> line.replace(',', '|') + "|nan|UTC|doubles")
                        .toList();
        assertThat(ours).hasSize(20);
        var ran =
                python.run(
                        Duration.ofMinutes(2),
                        PythonVenv.SCRIPTS.resolve("read_archive.py"),
                        folder.resolve("data/archive/predictions").toString());
        assertThat(ran.output().lines().toList()).isEqualTo(ours);
    }
}
