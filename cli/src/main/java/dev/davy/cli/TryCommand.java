package dev.davy.cli;

import dev.davy.demo.Door;
import dev.davy.demo.Pace;
import dev.davy.demo.Traffic;
import dev.davy.demo.own.OwnModel;
import dev.davy.demo.own.Plan;
import dev.davy.demo.own.Planner;
import dev.davy.demo.own.Question;
import dev.davy.demo.own.Said;
import dev.davy.demo.own.Table;
import dev.davy.runtime.Bundle;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import dev.davy.web.Story;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A person's own model and data, live.
@Command(
        name = "try",
        description = {
            "Your own model on your own table: schema, endpoint, reference profile, traffic and a page.",
            "Starts a server in a folder of its own and stays until Ctrl-C."
        })
final class TryCommand implements Callable<Integer> {
    private static final Duration BEFORE = Duration.ofMinutes(10);
    private static final int LONGEST_NAME = 40;

    private final Connection connection;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "an .onnx file, or a folder with one and its model.yaml")
    private Path model = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "DATA.csv",
            description = "rows with a header, plain or gzipped")
    private Path data = Path.of("");

    @Option(names = "--target", paramLabel = "COLUMN", description = "the column with the truth")
    private @Nullable String target;

    @Option(names = "--no-target", description = "no column holds the truth")
    private boolean noTarget;

    @Option(
            names = "--features",
            paramLabel = "A,B,…",
            split = ",",
            description = "the columns of an input that takes several, in its order")
    private List<String> features = List.of();

    @Option(
            names = "--column",
            paramLabel = "INPUT=COLUMN",
            description = "the column that feeds an input; once for each")
    private Map<String, String> columns = Map.of();

    @Option(
            names = "--classes",
            paramLabel = "A,B,…",
            split = ",",
            description = "what the answers are called, in the model's order")
    private List<String> classes = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "of the endpoint (the file's)")
    private @Nullable String name;

    @Option(names = "--rows", paramLabel = "N", description = "so many are sent each second (5)")
    private double rows = 5;

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "where it listens, 0 for any free one (8080, or any when that is taken)")
    private @Nullable Integer port;

    @Option(names = "--no-browser", description = "only say where to look")
    private boolean noBrowser;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "keep everything there (a temporary folder, deleted in the end)")
    private @Nullable Path folder;

    TryCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port != null && (port < 0 || port > 65_535) || !(rows >= 0.01 && rows <= 1_000)) {
            connection
                    .terminal()
                    .failure("It cannot run so.", List.of(), "davy try --help says more.");
            return Exit.USAGE;
        }
        LogLines.begin();
        readable(model);
        var bundle = Bundle.read(model, Limits.DEFAULT);
        var table = Table.read(data, Limits.DEFAULT);
        boolean described =
                Files.isDirectory(model) && Files.exists(SafePath.inside(model, "model.yaml"));
        var plan = plan(bundle, described, table);
        var own = new OwnModel(named(), plan, table);
        var showing =
                new Showing(
                        connection.terminal(),
                        connection.json(),
                        Optional.ofNullable(folder),
                        port == null ? OptionalInt.empty() : OptionalInt.of(port),
                        !noBrowser,
                        Story.NONE);
        return showing.run(door -> shown(door, own, plan, table));
    }

    private static void readable(Path file) {
        if (Files.isReadable(file)) return;
        throw new Problem(
                Problem.Kind.UNAVAILABLE,
                "file-not-readable",
                "'" + file + "' could not be read.",
                Files.exists(file) ? "It is there, but may not be read." : "There is no such file.",
                "Name an .onnx file, or a folder that holds one.");
    }

    /// Asks a person as long as there is something to ask and somebody to answer.
    private Plan plan(Bundle bundle, boolean described, Table table) {
        var said = new Said(Optional.ofNullable(target), noTarget, features, columns, classes);
        while (true)
            switch (Planner.plan(bundle, described, table, said)) {
                case Planner.Outcome.Ready(var plan) -> {
                    return plan;
                }
                case Planner.Outcome.Asking(var questions) -> {
                    if (!somebodyAnswers() || connection.json()) throw unanswered(questions);
                    said = answered(said, questions);
                }
            }
    }

    private static boolean somebodyAnswers() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private static Problem unanswered(List<Question> questions) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "cannot-be-guessed",
                "The model and the table leave something open.",
                questions.stream().map(Question::line).toList(),
                "Say it with the flags above, or run it on a terminal, where it asks.");
    }

    private Said answered(Said said, List<Question> questions) {
        var terminal = connection.terminal();
        var target = said.target();
        boolean none = said.noTarget();
        var features = said.features();
        var classes = said.classes();
        var columns = new HashMap<>(said.columns());
        for (var question : questions) {
            terminal.line(Terminal.clean(question.text()));
            terminal.line("  " + Terminal.clean(question.choices()));
            var answer = line();
            switch (question.flag()) {
                case "--target" -> {
                    target = answer.isEmpty() ? target : Optional.of(answer);
                    none = answer.isEmpty();
                }
                case "--features" -> features = list(answer);
                case "--classes" -> classes = list(answer);
                default ->
                        columns.put(
                                question.flag()
                                        .substring(
                                                "--column ".length(), question.flag().length() - 1),
                                answer);
            }
        }
        return new Said(target, none, features, columns, classes);
    }

    private static List<String> list(String answer) {
        var parts = new ArrayList<String>();
        for (var part : answer.split(",", -1)) parts.add(part.strip());
        return parts;
    }

    private String line() {
        connection.terminal().out().print("> ");
        connection.terminal().out().flush();
        try {
            var read = reader().readLine();
            if (read != null) return read.strip();
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "not-answered",
                    "The question was not answered.",
                    "The input ended.",
                    "Start again, or say it with a flag.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable BufferedReader reader;

    // One for all questions: it reads ahead.
    private BufferedReader reader() {
        if (reader == null)
            reader =
                    new BufferedReader(
                            new InputStreamReader(
                                    connection.terminal().in(), StandardCharsets.UTF_8));
        return reader;
    }

    private String named() {
        if (name != null) return name;
        var file = String.valueOf(model.toAbsolutePath().normalize().getFileName());
        var plain =
                file.toLowerCase(Locale.ROOT)
                        .replaceAll("\\.onnx$", "")
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-+|-+$", "");
        if (plain.equals("model")) {
            var parent = model.toAbsolutePath().normalize().getParent();
            if (parent != null && parent.getFileName() != null)
                plain =
                        parent.getFileName()
                                .toString()
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^a-z0-9]+", "-")
                                .replaceAll("^-+|-+$", "");
        }
        if (plain.isEmpty()) plain = "model";
        return plain.substring(0, Math.min(plain.length(), LONGEST_NAME)).replaceAll("-+$", "");
    }

    private Showing.Shown shown(Door door, OwnModel own, Plan plan, Table table) {
        try {
            push(door, own, plan);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var traffic = Traffic.start(door, own, new Pace(rows), BEFORE, InstantSource.system());
        return new Showing.Shown(
                traffic,
                "/endpoints/" + own.endpoint(),
                "Your model is live. Look at it here:",
                told(own, plan, table),
                "davy get endpoint " + own.endpoint() + " --server " + door.server());
    }

    private void push(Door door, OwnModel own, Plan plan) throws IOException {
        if (plan.descriptor().isEmpty()) {
            try (var bundle = BundleFile.of(model)) {
                own.prepare(door, Files.readAllBytes(bundle.file()), bundle.contentType());
            }
            return;
        }
        // The descriptor that was worked out goes with the file, as a person would have written it.
        var made = Files.createTempDirectory("davy-try-");
        var file = SafePath.inside(made, "model.onnx");
        var descriptor = SafePath.inside(made, "model.yaml");
        try {
            Files.copy(plan.bundle().model(), file);
            Files.write(descriptor, dev.davy.strict.Json.write(plan.descriptor().get()));
            try (var bundle = BundleFile.of(made)) {
                own.prepare(door, Files.readAllBytes(bundle.file()), bundle.contentType());
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(descriptor);
            Files.deleteIfExists(made);
        }
    }

    private static List<String> told(OwnModel own, Plan plan, Table table) {
        var lines = new ArrayList<String>();
        lines.add(
                "%,d rows are its reference; %,d others are sent, again and again."
                        .formatted(own.referenceRows(), own.sentRows()));
        if (table.more())
            lines.add("Only the first %,d rows of the file were read.".formatted(Table.MOST));
        if (own.rejected() > 0) {
            lines.add("%,d rows were left out:".formatted(own.rejected()));
            own.rejects().forEach(why -> lines.add("  " + why));
        }
        plan.notes().forEach(note -> lines.add("Guessed: " + note + "."));
        lines.add("");
        return lines;
    }
}
