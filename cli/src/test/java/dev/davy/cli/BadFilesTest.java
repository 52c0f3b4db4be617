package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.SharedData;
import dev.davy.server.Caller;
import dev.davy.server.Server;
import dev.davy.server.Settings;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Every bad file of the catalogue, given to every command that reads a file: each says in words of
/// its own what is wrong, ends with an exit code that says no, and the server goes on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadFilesTest {
    /// What no command tells: names of classes, lines of a stack.
    private static final Pattern INNARDS =
            Pattern.compile(
                    "dev[./]davy|java[./](lang|util|io|nio)|Exception|\\n\\s+at [a-z]+\\.|nobody foresaw");

    private static final String TABLE =
            """
            kind: Endpoint
            name: table
            input:
              id: {type: text, required: false}
              label: {type: integer, required: false}
              d: {type: time, required: false}
            output: {one: {type: number}}
            pipeline: [{name: rule, rule: {one: "coalesce(input.label, 0) + 1"}}]
            """;

    private static final String FILE = "FILE";

    /// Tables that nobody may take, whatever the command does with them.
    private static final Set<String> NO_TABLES =
            Set.of(
                    "data/latin1.csv",
                    "data/overlong-utf8.csv",
                    "data/wide-20k-cols.csv",
                    "data/gzip-bomb.csv.gz",
                    "data/one-line-64m.csv.gz",
                    "data/footer-length-negative.parquet",
                    "data/rows-lie.parquet",
                    "data/encrypted-footer.parquet");

    private final Path home = SharedData.folder("bad-inputs");
    private final Path folder;
    private final Server server;
    private final Caller caller;
    private final Map<String, String> environment;

    BadFilesTest(@TempDir Path folder) {
        this.folder = folder;
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
        environment = Map.of("DAVY_SERVER", "http://127.0.0.1:" + server.port());
    }

    @BeforeAll
    void deploys() throws IOException {
        caller.push("add1", Files.readAllBytes(home.resolve("model/ok-add1.onnx")));
        caller.endpoint("add1", "add1/1");
        caller.apply(TABLE);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private List<JsonNode> files() throws IOException {
        var manifest = Json.read(Files.readAllBytes(home.resolve("manifest.json")), Limits.DEFAULT);
        return manifest.get("files").valueStream().toList();
    }

    /// A command with a place for the file.
    private record Reading(String name, Set<String> kinds, List<String> words) {
        static final Set<String> TABLES = Set.of("csv", "parquet");
        static final Set<String> MODELS = Set.of("model", "archive");

        /// @param kinds of files that it is made for, so that it must refuse the bad ones
        static Reading of(String name, Set<String> kinds, String... words) {
            return new Reading(name, kinds, List.of(words));
        }
    }

    private List<Reading> readings() throws IOException {
        var good = home.resolve("data/ok.csv").toString();
        var model = home.resolve("model/ok-add1.onnx").toString();
        var schema = Files.writeString(folder.resolve("schema.yaml"), "id: {type: text}\n");
        var tables = Reading.TABLES;
        return List.of(
                Reading.of("validate", tables, "validate", FILE, "--schema", schema.toString()),
                Reading.of("validate --infer", tables, "validate", FILE, "--infer"),
                Reading.of("the schema", Set.of(), "validate", good, "--schema", FILE),
                Reading.of("profile", tables, "profile", FILE),
                Reading.of("drift from", tables, "drift", FILE, good),
                Reading.of("drift to", tables, "drift", good, FILE),
                Reading.of("evaluate", tables, "evaluate", FILE, "--truth", "label"),
                Reading.of(
                        "agreement",
                        tables,
                        "agreement",
                        FILE,
                        "--item",
                        "id",
                        "--labeler",
                        "city",
                        "--label",
                        "label"),
                Reading.of("stats", Set.of(), "stats", "check", FILE),
                Reading.of("predict", tables, "predict", "table", FILE),
                Reading.of("batch", tables, "predict", "table", FILE, "--no-log", "--out", "OUT"),
                Reading.of(
                        "replay",
                        tables,
                        "replay",
                        FILE,
                        "--endpoint",
                        "table",
                        "--start",
                        "2026-01-01T00:00:00Z",
                        "--every",
                        "1m"),
                Reading.of("feedback", Set.of("oip-body"), "feedback", FILE),
                Reading.of("apply", Set.of("config"), "apply", "-f", FILE),
                Reading.of("model push", Reading.MODELS, "model", "push", "pushed", FILE),
                Reading.of(
                        "reference",
                        Set.of("csv"),
                        "model",
                        "push",
                        "add1",
                        model,
                        "--reference",
                        FILE));
    }

    private Commands.Told told(List<String> words, Path file) {
        var out = folder.resolve("out.csv").toString();
        var all = new ArrayList<String>();
        for (var word : words)
            all.add(word.equals(FILE) ? file.toString() : word.equals("OUT") ? out : word);
        return Commands.runWith("", environment, all.toArray(String[]::new));
    }

    /// Every file with every command; in a build each fourth of these pairs, so that all files and
    /// all commands have their turn. All of them: `./mvnw verify -Ddavy.skip=none`.
    @TestFactory
    List<DynamicTest> aBadFile() throws IOException {
        var tests = new ArrayList<DynamicTest>();
        int step = "none".equals(System.getProperty("davy.skip")) ? 1 : 4;
        int number = 0;
        for (var reading : readings())
            for (var entry : files()) {
                if (number++ % step != 0) continue;
                var file = entry.path("file").asString();
                var name = reading.name() + " " + file;
                tests.add(DynamicTest.dynamicTest(name, () -> check(reading, entry, file)));
            }
        return tests;
    }

    private void check(Reading reading, JsonNode entry, String file) {
        var told = told(reading.words(), home.resolve(file));
        clear(told, file);
        var kind = entry.path("kind").asString();
        var expect = entry.path("expect").asString();
        boolean refused =
                reading.kinds().contains(kind)
                        && (Reading.TABLES.contains(kind)
                                ? NO_TABLES.contains(file)
                                : expect.matches("(4\\d\\d|refused)(?!.* or ).*"));
        if (refused && !(kind.equals("model") && expect.contains("deadline")))
            assertThat(told.exit()).as(file + ": " + told.out()).isNotZero();
        assertThat(caller.get("/v2/health/ready").status()).isEqualTo(200);
    }

    private static void clear(Commands.Told told, String file) {
        assertThat(INNARDS.matcher(told.err()).find()).as(told.err()).isFalse();
        assertThat(INNARDS.matcher(told.out()).find()).as(told.out()).isFalse();
        assertThat(told.exit()).isBetween(0, 3);
        // Drift and invalid rows are an answer of their own, told where answers are.
        if (told.exit() > 1)
            assertThat(told.err().strip().lines().count())
                    .as("what, why and what to do about %s: %s", file, told.err())
                    .isGreaterThanOrEqualTo(2);
        if (told.exit() == 1) assertThat(told.err() + told.out()).isNotBlank();
    }

    @Test
    void aFileThatIsNotThereOrIsAFolder() throws IOException {
        var none = folder.resolve("not-there.csv");
        var empty = Files.createDirectories(folder.resolve("a folder"));
        for (var reading : readings())
            for (var file : Arrays.asList(none, empty)) {
                var told = told(reading.words(), file);
                assertThat(told.exit()).as(reading.name() + ": " + told.out()).isNotZero();
                clear(told, file.toString());
                assertThat(told.err()).as(reading.name()).isNotBlank();
            }
    }

    @Test
    void tryRefusesWhatIsNoModelAndNoTable() throws IOException {
        var model = home.resolve("model/ok-add1.onnx");
        for (var entry : files()) {
            var kind = entry.path("kind").asString();
            var file = entry.path("file").asString();
            var expect = entry.path("expect").asString();
            boolean bad =
                    kind.equals("model") && expect.startsWith("4") || NO_TABLES.contains(file);
            // What the files alone don't tell is found when the model is run.
            if (!bad || expect.contains("4:")) continue;
            var told =
                    kind.equals("model")
                            ? Commands.run(
                                    "try",
                                    home.resolve(file).toString(),
                                    home.resolve("data/ok.csv").toString(),
                                    "--no-browser")
                            : Commands.run(
                                    "try",
                                    model.toString(),
                                    home.resolve(file).toString(),
                                    "--no-browser");
            assertThat(told.exit()).as(file + told.out()).isNotZero();
            clear(told, file);
        }
    }
}
