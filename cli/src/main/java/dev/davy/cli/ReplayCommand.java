package dev.davy.cli;

import dev.davy.data.Reading;
import dev.davy.data.Table;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.schema.Times;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.Units;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What happened before, played again against an endpoint.
@Command(
        name = "replay",
        description = {
            "Play a table against an endpoint, each row at the time at which it happened, and tell its"
                    + " truth when it came to be known.",
            "The predictions have the origin 'replay': monitors of live traffic do not see them."
                    + " Replaying again makes new predictions."
        },
        footer = {
            "",
            "davy replay power.csv.gz --endpoint power --start 1996-05-07 --every 30m --truth class"
                    + " --truth-delay '48 rows'",
            "",
            "Exit code 1: some rows or truths were refused; the summary says why."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final Duration FINISH = Duration.ofSeconds(10);

    private final Connection connection;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "CSV, CSV.gz or Parquet in the order of time; several are parts of one")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--endpoint", paramLabel = "NAME", required = true)
    private String endpoint = "";

    @Option(names = "--time", paramLabel = "COLUMN", description = "the column with the times")
    private @Nullable String time;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            description = "instead, of rows that follow each other evenly: when the first happened")
    private @Nullable String start;

    @Option(names = "--every", paramLabel = "DURATION", description = "and how far apart: 30m, 1d")
    private @Nullable String every;

    @Option(
            names = "--speed",
            paramLabel = "N",
            description =
                    "so many seconds in one: 1 as it was, 3600 an hour a second; or max (max)")
    private String speed = "max";

    @Option(
            names = "--truth",
            paramLabel = "COLUMN[=OUTPUT]",
            description = "the column with the truth, and which output it is about, if several")
    private @Nullable String truth;

    @Option(
            names = "--truth-delay",
            paramLabel = "DELAY",
            description = "how long after its row it came to be known: 30m, 2d, '10 rows' (0 s)")
    private @Nullable String delay;

    @Option(
            names = "--truth-value",
            paramLabel = "TEXT=CLASS",
            description = "what the column calls otherwise than the model: 1=rises; repeatable")
    private Map<String, String> said = new LinkedHashMap<>();

    @Option(
            names = "--truth-file",
            paramLabel = "FILE",
            description = "where the truth stands, if not in the table")
    private @Nullable Path truthFile;

    @Option(
            names = "--truth-key",
            paramLabel = "COLUMN",
            description = "the column by which it belongs to a row, in both files")
    private @Nullable String truthKey;

    @Option(
            names = "--entity",
            paramLabel = "COLUMN",
            description = "the column with whom or what a row is about")
    private @Nullable String entity;

    @Option(names = "--from", paramLabel = "TIME", description = "only rows from then on")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "only rows before then")
    private @Nullable String to;

    @Option(
            names = "--shuffle",
            paramLabel = "HOW",
            description =
                    "whole, day or week: the times stay, the rows move, one by one or in blocks, so"
                            + " that nothing changes over time and every alarm is a false one")
    private Shuffle shuffle = Shuffle.NONE;

    @Option(names = "--seed", paramLabel = "N", description = "of the shuffle (1)")
    private long seed = 1;

    @Option(
            names = "--missing",
            paramLabel = "TEXT",
            description =
                    "a text that stands for a missing value, beside the empty cell; repeatable")
    private List<String> missing = new ArrayList<>();

    ReplayCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var wrong = misused();
        if (!wrong.isEmpty()) {
            connection
                    .terminal()
                    .failure("It can't be replayed so.", wrong, "davy replay --help says more.");
            return Exit.USAGE;
        }
        try (var client = connection.client()) {
            var about = client.get("/api/v1/endpoints/" + Client.encoded(endpoint));
            var output = output(about.path("output"));
            var wanted = wanted(schema(about), output.kind);
            var leftOut = new LinkedHashSet<String>();
            var rows = rows(wanted, leftOut);
            var truths = truths(output.kind);
            var plan =
                    new Replaying.Plan(
                            endpoint,
                            shuffle.of(rows, seed),
                            truths,
                            delay == null ? Delay.NONE : Delay.read(delay),
                            output.name,
                            speed(),
                            from == null && to == null);
            return play(client, plan, List.copyOf(leftOut));
        }
    }

    /// What cannot go together, all of it.
    private List<String> misused() {
        var wrong = new ArrayList<String>();
        if ((time == null) == (start == null))
            wrong.add(
                    "The times are in a column, --time, or begin with --start and go on --every.");
        if ((start == null) != (every == null)) wrong.add("--start and --every belong together.");
        if ((truthFile == null) != (truthKey == null))
            wrong.add("--truth-file and --truth-key belong together.");
        if (truth == null && (truthFile != null || delay != null || !said.isEmpty()))
            wrong.add("--truth names the column with the truth.");
        if (Double.isNaN(speed())) wrong.add("--speed is a number above 0, or max.");
        for (var text : new String[] {start, from, to})
            if (text != null && Times.read(text).isEmpty())
                wrong.add("'" + text + "' is no time like 2026-01-31 or 2026-01-31T14:05Z.");
        if (every != null && duration(every).isZero())
            wrong.add("--every is a time above 0 like 30m or 1d.");
        return wrong;
    }

    private static Duration duration(String text) {
        try {
            return Units.duration(text);
        } catch (Problem notUnderstood) {
            return Duration.ZERO;
        }
    }

    /// NaN where it is none.
    private double speed() {
        if (speed.equals("max")) return Double.POSITIVE_INFINITY;
        try {
            double number = Double.parseDouble(speed);
            return number > 0 && Double.isFinite(number) ? number : Double.NaN;
        } catch (NumberFormatException notANumber) {
            return Double.NaN;
        }
    }

    // ---- what the endpoint takes and gives

    private Schema schema(JsonNode about) {
        if (about.has("input")) return Schema.read(about.get("input"));
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "endpoint-not-ready",
                "Endpoint '" + endpoint + "' answers nothing now.",
                "It is " + about.path("state").asString("not ready") + ".",
                "See why with: davy get endpoint " + endpoint);
    }

    private record Output(Optional<String> name, OutputKind kind) {}

    private Output output(JsonNode outputs) {
        if (truth == null) return new Output(Optional.empty(), new OutputKind.Text());
        var named = truth.lastIndexOf('=');
        var names = List.copyOf(outputs.propertyNames());
        var name =
                named >= 0 ? truth.substring(named + 1) : names.size() == 1 ? names.getFirst() : "";
        if (names.contains(name))
            return new Output(Optional.of(name), OutputKind.read(outputs.get(name)));
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                named >= 0 ? "output-unknown" : "output-needed",
                named >= 0
                        ? "Endpoint '" + endpoint + "' has no output '" + name + "'."
                        : "Endpoint '" + endpoint + "' has several outputs.",
                "Its outputs are " + String.join(", ", names) + ".",
                "Say which one the truth is about: --truth COLUMN=OUTPUT.");
    }

    private Optional<String> truthColumn() {
        return Optional.ofNullable(truth)
                .map(text ->
                        text.lastIndexOf('=') < 0
                                ? text
                                : text.substring(0, text.lastIndexOf('=')));
    }

    private PastTable.Wanted wanted(Schema input, OutputKind kind) {
        var clock =
                time != null
                        ? new PastTable.Clock.InColumn(time)
                        : new PastTable.Clock.Even(
                                moment(start, Instant.EPOCH), duration(every == null ? "" : every));
        return new PastTable.Wanted(
                input,
                clock,
                Optional.ofNullable(entity),
                truthFile == null ? truthColumn() : Optional.empty(),
                kind,
                said,
                Optional.ofNullable(truthKey),
                moment(from, Instant.MIN),
                moment(to, Instant.MAX));
    }

    private static Instant moment(@Nullable String text, Instant otherwise) {
        return text == null ? otherwise : Times.read(text).orElse(otherwise);
    }

    // ---- the table

    private List<PastRow> rows(PastTable.Wanted wanted, Set<String> leftOut) throws IOException {
        var reading = new Reading(new HashSet<>(missing), Limits.DEFAULT);
        var tables = Table.open(files, reading);
        try {
            var past = new PastTable(wanted);
            for (var table : tables) {
                try (var _ =
                        Bar.of(connection.terminal(), "reading " + table.name(), table::done)) {
                    past.read(table);
                }
                leftOut.addAll(PastTable.leftOut(table, wanted));
                if (!connection.json())
                    TableOptions.warn(connection.terminal(), table.name(), table.findings().list());
            }
            return past.rows();
        } finally {
            for (var table : tables) table.close();
        }
    }

    private Map<String, JsonNode> truths(OutputKind kind) throws IOException {
        if (truthFile == null) return Map.of();
        var reading = new Reading(new HashSet<>(missing), Limits.DEFAULT);
        try (var table = Table.open(truthFile, reading)) {
            return TruthFile.read(
                    table, String.valueOf(truthKey), truthColumn().orElse(""), kind, said);
        }
    }

    // ---- playing

    private int play(Client client, Replaying.Plan plan, List<String> leftOut)
            throws InterruptedException {
        var so = new Replayed();
        var replaying = new Replaying(client, plan, so);
        var ended = new CountDownLatch(1);
        // Ctrl-C: what was begun is finished and told, then the process ends.
        var hook =
                new Thread(() -> {
                    replaying.stop();
                    try {
                        ended.await(FINISH.toMillis(), TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        Runtime.getRuntime().addShutdownHook(hook);
        var shown = new ReplayShown(connection, plan, leftOut, files);
        try {
            try (var _ = Bar.of(connection.terminal(), "replaying", replaying::done)) {
                replaying.run();
            } catch (Refusal | Problem broken) {
                shown.show(so);
                throw broken;
            }
            shown.show(so);
        } finally {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // It runs already.
            }
        }
        return so.refused.isEmpty() && so.truthRefused.isEmpty() && !so.stopped
                ? Exit.YES
                : Exit.NO;
    }
}
