package dev.davy.bench;

import dev.davy.monitoring.Declared;
import dev.davy.monitoring.Windows;
import dev.davy.schema.Row;
import dev.davy.schema.Schema;
import dev.davy.server.Davy;
import dev.davy.serving.Asked;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Origin;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.reading.Readers;
import dev.davy.storage.Cursor;
import dev.davy.storage.Database;
import dev.davy.storage.Log;
import dev.davy.strict.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// How fast the windows of predictions with 20 numeric columns are made of the log, on one core;
/// how fast serving writes that log beside it, how far the reader is behind meanwhile, and how many
/// bytes a window keeps. Then what the monitors make of real tables ([PastReport]).
final class Monitoring implements Measurement {
    private static final int COLUMNS = 20;
    private static final int ROWS_TOGETHER = 500;

    /// Over so many minutes of event time the predictions lie.
    private static final int MINUTES = 10;

    @Override
    public String name() {
        return "monitoring";
    }

    @Override
    public String about() {
        return "windows made on one core, their bytes; real tables replayed: alarms, false ones, quality";
    }

    /// What serving did while the reader read.
    private record Served(double perSecond, double lagSeconds, double caughtUpAfter, long events) {}

    /// What the reader did alone.
    ///
    /// @param perCpuSecond of the thread that reads and of those that store
    /// @param perProcessSecond of all threads, those that compile and collect garbage as well
    private record Read(
            double perCpuSecond,
            double perProcessSecond,
            double perSecond,
            double bytesPerWindow,
            long windows) {}

    @Override
    public List<Target> run(Place place) throws Exception {
        var data = place.work().resolve("data");
        int events = place.quick() ? 200_000 : 3_000_000;
        var schemas = new HashMap<Long, Optional<Schema>>();
        Served served;
        try (var davy = Davy.open(data)) {
            place.progress("serving %,d rows".formatted(events));
            served = served(davy, events);
            hashes(davy.log()).forEach(hash -> schemas.put(hash, davy.endpoints().schema(hash)));
        }
        place.progress("reading them again, alone");
        var rounds = new ArrayList<Read>();
        int round = 0;
        // The first one compiles.
        for (; round < (place.quick() ? 3 : 4); round++)
            rounds.add(
                    read(
                            data,
                            place.work().resolve("state-" + round + ".db"),
                            schemas,
                            served.events));
        var best = rounds.getLast();
        for (var each : rounds) if (each.perCpuSecond > best.perCpuSecond) best = each;
        var table = new Table("20 numeric columns", "events a second");
        table.row("a reader on one core, of its own processor time", best.perCpuSecond);
        table.row("the same, with compiling and collecting garbage", best.perProcessSecond);
        table.row("the same by the clock, alone", best.perSecond);
        table.row("serving, while the reader reads", served.perSecond);
        place.out().println(table);
        var kept = new Table("kept", "bytes", "");
        kept.row("an endpoint's window of a minute", best.bytesPerWindow, "of " + best.windows);
        kept.row(
                "of it a column",
                best.bytesPerWindow / (COLUMNS + 1),
                "one of 20 inputs, 1 output");
        place.out().println(kept);
        place.out()
                .printf(
                        "While serving wrote as fast as it could, the reader was at most %.1f s behind; it had all %.1f s after.%n%n",
                        served.lagSeconds, served.caughtUpAfter);
        var targets = new ArrayList<Target>();
        targets.add(
                Target.atLeast(
                        "events a second that a reader profiles on one core",
                        best.perCpuSecond,
                        100_000));
        var past = Pipeline.data(place.root());
        if (past.isPresent()) targets.addAll(new PastReport(place).run(past.get()));
        else
            place.out()
                    .println(
                            "Skipped: the real tables; ../shared/data is not beside this checkout.");
        return targets;
    }

    // ---- beside serving

