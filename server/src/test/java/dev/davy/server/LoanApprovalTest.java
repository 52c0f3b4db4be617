package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The example of loans, as its text says: three models of scikit-learn with a text or a number per
/// column, asked by rows with names.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoanApprovalTest {
    private static final Path EXAMPLE = Caller.repository("examples/loan-approval");

    private final Path folder;
    private final Server server;
    private final Caller caller;
    private final List<ObjectNode> applicants = new ArrayList<>();
    private JsonNode expected = Json.object();
    private byte[] table = new byte[0];

    LoanApprovalTest(@TempDir Path folder) {
        this.folder = folder;
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
    }

    @BeforeAll
    void followsTheExample() throws IOException {
        assertThat(caller.push("loan", bundle("logistic"))).isEqualTo(1);
        var yaml = Files.readString(EXAMPLE.resolve("endpoint.yaml"));
        assertThat(caller.apply(yaml).at("/0/result").asString()).isEqualTo("created");
        for (var other : List.of("forest", "boosted")) {
            assertThat(caller.push("loan-" + other, bundle(other))).isEqualTo(1);
            caller.apply(
                    yaml.replace("name: loan-approval", "name: loan-" + other)
                            .replace("model: loan/1", "model: loan-" + other + "/1"));
        }
        expected = Json.read(Files.readAllBytes(EXAMPLE.resolve("expected.json")), Limits.DEFAULT);
        table = Files.readAllBytes(EXAMPLE.resolve("applicants.csv"));
        readApplicants();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static Map<String, byte[]> bundle(String model) throws IOException {
        return Caller.bundle(EXAMPLE.resolve("models").resolve(model));
    }

    /// The table has no quoted cell with a comma but purposes like `car, new`.
    private void readApplicants() {
        var lines = new String(table, StandardCharsets.UTF_8).lines().toList();
        var header = lines.getFirst().split(",");
        for (var line : lines.subList(1, lines.size())) {
            var row = Json.object();
            var cells = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
            for (int i = 0; i < header.length; i++) {
                var cell = cells[i].replace("\"", "");
                if (cell.matches("[0-9]+")) row.put(header[i], Long.parseLong(cell));
                else row.put(header[i], cell);
            }
            applicants.add(row);
        }
    }

    private void compare(String model, JsonNode predictions) {
        var wanted = expected.get(model);
        assertThat(predictions.size()).isEqualTo(wanted.size()).isEqualTo(20);
        for (int i = 0; i < wanted.size(); i++) {
            var said = predictions.get(i);
            var as = model + ", row " + i;
            assertThat(said.at("/output/risk").asString())
                    .as(as)
                    .isEqualTo(wanted.get(i).get("risk").asString());
            double bad = wanted.get(i).at("/scores/bad").asDouble();
            double good = wanted.get(i).at("/scores/good").asDouble();
            assertThat(said.at("/scores/risk/0").asDouble()).as(as).isCloseTo(bad, within(1e-5));
            assertThat(said.at("/scores/risk/1").asDouble()).as(as).isCloseTo(good, within(1e-5));
            assertThat(said.get("confidence").asDouble())
                    .as(as)
                    .isCloseTo(Math.max(bad, good), within(1e-5));
        }
    }

    private static String endpoint(String model) {
        return model.equals("logistic") ? "loan-approval" : "loan-" + model;
    }

    @ParameterizedTest
    @ValueSource(strings = {"logistic", "forest", "boosted"})
    void rowsWithNamesGetWhatScikitLearnSays(String model) {
        var rows = Json.array();
        applicants.forEach(rows::add);
        compare(model, caller.predictRows(endpoint(model), Json.text(rows)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"logistic", "forest", "boosted"})
    void aTableGetsWhatScikitLearnSays(String model) {
        compare(
                model,
                caller.predict(endpoint(model), "text/csv", table)
                        .is(200)
                        .json()
                        .get("predictions"));
    }

    @Test
    void rowsOneByOneGetTheSame() {
        var answers = Json.array();
        for (var applicant : applicants)
            answers.add(caller.predictRows("loan-forest", "[" + Json.text(applicant) + "]").get(0));
        compare("forest", answers);
    }

    @ParameterizedTest
    @EnumSource
    void overTheProtocolEachColumnIsATensor(OipWay way) {
        var vertx = Vertx.vertx();
        try {
            var grpc = new GrpcCaller(vertx, server.port());
            var about = caller.get("/v2/models/loan-boosted").is(200).json();
            var inputs = new ArrayList<OipTensor>();
            for (var input : about.get("inputs")) {
                var name = input.get("name").asString();
                inputs.add(tensor(name, input.get("datatype").asString()));
            }
            var outputs = way.infer(caller, grpc, "loan-boosted", inputs.toArray(new OipTensor[0]));
            var risk = Objects.requireNonNull(outputs.get("risk"));
            assertThat(risk.shape()).containsExactly(20L, 1L);
            for (int i = 0; i < 20; i++)
                assertThat(risk.strings().get(i))
                        .isEqualTo(expected.at("/boosted/" + i + "/risk").asString());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void aModelWithoutMoreIsServedAsItsFileSays() {
        caller.endpoint("loan-bare", "loan-forest/1");
        var about = caller.get("/v2/models/loan-bare").is(200).json();
        assertThat(about.get("inputs").size()).as("the applicant is no tensor").isEqualTo(20);
        var inputs = new ArrayList<OipTensor>();
        for (var input : about.get("inputs"))
            inputs.add(tensor(input.get("name").asString(), input.get("datatype").asString()));
        var outputs = new HashMap<String, OipTensor>();
        var body = Json.object();
        var list = body.putArray("inputs");
        for (var input : inputs) {
            var each = list.addObject().put("name", input.name());
            each.put("datatype", input.datatype()).set("shape", Json.tree(input.shape()));
            each.set("data", input.json());
        }
        for (var output :
                caller.post("/v2/models/loan-bare/infer", Json.text(body))
                        .is(200)
                        .json()
                        .get("outputs"))
            outputs.put(output.get("name").asString(), OipTensor.of(output));
        var labels = Objects.requireNonNull(outputs.get("output_label"));
        var scores = Objects.requireNonNull(outputs.get("output_probability"));
        assertThat(scores.shape()).as("ZipMap's maps are a matrix").containsExactly(20L, 2L);
        for (int i = 0; i < 20; i++) {
            var wanted = expected.at("/forest/" + i);
            assertThat(labels.strings().get(i)).isEqualTo(wanted.get("risk").asString());
            assertThat(scores.numbers()[2 * i])
                    .isCloseTo(wanted.at("/scores/bad").asDouble(), within(1e-5));
        }
    }

    /// A column of all applicants, as the server says that it wants it.
    private OipTensor tensor(String name, String datatype) {
        var values = applicants.stream().map(row -> row.get(name)).toList();
        var shape = List.of((long) values.size(), 1L);
        return switch (datatype) {
            case "BYTES" ->
                    OipTensor.texts(
                            name,
                            shape,
                            values.stream().map(JsonNode::asString).toArray(String[]::new));
            case "INT64" ->
                    OipTensor.longs(
                            name, shape, values.stream().mapToLong(JsonNode::asLong).toArray());
            case "FP32" -> {
                var floats = new float[values.size()];
                for (int i = 0; i < floats.length; i++) floats[i] = values.get(i).floatValue();
                yield OipTensor.floats(name, shape, floats);
            }
            case "FP64" -> {
                var raw =
                        java.nio.ByteBuffer.allocate(8 * values.size())
                                .order(java.nio.ByteOrder.LITTLE_ENDIAN);
                values.forEach(value -> raw.putDouble(value.asDouble()));
                yield new OipTensor(name, "FP64", shape, raw.array());
            }
            default -> throw new IllegalStateException(datatype);
        };
    }

    @Test
    void theLogHasEachPredictionOnceWithItsColumns() {
        var answers = Json.array();
        caller.predictRows("loan-approval", rows(applicants)).forEach(answers::add);
        caller.predictRows("loan-approval", "[" + Json.text(applicants.getFirst()) + "]")
                .forEach(answers::add);
        var byId = new HashMap<String, List<JsonNode>>();
        for (var line : caller.log("endpoint=loan-approval&type=prediction"))
            byId.computeIfAbsent(line.get("id").asString(), any -> new ArrayList<>()).add(line);
        var entities = new ArrayList<String>();
        for (int i = 0; i < answers.size(); i++) {
            var applicant = applicants.get(i % applicants.size());
            var lines = byId.getOrDefault(answers.get(i).get("id").asString(), List.of());
            assertThat(lines).as("row %d is there once", i).hasSize(1);
            var line = lines.getFirst();
            assertThat(line.get("version").asString()).isEqualTo("loan/1");
            assertThat(line.get("arm").asString()).isEqualTo("live");
            assertThat(line.get("origin").asString()).isEqualTo("live");
            for (var column : applicant.properties()) {
                var kept = line.get("input").get(column.getKey());
                if (column.getKey().equals("applicant"))
                    assertThat(kept.get("hash").asString())
                            .isEqualTo(line.get("entity").asString());
                else if (column.getValue().isNumber())
                    assertThat(kept.asDouble()).isEqualTo(column.getValue().asDouble());
                else assertThat(kept).isEqualTo(column.getValue());
            }
            assertThat(line.at("/decision/output/risk"))
                    .isEqualTo(answers.get(i).at("/output/risk"));
            assertThat(line.at("/components/0/scores/risk"))
                    .isEqualTo(answers.get(i).at("/scores/risk"));
            entities.add(line.get("entity").asString());
        }
        assertThat(entities.getLast()).as("the same applicant").isEqualTo(entities.getFirst());
        assertThat(entities.subList(0, 20)).doesNotHaveDuplicates();
    }

    private static String rows(List<ObjectNode> of) {
        var rows = Json.array();
        of.forEach(rows::add);
        return Json.text(rows);
    }

    @Test
    void noApplicantStandsAnywhereInTheDataFolder() throws IOException {
        var secret = "applicant-5f1d0c8a";
        var row = applicants.getFirst().deepCopy().put("applicant", secret);
        caller.predictRows("loan-approval", "[" + Json.text(row) + "]");
        assertThat(Grep.files(folder, secret)).isEmpty();
        assertThat(Grep.files(folder, "car, new")).as("what is kept can be found").isNotEmpty();
    }

    @Test
    void whatDoesNotFitIsRefusedWithEveryReason() {
        var row = applicants.getFirst().deepCopy();
        row.remove("purpose");
        row.put("duration_months", 0).put("age_years", "old").put("agee", 3);
        var refused =
                caller.post(
                                "/api/v1/endpoints/loan-approval/predict",
                                "{\"rows\":[" + Json.text(row) + "]}")
                        .is(400);
        assertThat(refused.text()).contains("age_years");
        row.put("age_years", 31);
        refused =
                caller.post(
                                "/api/v1/endpoints/loan-approval/predict",
                                "{\"rows\":[" + Json.text(row) + "]}")
                        .is(400);
        assertThat(refused.json().get("violations").toString())
                .contains("purpose")
                .contains("duration_months")
                .contains("agee");
    }

    @Test
    void applyingTheSameAgainDoesNothing() throws IOException {
        var yaml = Files.readString(EXAMPLE.resolve("endpoint.yaml"));
        assertThat(caller.apply(yaml).at("/0/result").asString()).isEqualTo("unchanged");
        assertThat(caller.push("loan", bundle("logistic")))
                .as("the same bundle is the same version")
                .isEqualTo(1);
    }
}
