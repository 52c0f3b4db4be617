package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Endpoints that begin without a model: a declared answer, a rule, another server or people stand
/// where one may come, and what comes goes through a rollout like any other.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FallbackTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// How often it is asked between two looks at the rollout.
    private static final int LOOK = 10;

    private final Path folder;

    /// What another server answers so far.
    private final Server old;

    private final AtomicReference<Server> server = new AtomicReference<>();
    private final Random random = new Random(20_261_122);
    private String name = "none";
    private int tests;

    FallbackTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        old = Server.start(Settings.of(folder.resolve("old")).port(0));
        Files.writeString(
                folder.resolve("davy.yaml"), "remotes: [\"127.0.0.1:" + old.port() + "\"]\n");
        server.set(start());
    }

    private Server start() {
        var data = folder.resolve("data");
        return Server.start(Settings.read(folder.resolve("davy.yaml"), data).port(0));
    }

    private Caller caller() {
        return Caller.of(server.get());
    }

    @AfterAll
    void stop() {
        server.get().close();
        old.close();
    }

    @BeforeEach
    void another() {
        name = "inspector-" + tests++;
    }

    private void restart() {
        server.get().close();
        server.set(start());
    }

    /// Says which of two numbers is the larger one.
    private static Map<String, byte[]> larger(UnaryOperator<TinyOnnx> scores) {
        return Map.of(
                "model.onnx",
                scores.apply(
                                new TinyOnnx()
                                        .input("x", TinyOnnx.FLOAT, "N", 2)
                                        .output("scores", TinyOnnx.FLOAT, "N", 2))
                        .bytes(),
                "model.yaml",
                Caller.utf8(
                        """
                        kind: Model
                        input: {x: {type: vector}}
                        output: {label: {type: category, classes: [good, scratch], scores: scores, activation: softmax}}
                        """));
    }

    /// 1 is right, 2 says the opposite, and 3 is right of what is not negative: a square root.
    @BeforeAll
    void push() {
        caller().push("scratch", larger(model -> model.add("Identity", "x", "scores")));
        caller().push("scratch", larger(model -> model.add("Neg", "x", "scores")));
        caller().push("scratch", larger(model -> model.add("Sqrt", "x", "scores")));
    }

    private String endpoint(String more) {
        return """
        kind: Endpoint
        name: %s
        input: {x: {type: vector, shape: [2]}}
        output: {label: {type: category, classes: [good, scratch]}}
        """
                        .formatted(name)
                + more;
    }

    /// @param more behind the endpoint's own path
    private String api(String more) {
        return "/api/v1/endpoints/" + name + more;
    }

    private static final String RAMP =
            """
            rollout:
              steps: [shadow for 0s, 50%, 100%]
              each-step: {at-least: 0s, requests: 10}
              guards:
                - {watch: errors, worse-by: +20 points}
                - {watch: quality.accuracy, at-least: 70%}
                - {watch: latency.p50, at-most: 20s}
                - {watch: latency.p99, worse-by: 20 ms}
              bake: 1s
            """;

    private Caller.Said predict(float one, float other, String... headers) {
        return caller().send(
                        "POST",
                        api("/predict"),
                        Caller.utf8("{\"rows\":[{\"x\":[%s,%s]}]}".formatted(one, other)),
                        with(headers));
    }

    private static String[] with(String... headers) {
        var all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return all.toArray(String[]::new);
    }

    /// Asks once, and tells what is true, or what a person thought.
    private JsonNode ask(boolean judged, boolean negative) {
        float one = random.nextFloat() - (negative ? 1 : 0);
        float other = random.nextFloat();
        var said = predict(one, other).is(200).json().at("/predictions/0");
        var told =
                Json.object()
                        .put("id", "f-" + said.path("id").asString())
                        .put("prediction", said.path("id").asString())
                        .put(judged ? "judgement" : "truth", one > other ? "good" : "scratch");
        if (judged) told.put("by", "inspector-7").put("saw-answer", false);
        caller().post("/api/v1/feedback", Json.text(told)).is(201);
        return said;
    }

    private JsonNode rollout() {
        return caller().get(api("/rollout")).is(200).json();
    }

    /// Asks until the rollout is that far; whoever asks is always answered.
    private JsonNode asked(boolean judged, boolean negative, String until) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (int i = 0; i < LOOK; i++) ask(judged, negative);
            var now = rollout();
            if (now.at("/state/is").asString().equals(until)) return now;
            assertThat(System.nanoTime()).as(now.toPrettyString()).isLessThan(end);
        }
    }

    private String live() {
        return caller().get(api("")).is(200).json().at("/live/model").asString();
    }

    private Caller.Said begin(String version) {
        return caller().post(
                        api("/rollout"),
                        Json.object().put("to", version).put("retry", true).toString());
    }

    private List<String> foreseen(String declaration) {
        var lines = new ArrayList<String>();
        caller().post("/api/v1/apply?dry-run=true", "application/yaml", Caller.utf8(declaration))
                .is(200)
                .json()
                .at("/results/0/foreseen")
                .forEach(each -> lines.add(each.asString()));
        return lines;
    }

    private String overOip(float one, float other) {
        var said =
                caller().send(
                                "POST",
                                "/v2/models/" + name + "/infer",
                                Caller.utf8(
                                        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[%s,%s]}]}"
                                                .formatted(one, other)),
                                with())
                        .is(200);
        assertThat(said.header("davy-version")).isNotEmpty();
        return said.json().at("/outputs/0/data/0").asString();
    }

    @Test
    void aDeclaredAnswerIsServedLikeAnyOther() {
        var declared = endpoint("fallback: {answer: {label: good}}\n" + RAMP);
        assertThat(foreseen(declared))
                .contains("fallback answers everybody until a model has come live")
                .contains("guard errors: at most 20 %")
                .contains("guard latency.p50 within 20000 ms: at most 50 %")
                .anyMatch(each -> each.startsWith("guard latency.p99 is left out"))
                .contains("guards hold absolute limits: there is nothing to compare with");
        caller().apply(declared);
        var said = predict(0, 1).is(200);
        assertThat(said.header("davy-arm")).isEqualTo("live");
        assertThat(said.header("davy-version")).isEqualTo("fallback");
        assertThat(said.json().at("/predictions/0/output/label").asString()).isEqualTo("good");
        var id = said.json().at("/predictions/0/id").asString();
        caller().post(
                        "/api/v1/feedback",
                        "{\"id\":\"t\",\"prediction\":\"%s\",\"truth\":\"scratch\"}".formatted(id))
                .is(201);
        var kept = caller().get("/api/v1/predictions/" + id + "?wait=10s").is(200).json();
        assertThat(kept.path("version").asString()).isEqualTo("fallback");
        assertThat(kept.at("/truth/label").asString()).isEqualTo("scratch");
        assertThat(overOip(0, 1)).isEqualTo("good");
        var metadata = caller().get("/v2/models/" + name).is(200).json();
        assertThat(metadata.at("/inputs/0/name").asString()).isEqualTo("x");
        assertThat(metadata.at("/outputs/0/name").asString()).isEqualTo("label");
        var shown = caller().get(api("")).is(200).json();
        assertThat(shown.path("state").asString()).isEqualTo("ready");
        assertThat(shown.path("fallback").asString()).isEqualTo("fallback");
        assertThat(shown.has("differs")).isFalse();
        for (var page : List.of("", "/rollout", "/predictions/" + id, "/watch", "/automation"))
            assertThat(caller().get("/endpoints/" + name + page).status()).as(page).isIn(200, 404);
        // Nobody said which model is to come.
        assertThat(caller().post(api("/rollout"), "{}").is(422).json().path("code").asString())
                .isEqualTo("no-model-desired");
        assertThat(begin("fallback").is(422).json().path("code").asString())
                .isEqualTo("fallback-comes-at-once");
    }

    @Test
    void aFirstModelComesLiveStepByStepAndABadOneGoesBackToTheFallback() {
        caller().apply(endpoint("fallback: {answer: {label: good}}\n" + RAMP));
        begin("scratch/2").is(201);
        var back = asked(false, false, "rolled-back");
        assertThat(back.path("live").asString()).isEqualTo("fallback");
        assertThat(back.path("holds").asString()).contains("nothing to compare with");
        assertThat(back.at("/history").get(back.path("history").size() - 1).at("/why").asString())
                .startsWith("quality.accuracy does harm in");
        assertThat(live()).isEqualTo("fallback");

        var begun = begin("scratch/1").is(201).json();
        assertThat(begun.at("/settings/case").asString()).isEqualTo("new");
        asked(false, false, "running");
        restart();
        assertThat(rollout().path("id")).isEqualTo(begun.path("id"));
        var done = asked(false, false, "finished");
        var stages = new ArrayList<Integer>();
        for (var each : done.path("history"))
            if (each.at("/to").has("stage")) stages.add(each.at("/to/stage").asInt());
        assertThat(stages).as("shadow, canary").startsWith(0, 1);
        assertThat(live()).isEqualTo("scratch/1");
        // What callers send and get is the same, and now a model says it.
        assertThat(overOip(0, 1)).isEqualTo("scratch");
        assertThat(predict(1, 0).header("davy-version")).isEqualTo("scratch/1");
        restart();
        assertThat(live()).isEqualTo("scratch/1");
        assertThat(overOip(0, 1)).isEqualTo("scratch");
        caller().put(api("/live"), "{\"model\":\"fallback\",\"why\":\"a test\"}").is(200);
        assertThat(overOip(0, 1)).isEqualTo("good");
    }

    @Test
    void oneThatAnswersNaNAfterItsPromotionGoesBackToTheFallbackAndNobodySeesIt() {
        caller().apply(
                        endpoint(
                                """
                                fallback: {answer: {label: good}}
                                rollout:
                                  steps: [50%, 100%]
                                  each-step: {at-least: 0s, requests: 10}
                                  guards: [{watch: errors, at-most: 20%}]
                                  bake: 1h
                                """));
        begin("scratch/3").is(201);
        asked(false, false, "baking");
        assertThat(live()).isEqualTo("scratch/3");
        var back = asked(false, true, "rolled-back");
        assertThat(back.at("/history").get(back.path("history").size() - 1).at("/why").asString())
                .startsWith("errors does harm in");
        assertThat(live()).isEqualTo("fallback");
    }

    @Test
    void aModelThatIsDesiredBesideAFallbackBeginsByItself() throws InterruptedException {
        var declared = endpoint("model: scratch/1\nfallback: {answer: {label: good}}\n" + RAMP);
        assertThat(foreseen(declared)).contains("a rollout begins: fallback → scratch/1");
        caller().apply(declared);
        assertThat(predict(0, 1).is(200).header("davy-version")).isEqualTo("fallback");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (caller().get(api("/rollout")).status() == 404) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(50);
        }
        assertThat(rollout().path("candidate").asString()).isEqualTo("scratch/1");
        // The fallback can't be taken away as long as it answers.
        assertThat(
                        caller().post(
                                        "/api/v1/apply",
                                        "application/yaml",
                                        Caller.utf8(endpoint("model: scratch/1\n" + RAMP)))
                                .is(409)
                                .json()
                                .path("code")
                                .asString())
                .isEqualTo("fallback-needed");
        // Another answer is given from the next request on.
        caller().apply(endpoint("model: scratch/1\nfallback: {answer: {label: scratch}}\n" + RAMP));
        assertThat(
                        predict(1, 0, "davy-arm", "live")
                                .is(200)
                                .json()
                                .at("/predictions/0/output/label"))
                .isEqualTo(Json.tree("scratch"));
    }

    @Test
    void aModelIsComparedWithTheRuleWhosePlaceItTakes() {
        caller().apply(
                        """
                        kind: Endpoint
                        name: NAME
                        input: {width: {type: number}, x: {type: vector, shape: [2]}}
                        output: {label: {type: category, classes: [good, scratch]}}
                        fallback: {rule: {label: "case when input.width > 3 then 'scratch' else 'good' end"}}
                        rollout:
                          steps: [50%, 100%]
                          each-step: {at-least: 0s, requests: 10}
                          guards: [{watch: errors, worse-by: +30 points}]
                          bake: 1s
                        """
                                .replace("NAME", name));
        var said =
                caller().predictRows(name, "[{\"width\":4,\"x\":[1,0]},{\"width\":2,\"x\":[0,1]}]");
        assertThat(said.at("/0/output/label").asString()).isEqualTo("scratch");
        assertThat(said.at("/1/output/label").asString()).isEqualTo("good");
        var drawn =
                caller().post(api("/rollout"), "{\"to\":\"scratch/1\",\"dry-run\":true}")
                        .is(200)
                        .json();
        assertThat(drawn.path("live").asString()).isEqualTo("rule");
        assertThat(drawn.has("holds")).isFalse();
        assertThat(drawn.at("/settings/case").asString()).isEqualTo("replace");
    }

    private static final String PEOPLE =
            """
            fallback: people
            automation: {level: full, while-in-review: {answer: {label: scratch}}}
            """;

    @Test
    void peopleAnswerUntilAModelHasComeLiveBesideThem() {
        caller().apply(
                        endpoint(
                                PEOPLE
                                        + """
                                        rollout:
                                          case: assist
                                          steps: [shadow for 0s, 50%, 100%]
                                          each-step: {at-least: 0s, requests: 10}
                                          guards:
                                            - {watch: errors, at-most: 20%}
                                            - {watch: agreement, at-least: 70%}
                                          bake: 1s
                                        """));
        var said = predict(0, 1).is(200);
        assertThat(said.header("davy-version")).isEqualTo("people");
        var first = said.json().at("/predictions/0");
        assertThat(first.at("/review/by").asString()).isEqualTo("safe");
        assertThat(first.at("/output/label").asString()).isEqualTo("scratch");
        assertThat(overOip(1, 0)).isEqualTo("scratch");
        // A person decides it like any other case.
        var id = first.path("id").asString();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (caller().get("/api/v1/reviews/" + id).status() != 200)
            assertThat(System.nanoTime()).isLessThan(end);
        caller().post(
                        "/api/v1/reviews/" + id + "/judgement",
                        "{\"reviewer\":\"ann\",\"answer\":{\"label\":\"good\"}}")
                .is(201);
        var decided = caller().get("/api/v1/predictions/" + id + "?wait=10s").is(200).json();
        assertThat(decided.at("/review/output/label").asString()).isEqualTo("good");
        // Testers and batches get no answer that nobody gave.
        assertThat(predict(0, 1, "davy-arm", "live").is(409).json().path("code").asString())
                .isEqualTo("people-answer");

        begin("scratch/1").is(201);
        var shadow = rollout();
        assertThat(shadow.path("holds").asString()).contains("agreement is with what people judge");
        var done = asked(true, false, "finished");
        assertThat(done.at("/people/candidate/agreed").asLong()).isPositive();
        assertThat(done.at("/people/candidate/agreed").asLong())
                .isEqualTo(done.at("/people/candidate/compared").asLong());
        assertThat(live()).isEqualTo("scratch/1");
        var now = predict(0, 1).is(200);
        assertThat(now.header("davy-version")).isEqualTo("scratch/1");
        assertThat(now.json().at("/predictions/0").has("review")).isFalse();
    }

    @Test
    void aCandidateThatPeopleDisagreeWithGoesBackToThem() {
        caller().apply(
                        endpoint(
                                PEOPLE
                                        + """
                                        rollout:
                                          steps: [shadow for 1h, 100%]
                                          each-step: {at-least: 0s, requests: 10}
                                          guards: [{watch: agreement, at-least: 70%}]
                                        """));
        begin("scratch/2").is(201);
        var back = asked(true, false, "rolled-back");
        assertThat(back.at("/history").get(back.path("history").size() - 1).at("/why").asString())
                .startsWith("agreement is worse by");
        assertThat(live()).isEqualTo("people");
    }

    /// While it bakes, people answer for what fails.
    @Test
    void peopleAreAskedWhereTheirReplacementFails() {
        caller().apply(
                        endpoint(
                                PEOPLE
                                        + """
                                        rollout: {strategy: immediate, bake: 1h}
                                        """));
        begin("scratch/3").is(201);
        comes("scratch/3");
        assertThat(predict(1, 0).is(200).json().at("/predictions/0").has("review")).isFalse();
        var failed = predict(-1, 0).is(200).json().at("/predictions/0");
        assertThat(failed.at("/review/by").asString()).isEqualTo("safe");
        assertThat(failed.path("version").asString()).isEqualTo("people");
    }

    /// Another server's model takes tensors as columns, which is what an endpoint without one
    /// gives.
    @Test
    void anotherServersModelMayBeReplaced() {
        Caller.of(old).apply(endpoint("fallback: {answer: {label: scratch}}\n"));
        var there = "127.0.0.1:" + old.port() + "/" + name;
        caller().apply(
                        endpoint(
                                """
                                fallback: {remote: {url: "http://127.0.0.1:%d", model: %s}}
                                rollout: {strategy: immediate, bake: 1h}
                                """
                                        .formatted(old.port(), name)));
        var before = predict(1, 0).is(200);
        assertThat(before.header("davy-version")).isEqualTo(there);
        assertThat(label(before)).isEqualTo("scratch");
        var begun = begin("scratch/1").is(201).json();
        assertThat(begun.path("live").asString()).isEqualTo(there);
        assertThat(begun.at("/settings/case").asString()).isEqualTo("replace");
        comes("scratch/1");
        assertThat(label(predict(1, 0).is(200))).isEqualTo("good");
        caller().post(api("/rollout/rollback"), "{\"why\":\"a test\"}").is(200);
        assertThat(predict(1, 0).is(200).header("davy-version")).isEqualTo(there);
    }

    private static String label(Caller.Said said) {
        return said.json().at("/predictions/0/output/label").asString();
    }

    private void comes(String version) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!live().equals(version)) assertThat(System.nanoTime()).isLessThan(end);
    }

    @Test
    void saysWhatIsWrongWithAFallback() {
        var all = new ArrayList<String>();
        for (var more :
                List.of(
                        "fallback: nobody\n",
                        "fallback: people\n",
                        "fallback: {answer: {label: green}}\n",
                        "fallback: {answer: {color: good}}\n",
                        "fallback: {answer: {label: good}, rule: {label: \"'good'\"}}\n",
                        "fallback: {answer: {label: good}}\nexternal: true\n"))
            all.add(
                    caller().post("/api/v1/apply", "application/yaml", Caller.utf8(endpoint(more)))
                            .is(422)
                            .json()
                            .path("violations")
                            .toString());
        assertThat(all.get(0)).contains("it must be people, or like");
        assertThat(all.get(1)).contains("say in 'automation' what callers get");
        assertThat(all.get(2)).contains("no category of [good, scratch]");
        assertThat(all.get(3)).contains("is no output").contains("says nothing of output 'label'");
        assertThat(all.get(4)).contains("exactly one of 'answer', 'rule' and 'remote'; it has 2");
        assertThat(all.get(5)).contains("where one 'model' may come");
        var bare =
                caller().post(
                                "/api/v1/apply",
                                "application/yaml",
                                Caller.utf8(
                                        "kind: Endpoint\nname: bare\nfallback: {answer: {label: good}}\n"))
                        .is(422)
                        .json()
                        .path("violations")
                        .toString();
        assertThat(bare).contains("must declare its 'input'").contains("must declare its 'output'");
    }
}