    private static Served served(Davy davy, int events) throws Exception {
        var declaration = Json.object().put("name", "bench");
        var input = declaration.putObject("input");
        for (int i = 0; i < COLUMNS; i++) input.putObject("c" + i).put("type", "number");
        declaration.putObject("output").putObject("y").put("type", "number");
        declaration
                .putArray("pipeline")
                .addObject()
                .put("name", "sum")
                .putObject("rule")
                .put("y", "input.c0 + input.c1");
        davy.endpoints().apply(Endpoints.read(declaration), "bench", "", false);
        var endpoint = davy.endpoint("bench");
        var rows = rows();
        var begun = Instant.now().minus(Duration.ofMinutes(MINUTES));
        double lag = 0;
        long started = System.nanoTime();
        for (int from = 0; from < events; from += ROWS_TOGETHER) {
            var at = begun.plus(Duration.ofMinutes(MINUTES).multipliedBy(from).dividedBy(events));
            int first = from % (rows.size() - ROWS_TOGETHER);
            endpoint.predict(rows.subList(first, first + ROWS_TOGETHER), asked(at));
            if (from % (20 * ROWS_TOGETHER) == 0)
                lag = Math.max(lag, davy.readers().lag("windows").time().toNanos() / 1e9);
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        long written = System.nanoTime();
        if (!davy.readers().awaitCaughtUp("windows", Duration.ofMinutes(5)))
            throw new Unmeasurable("the windows were not there five minutes after the last row.");
        return new Served(events / seconds, lag, (System.nanoTime() - written) / 1e9, events);
    }

    private static Asked asked(Instant at) {
        return new Asked(
                Optional.empty(),
                Optional.empty(),
                Origin.LIVE,
                Optional.of(at),
                Optional.empty(),
                System.nanoTime() + Duration.ofMinutes(1).toNanos());
    }

    /// Drawn as columns are: counts, shares, normal and long-tailed ones.
    private static List<Row> rows() {
        var random = new Random(1);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < 20_000; i++) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            for (int c = 0; c < COLUMNS; c++)
                values.put(
                        "c" + c,
                        switch (c % 4) {
                            case 0 -> (double) random.nextInt(1_000);
                            case 1 -> random.nextDouble();
                            case 2 -> random.nextGaussian();
                            default -> Math.exp(3 * random.nextDouble());
                        });
            rows.add(new Row(values));
        }
        return rows;
    }

    // ---- alone

    private static List<Long> hashes(Log log) throws IOException {
        try (var reader = log.read(Cursor.START)) {
            while (reader.next())
                if (PredictionReader.isPrediction(reader.type()))
                    return List.of(reader.schemaHash());
        }
        throw new Unmeasurable("the log holds no prediction.");
    }

    private static Read read(
            Path data, Path state, Map<Long, Optional<Schema>> schemas, long events)
            throws InterruptedException {
        var clock = InstantSource.system();
        try (var log = Log.open(data.resolve("log"), 0, Log.Settings.DEFAULT, clock);
                var database = Database.sqlite(state);
                var windows =
                        new Windows(
                                database,
                                log,
                                hash -> schemas.getOrDefault(hash, Optional.empty()),
                                Declared.NOTHING,
                                clock)) {
            double seconds;
            double cpu;
            double process;
            long before = processCpu();
            long started = System.nanoTime();
            try (var readers =
                    Readers.start(log, database, List.of(windows.follower()), () -> false)) {
                if (!readers.awaitCaughtUp(Duration.ofMinutes(10)))
                    throw new Unmeasurable("the reader did not come to the end of the log.");
                seconds = (System.nanoTime() - started) / 1e9;
                cpu = readersCpu() / 1e9;
                process = (processCpu() - before) / 1e9;
            }
            var kept =
                    database.read(handle ->
                            handle.select(
                                            "SELECT COUNT(*) AS windows, SUM(LENGTH(body)) AS bytes FROM windows WHERE span = 'MINUTE'")
                                    .map((row, _) ->
                                            List.of(row.getLong("windows"), row.getLong("bytes")))
                                    .one());
            long counted = 0;
            for (var each :
                    windows.series(
                                    "bench",
                                    Origin.LIVE,
                                    dev.davy.monitoring.Span.DAY,
                                    Instant.EPOCH,
                                    Instant.now())
                            .values()) counted += each.predictions();
            if (counted != events)
                throw new Unmeasurable(
                        "%,d of %,d events were counted.".formatted(counted, events));
            return new Read(
                    events / cpu,
                    events / process,
                    events / seconds,
                    (double) kept.get(1) / kept.get(0),
                    kept.get(0));
        }
    }

    /// Processor time of the thread that reads, and of those that store what it made: it takes no
    /// more because somebody else works, too.
    private static double readersCpu() {
        var threads = ManagementFactory.getThreadMXBean();
        double nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info == null) continue;
            var name = info.getThreadName();
            if (name.equals("davy-readers") || name.startsWith("davy-sqlite-"))
                nanos += threads.getThreadCpuTime(id);
        }
        if (nanos == 0) throw new Unmeasurable("no thread reads the log.");
        return nanos;
    }

    private static long processCpu() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .orElseThrow(
                        () -> new Unmeasurable("this machine does not say what a process uses."))
                .toNanos();
    }
}
