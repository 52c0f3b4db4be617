package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A stock client whose tensors go straight to a model: what people decide reaches it as tensors.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReviewTensorsTest {
    private static final Path EXAMPLE = Caller.repository("examples/loan-approval");

    @TempDir private Path folder = Path.of("");
    private Server server = nothing();
    private Caller caller = Caller.at("http://127.0.0.1:1");
    private List<String> header = List.of();
    private final List<List<String>> rows = new ArrayList<>();

    @SuppressWarnings("NullAway") // set before each test
    private static Server nothing() {
        return null;
    }

    @BeforeEach
    void start() throws IOException {
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
        caller.push("loan", Caller.bundle(EXAMPLE.resolve("models").resolve("boosted")));
        var lines =
                new String(
                                Files.readAllBytes(EXAMPLE.resolve("applicants.csv")),
                                StandardCharsets.UTF_8)
                        .lines()
                        .toList();
        header = cells(lines.getFirst());
        for (var line : lines.subList(1, lines.size())) rows.add(cells(line));
    }

    private static List<String> cells(String line) {
        var cells = new ArrayList<String>();
        for (var cell : line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
            cells.add(cell.replace("\"", ""));
        return cells;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void declare(String automation) {
        caller.apply(
                """
                kind: Endpoint
                name: loan
                model: loan/1
                deadline: 20s
                automation: %s
                """
                        .formatted(automation));
    }

    /// A request for some of the applicants, in the tensors that the model takes.
    private String request(int from, int to) {
        var inputs = Json.array();
        for (var spec : caller.get("/v2/models/loan").is(200).json().get("inputs")) {
            var name = spec.get("name").asString();
            var datatype = spec.get("datatype").asString();
            var data = Json.array();
            int column = header.indexOf(name);
            for (var row : rows.subList(from, to))
                if (datatype.equals("BYTES")) data.add(row.get(column));
                else if (datatype.startsWith("FP")) data.add(Double.parseDouble(row.get(column)));
                else data.add(Long.parseLong(row.get(column)));
            var input = Json.object().put("name", name).put("datatype", datatype);
            input.set("shape", Json.tree(new int[] {to - from, 1}));
            input.set("data", data);
            inputs.add(input);
        }
        return Json.text(Json.object().set("inputs", inputs));
    }

    private Caller.Said infer(int from, int to) {
        return caller.post("/v2/models/loan/infer", request(from, to));
    }

    private static JsonNode outputs(Caller.Said said) {
        var outputs = Json.object();
        for (var each : said.is(200).json().get("outputs"))
            outputs.set(each.get("name").asString(), each.get("data"));
        return outputs;
    }

    private JsonNode next(int cases) {
        while (true) {
            var found =
                    caller.post(
                                    "/api/v1/endpoints/loan/reviews/next",
                                    "{\"reviewer\":\"ann\",\"ahead\":9}")
                            .is(200)
                            .json()
                            .get("reviews");
            if (found.size() >= cases) return found;
            Thread.onSpinWait();
        }
    }

    private void judge(JsonNode review, String risk) {
        caller.post(
                        "/api/v1/reviews/" + review.get("prediction").asString() + "/judgement",
                        "{\"reviewer\":\"ann\",\"answer\":{\"risk\":\"" + risk + "\"}}")
                .is(201);
    }

    @Test
    void aDecisionReachesAClientAsTensors() throws Exception {
        declare("{level: assist, while-in-review: wait}");
        try (var threads = Executors.newSingleThreadExecutor()) {
            var waiting = threads.submit(() -> infer(0, 3));
            var cases = next(3);
            for (var each : cases) {
                assertThat(each.at("/answer/output/risk").isMissingNode()).isFalse();
                assertThat(each.at("/input/purpose").asString()).isNotEmpty();
            }
            judge(cases.get(0), "bad");
            judge(cases.get(1), "good");
            judge(cases.get(2), "bad");
            var byId = new HashMap<String, String>();
            for (int i = 0; i < 3; i++)
                byId.put(cases.get(i).get("prediction").asString(), i == 1 ? "good" : "bad");
            var said = waiting.get();
            var outputs = outputs(said);
            var ids =
                    said.json()
                            .at("/parameters/davy-prediction-id")
                            .asString()
                            .split("[^0-9a-f-]+");
            for (int i = 0; i < 3; i++) {
                var decided = byId.get(ids[i]);
                assertThat(outputs.path("output_label").path(i).asString()).isEqualTo(decided);
                // Scores in class order: bad, good.
                assertThat(outputs.path("output_probability").path(2 * i).asDouble())
                        .isEqualTo("bad".equals(decided) ? 1 : 0);
            }
        }
    }

    @Test
    void noModelIsAskedAtLevelHumanOnly() throws Exception {
        declare("{level: human-only, while-in-review: wait}");
        try (var threads = Executors.newSingleThreadExecutor()) {
            var waiting = threads.submit(() -> infer(0, 1));
            var review = next(1).get(0);
            assertThat(review.get("sees-answer").asBoolean()).isFalse();
            judge(review, "good");
            assertThat(outputs(waiting.get()).path("output_label").path(0).asString())
                    .isEqualTo("good");
            for (var each : caller.log("type=prediction"))
                assertThat(each.get("components")).isEmpty();
        }
    }

    @Test
    void whereTheModelIsSureNobodyWaits() {
        declare(
                "{level: partial, alone-when: confidence >= 0.9 and input.age_years >= 18, while-in-review: {answer: {risk: bad}}}");
        var labels = new ArrayList<String>();
        for (int i = 0; i < rows.size(); i++)
            labels.add(outputs(infer(i, i + 1)).path("output_label").path(0).asString());
        int asked = 0;
        int i = 0;
        for (var each : caller.log("type=prediction")) {
            var model = each.at("/components/0/output/risk").asString();
            double confidence = each.at("/components/0/confidence").asDouble();
            boolean sure = confidence >= 0.9;
            assertThat(each.at("/decision/by").asString()).isEqualTo(sure ? "live" : "safe");
            assertThat(labels.get(i++)).isEqualTo(sure ? model : "bad");
            if (sure) continue;
            asked++;
            assertThat(each.get("review").asString()).isEqualTo("not confidence >= 0.9");
        }
        assertThat(asked).isBetween(1, rows.size() - 1);
        assertThat(next(asked > 10 ? 10 : asked).size()).isEqualTo(Math.min(10, asked));
        assertThat(caller.get("/api/v1/endpoints/loan/automation").is(200).json().at("/queue/open"))
                .hasToString(Integer.toString(asked));
    }

    @Test
    void theCallerIsRefusedByName() {
        declare("{level: assist, while-in-review: refuse}");
        var refused = infer(0, 1).is(409).json();
        assertThat(Json.text(refused)).contains("/api/v1/predictions/");
        next(1);
    }
}
