package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.server.Server;
import dev.davy.server.Settings;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Every command against a real server.
class CommandsTest {
    @TempDir private Path folder = Path.of("");
    private Server server;
    private Path model;

    @BeforeEach
    void start() throws IOException {
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        model = folder.resolve("add-one.onnx");
        try (var bytes = Main.class.getResourceAsStream("add-one.onnx")) {
            Files.copy(java.util.Objects.requireNonNull(bytes), model);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Commands.Told davy(String... words) {
        return davyWith("", words);
    }

    private Commands.Told davyWith(String input, String... words) {
        var here = Map.of("DAVY_SERVER", "http://127.0.0.1:" + server.port());
        return Commands.runWith(input, here, words);
    }

    private String well(String... words) {
        var told = davy(words);
        assertThat(told.exit()).as(String.join(" ", words) + ": " + told.err()).isZero();
        assertThat(told.err()).isEmpty();
        return told.out();
    }

    private JsonNode json(String... words) {
        return Json.read(well(words).getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private void serveAdd() {
        well("model", "push", "add", model.toString());
        well("endpoint", "create", "add", "--model", "add/1");
    }

    @Test
    void pushesAModelAndShowsIt() {
        assertThat(well("model", "push", "add", model.toString(), "--why", "first try"))
                .startsWith("add/1 is kept");
        assertThat(well("model", "push", "add", model.toString()))
                .startsWith("add/1 already holds these files.");
        assertThat(well("model", "list").lines().skip(1).toList())
                .singleElement()
                .asString()
                .matches("add +1 +add/1");
        well("alias", "set", "add@champion", "1");
        assertThat(well("get", "models")).contains("@champion 1");
        assertThat(well("model", "show", "add")).contains("@champion").contains("first try");
        assertThat(json("model", "show", "add/1", "-o", "json").at("/version").asInt())
                .isEqualTo(1);
        well("alias", "remove", "add@champion");
        assertThat(well("get", "models")).doesNotContain("champion");
    }

    @Test
    void pushesAFolderAsAnArchive() throws Exception {
        var bundle = Files.createDirectory(folder.resolve("bundle"));
        Files.copy(model, bundle.resolve("model.onnx"));
        Files.writeString(bundle.resolve("model.yaml"), "kind: Model\nabout: adds one\n");
        Files.writeString(bundle.resolve(".hidden"), "not for the server");
        well("model", "push", "add", bundle.toString());
        var version = json("model", "show", "add/1", "-o", "json");
        assertThat(version.at("/files").propertyNames())
                .containsExactlyInAnyOrder("model.onnx", "model.yaml");
    }

    @Test
    void aModelThatIsNoneIsRefused() throws Exception {
        var page = Files.writeString(folder.resolve("page.onnx"), "<html>404</html>");
        var told = davy("model", "push", "add", page.toString());
        assertThat(told.exit()).isEqualTo(Exit.NO);
        assertThat(told.err()).contains("ONNX");
        var problem = davy("model", "push", "add", page.toString(), "-o", "json");
        assertThat(problem.exit()).isEqualTo(Exit.NO);
        assertThat(problem.out()).contains("urn:davy:problem:");
    }

    @Test
    void predictsAndTakesFeedback() throws Exception {
        serveAdd();
        var row = Files.writeString(folder.resolve("row.json"), "{\"x\":[1,2,3,4]}");
        assertThat(well("predict", "add", row.toString())).contains("2, 3, 4, 5").contains("add/1");
        var told = davyWith("[{\"x\":[0,0,0,0]},{\"x\":[1,1,1,1]}]", "predict", "add", "-");
        assertThat(told.out().lines()).hasSize(3);
        var answer = json("predict", "add", row.toString(), "-o", "json");
        var id = answer.at("/predictions/0/id").asString();
        well("feedback", "--prediction", id, "--truth", "[2,3,4,5]", "--source", "lab");
        assertThat(json("get", "prediction", id, "-o", "json").toString()).contains("lab");
        assertThat(well("log", "tail")).contains("prediction").contains("truth 2, 3, 4, 5");
        assertThat(well("log", "export").lines()).hasSize(5).allMatch(line -> line.startsWith("{"));
        assertThat(well("log", "export", "--type", "feedback").lines()).hasSize(1);
        var file = folder.resolve("log.ndjson");
        well("log", "export", "--out", file.toString());
        assertThat(Files.readAllLines(file)).hasSize(5);
        assertThat(well("log", "tail", "--limit", "2", "-o", "json").lines()).hasSize(2);
    }

    @Test
    void feedbackInBulkTellsWhatWasRefused() throws Exception {
        serveAdd();
        var file =
                Files.writeString(
                        folder.resolve("feedback.ndjson"),
                        """
                        {"id":"1","endpoint":"add","entity":"x","event":"seen"}
                        {"id":"2","endpoint":"add","entity":"x"}
                        """);
        var told = davy("feedback", file.toString(), "-o", "json");
        assertThat(told.exit()).isEqualTo(Exit.NO);
        assertThat(told.out()).contains("\"kept\":1").contains("\"refused\":[{\"index\":1");
    }

    @Test
    void invalidInputIsAnsweredNo() throws Exception {
        serveAdd();
        var row = Files.writeString(folder.resolve("row.json"), "{\"y\":[1,2,3,4]}");
        var told = davy("predict", "add", row.toString());
        assertThat(told.exit()).isEqualTo(Exit.NO);
        assertThat(told.err()).contains("'x'").contains("'y'");
        assertThat(davy("predict", "sub", row.toString()).exit()).isEqualTo(Exit.NO);
        assertThat(davy("predict", "add", "no-such-file").exit()).isEqualTo(Exit.NOT_DONE);
    }

    @Test
    void applyingTheSameTextAgainDoesNothing() throws Exception {
        well("model", "push", "add", model.toString());
        var text = "kind: Endpoint\nname: add\nabout: plus one\nmodel: add/1\n";
        var files = Files.createDirectory(folder.resolve("declared"));
        Files.writeString(files.resolve("a.yaml"), text);
        Files.writeString(files.resolve("b.yml"), text.replace("name: add", "name: more"));
        assertThat(well("apply", "-f", files.toString(), "--dry-run"))
                .contains("WOULD BE")
                .contains("created");
        assertThat(well("get", "endpoints").lines()).hasSize(1);
        assertThat(well("apply", "-f", files.toString())).contains("created");
        assertThat(well("apply", "-f", files.toString()))
                .contains("unchanged")
                .doesNotContain("created");
        assertThat(well("get", "endpoints")).contains("ready").contains("plus one");
        assertThat(well("events", "add")).contains("created");
        assertThat(well("endpoint", "show", "add")).contains("add/1");
        well("endpoint", "delete", "more");
        assertThat(well("endpoint", "list").lines()).hasSize(2);
    }

    @Test
    void aMistakeInOneFileChangesNothing() throws Exception {
        well("model", "push", "add", model.toString());
        var files = Files.createDirectory(folder.resolve("declared"));
        Files.writeString(files.resolve("a.yaml"), "kind: Endpoint\nname: add\nmodel: add/1\n");
        Files.writeString(files.resolve("b.yaml"), "kind: Endpoint\nnam: more\nmodel: add/1\n");
        var told = davy("apply", "-f", files.toString());
        assertThat(told.exit()).isEqualTo(Exit.NO);
        assertThat(told.err()).contains("b.yaml:2").contains("Did you mean 'name'?");
        assertThat(well("get", "endpoints").lines()).hasSize(1);
    }

    @Test
    void switchesBetweenVersions() throws Exception {
        serveAdd();
        var bundle = Files.createDirectory(folder.resolve("bundle"));
        Files.copy(model, bundle.resolve("model.onnx"));
        Files.writeString(bundle.resolve("model.yaml"), "kind: Model\nabout: the second\n");
        well("model", "push", "add", bundle.toString());
        well("endpoint", "switch", "add", "--model", "add/2", "--why", "it is newer");
        assertThat(well("get", "endpoints")).contains("add/2");
        assertThat(well("events", "add")).contains("switched").contains("it is newer");
    }

    @Test
    void makesListsAndRevokesTokens() {
        var token = well("token", "create", "anna", "--role", "operator").strip();
        assertThat(token).hasSizeGreaterThan(20);
        assertThat(well("token", "list"))
                .contains("anna")
                .contains("operator")
                .doesNotContain(token);
        well("token", "revoke", "anna");
        assertThat(well("get", "tokens")).doesNotContain("anna");
        assertThat(davy("token", "create", "ben", "--role", "king").exit()).isEqualTo(Exit.NO);
    }

    @Test
    void wrongUsageIsToldInTwoLines() {
        var told = davy("modle", "list");
        assertThat(told.exit()).isEqualTo(Exit.USAGE);
        assertThat(told.err()).contains("Did you mean 'model'?");
        assertThat(davy("get", "sparrows").exit()).isEqualTo(Exit.USAGE);
        assertThat(davy("endpoint", "create", "x").err()).contains("--model");
        assertThat(davy().exit()).isEqualTo(Exit.USAGE);
        assertThat(davy("--help").exit()).isZero();
        assertThat(davy("model", "push", "--help").out()).contains("--reference");
        assertThat(davy("feedback").exit()).isEqualTo(Exit.USAGE);
    }

    @Test
    void aServerThatIsNotThereIsToldWithWhatToDo() {
        var told = davy("get", "models", "--server", "http://127.0.0.1:1");
        assertThat(told.exit()).isEqualTo(Exit.NOT_DONE);
        assertThat(told.err()).contains("davy serve");
        assertThat(davy("get", "models", "--server", "nonsense").exit()).isEqualTo(Exit.NOT_DONE);
    }
}
