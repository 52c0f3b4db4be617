package dev.davy.bench;

import dev.davy.strict.Json;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Rows a second of batch prediction, Parquet in and out, against calling ONNX Runtime directly on
/// arrays that are there already; then a kill in the middle, and the memory of few and of many
/// rows.
///
/// The time of a batch is that of its job: from its start to its result lying on the server's disk.
final class Batch implements Measurement {
    /// What the rows of the Elec2 set are named; drawn here, from 0 to 1 as there.
    static final List<String> COLUMNS =
            List.of("period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer");

    @Override
    public String name() {
        return "batch";
    }

    @Override
    public String about() {
        return "batch prediction, Parquet in and out, against ONNX Runtime alone; with a kill";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        long many = place.quick() ? 1_000_000 : 10_000_000;
        long few = many / 10;
        var small = rows(place, few);
        var large = rows(place, many);
        place.progress("ONNX Runtime alone");
        double direct =
                BareTrees.rowsPerSecond(place.models().resolve("trees.onnx"), place.quick());
        var data = place.work().resolve("data");
        var table =
                new Table("100 trees, 6 columns", "rows", "rows/s", "of direct", "peak RSS, MB");
        table.row("ONNX Runtime, arrays in memory", "-", direct, 1.0, "-");
        double silent;
        double logged;
        double memoryFew;
        double memoryMany;
        try (var server = BatchServer.start(place, data)) {
            server.prepare(place.model("trees"));
            server.run(small, few, false); // warm
            memoryFew = server.peakMegabytes();
        }
        try (var server = BatchServer.start(place, data)) {
            silent = many / server.run(large, many, false).seconds();
            memoryMany = server.peakMegabytes();
            table.row("batch, --no-log, first " + few, few, "-", "-", memoryFew);
            table.row("batch, --no-log", many, silent, silent / direct, memoryMany);
            logged = few / server.run(small, few, true).seconds();
            table.row("batch, logged", few, logged, logged / direct, server.peakMegabytes());
        }
        var lost = killed(place, data, large, many);
        place.out().println(table);
        return List.of(
                Target.atLeast("rows a second against ONNX Runtime alone", silent / direct, 0.6),
                Target.atMost(
                        "peak memory of ten times the rows, factor", memoryMany / memoryFew, 1.2),
                Target.atMost("rows twice after a kill", (double) lost[0], 0),
                Target.atMost("rows lost after a kill", (double) lost[1], 0));
    }

    /// Killed as soon as a third is done.
    private static long[] killed(Place place, Path data, Path rows, long count) throws Exception {
        place.progress("a kill in the middle");
        String job;
        try (var server = BatchServer.start(place, data)) {
            job = server.submit(rows, false);
            while (server.job(job).at("/progress/done").asLong() < count / 3) Thread.sleep(5);
            server.kill();
        }
        try (var server = BatchServer.start(place, data)) {
            server.await(job);
            var out = place.work().resolve("killed.parquet");
            server.fetch(job, out);
            return new long[] {
                number("SELECT count(*) - count(DISTINCT row) FROM '%s'", out),
                number("SELECT " + count + " - count(DISTINCT row) FROM '%s'", out)
            };
        }
    }

    private static long number(String sql, Path file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var found = statement.executeQuery(sql.formatted(file))) {
            found.next();
            return found.getLong(1);
        }
    }

    /// The same rows each time: each number is a hash of its place.
    private static Path rows(Place place, long count) throws SQLException {
        place.progress("making " + count + " rows");
        var file = place.work().resolve("rows-" + count + ".parquet");
        var columns = new ArrayList<String>();
        for (int c = 0; c < COLUMNS.size(); c++)
            columns.add(
                    "(hash(i * 31 + %d) %% 1000003 / 1000003.0)::FLOAT AS %s"
                            .formatted(c, COLUMNS.get(c)));
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute(
                    "COPY (SELECT %s FROM range(%d) t(i)) TO '%s' (FORMAT parquet)"
                            .formatted(String.join(", ", columns), count, file));
        }
        return file;
    }

    /// How long the job took that a document tells of.
    static double seconds(JsonNode job) {
        var from = Instant.parse(job.path("started").asString());
        var to = Instant.parse(job.path("ended").asString());
        return Duration.between(from, to).toMillis() / 1e3;
    }

    static JsonNode arguments(String digest, boolean log) {
        var arguments = Json.object().put("endpoint", "trees").put("file", digest);
        arguments.put("input", "parquet").put("output", "parquet").put("log", log);
        var body = Json.object().put("kind", "batch-prediction");
        body.set("arguments", arguments);
        return body;
    }
}
