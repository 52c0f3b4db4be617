package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What comes to be known of predictions later, as a caller tells and reads it: each once, whatever
/// is sent again, before and after a restart.
class FeedbackTest {
    private static final String LOANS =
            """
            kind: Endpoint
            name: loans
            entity: input.customer
            input: {customer: {type: text, required: false}, amount: {type: number}}
            output: {risk: {type: category, classes: [bad, good]}}
            pipeline:
              - {name: risk, rule: {risk: "case when input.amount > 1000 then 'bad' else 'good' end"}}
            feedback: {within: 10m}
            ---
            kind: Endpoint
            name: hashed
            entity: input.customer
            input: {customer: {type: text, log: hash}, amount: {type: number}}
            pipeline:
              - {name: rule, rule: {double: "input.amount * 2"}}
            ---
            kind: Endpoint
            name: elsewhere
            external: true
            entity: input.customer
            input: {customer: {type: text}, amount: {type: number}}
            output: {risk: {type: category, classes: [bad, good]}, days: {type: number}}
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
        caller.apply(LOANS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void restart() {
        server.close();
        server = Server.start(Settings.of(folder.resolve("data")).port(0));
        caller = Caller.of(server);
    }

    private String predicted(String endpoint, String row) {
        return caller.predictRows(endpoint, "[" + row + "]").at("/0/id").asString();
    }

    private Caller.Said tell(String feedback) {
        return caller.post("/api/v1/feedback", feedback);
    }

    private JsonNode joined(String prediction) {
        return caller.get("/api/v1/predictions/" + prediction).is(200).json();
    }

    private static List<String> ids(JsonNode feedback) {
        var ids = new ArrayList<String>();
        feedback.forEach(each -> ids.add(each.get("id").asString()));
        return ids;
    }

    /// How often each feedback stands in the log.
    private Map<String, Integer> counts() {
        var counts = new TreeMap<String, Integer>();
        for (var line : caller.log("type=feedback"))
            counts.merge(line.get("id").asString(), 1, Integer::sum);
        return counts;
    }

    @Test
    void truthIsKeptOnceAndJoined() {
        var id = predicted("loans", "{\"customer\":\"c-1\",\"amount\":500}");
        var truth =
                """
                {"id":"t-1","prediction":"%s","output":"risk","truth":"bad","source":"lab"}\
                """
                        .formatted(id);
        assertThat(tell(truth).is(201).json().get("result").asString()).isEqualTo("kept");
        assertThat(tell(truth).is(200).json().get("result").asString()).isEqualTo("known");
        assertThat(joined(id).at("/truth/risk").asString()).isEqualTo("bad");
        assertThat(joined(id).at("/decision/output/risk").asString()).isEqualTo("good");
        assertThat(joined(id).at("/feedback/0/source").asString()).isEqualTo("lab");

        restart();
        assertThat(tell(truth).is(200).json().get("result").asString()).isEqualTo("known");
        assertThat(joined(id).at("/truth/risk").asString()).isEqualTo("bad");
        assertThat(counts()).isEqualTo(Map.of("t-1", 1));
    }

    @Test
    void theOrderOfFieldsDoesNotMatterToWhatIsTheSame() {
        var id = predicted("loans", "{\"amount\":500}");
        tell("{\"id\":\"t\",\"prediction\":\"" + id + "\",\"truth\":\"bad\"}").is(201);
        tell("{ \"truth\" : \"bad\", \"prediction\":\"" + id + "\", \"id\":\"t\" }").is(200);
    }

    @Test
    void theSameIdWithOtherContentIsAConflict() {
        var id = predicted("loans", "{\"amount\":500}");
        var told = "{\"id\":\"t\",\"prediction\":\"" + id + "\",\"truth\":\"bad\"}";
        tell(told).is(201);
        var other = told.replace("bad", "good");
        assertThat(tell(other).is(409).json().get("code").asString())
                .isEqualTo("feedback-conflict");
        restart();
        tell(other).is(409);
        tell(told).is(200);
        assertThat(joined(id).at("/truth/risk").asString()).isEqualTo("bad");
        assertThat(counts()).isEqualTo(Map.of("t", 1));
    }

    @Test
    void aCorrectionReplacesWhatWasSaidBefore() {
        var id = predicted("loans", "{\"amount\":500}");
        tell("{\"id\":\"first\",\"prediction\":\"" + id + "\",\"truth\":\"bad\"}").is(201);
        var correction =
                """
                {"id":"second","prediction":"%s","truth":"good","replaces":"first"}\
                """
                        .formatted(id);
        tell(correction).is(201);
        for (int round = 0; round < 2; round++) {
            var now = joined(id);
            assertThat(now.at("/truth/risk").asString()).isEqualTo("good");
            assertThat(ids(now.get("feedback"))).containsExactly("first", "second");
            assertThat(now.at("/feedback/0/replaced-by").asString()).isEqualTo("second");
            assertThat(now.at("/feedback/1/replaced-by").isMissingNode()).isTrue();
            restart();
            tell(correction).is(200);
        }
    }

    @Test
    void aJudgementIsNotTruth() {
        var id = predicted("loans", "{\"amount\":500}");
        tell("""
        {"id":"j","prediction":"%s","judgement":"bad","by":"inspector-7",
         "saw-answer":false,"instructions":"v3"}\
        """
                        .formatted(id))
                .is(201);
        var now = joined(id);
        assertThat(now.has("truth")).isFalse();
        assertThat(now.at("/feedback/0/by").asString()).isEqualTo("inspector-7");
        assertThat(now.at("/feedback/0/saw-answer").asBoolean(true)).isFalse();
        assertThat(now.at("/feedback/0/instructions").asString()).isEqualTo("v3");
        assertThat(
                        tell("{\"id\":\"k\",\"prediction\":\"" + id + "\",\"judgement\":\"bad\"}")
                                .is(422)
                                .text())
                .as("who judged must be said")
                .contains("'by'");
    }

    @Test
    void whatCannotBeTrueIsRefusedAndNotKept() {
        var id = predicted("loans", "{\"customer\":\"c-1\",\"amount\":500}");
        var refused =
                tell("{\"id\":\"t\",\"prediction\":\"" + id + "\",\"truth\":\"baad\"}").is(422);
        assertThat(refused.json().get("code").asString()).isEqualTo("label-not-allowed");
        assertThat(refused.text()).contains("baad").contains("good");
        tell("{\"id\":\"t\",\"prediction\":\"" + id + "\",\"truth\":7}").is(422);
        tell("{\"id\":\"t\",\"prediction\":\"" + id + "\",\"judgement\":\"?\",\"by\":\"x\"}")
                .is(422);
        tell("{\"id\":\"t\",\"prediction\":\"" + id + "\",\"output\":\"no\",\"truth\":\"bad\"}")
                .is(422);
        tell("{\"id\":\"t\",\"endpoint\":\"loans\",\"entity\":\"c-1\",\"truth\":\"baad\"}").is(422);
        tell("{\"id\":\"t\",\"endpoint\":\"no-such\",\"entity\":\"c-1\",\"truth\":\"bad\"}")
                .is(422);
        tell("{\"id\":\"t\",\"prediction\":\"7\",\"truth\":\"bad\"}").is(422);
        tell("{\"id\":\"t\",\"prediction\":\"" + id + "\",\"truht\":\"bad\"}").is(422);
        tell("{\"id\":\"\",\"prediction\":\"" + id + "\",\"truth\":\"bad\"}").is(422);
        assertThat(counts()).isEmpty();
        // The id was never used up by what was refused.
        tell("{\"id\":\"t\",\"prediction\":\"" + id + "\",\"truth\":\"bad\"}").is(201);
    }

    @Test
    void anEntitysEventsJoinWithinTheWindow() {
        var event = Instant.parse("2026-11-21T10:00:00Z");
        var answer =
                caller.post(
                                "/api/v1/endpoints/loans/predict?at=" + event,
                                "{\"rows\":[{\"customer\":\"c-1\",\"amount\":1}]}")
                        .is(200);
        var id = answer.header("davy-prediction-id");
        for (var minutes : List.of(-1, 0, 5, 9, 11))
            tell("""
            {"id":"e%d","endpoint":"loans","entity":"c-1","event":"redo","value":1,"at":"%s"}\
            """
                            .formatted(minutes, event.plusSeconds(60L * minutes)))
                    .is(201);
        tell("""
        {"id":"other","endpoint":"loans","entity":"c-2","event":"redo","at":"%s"}\
        """
                        .formatted(event.plusSeconds(60)))
                .is(201);
        assertThat(ids(joined(id).get("feedback"))).containsExactlyInAnyOrder("e0", "e5", "e9");
        restart();
        assertThat(ids(joined(id).get("feedback"))).containsExactlyInAnyOrder("e0", "e5", "e9");
        assertThat(counts()).hasSize(6).allSatisfy((_, count) -> assertThat(count).isEqualTo(1));
    }

    @Test
    void feedbackFromAnyTimeIsKept() {
        var id = predicted("loans", "{\"customer\":\"c-1\",\"amount\":1}");
        for (var at : List.of("1970-01-01T00:00:00Z", "2999-12-31T23:59:59Z"))
            tell("""
            {"id":"%s","prediction":"%s","truth":"bad","at":"%s"}\
            """
                            .formatted(at, id, at))
                    .is(201);
        assertThat(ids(joined(id).get("feedback"))).hasSize(2);
        tell("{\"id\":\"x\",\"prediction\":\"" + id + "\",\"truth\":\"bad\",\"at\":\"noon\"}")
                .is(422);
    }

    @Test
    void aHashedEntityIsFoundByWhatTheCallerCallsIt() throws IOException {
        var secret = "customer-93ab11f7";
        var id = predicted("hashed", "{\"customer\":\"" + secret + "\",\"amount\":2}");
        var event =
                """
                {"id":"e","endpoint":"hashed","entity":"%s","event":"paid"}\
                """
                        .formatted(secret);
        tell(event).is(201);
        tell(event).is(200);
        assertThat(ids(joined(id).get("feedback"))).containsExactly("e");
        assertThat(joined(id).toString()).doesNotContain(secret);
        server.close();
        assertThat(Grep.files(folder, secret)).isEmpty();
        start();
        tell(event).is(200);
    }

    @Test
    void anOrphanWaitsForItsPrediction() {
        var unknown = "0198c000-0000-7000-8000-000000000001";
        tell("{\"id\":\"t\",\"prediction\":\"" + unknown + "\",\"truth\":\"bad\"}").is(201);
        caller.get("/api/v1/predictions/" + unknown).is(404);

        // Of an entity the truth may come before the other server reports what it predicted.
        tell("""
        {"id":"early","endpoint":"elsewhere","entity":"c-9","output":"risk","truth":"bad",
         "at":"2026-11-21T10:01:00Z"}\
        """)
                .is(201);
        var report =
                """
                {"id":"p-1","endpoint":"elsewhere","at":"2026-11-21T10:00:00Z",
                 "input":{"customer":"c-9","amount":3},"output":{"risk":"good","days":3}}\
                """;
        var prediction =
                caller.post("/api/v1/predictions", report)
                        .is(201)
                        .json()
                        .get("prediction")
                        .asString();
        assertThat(joined(prediction).at("/truth/risk").asString()).isEqualTo("bad");
        restart();
        assertThat(joined(prediction).at("/truth/risk").asString()).isEqualTo("bad");
        assertThat(counts()).isEqualTo(Map.of("early", 1, "t", 1));
    }

    @Test
    void anOrphanIsJoinedWhenAnotherNodesLogArrives() throws IOException {
        var other = folder.resolve("other");
        String id;
        var config = Files.writeString(folder.resolve("node.yaml"), "node: 7\n");
        try (var second = Server.start(Settings.read(config, other).port(0))) {
            var there = Caller.of(second);
            there.apply(LOANS);
            id = there.predictRows("loans", "[{\"amount\":500}]").at("/0/id").asString();
        }
        var truth = "{\"id\":\"t\",\"prediction\":\"" + id + "\",\"truth\":\"bad\"}";
        tell(truth).is(201);
        caller.get("/api/v1/predictions/" + id).is(404);

        server.close();
        try (var segments = Files.list(other.resolve("log"))) {
            for (var segment : segments.filter(Files::isRegularFile).toList())
                if (segment.getFileName().toString().contains("7"))
                    Files.copy(
                            segment,
                            folder.resolve("data/log").resolve(segment.getFileName().toString()));
        }
        start();
        assertThat(joined(id).at("/truth/risk").asString()).isEqualTo("bad");
        tell(truth).is(200);
        assertThat(caller.log("type=prediction"))
                .extracting(line -> line.get("id").asString())
                .containsExactly(id);
    }

    @Test
    void aListIsTakenOneByOne() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 50; i++) ids.add(predicted("loans", "{\"amount\":" + i * 40 + "}"));
        var list = Json.array();
        for (int i = 0; i < 50; i++)
            list.addObject().put("id", "b" + i).put("prediction", ids.get(i)).put("truth", "good");
        var all = tell(Json.text(list)).is(200).json();
        assertThat(all.get("kept").asInt()).isEqualTo(50);

        list.addObject().put("id", "new").put("prediction", ids.get(3)).put("truth", "bad");
        list.addObject().put("id", "new").put("prediction", ids.get(3)).put("truth", "bad");
        list.addObject().put("id", "b7").put("prediction", ids.get(7)).put("truth", "bad");
        list.addObject().put("id", "odd").put("prediction", ids.get(7)).put("truth", "ugly");
        list.add(Caller.parsed("{\"truth\":1}"));
        list.add(4);
        var some = tell(Json.text(list)).is(207).json();
        assertThat(some.get("kept").asInt()).isEqualTo(1);
        assertThat(some.get("known").asInt()).isEqualTo(51);
        var refused = some.get("refused");
        assertThat(refused.size()).isEqualTo(4);
        assertThat(refused.at("/0/index").asInt()).isEqualTo(52);
        assertThat(refused.at("/0/code").asString()).isEqualTo("feedback-conflict");
        assertThat(refused.at("/1/code").asString()).isEqualTo("label-not-allowed");
        assertThat(refused.at("/2/index").asInt()).isEqualTo(54);
        assertThat(refused.at("/3/index").asInt()).isEqualTo(55);

        restart();
        assertThat(tell(Json.text(list)).is(207).json().get("known").asInt()).isEqualTo(52);
        assertThat(counts()).hasSize(51).allSatisfy((_, count) -> assertThat(count).isEqualTo(1));
        assertThat(tell("[]").is(200).json().get("kept").asInt()).isZero();
    }

    @Test
    void theSameFromManyAtOnceIsKeptOnce() throws Exception {
        var id = predicted("loans", "{\"amount\":500}");
        try (var threads = Executors.newFixedThreadPool(8)) {
            var tasks = new ArrayList<Callable<List<Integer>>>();
            for (int thread = 0; thread < 8; thread++)
                tasks.add(() -> {
                    var statuses = new ArrayList<Integer>();
                    for (int i = 0; i < 25; i++)
                        statuses.add(
                                tell("""
                                {"id":"same-%d","prediction":"%s","truth":"bad"}\
                                """
                                                .formatted(i, id))
                                        // 409: another call is just keeping it; sending again is
                                        // safe
                                        .is(200, 201, 409)
                                        .status());
                    return statuses;
                });
            int kept = 0;
            for (var each : threads.invokeAll(tasks))
                kept += (int) each.get().stream().filter(status -> status == 201).count();
            assertThat(kept).isEqualTo(25);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
        assertThat(counts()).hasSize(25).allSatisfy((_, count) -> assertThat(count).isEqualTo(1));
    }

    // ---- predictions that were made elsewhere

    private static String report(String id, double amount, String risk) {
        return """
        {"id":"%s","endpoint":"elsewhere","entity":"c-1","version":"v9","confidence":0.9,
         "input":{"customer":"c-1","amount":%s},"output":{"risk":"%s","days":3}}\
        """
                .formatted(id, amount, risk);
    }

    @Test
    void aReportIsKeptOnce() {
        var kept = caller.post("/api/v1/predictions", report("r-1", 5, "good")).is(201).json();
        assertThat(kept.get("result").asString()).isEqualTo("kept");
        var known = caller.post("/api/v1/predictions", report("r-1", 5, "good")).is(200).json();
        assertThat(known.get("prediction")).isEqualTo(kept.get("prediction"));
        var conflict = caller.post("/api/v1/predictions", report("r-1", 6, "good")).is(409);
        assertThat(conflict.json().get("code").asString()).isEqualTo("report-conflict");

        var id = kept.get("prediction").asString();
        tell("{\"id\":\"t\",\"prediction\":\"" + id + "\",\"output\":\"risk\",\"truth\":\"bad\"}")
                .is(201);
        tell("{\"id\":\"u\",\"prediction\":\"" + id + "\",\"truth\":\"bad\"}")
                .is(422); // which of the two?
        for (int round = 0; round < 2; round++) {
            var now = joined(id);
            assertThat(now.get("origin").asString()).isEqualTo("external");
            assertThat(now.get("version").asString()).isEqualTo("v9");
            assertThat(now.get("request").asString()).isEqualTo("r-1");
            assertThat(now.at("/input/amount").asDouble()).isEqualTo(5);
            assertThat(now.at("/decision/output/days").asDouble()).isEqualTo(3);
            assertThat(now.at("/decision/confidence").asDouble()).isEqualTo(0.9);
            assertThat(now.at("/truth/risk").asString()).isEqualTo("bad");
            restart();
            known = caller.post("/api/v1/predictions", report("r-1", 5, "good")).is(200).json();
            assertThat(known.get("prediction").asString()).isEqualTo(id);
            caller.post("/api/v1/predictions", report("r-1", 5, "bad")).is(409);
        }
        assertThat(caller.log("endpoint=elsewhere&type=prediction")).hasSize(1);
    }

    @Test
    void aListOfReportsIsTakenWholeOrNot() {
        var good = "[" + report("a", 1, "good") + "," + report("b", 2, "good") + "]";
        var taken = caller.post("/api/v1/predictions", good).is(200).json().get("predictions");
        assertThat(taken.size()).isEqualTo(2);
        var bad = "[" + report("c", 1, "good") + "," + report("d", 2, "ugly") + "]";
        assertThat(caller.post("/api/v1/predictions", bad).is(422).text()).contains("ugly");
        caller.post("/api/v1/predictions", "[" + report("c", 1, "good") + ",4]").is(422, 400);
        var conflict = "[" + report("c", 1, "good") + "," + report("a", 9, "good") + "]";
        caller.post("/api/v1/predictions", conflict).is(409);
        assertThat(caller.log("type=prediction")).hasSize(2);
        caller.post("/api/v1/predictions", report("c", 1, "good")).is(201);
        // An id sent twice in one list with one content is one prediction.
        var twice = "[" + report("e", 1, "good") + "," + report("e", 1, "good") + "]";
        var both = caller.post("/api/v1/predictions", twice).is(200).json().get("predictions");
        assertThat(both.at("/0/prediction")).isEqualTo(both.at("/1/prediction"));
        assertThat(caller.log("type=prediction")).hasSize(4);
    }

    @Test
    void nobodyAsksHereWhatIsServedElsewhere() {
        caller.predict(
                        "elsewhere",
                        "application/json",
                        Caller.utf8("{\"rows\":[{\"customer\":\"c\",\"amount\":1}]}"))
                .is(422);
        caller.post("/api/v1/predictions", report("x", 1, "good").replace("elsewhere", "no-such"))
                .is(422);
    }

    @Test
    void allOfItIsThereOnceAfterSeveralRestarts() {
        var predictions = new HashSet<String>();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 20; i++) {
                var id = predicted("loans", "{\"customer\":\"c" + i + "\",\"amount\":" + i + "}");
                predictions.add(id);
                tell("""
                {"id":"r%d-%d","prediction":"%s","truth":"good"}\
                """
                                .formatted(round, i, id))
                        .is(201);
            }
            restart();
        }
        var logged =
                caller.log("type=prediction").stream()
                        .map(line -> line.get("id").asString())
                        .toList();
        assertThat(logged).hasSize(60).doesNotHaveDuplicates().containsAll(predictions);
        assertThat(counts()).hasSize(60).allSatisfy((_, count) -> assertThat(count).isEqualTo(1));
        assertThat(logged.stream().map(UUID::fromString).toList())
                .as("ids never run backward, over restarts too")
                .isSorted();
    }
}
