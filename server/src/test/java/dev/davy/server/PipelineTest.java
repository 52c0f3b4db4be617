package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An endpoint of a model, a lookup, a model of another server and a rule: one prediction, one
/// record, and each component's part in it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("InlineFormatString") // a declaration reads better in one piece
class PipelineTest {
    private static final Path EXAMPLE = Caller.repository("examples/loan-approval");

    private final Path folder;
    private final Server remote;
    private final Server server;
    private final Caller caller;
    private final ObjectNode applicant = Json.object();

    PipelineTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        remote = Server.start(Settings.of(folder.resolve("remote")).port(0));
        var config = folder.resolve("davy.yaml");
        Files.writeString(config, "remotes: [\"127.0.0.1:" + remote.port() + "\"]\n");
        server = Server.start(Settings.read(config, folder.resolve("data")).port(0));
        caller = Caller.of(server);
    }

    @BeforeAll
    void declares() throws IOException {
        var there = Caller.of(remote);
        there.push("forest", Caller.bundle(EXAMPLE.resolve("models/forest")));
        there.endpoint("second-opinion", "forest/1");
        caller.push("loan", Caller.bundle(EXAMPLE.resolve("models/logistic")));
        caller.apply(pipeline());
        var lines = Files.readAllLines(EXAMPLE.resolve("applicants.csv"));
        var names = lines.get(0).split(",");
        // The second applicant's cells hold no comma.
        var cells = lines.get(2).split(",");
        for (int i = 0; i < names.length; i++)
            if (cells[i].matches("[0-9]+")) applicant.put(names[i], Long.parseLong(cells[i]));
            else applicant.put(names[i], cells[i]);
    }

    @AfterAll
    void stop() {
        server.close();
        remote.close();
    }

    private String pipeline() throws IOException {
        var declared = Files.readString(EXAMPLE.resolve("endpoint.yaml"));
        var input = declared.substring(declared.indexOf("input:"), declared.indexOf("output:"));
        return """
        kind: Endpoint
        name: offer
        entity: input.applicant
        %s
        output:
          decision: {type: text}
          rate: {type: number, from: rates.rate}
          risk: {type: category, classes: [bad, good], from: loan.risk}
        pipeline:
          - {name: loan, model: loan/1}
          - name: rates
            lookup:
              key: purpose
              equals: input.purpose
              table:
                - {purpose: education, rate: 2.5}
                - {purpose: business, rate: 6}
          - name: second
            when: "input.credit_amount >= 5000"
            remote: {url: "http://127.0.0.1:%d", model: second-opinion}
          - name: word
            rule:
              decision: "case when loan.risk = 'bad' then 'refuse' when second.output_label = 'bad' then 'refuse' when rates.rate is null then 'ask' else 'grant' end"
        """
                .formatted(input, remote.port());
    }

    private JsonNode predicted(String purpose, long amount) {
        var row = applicant.deepCopy().put("purpose", purpose).put("credit_amount", amount);
        return caller.predictRows("offer", "[" + Json.text(row) + "]").get(0);
    }

    private JsonNode record(String id) {
        return caller.get("/api/v1/predictions/" + id).is(200).json();
    }

    @Test
    void allFourComponentsAnswer() {
        var said = predicted("education", 6000);
        var record = record(said.get("id").asString());
        var components = record.get("components");
        assertThat(components.size()).isEqualTo(4);

        var loan = components.get(0);
        assertThat(loan.get("name").asString()).isEqualTo("loan");
        assertThat(loan.get("version").asString()).isEqualTo("loan/1");
        var digest = caller.get("/api/v1/models/loan/versions/1").is(200).json().get("digest");
        assertThat(digest.asString()).startsWith(loan.get("digest").asString());
        assertThat(loan.at("/output/risk").asString()).isIn("good", "bad");
        assertThat(loan.at("/scores/risk").size()).isEqualTo(2);

        assertThat(components.at("/1/output/rate").asDouble()).isEqualTo(2.5);
        var second = components.get(2);
        assertThat(second.get("version").asString()).endsWith("/second-opinion");
        assertThat(second.at("/output/output_label").asString()).isIn("good", "bad");
        assertThat(second.at("/output/output_probability").size()).isEqualTo(2);
        for (var component : components)
            assertThat(component.get("micros").asDouble())
                    .as(component.get("name").asString())
                    .isPositive();

        assertThat(said.at("/output/rate").asDouble()).isEqualTo(2.5);
        assertThat(said.at("/output/risk")).isEqualTo(loan.at("/output/risk"));
        assertThat(said.at("/output/decision")).isEqualTo(components.at("/3/output/decision"));
        assertThat(record.at("/decision/output")).isEqualTo(said.get("output"));
    }

    @Test
    void theOtherServerLogsItsPartToo() {
        var before = Caller.of(remote).log("").size();
        predicted("education", 6000);
        predicted("education", 100);
        assertThat(Caller.of(remote).log("")).hasSize(before + 1);
    }

    @Test
    void aComponentIsSkippedWhenItsConditionIsNotTrue() {
        var said = predicted("business", 100);
        var record = record(said.get("id").asString());
        assertThat(record.at("/components/2/skipped").asBoolean()).isTrue();
        assertThat(record.at("/components/2/output").isMissingNode()).isTrue();
        assertThat(said.at("/output/rate").asDouble()).isEqualTo(6);
        assertThat(said.at("/output/decision").asString()).isIn("grant", "refuse");
    }

    @Test
    void aKeyThatIsNotInTheTableIsMissing() {
        var said = predicted("radio or tv", 100);
        assertThat(said.at("/output/rate").isNull()).isTrue();
        var risk = said.at("/output/risk").asString();
        assertThat(said.at("/output/decision").asString())
                .isEqualTo(risk.equals("bad") ? "refuse" : "ask");
    }

    @Test
    void rowsOfOneRequestGoTheirOwnWays() {
        var rows = Json.array();
        for (var amount : List.of(100, 6000, 200, 7000))
            rows.add(applicant.deepCopy().put("purpose", "education").put("credit_amount", amount));
        var predictions = caller.predictRows("offer", Json.text(rows));
        var skipped = new boolean[4];
        var requests = new HashSet<String>();
        for (int i = 0; i < 4; i++) {
            var record = record(predictions.get(i).get("id").asString());
            assertThat(record.get("components").size()).isEqualTo(4);
            skipped[i] = record.at("/components/2/skipped").asBoolean(false);
            requests.add(record.at("/input/credit_amount").asString());
        }
        assertThat(skipped).containsExactly(true, false, true, false);
        assertThat(requests).hasSize(4);
    }

    @Test
    void aComponentThatFailsIsNamedAndTheRestOfTheServerGoesOn() throws IOException {
        var gone = Server.start(Settings.of(folder.resolve("gone")).port(0));
        var there = Caller.of(gone);
        var config = folder.resolve("gone.yaml");
        Files.writeString(config, "remotes: [\"127.0.0.1:" + gone.port() + "\"]\n");
        there.apply(
                """
                kind: Endpoint
                name: second-opinion
                input: {credit_amount: {type: number}}
                pipeline: [{name: rule, rule: {more: "input.credit_amount + 1"}}]
                """);
        try (var here = Server.start(Settings.read(config, folder.resolve("here")).port(0))) {
            var at = Caller.of(here);
            at.apply(
                    """
                    kind: Endpoint
                    name: sum
                    input: {credit_amount: {type: number}}
                    pipeline:
                      - {name: first, rule: {twice: "input.credit_amount * 2"}}
                      - {name: second, when: "input.credit_amount > 10", remote: {url: "http://127.0.0.1:%d", model: second-opinion}}
                      - {name: third, rule: {all: "coalesce(second.more, 0) + first.twice"}}
                    """
                            .formatted(gone.port()));
            assertThat(
                            at.predictRows("sum", "[{\"credit_amount\":20}]")
                                    .at("/0/output/all")
                                    .asInt())
                    .isEqualTo(61);
            gone.close();

            var failed =
                    at.predict(
                                    "sum",
                                    "application/json",
                                    Caller.utf8("{\"rows\":[{\"credit_amount\":20}]}"))
                            .is(500, 503, 504);
            assertThat(failed.text()).doesNotContain("dev.davy").doesNotContain("Exception");
            assertThat(at.predictRows("sum", "[{\"credit_amount\":2}]").at("/0/output/all").asInt())
                    .as("who does not need it is answered")
                    .isEqualTo(4);
            var log = at.log("type=prediction");
            assertThat(log).hasSize(3);
            var record = log.get(1);
            assertThat(record.at("/components/0/output/twice").asDouble()).isEqualTo(40);
            assertThat(record.at("/components/1/failure").asString()).isNotEmpty();
            assertThat(record.at("/components/2").isMissingNode()).isTrue();
            assertThat(record.at("/decision/failure"))
                    .isEqualTo(record.at("/components/1/failure"));
        }
    }

    @Test
    void onlyListedServersAreAsked() {
        var yaml =
                """
                kind: Endpoint
                name: stranger
                input: {x: {type: number}}
                pipeline: [{name: it, remote: {url: "http://127.0.0.1:%d", model: second-opinion}}]
                """;
        var refused =
                caller.post(
                                "/api/v1/apply",
                                "application/yaml",
                                Caller.utf8(yaml.formatted(server.port())))
                        .is(403);
        assertThat(refused.text()).contains("remote-not-allowed");
        caller.get("/api/v1/endpoints/stranger").is(404);
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() throws IOException {
        var good = pipeline().replace("name: offer", "name: wrong");
        var wrong =
                List.of(
                        good.replace("loan.risk = 'bad'", "loan.rsik = 'bad'"),
                        good.replace("input.credit_amount >= 5000", "input.credit_amount"),
                        good.replace("model: loan/1", "model: loan/99"),
                        good.replace("model: loan/1", "model: no-such/1"),
                        good.replace("from: rates.rate", "from: rates.arte"),
                        good.replace("input.applicant", "input.nobody"),
                        good.replace("name: rates", "name: loan"),
                        good.replace("equals: input.purpose", "equals: second.output_label"));
        for (var yaml : wrong) {
            assertThat(yaml).isNotEqualTo(good);
            var refused = caller.post("/api/v1/apply", "application/yaml", Caller.utf8(yaml));
            assertThat(refused.status()).as(refused.text()).isIn(404, 409, 422);
            caller.get("/api/v1/endpoints/wrong").is(404);
        }
        var dry =
                caller.post("/api/v1/apply?dry-run=true", "application/yaml", Caller.utf8(good))
                        .is(200);
        assertThat(dry.json().at("/results/0/result").asString()).isEqualTo("created");
        caller.get("/api/v1/endpoints/wrong").is(404);
    }

    @Test
    void overTheProtocolAPipelineIsColumns() throws IOException {
        var about = caller.get("/v2/models/offer").is(200).json();
        assertThat(about.get("platform").asString()).isNotEmpty();
        var body = Json.object().put("id", "q-1");
        var inputs = body.putArray("inputs");
        var row = applicant.deepCopy().put("purpose", "education").put("credit_amount", 100);
        for (var input : about.get("inputs")) {
            var each = inputs.addObject();
            each.set("name", input.get("name"));
            each.set("datatype", input.get("datatype"));
            each.set("shape", Json.tree(List.of(1, 1)));
            each.putArray("data").add(row.get(input.get("name").asString()));
        }
        var answer = caller.post("/v2/models/offer/infer", Json.text(body)).is(200);
        var outputs = new HashMap<String, JsonNode>();
        for (var output : answer.json().get("outputs"))
            outputs.put(output.get("name").asString(), output.at("/data/0"));
        var same = caller.predictRows("offer", "[" + Json.text(row) + "]").at("/0/output");
        assertThat(outputs.get("decision")).isEqualTo(same.get("decision"));
        assertThat(outputs.get("rate")).isEqualTo(same.get("rate"));
        var record = record(answer.header("davy-prediction-id"));
        assertThat(record.get("request").asString()).isEqualTo("q-1");
        assertThat(record.get("components").size()).isEqualTo(4);
        assertThat(record.at("/input/purpose").asString()).isEqualTo("education");
    }
}
