package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Whole rollouts on a running server, over HTTP, with callers who must never see an error.
class RolloutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final AtomicReference<Server> server = new AtomicReference<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Thread> callers = new ArrayList<>();
    private final ConcurrentHashMap<String, Integer> wrong = new ConcurrentHashMap<>();

    RolloutTest(@TempDir Path folder) {
        this.folder = folder;
        server.set(Server.start(Settings.of(folder).port(0)));
    }

    private Caller caller() {
        return Caller.of(server.get());
    }

    /// `label` is `high` when the score is above a half.
    private static TinyOnnx scoring(Consumer<TinyOnnx> score) {
        var model =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 2)
                        .output("y", TinyOnnx.FLOAT, "N", 2);
        score.accept(model);
        return model;
    }

    private static TinyOnnx plus(float added) {
        return scoring(model ->
                model.weights(TinyOnnx.floats("a", new long[] {1}, added)).add("Add", "x a", "y"));
    }

    @BeforeEach
    void serves() {
        caller().push("plus", plus(1).bytes());
        // Another file that answers the same.
        caller().push(
                        "plus",
                        scoring(model ->
                                        model.weights(TinyOnnx.floats("a", new long[] {2}, 1, 1))
                                                .add("Add", "x a", "y"))
                                .bytes());
        caller().apply(
                        """
                        kind: Endpoint
                        name: plus
                        model: plus/1
                        rollout:
                          steps: [shadow for 1s, 10%, 50%, 100%]
                          each-step: {at-least: 1s, requests: 20}
                          guards:
                            - {watch: errors, worse-by: +20 points}
                          bake: 1s
                        """);
    }

    @AfterEach
    void end() throws InterruptedException {
        hush();
        server.get().close();
    }

    private void hush() throws InterruptedException {
        stop.set(true);
        for (var each : callers) each.join();
        callers.clear();
        stop.set(false);
    }

    /// Asks all the time, from many entities, and tells the truth of each answer when it is asked
    /// to.
    private void traffic(float x) {
        callers.add(
                Thread.ofPlatform()
                        .start(() -> {
                            var asking = caller();
                            for (int i = 0; !stop.get(); i++) {
                                var said =
                                        asking.send(
                                                "POST",
                                                "/v2/models/plus/infer",
                                                Caller.utf8(
                                                        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[%s,0]}]}"
                                                                .formatted(i % 2 == 0 ? x : 1)),
                                                "davy-entity",
                                                "e" + i,
                                                "Content-Type",
                                                "application/json");
                                if (said.status() != 200) wrong.merge(said.text(), 1, Integer::sum);
                            }
                        }));
    }

    private JsonNode rollout() {
        return caller().get("/api/v1/endpoints/plus/rollout").is(200).json();
    }

    private JsonNode await(String state) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        var now = rollout();
        while (!now.at("/state/is").asString().equals(state) && System.nanoTime() < until) {
            Thread.sleep(100);
            now = rollout();
        }
        assertThat(now.at("/state/is").asString()).as(now.toPrettyString()).isEqualTo(state);
        return now;
    }

    private JsonNode begin(int version) {
        return caller().post(
                        "/api/v1/endpoints/plus/rollout",
                        Json.object().put("to", "plus/" + version).put("why", "a test").toString())
                .is(201)
                .json();
    }

    @Test
    void anEqualCandidateComesLiveByItself() throws InterruptedException {
        traffic(1);
        begin(2);
        var done = await("finished");
        var stages = new ArrayList<Integer>();
        for (var each : done.path("history"))
            if (each.at("/to").has("stage")) stages.add(each.at("/to/stage").asInt());
        assertThat(stages).startsWith(0).contains(1, 2);
        var endpoint = caller().get("/api/v1/endpoints/plus").is(200).json();
        assertThat(endpoint.at("/live/model").asString()).isEqualTo("plus/2");
        assertThat(endpoint.has("candidate")).isFalse();
        assertThat(server.get().davy().endpoints().standing("plus").isolated()).isFalse();
        var then = done.at("/history/0/at").asString();
        assertThat(
                        caller().get("/api/v1/endpoints/plus/at?time=" + Caller.encoded(then))
                                .is(200)
                                .json()
                                .at("/stood/live/model")
                                .asString())
                .isEqualTo("plus/1");
        hush();
        assertThat(wrong).isEmpty();
    }

    @Test
    void oneThatAnswersNaNIsRolledBackAndNoCallerSeesIt() throws InterruptedException {
        caller().push("plus", scoring(model -> model.add("Sqrt", "x", "y")).bytes());
        traffic(-1);
        begin(3);
        var back = await("rolled-back");
        var history = (ArrayNode) back.path("history");
        assertThat(history.get(history.size() - 1).path("why").asString()).contains("errors");
        assertThat(caller().get("/api/v1/endpoints/plus").json().at("/live/model").asString())
                .isEqualTo("plus/1");
        hush();
        assertThat(wrong).isEmpty();
        // It is tried again only by name.
        caller().post(
                        "/api/v1/endpoints/plus/rollout",
                        Json.object().put("to", "plus/3").toString())
                .is(409);
    }

    /// There is no live arm any more to compare it with: it is held against what live did before.
    @Test
    void oneThatBeginsToAnswerNaNAfterItsPromotionGoesBackByItself() throws InterruptedException {
        // The square root of a negative number is not a number.
        caller().push("plus", scoring(model -> model.add("Sqrt", "x", "y")).bytes());
        caller().apply(
                        """
                        kind: Endpoint
                        name: plus
                        model: plus/1
                        rollout:
                          steps: [50%, 100%]
                          each-step: {at-least: 1s, requests: 20}
                          guards:
                            - {watch: errors, worse-by: +5 points}
                          bake: 1h
                        """);
        traffic(1);
        begin(3);
        await("baking");
        hush();
        traffic(-1);
        var back = await("rolled-back");
        assertThat(back.at("/history").get(back.at("/history").size() - 1).at("/why").asString())
                .startsWith("errors is worse by");
        assertThat(wrong).isEmpty();
        assertThat(server.get().davy().endpoints().standing("plus").live()).containsValue("plus/1");
    }

    @Test
    void goesOnWhereItWasAfterAStop() throws InterruptedException {
        traffic(1);
        begin(2);
        await("running");
        hush();
        var before = rollout();
        server.get().close();
        server.set(Server.start(Settings.of(folder).port(0)));
        var after = rollout();
        assertThat(after.path("id")).isEqualTo(before.path("id"));
        assertThat(after.at("/history/0")).isEqualTo(before.at("/history/0"));
        traffic(1);
        await("finished");
        assertThat(wrong).isEmpty();
    }

    @Test
    void aPersonPausesResumesAndRollsBack() throws InterruptedException {
        traffic(1);
        begin(2);
        command("pause", 200);
        assertThat(rollout().at("/state/is").asString()).isEqualTo("paused");
        command("resume", 200);
        assertThat(rollout().at("/state/is").asString()).isEqualTo("running");
        command("rollback", 200);
        assertThat(rollout().at("/state/is").asString()).isEqualTo("rolled-back");
        command("rollback", 404);
        hush();
        assertThat(wrong).isEmpty();
    }

    private void command(String verb, int status) {
        caller().post("/api/v1/endpoints/plus/rollout/" + verb, "{\"why\":\"I say so\"}")
                .is(status);
    }
}
