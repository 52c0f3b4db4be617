package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.runtime.SharedData;
import dev.davy.server.Caller;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Models that scikit-learn trains on public tables, here and now, are served without a line of
/// code: rows with names get what scikit-learn says of them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TabularSetsTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final double TOLERANCE = 1e-4;

    private final Path sets = SharedData.folder("german-credit").resolveSibling("");
    private final PythonVenv python =
            PythonVenv.of(Caller.repository("examples/loan-approval/requirements.txt"));
    private final ServerProcess server;
    private final Caller caller;

    @TempDir private Path trained = Path.of("");

    TabularSetsTest(@TempDir Path data) throws IOException {
        server = ServerProcess.start(data);
        caller = Caller.at(server.address());
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    private static JsonNode json(Path file) throws IOException {
        return Json.read(Files.readAllBytes(file), Limits.DEFAULT);
    }

    @Test
    void loansOfTheGermanCreditData() throws IOException {
        var ran =
                python.run(
                        LIMIT,
                        Caller.repository("examples/loan-approval/train.py"),
                        "--data",
                        sets.resolve("german-credit").toString(),
                        "--out",
                        trained.toString());
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        var table = Files.readAllBytes(trained.resolve("applicants.csv"));
        var yaml = Files.readString(Caller.repository("examples/loan-approval/endpoint.yaml"));
        var expected = json(trained.resolve("expected.json"));
        for (var model : List.of("logistic", "forest", "boosted")) {
            var bundle = Caller.bundle(trained.resolve("models").resolve(model));
            assertThat(caller.push("loan-" + model, bundle)).isEqualTo(1);
            caller.apply(
                    yaml.replace("name: loan-approval", "name: loan-" + model)
                            .replace("model: loan/1", "model: loan-" + model + "/1"));
            var said = caller.predict("loan-" + model, "text/csv", table).is(200).json();
            compare(model, "risk", said.get("predictions"), expected.get(model));
        }
    }

    @Tag("slow")
    @Test
    void publicTables() throws IOException {
        var ran =
                python.run(
                        LIMIT,
                        Caller.repository("examples/train_tabular.py"),
                        "--sets",
                        sets.toString(),
                        "--out",
                        trained.toString());
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        int models = 0;
        for (var set : folders(trained)) {
            var rows = Files.readString(set.resolve("rows.json"));
            var table = Files.readAllBytes(set.resolve("rows.csv"));
            for (var model : folders(set)) {
                var name = set.getFileName() + "-" + model.getFileName();
                assertThat(caller.push(name, Caller.bundle(model))).isEqualTo(1);
                caller.endpoint(name, name + "/1");
                var expected = json(model.resolve("expected.json"));
                var target =
                        expected.get(0).propertyNames().stream()
                                .filter(each -> !each.equals("scores"))
                                .findFirst()
                                .orElseThrow();
                compare(name, target, caller.predictRows(name, rows), expected);
                var byTable = caller.predict(name, "text/csv", table).is(200).json();
                compare(name + " by CSV", target, byTable.get("predictions"), expected);
                models++;
            }
        }
        assertThat(models).as(ran.output()).isGreaterThanOrEqualTo(20);
    }

    private static List<Path> folders(Path of) throws IOException {
        try (var all = Files.list(of)) {
            return new ArrayList<>(all.filter(Files::isDirectory).sorted().toList());
        }
    }

    private static void compare(
            String model, String target, JsonNode predictions, JsonNode expected) {
        assertThat(predictions.size()).as(model).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            var as = model + ", row " + i;
            var wanted = expected.get(i);
            var said = predictions.get(i).get("output").get(target);
            if (!wanted.has("scores")) {
                double number = wanted.get(target).asDouble();
                assertThat(said.asDouble())
                        .as(as)
                        .isCloseTo(number, within(TOLERANCE * Math.max(1, Math.abs(number))));
                continue;
            }
            assertThat(said.asString()).as(as).isEqualTo(wanted.get(target).asString());
            var scores = predictions.get(i).get("scores").get(target);
            int at = 0;
            for (var score : wanted.get("scores").properties())
                assertThat(scores.get(at++).asDouble())
                        .as("%s, %s", as, score.getKey())
                        .isCloseTo(score.getValue().asDouble(), within(TOLERANCE));
        }
    }
}
