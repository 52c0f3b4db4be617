package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.monitoring.notify.NotifySettings;
import dev.davy.strict.Json;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What people decide, as callers, reviewers and operators meet it over HTTP.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReviewTest {
    private static final String LOANS =
            """
            kind: Endpoint
            name: loans
            deadline: 20s
            input: {amount: {type: number}}
            output: {risk: {type: category, classes: [bad, good]}}
            pipeline:
              - {name: risk, rule: {risk: "case when input.amount > 1000 then 'bad' else 'good' end"}}
            automation:
            """;

    @TempDir private Path folder = Path.of("");
    private Server server = nothing();
    private Caller caller = Caller.at("http://127.0.0.1:1");

    @SuppressWarnings("NullAway") // set before each test
    private static Server nothing() {
        return null;
    }

    @BeforeEach
    void start() {
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void declare(String automation) {
        caller.apply(LOANS + automation.indent(2));
    }

    private Caller.Said ask(double amount) {
        return caller.post(
                "/api/v1/endpoints/loans/predict", "{\"rows\":[{\"amount\":" + amount + "}]}");
    }

    private static String id(Caller.Said said) {
        return said.json().at("/predictions/0/id").asString();
    }

    /// The cases before a reviewer, once there are so many.
    private JsonNode next(String reviewer, int cases) {
        while (true) {
            var found =
                    caller.post(
                                    "/api/v1/endpoints/loans/reviews/next",
                                    "{\"reviewer\":\"%s\",\"ahead\":%d}"
                                            .formatted(reviewer, Math.max(0, cases - 1)))
                            .is(200)
                            .json();
            if (found.get("reviews").size() >= cases) return found.get("reviews");
            Thread.onSpinWait();
        }
    }

    private Caller.Said judge(String prediction, String reviewer, String risk) {
        return caller.post(
                "/api/v1/reviews/" + prediction + "/judgement",
                "{\"reviewer\":\"%s\",\"answer\":{\"risk\":\"%s\"},\"seconds\":2.5}"
                        .formatted(reviewer, risk));
    }

    private JsonNode automation() {
        return caller.get("/api/v1/endpoints/loans/automation").is(200).json();
    }

    @Test
    void aPersonDecidesWhatNoModelIsAsked() {
        declare("{level: human-only, while-in-review: {answer: {risk: bad}}}");
        var said = ask(500).is(200);
        assertThat(said.json().at("/predictions/0/output/risk").asString()).isEqualTo("bad");
        assertThat(said.json().at("/predictions/0/review/by").asString()).isEqualTo("safe");
        var prediction = id(said);
        var review = next("ann", 1).get(0);
        assertThat(review.get("prediction").asString()).isEqualTo(prediction);
        assertThat(review.get("sees-answer").asBoolean()).isFalse();
        assertThat(review.at("/input/amount").asDouble()).isEqualTo(500);
        assertThat(review.get("classes")).hasSize(2);
        assertThat(judge(prediction, "ann", "good").is(201).json().at("/review/state").asString())
                .isEqualTo("decided");
        // The same again changes nothing.
        judge(prediction, "ann", "good").is(200);
        var joined = caller.get("/api/v1/predictions/" + prediction + "?wait=10s").is(200).json();
        assertThat(joined.at("/review/state").asString()).isEqualTo("decided");
        assertThat(joined.at("/review/by").asString()).isEqualTo("ann");
        assertThat(joined.at("/review/output/risk").asString()).isEqualTo("good");
        // No model was asked.
        assertThat(joined.get("components")).isEmpty();
        assertThat(joined.at("/feedback/0/judgement").asString()).isEqualTo("good");
        assertThat(joined.at("/feedback/0/by").asString()).isEqualTo("ann");
        assertThat(joined.at("/feedback/0/saw-answer").asBoolean()).isFalse();
        // A correction replaces what was said before.
        judge(prediction, "ann", "bad").is(201);
        joined = caller.get("/api/v1/predictions/" + prediction).is(200).json();
        assertThat(joined.at("/review/output/risk").asString()).isEqualTo("bad");
        assertThat(joined.get("feedback")).hasSize(2);
        assertThat(joined.at("/feedback/0/replaced-by").isMissingNode()).isFalse();
    }

    @Test
    void aCallerWaitsForThePerson() throws Exception {
        declare("{level: assist, while-in-review: wait}");
        try (var threads = Executors.newSingleThreadExecutor()) {
            var waiting = threads.submit(() -> ask(5_000));
            var review = next("ann", 1).get(0);
            assertThat(review.get("sees-answer").asBoolean()).isTrue();
            assertThat(review.at("/answer/output/risk").asString()).isEqualTo("bad");
            judge(review.get("prediction").asString(), "ann", "good").is(201);
            var said = waiting.get().is(200).json();
            assertThat(said.at("/predictions/0/output/risk").asString()).isEqualTo("good");
            assertThat(said.at("/predictions/0/review/by").asString()).isEqualTo("ann");
        }
    }

    @Test
    void aClientInTensorsWaitsForThePersonToo() throws Exception {
        declare("{level: assist, while-in-review: wait}");
        try (var threads = Executors.newSingleThreadExecutor()) {
            var waiting =
                    threads.submit(() ->
                            caller.post(
                                    "/v2/models/loans/infer",
                                    """
                                    {"inputs":[{"name":"amount","datatype":"FP64","shape":[1,1],"data":[9.0]}]}\
                                    """));
            var review = next("ann", 1).get(0);
            judge(review.get("prediction").asString(), "ann", "bad").is(201);
            assertThat(waiting.get().is(200).json().at("/outputs/0/data/0").asString())
                    .isEqualTo("bad");
        }
    }

    @Test
    void whereTheModelIsSureItDecidesAlone() {
        declare(
                "{level: partial, alone-when: input.amount < 900 and input.amount > 0, spot-check: 100%, while-in-review: refuse}");
        var alone = ask(100).is(200);
        assertThat(alone.json().at("/predictions/0/output/risk").asString()).isEqualTo("good");
        var refused = ask(950).is(409).json();
        assertThat(refused.get("code").asString()).isEqualTo("in-review");
        var seen = new HashSet<String>();
        for (var each : next("ann", 2)) {
            seen.add(each.get("prediction").asString());
            // What it decided alone is checked by people who don't know what it said.
            assertThat(each.get("sees-answer").asBoolean())
                    .isEqualTo(!each.get("prediction").asString().equals(id(alone)));
        }
        assertThat(seen).hasSize(2).contains(id(alone));
        var joined = caller.get("/api/v1/predictions/" + id(alone)).is(200).json();
        assertThat(joined.at("/decision/asked").asDouble()).isEqualTo(1);
        assertThat(joined.at("/decision/by").asString()).isEqualTo("live");
        assertThat(joined.at("/review/why").asString()).isEqualTo("spot-check");
        for (var each : caller.log("type=prediction"))
            if (!each.get("id").asString().equals(id(alone))) {
                assertThat(each.at("/decision/by").asString()).isEqualTo("review");
                assertThat(each.at("/decision/reason").asString())
                        .isEqualTo("not input.amount < 900");
            }
    }

    @Test
    void aFullQueueTakesNoMore() {
        declare(
                "{level: assist, while-in-review: {answer: {risk: bad}}, queue: {at-most: 2, when-full: refuse}}");
        ask(1).is(200);
        ask(2).is(200);
        // The queue is counted as cases are made of the log.
        while (automation().at("/queue/open").asInt() < 2) Thread.onSpinWait();
        assertThat(ask(3).is(409).json().get("code").asString()).isEqualTo("in-review");
        assertThat(automation().at("/queue/open").asInt()).isEqualTo(2);
    }

    @Test
    void reviewersAreBlindToEachOtherAndATieAsksOneMore() {
        declare("{level: shadow, reviewers: 2, while-in-review: {answer: {risk: bad}}}");
        var prediction = id(ask(1));
        var first = next("ann", 1).get(0);
        assertThat(first.get("sees-answer").asBoolean()).isFalse();
        judge(prediction, "ann", "good").is(201);
        // Nobody is asked twice.
        assertThat(reviews("ann")).isEmpty();
        assertThat(next("bob", 1).get(0).path("decision").isMissingNode()).isTrue();
        var tied = judge(prediction, "bob", "bad").is(201).json();
        assertThat(tied.at("/review/tie").asBoolean()).isTrue();
        next("cid", 1);
        var ruled = judge(prediction, "cid", "good").is(201).json();
        assertThat(ruled.at("/review/decision/by").asString()).isEqualTo("consensus");
        assertThat(ruled.at("/review/decision/output/risk").asString()).isEqualTo("good");
    }

    private JsonNode reviews(String reviewer) {
        return caller.post(
                        "/api/v1/endpoints/loans/reviews/next",
                        "{\"reviewer\":\"" + reviewer + "\"}")
                .is(200)
                .json()
                .get("reviews");
    }

    @Test
    void aCaseBelongsToOneReviewerAtATimeAndCanBeLeft() {
        declare("{level: assist, while-in-review: {answer: {risk: bad}}}");
        var prediction = id(ask(1));
        assertThat(next("ann", 1).get(0).get("prediction").asString()).isEqualTo(prediction);
        assertThat(reviews("bob")).isEmpty();
        // Asked again she has the same one.
        assertThat(next("ann", 1).get(0).get("prediction").asString()).isEqualTo(prediction);
        caller.post(
                        "/api/v1/reviews/" + prediction + "/skip",
                        "{\"reviewer\":\"ann\",\"why\":\"I know the applicant\"}")
                .is(204);
        assertThat(reviews("ann")).isEmpty();
        assertThat(next("bob", 1).get(0).get("prediction").asString()).isEqualTo(prediction);
        judge(prediction, "bob", "good").is(201);
        var back =
                caller.delete("/api/v1/reviews/" + prediction + "/judgement?reviewer=bob")
                        .is(200)
                        .json();
        assertThat(back.get("state").asString()).isEqualTo("open");
        assertThat(next("bob", 1).get(0).get("prediction").asString()).isEqualTo(prediction);
        judge(prediction, "bob", "bad").is(201);
        var joined = caller.get("/api/v1/predictions/" + prediction).is(200).json();
        assertThat(joined.get("feedback")).hasSize(2);
        assertThat(joined.at("/feedback/0/replaced-by").isMissingNode()).isFalse();
    }

    @Test
    void nobodyCameInTime() {
        declare(
                "{level: assist, while-in-review: {answer: {risk: bad}}, deadline: 1s, if-nobody: model}");
        var prediction = id(ask(1));
        var joined = caller.get("/api/v1/predictions/" + prediction + "?wait=60s").is(200).json();
        assertThat(joined.at("/review/by").asString()).isEqualTo("nobody");
        assertThat(joined.at("/review/output/risk").asString()).isEqualTo("good");
    }

    @Test
    void aLevelIsChangedLiveAndEveryChangeIsAnEvent() {
        var text = "{level: assist, while-in-review: {answer: {risk: bad}}}";
        declare(text);
        assertThat(automation().get("level").asString()).isEqualTo("assist");
        var changed =
                caller.post(
                                "/api/v1/endpoints/loans/automation",
                                "{\"level\":\"full\",\"why\":\"the night shift is away\"}")
                        .is(200)
                        .json();
        assertThat(changed.get("level").asString()).isEqualTo("full");
        assertThat(ask(1).is(200).json().at("/predictions/0/output/risk").asString())
                .isEqualTo("good");
        // Applying the same text again does nothing; a restart neither.
        declare(text);
        assertThat(automation().get("level").asString()).isEqualTo("full");
        server.close();
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
        assertThat(automation().get("level").asString()).isEqualTo("full");
        assertThat(caller.get("/api/v1/events?kind=endpoint&name=loans").is(200).text())
                .contains("automation changed")
                .contains("the night shift is away");
        // Another declaration counts again.
        declare("{level: shadow, while-in-review: {answer: {risk: bad}}}");
        assertThat(automation().get("level").asString()).isEqualTo("shadow");
        caller.post(
                        "/api/v1/endpoints/loans/automation",
                        "{\"level\":\"partial\",\"why\":\"let it try\"}")
                .is(422);
    }

    @Test
    void mistakesInADeclarationAreNamed() {
        var said =
                caller.post(
                        "/api/v1/apply",
                        "application/yaml",
                        (LOANS
                                        + """
                                          level: partial
                                          spot-chekc: 2%
                                          while-in-review: {answer: {risk: perhaps}}
                                          levels: [{where: confidence > 0.5, level: full}]
                                          if-nobody: model
                                        """)
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        var text = said.is(422).text();
        assertThat(text)
                .contains("alone-when")
                .contains("spot-chekc")
                .contains("perhaps")
                .contains("'where'")
                .contains("deadline");
    }

    @Test
    void whatWasDecidedAndWhatWaitsSurvivesARestart() {
        declare("{level: assist, while-in-review: {answer: {risk: bad}}}");
        var decided = id(ask(1));
        next("ann", 1);
        judge(decided, "ann", "good").is(201);
        var open = id(ask(2));
        next("bob", 1);
        server.close();
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
        var joined = caller.get("/api/v1/predictions/" + decided).is(200).json();
        assertThat(joined.at("/review/output/risk").asString()).isEqualTo("good");
        assertThat(next("bob", 1).get(0).get("prediction").asString()).isEqualTo(open);
        assertThat(caller.log("type=feedback")).hasSize(1);
        assertThat(Json.text(automation())).contains("\"open\":1");
    }

    @Test
    void anAlarmStepsTheLevelDownAndOnlyAPersonStepsItUpAgain() {
        caller.apply(
                LOANS.replace(
                                "automation:\n",
                                """
                                origin: replay
                                window: 1m
                                monitors: [{watch: errors, above: 100%}, {watch: input.amount.mean, above: 2000}]
                                automation:
                                """)
                        + "{level: partial, alone-when: not alarm('input.amount.mean'), while-in-review: {answer: {risk: bad}}}"
                                .indent(2));
        assertThat(ask(10).json().at("/predictions/0/review").isMissingNode()).isTrue();
        // What is normal is learned first.
        var rows = new StringBuilder();
        for (int second = 0; second < 40 * 60; second += 3)
            rows.append(second == 0 ? "" : ",")
                    .append(
                            "{\"at\":\"2026-01-01T10:%02d:%02dZ\",\"input\":{\"amount\":%d}}"
                                    .formatted(
                                            second / 60,
                                            second % 60,
                                            second < 1_800 ? 10 + second % 13 : 9_000));
        caller.post("/api/v1/endpoints/loans/replay", "{\"rows\":[" + rows + "]}").is(200);
        while (!automation().get("level").asString().equals("assist")) Thread.onSpinWait();
        var down = automation();
        assertThat(down.get("stepped-down").asBoolean()).isTrue();
        assertThat(down.get("why").asString()).contains("input.amount");
        assertThat(ask(10).json().at("/predictions/0/review/why").asString()).isEqualTo("level");
        assertThat(caller.get("/api/v1/events?kind=endpoint&name=loans").text())
                .contains("automation stepped down");
        // It rings on; a person who has looked at it is not overruled by the same alarm.
        caller.post(
                        "/api/v1/endpoints/loans/automation",
                        "{\"level\":\"partial\",\"why\":\"seen, it is the new form\"}")
                .is(200);
        // The condition goes on asking while it rings.
        assertThat(ask(10).json().at("/predictions/0/review/why").asString())
                .isEqualTo("alarm('input.amount.mean')");
        assertThat(automation().get("level").asString()).isEqualTo("partial");
    }

    @Test
    void slicesHaveLevelsOfTheirOwn() {
        declare(
                "{level: full, levels: [{where: input.amount > 5000, level: human-only}, {where: input.amount > 900, level: assist}], while-in-review: {answer: {risk: bad}}}");
        assertThat(ask(10).json().at("/predictions/0/review").isMissingNode()).isTrue();
        var assist = id(ask(1_000));
        var people = id(ask(6_000));
        for (var each : next("ann", 2)) {
            boolean isPeoples = each.get("prediction").asString().equals(people);
            assertThat(each.get("level").asString()).isEqualTo(isPeoples ? "human-only" : "assist");
            assertThat(each.has("answer")).isEqualTo(!isPeoples);
        }
        assertThat(caller.get("/api/v1/predictions/" + people).json().get("components")).isEmpty();
        assertThat(caller.get("/api/v1/predictions/" + assist).json().get("components")).hasSize(1);
        // Several rows of one request, each by its own slice.
        var mixed =
                caller.post(
                                "/api/v1/endpoints/loans/predict",
                                "{\"rows\":[{\"amount\":1},{\"amount\":7000},{\"amount\":2}]}")
                        .is(200)
                        .json();
        assertThat(mixed.at("/predictions/0/review").isMissingNode()).isTrue();
        assertThat(mixed.at("/predictions/1/review/by").asString()).isEqualTo("safe");
        assertThat(mixed.at("/predictions/2/output/risk").asString()).isEqualTo("good");
        // One slice steps back, the rest stays.
        caller.post(
                        "/api/v1/endpoints/loans/automation",
                        "{\"level\":\"full\",\"where\":\"input.amount > 900\",\"why\":\"they agree\"}")
                .is(200);
        assertThat(ask(1_000).json().at("/predictions/0/review").isMissingNode()).isTrue();
        assertThat(ask(6_000).json().at("/predictions/0/review/by").asString()).isEqualTo("safe");
    }

    @Test
    void aDecisionIsToldToAWebhook() throws Exception {
        var told = new java.util.concurrent.LinkedBlockingQueue<String>();
        var receiver =
                com.sun.net.httpserver.HttpServer.create(
                        new java.net.InetSocketAddress(
                                java.net.InetAddress.getLoopbackAddress(), 0),
                        0);
        receiver.createContext(
                "/",
                exchange -> {
                    told.add(
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    java.nio.charset.StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        receiver.start();
        server.close();
        server =
                Server.start(
                        Settings.of(folder.resolve("data"))
                                .port(0)
                                .deliveries(
                                        new NotifySettings(
                                                Optional.empty(), Set.of("127.0.0.1"), Map.of())));
        caller = Caller.of(server);
        caller.apply(
                LOANS.replace(
                                "automation:\n",
                                "notify: [{webhook: \"http://127.0.0.1:%d/decided\", on: [decisions]}]\nautomation:\n"
                                        .formatted(receiver.getAddress().getPort()))
                        + "{level: assist, while-in-review: {answer: {risk: bad}}}".indent(2));
        var prediction = id(ask(1));
        next("ann", 1);
        judge(prediction, "ann", "good").is(201);
        var message = told.take();
        assertThat(message).contains("dev.davy.decision").contains(prediction).contains("good");
        receiver.stop(0);
    }
}
