package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.TinyOnnx;
import dev.davy.server.Caller;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `davy predict` over a table, with the server killed in the middle: no row twice and none lost,
/// neither in the answers nor in the log.
class BatchKilledTest {
    private static final int ROWS = 150_000;
    private static final int KILLS = 2;

    private static final String DESCRIPTOR =
            """
            kind: Model
            input:
              a: {type: integer}
              b: {type: integer}
            output:
              sum: {type: number}
            """;

    @TempDir Path folder;

    @Test
    void everyRowIsAnsweredAndLoggedOnceWhateverIsKilled() throws Exception {
        var table = table();
        var out = folder.resolve("answers.csv");
        var data = folder.resolve("data");
        String job;
        try (var server = ServerProcess.start(data)) {
            push(server);
            var started =
                    davy(server, "predict", "sums", table.toString(), "--detach", "-o", "json");
            assertThat(started.exit()).as(started.err()).isZero();
            job = json(started.out()).path("id").asString();
            killBeyond(server, job, 1);
        }
        for (int kill = 1; kill < KILLS; kill++)
            try (var server = ServerProcess.start(data)) {
                long done = progress(Caller.at(server.address()), job);
                killBeyond(server, job, done + 1);
            }
        try (var server = ServerProcess.start(data)) {
            var watched = davy(server, "job", "watch", job, "--out", out.toString());
            assertThat(watched.exit()).as(watched.err()).isZero();
            assertThat(watched.out()).contains(ROWS + " rows predicted");
            var ids = answers(out);
            var logged = new HashSet<String>();
            int records = 0;
            for (var record : Caller.at(server.address()).log("endpoint=sums&type=prediction")) {
                if (!record.path("request").asString().equals(job)) continue;
                records++;
                logged.add(record.path("id").asString());
            }
            assertThat(records).isEqualTo(ROWS);
            assertThat(logged).isEqualTo(ids);
            var listed = davy(server, "job", "list");
            assertThat(listed.out()).contains(job).contains("done").contains("150000 of 150000");
            assertThat(davy(server, "job", "resume", job).exit()).isEqualTo(Exit.NO);
        }
    }

    private Path table() throws IOException {
        var csv = new StringBuilder("a,b\n");
        for (int row = 0; row < ROWS; row++)
            csv.append(row).append(',').append(7 * row).append('\n');
        return Files.writeString(folder.resolve("numbers.csv"), csv);
    }

    private static void push(ServerProcess server) {
        var model =
                new TinyOnnx()
                        .input("a", TinyOnnx.INT64, "N", 1)
                        .input("b", TinyOnnx.INT64, "N", 1)
                        .output("sum", TinyOnnx.INT64, "N", 1)
                        .add("Add", "a b", "sum");
        var caller = Caller.at(server.address());
        caller.push(
                "sums", Map.of("model.yaml", Caller.utf8(DESCRIPTOR), "model.onnx", model.bytes()));
        caller.endpoint("sums", "sums/1");
    }

    /// SIGKILL as soon as the job is so far.
    private static void killBeyond(ServerProcess server, String job, long rows)
            throws InterruptedException {
        var caller = Caller.at(server.address());
        while (progress(caller, job) < rows) Thread.onSpinWait();
        server.process.destroyForcibly().waitFor();
    }

    private static long progress(Caller caller, String job) {
        var now = caller.get("/api/v1/jobs/" + job).is(200).json();
        assertThat(now.path("state").asString()).as(now.toString()).isNotEqualTo("failed");
        return now.path("state").asString().equals("done")
                ? Long.MAX_VALUE
                : now.at("/progress/done").asLong();
    }

    private static Set<String> answers(Path out) throws IOException {
        var ids = new HashSet<String>();
        int row = 0;
        for (var line : Files.readAllLines(out).subList(1, ROWS + 1)) {
            var cells = line.split(",", -1);
            assertThat(cells[0]).isEqualTo(String.valueOf(row + 1));
            assertThat(Double.parseDouble(cells[1])).isEqualTo(8.0 * row);
            ids.add(cells[4]);
            row++;
        }
        assertThat(Files.readAllLines(out)).hasSize(ROWS + 1);
        assertThat(ids).hasSize(ROWS);
        return ids;
    }

    private static Commands.Told davy(ServerProcess server, String... words) {
        return Commands.runWith("", Map.of("DAVY_SERVER", server.address()), words);
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }
}
