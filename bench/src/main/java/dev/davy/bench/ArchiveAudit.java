package dev.davy.bench;

import dev.davy.archive.Duck;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Reads the Parquet files of a data folder as anybody would, and holds them against what was
/// acknowledged.
final class ArchiveAudit {
    private static final Duration CATCH_UP_MAX = Duration.ofMinutes(10);

    private final int port;
    private final Path archive;
    private double caughtUpSeconds;
    private long queried;
    private int files;

    ArchiveAudit(int port, Path data) {
        this.port = port;
        archive = data.resolve("archive");
    }

    /// Gives the ledger every row, in the form of the log's export.
    void read(Ledger.Audit audit) throws IOException {
        awaitCaughtUp();
        try (var duck = Duck.open(new Duck.Bounds(512_000_000, 1, null))) {
            duck.rows(
                    "SELECT id, input_x[1], output_label FROM read_parquet("
                            + files("predictions")
                            + ")",
                    row -> {
                        audit.prediction(
                                UUID.fromString(row.getString(1)),
                                row.getDouble(2),
                                row.getString(3));
                        return true;
                    });
            duck.rows(
                    "SELECT id, kind, prediction, judged_by FROM read_parquet("
                            + files("feedback")
                            + ")",
                    row -> {
                        if (row.getString(2).equals("judgement"))
                            audit.judgement(row.getString(3), row.getString(4));
                        else audit.feedback(row.getString(1));
                        return true;
                    });
        }
    }

    private String files(String kind) throws IOException {
        try (var walk = Files.walk(archive.resolve(kind))) {
            var found = walk.filter(Files::isRegularFile).toList();
            files += found.size();
            return Duck.files(found);
        }
    }

    /// Each question waits a moment for the archive, and says when it is still behind.
    private void awaitCaughtUp() throws IOException {
        long began = System.nanoTime();
        while (true) {
            var answer = query("select count(*) from predictions");
            queried = answer.at("/rows/0/0").asLong();
            caughtUpSeconds = (System.nanoTime() - began) / 1e9;
            if (!answer.has("behind")) return;
            if (caughtUpSeconds > CATCH_UP_MAX.toSeconds())
                throw new Unmeasurable(
                        "The archive is "
                                + Json.text(answer.path("behind"))
                                + " behind after "
                                + CATCH_UP_MAX);
        }
    }

    private JsonNode query(String sql) throws IOException {
        var body = Json.write(Json.object().put("sql", sql));
        try (var wire = Wire.connect(port, Duration.ofMinutes(2))) {
            var reply = wire.post("/api/v1/query", "application/json", body);
            if (reply.status() != 200) throw new Unmeasurable("a query failed: " + reply.text());
            return Json.read(reply.text().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
        }
    }

    double caughtUpSeconds() {
        return caughtUpSeconds;
    }

    /// How many predictions the server's own query counts.
    long queried() {
        return queried;
    }

    int fileCount() {
        return files;
    }

    static List<Target> targets(Ledger.Audit audit, ArchiveAudit of) {
        return List.of(
                Target.atMost(
                        "acknowledged predictions missing in Parquet",
                        audit.predictionsMissing(),
                        0),
                Target.atMost("predictions twice in Parquet", audit.predictionsTwice(), 0),
                Target.atMost(
                        "predictions in Parquet with another input or answer", audit.wrong(), 0),
                Target.atMost(
                        "acknowledged feedback missing in Parquet", audit.feedbackMissing(), 0),
                Target.atMost("feedback twice in Parquet", audit.feedbackTwice(), 0),
                Target.atMost(
                        "difference between Parquet and davy query",
                        (double) Math.abs(of.queried() - audit.predictionCount()),
                        0));
    }
}
