package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Where there is nothing to compare with, or people decide so far: what works over HTTP, and what
/// is said where it does not.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutCasesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Server server;
    private final Caller caller;
    private final Random random = new Random(20_261_122);

    RolloutCasesTest(@TempDir Path folder) {
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /// Says which of two numbers is the larger one, or always the same.
    private static Map<String, byte[]> larger(float weight, float base) {
        return Map.of(
                "model.onnx",
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 2)
                        .output("scores", TinyOnnx.FLOAT, "N", 2)
                        .weights(TinyOnnx.floats("weight", new long[] {1}, weight))
                        .weights(TinyOnnx.floats("base", new long[] {2}, base, 0))
                        .add("Mul", "x weight", "weighed")
                        .add("Add", "weighed base", "scores")
                        .bytes(),
                "model.yaml",
                Caller.utf8(
                        """
                        kind: Model
                        input: {x: {type: vector}}
                        output: {label: {type: category, classes: [good, scratch], scores: scores, activation: softmax}}
                        """));
    }

    @BeforeAll
    void push() {
        caller.push("scratch", larger(1, 0));
        caller.push("scratch", larger(0, 1));
    }

    private static String endpoint(String name, String answers, String rollout) {
        return """
        kind: Endpoint
        name: %s
        input: {x: {type: vector, shape: [2]}}
        %s
        rollout:
        %s
        """
                .formatted(name, answers, rollout.indent(2));
    }

    private Caller.Said begin(String name, String body) {
        return caller.post("/api/v1/endpoints/" + name + "/rollout", body);
    }

    /// Asks once, and tells something of the answer.
    private void ask(String name, boolean judged) {
        float one = random.nextFloat();
        float other = random.nextFloat();
        var id =
                caller.predictRows(name, "[{\"x\":[%s,%s]}]".formatted(one, other))
                        .at("/0/id")
                        .asString();
        var told =
                Json.object()
                        .put("id", "f-" + id)
                        .put("prediction", id)
                        .put(judged ? "judgement" : "truth", one > other ? "good" : "scratch");
        if (judged) told.put("by", "inspector-7").put("saw-answer", false);
        caller.post("/api/v1/feedback", Json.text(told)).is(201);
    }

    /// Asks until the rollout is that far.
    private JsonNode asked(String name, boolean judged, String until) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            ask(name, judged);
            var now = caller.get("/api/v1/endpoints/" + name + "/rollout").is(200).json();
            if (now.at("/state/is").asString().equals(until)
                    || now.at("/next/is").asString().equals(until)) return now;
            assertThat(System.nanoTime()).as(now.toPrettyString()).isLessThan(end);
        }
    }

    @Test
    void aLimitHoldsWhereThereIsNothingToCompareWith() {
        caller.apply(
                endpoint(
                        "inspector",
                        "model: scratch/1",
                        """
                        case: new
                        steps: [50%, 100%]
                        each-step: {at-least: 0s, requests: 10}
                        guards: [{watch: quality.accuracy, at-least: 70%}]
                        """));
        var live = begin("inspector", "{\"to\":\"scratch/1\"}").is(409).json();
        assertThat(live.path("code").asString()).isEqualTo("already-live");
        assertThat(live.path("detail").asString()).contains("first version answers everybody");
        for (int i = 0; i < 20; i++) ask("inspector", false);
        var plan =
                caller.get("/api/v1/endpoints/inspector/rollout/plan?to=scratch/2").is(200).json();
        var seen = Duration.parse(plan.at("/stages/0/until-seen").asString());
        assertThat(seen).as(plan.toPrettyString()).isPositive();
        begin("inspector", "{\"to\":\"scratch/2\"}").is(201);
        var back = asked("inspector", false, "rolled-back");
        assertThat(back.at("/stage").asInt()).as("from the first step").isZero();
        var history = back.path("history");
        assertThat(history.get(history.size() - 1).path("why").asString())
                .matches("quality.accuracy does harm in .* %, and 30.0 % are allowed");
    }

    @Test
    void aShadowAnswersBesidePeopleAndWaitsForOne() {
        caller.apply(
                endpoint(
                        "desk",
                        "model: scratch/1",
                        """
                        case: assist
                        steps: [shadow for 0s approve, 50%, 100%]
                        each-step: {at-least: 0s, requests: 10}
                        guards: [{watch: errors, worse-by: +30 points}]
                        """));
        begin("desk", "{\"to\":\"scratch/2\"}").is(201);
        asked("desk", true, "ask-for-approval");
        for (int i = 0; i < 40; i++) ask("desk", true);
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode now = Json.object();
        while (now.at("/people/candidate/compared").asLong() < 20) {
            now = caller.get("/api/v1/endpoints/desk/rollout").is(200).json();
            assertThat(System.nanoTime()).as(now.toPrettyString()).isLessThan(end);
        }
        assertThat(now.at("/people/live/agreed").asLong())
                .isEqualTo(now.at("/people/live/compared").asLong());
        assertThat(now.at("/people/candidate/agreed").asLong())
                .isLessThan(now.at("/people/candidate/compared").asLong());
    }

    @Test
    void saysWhatStandsInTheWay() {
        caller.apply(
                endpoint(
                        "byrule",
                        """
                        output: {label: {type: category, classes: [good, scratch]}}
                        pipeline:
                          - {name: rule, rule: {label: "'good'"}}
                        """
                                .strip(),
                        "case: new"));
        for (var body : new String[] {"{}", "{\"to\":\"scratch/1\"}"}) {
            var none = begin("byrule", body).is(422).json();
            assertThat(none.path("code").asString()).isEqualTo("no-model-to-replace");
        }
        for (var path : new String[] {"", "/plan"})
            assertThat(
                            caller.get("/api/v1/endpoints/nobody/rollout" + path)
                                    .is(404)
                                    .json()
                                    .path("code")
                                    .asString())
                    .isEqualTo("endpoint-unknown");
        var first =
                caller.post(
                                "/api/v1/apply?dry-run=true",
                                "application/yaml",
                                Caller.utf8(endpoint("fresh", "model: scratch/1", "case: new")))
                        .is(200)
                        .json()
                        .at("/results/0/foreseen");
        var lines = new ArrayList<String>();
        first.forEach(each -> lines.add(each.asString()));
        assertThat(lines.getFirst()).startsWith("scratch/1 answers everybody at once");
        var nothing =
                caller.post(
                                "/api/v1/apply",
                                "application/yaml",
                                Caller.utf8(endpoint("byhand", "", "case: assist")))
                        .is(422)
                        .json();
        assertThat(nothing.path("violations").toString())
                .contains("it needs exactly one of 'model', 'pipeline' and 'external'");
    }
}
