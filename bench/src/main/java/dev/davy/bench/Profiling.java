package dev.davy.bench;

import dev.davy.stats.ColumnCounter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// `davy profile` on a Parquet file of 20 numeric columns, its start included, beside DuckDB's
/// SUMMARIZE on the same file in a process that runs already; both on all cores, in turn.
final class Profiling implements Measurement {
    private static final int COLUMNS = 20;
    private static final long ROWS = 10_000_000;
    private static final long QUICK_ROWS = 1_000_000;
    private static final int UPDATED_ROWS = 200_000;

    @Override
    public String name() {
        return "profile";
    }

    @Override
    public String about() {
        return "davy profile on 10 million rows of Parquet beside DuckDB's SUMMARIZE";
    }

    /// A run of the command.
    private record Run(double seconds, double rssMebibytes) {}

    @Override
    public List<Target> run(Place place) throws Exception {
        long rows = place.quick() ? QUICK_ROWS : ROWS;
        int rounds = place.quick() ? 1 : 3;
        var folder = place.work();
        try (var duck = DriverManager.getConnection("jdbc:duckdb:")) {
            var tenth = folder.resolve("tenth.parquet");
            var whole = folder.resolve("whole.parquet");
            make(duck, tenth, rows / 10);
            make(duck, whole, rows);
            var small = profile(place, tenth);
            var ours = new ArrayList<Run>();
            var theirs = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                theirs[round] = summarize(duck, whole);
                ours.add(profile(place, whole));
            }
            double our = median(ours.stream().mapToDouble(Run::seconds).toArray());
            double their = median(theirs);
            double rss = ours.stream().mapToDouble(Run::rssMebibytes).max().orElseThrow();
            double update = updateNanos();
            var table = new Table("", "rows", "seconds", "ns per value", "MiB");
            table.row(
                    "davy profile, a tenth",
                    count(rows / 10),
                    shown(small.seconds()),
                    "",
                    shown(small.rssMebibytes()));
            table.row(
                    "davy profile",
                    count(rows),
                    shown(our),
                    shown(our * 1e9 / rows / COLUMNS),
                    shown(rss));
            table.row(
                    "DuckDB SUMMARIZE",
                    count(rows),
                    shown(their),
                    shown(their * 1e9 / rows / COLUMNS),
                    "");
            table.row("one value at a time", count(UPDATED_ROWS), "", shown(update), "");
            place.out().println(table);
            var targets = new ArrayList<Target>();
            targets.add(
                    Target.atMost("wall time of davy profile over SUMMARIZE's", our / their, 1.0));
            targets.add(Target.atMost("one update of a profile, ns per value", update, 100));
            // A tenth of the quick one is read by one thread, the whole by all: no comparison.
            if (!place.quick())
                targets.add(
                        Target.atMost(
                                "memory of ten times the rows over that of the tenth",
                                rss / small.rssMebibytes(),
                                1.5));
            return targets;
        }
    }

    private static void make(Connection duck, Path file, long rows) throws SQLException {
        var select = new StringBuilder("COPY (SELECT ");
        for (int i = 0; i < COLUMNS; i++) {
            var value =
                    switch (i % 4) {
                        case 0 -> "(random() * 1000)::INTEGER";
                        case 1 -> "random()";
                        case 2 -> "sqrt(-2 * ln(1 - random())) * cos(6.283185307 * random())";
                        default -> "exp(3 * random())";
                    };
            select.append(i > 0 ? ", " : "").append(value).append(" AS c").append(i);
        }
        select.append(" FROM range(%d)) TO '%s' (FORMAT parquet)".formatted(rows, file));
        try (var statement = duck.createStatement()) {
            statement.execute("SELECT setseed(0.5)");
            statement.execute(select.toString());
        }
    }

    private static double summarize(Connection duck, Path file) throws SQLException {
        try (var statement = duck.createStatement()) {
            statement.execute("SET threads = " + Runtime.getRuntime().availableProcessors());
            long begun = System.nanoTime();
            int columns = 0;
            try (var found =
                    statement.executeQuery(
                            "SUMMARIZE SELECT * FROM read_parquet('" + file + "')")) {
                while (found.next()) columns++;
            }
            if (columns != COLUMNS) throw new Unmeasurable("SUMMARIZE saw " + columns + " columns");
            return (System.nanoTime() - begun) / 1e9;
        }
    }

    /// As a person runs it: with the start script, whose process becomes the command's.
    private static Run profile(Place place, Path file) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        var process =
                new ProcessBuilder(
                                place.root().resolve("davy").toString(), "profile", file.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        double mebibytes = 0;
        while (!process.waitFor(20, TimeUnit.MILLISECONDS))
            mebibytes = Math.max(mebibytes, resident(process.pid()));
        if (process.exitValue() != 0)
            throw new Unmeasurable("davy profile ended with " + process.exitValue());
        return new Run((System.nanoTime() - begun) / 1e9, mebibytes);
    }

    private static double resident(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException gone) {
            return 0;
        }
    }

    /// As a reader of the log counts: one value after the other, the columns in turn.
    private static double updateNanos() {
        var random = new Random(1);
        var rows = new Object[10_000][COLUMNS];
        for (var row : rows)
            for (int c = 0; c < COLUMNS; c++)
                row[c] =
                        c % 4 == 0
                                ? (Object) (long) random.nextInt(1_000)
                                : c % 4 == 1 ? random.nextDouble() : random.nextGaussian();
        var threads = ManagementFactory.getThreadMXBean();
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            var counters = new ColumnCounter[COLUMNS];
            Arrays.setAll(counters, _ -> ColumnCounter.of());
            // Processor time: a value's cost does not grow because somebody else works, too.
            long begun = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < UPDATED_ROWS; i++) {
                var row = rows[i % rows.length];
                for (int c = 0; c < COLUMNS; c++) counters[c].add(row[c]);
            }
            double nanos = threads.getCurrentThreadCpuTime() - begun;
            best = Math.min(best, nanos / UPDATED_ROWS / COLUMNS);
            if (counters[0].profile().count() != UPDATED_ROWS)
                throw new Unmeasurable("a profile lost rows");
        }
        return best;
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String count(long rows) {
        return "%,d".formatted(rows);
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
