package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.runtime.TinyOnnx;
import dev.davy.serving.Assignment;
import dev.davy.serving.Beside;
import dev.davy.serving.Change;
import dev.davy.strict.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// A candidate beside live, in a running server: who answers, who answers for it, and what the log
/// says of it.
class ArmsTest {
    private static final String NAME = "plus";

    private final Server server;
    private final Caller caller;

    ArmsTest(@TempDir Path folder) {
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
    }

    /// How a caller may come in.
    enum Way {
        ROWS,
        TENSORS
    }

    @BeforeEach
    void serves() {
        assertThat(caller.push("plus", plus(1).bytes())).isEqualTo(1);
        assertThat(caller.push("plus", plus(2).bytes())).isEqualTo(2);
        caller.endpoint(NAME, "plus/1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static TinyOnnx two() {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 2)
                .output("y", TinyOnnx.FLOAT, "N", 2);
    }

    private static TinyOnnx plus(float added) {
        return two().weights(TinyOnnx.floats("a", new long[] {1}, added)).add("Add", "x a", "y");
    }

    private void beside(int version, double share, double shadow) {
        int buckets = (int) Math.round(share * Assignment.BUCKETS);
        server.davy()
                .endpoints()
                .beside(
                        NAME,
                        new Beside(Map.of("model", "plus/" + version), buckets, shadow),
                        Change.by("anna", "a test"));
    }

    private record Answered(double value, String arm, String version) {}

    private Answered ask(Way way, float x, String entity, String... headers) {
        var all = new ArrayList<>(List.of("davy-entity", entity));
        all.addAll(List.of(headers));
        all.add("Content-Type");
        all.add("application/json");
        var body =
                way == Way.ROWS
                        ? "{\"rows\":[{\"x\":[%s,0]}]}".formatted(x)
                        : "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[%s,0]}]}"
                                .formatted(x);
        var path =
                way == Way.ROWS
                        ? "/api/v1/endpoints/" + NAME + "/predict"
                        : "/v2/models/" + NAME + "/infer";
        var said = caller.send("POST", path, Caller.utf8(body), all.toArray(String[]::new)).is(200);
        var value =
                way == Way.ROWS
                        ? said.json().at("/predictions/0/output/y/0")
                        : said.json().at("/outputs/0/data/0");
        return new Answered(value.asDouble(), said.header("davy-arm"), said.header("davy-version"));
    }

    private JsonNode last() {
        return caller.log("type=prediction&endpoint=" + NAME).getLast();
    }

    @ParameterizedTest
    @EnumSource
    void keepsAnEntityOnItsArmWhileTheShareRises(Way way) {
        var before = new HashMap<Integer, String>();
        for (double share : List.of(0.0, 0.1, 0.5, 1.0)) {
            beside(2, share, 0);
            int candidates = 0;
            for (int i = 0; i < 200; i++) {
                var answer = ask(way, 5, "e" + i);
                boolean isCandidate = answer.arm().equals("candidate");
                if (isCandidate) candidates++;
                assertThat(answer.value()).isEqualTo(isCandidate ? 7 : 6);
                assertThat(answer.version()).isEqualTo(isCandidate ? "plus/2" : "plus/1");
                if ("candidate".equals(before.put(i, answer.arm())))
                    assertThat(isCandidate).isTrue();
            }
            assertThat(candidates / 200.0).isBetween(share - 0.12, share + 0.12);
        }
        var logged = last();
        assertThat(logged.at("/arm").asString()).isEqualTo("candidate");
        assertThat(logged.at("/arm-assigned").asString()).isEqualTo("candidate");
    }

    @ParameterizedTest
    @EnumSource
    void liveAnswersForACandidateThatFails(Way way) {
        // The square root of a negative number is not a number.
        caller.push("plus", two().add("Sqrt", "x", "y").bytes());
        beside(3, 1, 0);
        assertThat(ask(way, 4, "e").value()).isEqualTo(2);
        var answer = ask(way, -4, "e");
        assertThat(answer).isEqualTo(new Answered(-3, "live", "plus/1"));
        var logged = last();
        assertThat(logged.toString())
                .contains(
                        "\"arm-assigned\":\"candidate\"", "candidate-failure", "answer-not-finite");
        assertThat(server.davy().endpoints().table().route(NAME).orElseThrow().statistics())
                .satisfies(each -> assertThat(each.answeredInstead()).isEqualTo(1));
        assertThat(caller.get("/metrics").is(200).text())
                .contains("davy_answered_instead_total{endpoint=\"" + NAME + "\"} 1.0")
                .contains("davy_shadows_dropped_total{endpoint=\"" + NAME + "\"} 0.0");
    }

    /// Its second column goes missing for what is not above zero, which is not found before
    /// somebody reads the answer; what shared a run with it is answered by the candidate as ever.
    @ParameterizedTest
    @EnumSource
    void liveAnswersForACandidateWhoseAnswerCantBeRead(Way way) {
        var columns =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 2)
                        .output("y", TinyOnnx.FLOAT, "N", "K")
                        .weights(TinyOnnx.floats("zero", new long[] {}, 0))
                        .add(
                                "ReduceMin",
                                "x",
                                "least",
                                TinyOnnx.integers("axes", 0),
                                TinyOnnx.integer("keepdims", 0))
                        .add("Greater", "least zero", "are")
                        .add("Compress", "x are", "y", TinyOnnx.integer("axis", 1));
        var whole =
                new TinyOnnx()
                        .input("x", TinyOnnx.FLOAT, "N", 2)
                        .output("y", TinyOnnx.FLOAT, "N", "K")
                        .add("Identity", "x", "y");
        var second =
                Caller.utf8("kind: Model\noutput:\n  second: {type: number, from: y, index: 1}\n");
        for (var model : List.of(whole, columns))
            caller.push("second", Map.of("model.yaml", second, "model.onnx", model.bytes()));
        caller.endpoint("second", "second/1");
        server.davy()
                .endpoints()
                .beside(
                        "second",
                        new Beside(Map.of("model", "second/2"), Assignment.BUCKETS, 0),
                        Change.by("anna", "a test"));
        assertThat(second(way, 3).header("davy-arm")).isEqualTo("candidate");
        var answer = second(way, -3);
        assertThat(answer.header("davy-arm")).isEqualTo("live");
        assertThat(answer.text()).contains("-3");
        assertThat(caller.log("type=prediction&endpoint=second").getLast().toString())
                .contains(
                        "\"arm-assigned\":\"candidate\"",
                        "candidate-failure",
                        "model-broke-contract");
    }

    private Caller.Said second(Way way, float value) {
        var body =
                way == Way.ROWS
                        ? "{\"rows\":[{\"x\":[1,%s]}]}".formatted(value)
                        : "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,%s]}]}"
                                .formatted(value);
        var path = way == Way.ROWS ? "/api/v1/endpoints/second/predict" : "/v2/models/second/infer";
        return caller.post(path, body).is(200);
    }

    @ParameterizedTest
    @EnumSource
    void liveAnswersForACandidateThatIsTooSlow(Way way) {
        // A matrix whose size is a thousand times the largest number, times itself.
        var slow =
                two().weights(TinyOnnx.longs("axis", new long[] {1}, 0))
                        .weights(TinyOnnx.longs("thousand", new long[] {1}, 1_000))
                        .weights(TinyOnnx.longs("axes", new long[] {2}, 0, 1))
                        .add("ReduceMax", "x", "m", TinyOnnx.integer("keepdims", 0))
                        .add("Cast", "m", "i", TinyOnnx.integer("to", TinyOnnx.INT64))
                        .add("Unsqueeze", "i axis", "u")
                        .add("Mul", "u thousand", "n")
                        .add("Concat", "n n", "wide", TinyOnnx.integer("axis", 0))
                        .add("ConstantOfShape", "wide", "w")
                        .add("MatMul", "w w", "p")
                        .add("ReduceSum", "p axes", "z", TinyOnnx.integer("keepdims", 1))
                        .add("Add", "x z", "y");
        caller.push("plus", slow.bytes());
        caller.apply("kind: Endpoint\nname: plus\nmodel: plus/1\ndeadline: 1s\n");
        beside(3, 1, 0);
        assertThat(ask(way, 6, "e")).isEqualTo(new Answered(7, "live", "plus/1"));
        assertThat(last().toString()).contains("candidate-failure", "candidate-nanos");
    }

    @Test
    void aShadowAnswersIntoTheLogOnly() throws InterruptedException {
        beside(2, 0, 1);
        for (int i = 0; i < 20; i++) {
            assertThat(ask(Way.TENSORS, i, "e").arm()).isEqualTo("live");
            assertThat(ask(Way.ROWS, i, "e").arm()).isEqualTo("live");
        }
        List<JsonNode> shadows = List.of();
        for (int i = 0; i < 100 && shadows.size() < 40; i++) {
            Thread.sleep(50);
            shadows = caller.log("type=shadow&endpoint=" + NAME);
        }
        assertThat(shadows).hasSize(40);
        for (var each : shadows)
            assertThat(each.at("/output/y/0").asDouble())
                    .isEqualTo(each.at("/live/y/0").asDouble() + 1);
        assertThat(caller.log("type=prediction&endpoint=" + NAME)).hasSize(40);
    }

    @Test
    void aTesterMayPinAnArm() {
        beside(2, 0, 0);
        assertThat(ask(Way.ROWS, 1, "e").arm()).isEqualTo("live");
        assertThat(ask(Way.ROWS, 1, "e", "davy-arm", "candidate").value()).isEqualTo(3);
        assertThat(ask(Way.TENSORS, 1, "e", "davy-arm", "candidate").value()).isEqualTo(3);
        assertThat(last().toString()).contains("\"pinned\":\"true\"");
    }

    @Test
    void promotesAndRollsBackWithoutLoadingAnything() {
        beside(2, 0.1, 0);
        var endpoints = server.davy().endpoints();
        endpoints.promote(NAME, Change.by("anna", "good"));
        assertThat(ask(Way.TENSORS, 1, "e")).isEqualTo(new Answered(3, "live", "plus/2"));
        assertThat(endpoints.standing(NAME).kept()).containsValue("plus/1");
        endpoints.rollBack(NAME, Change.by("anna", "bad after all"));
        assertThat(ask(Way.TENSORS, 1, "e")).isEqualTo(new Answered(2, "live", "plus/1"));
        assertThatThrownBy(() -> endpoints.rollBack(NAME, Change.by("anna", "again")))
                .isInstanceOf(Problem.class);
        beside(2, 0.1, 0);
        endpoints.promote(NAME, Change.by("anna", "good"));
        endpoints.settle(NAME, false, Change.by("anna", "it has proven itself"));
        assertThat(endpoints.standing(NAME).isolated()).isFalse();
        assertThat(ask(Way.ROWS, 1, "e")).isEqualTo(new Answered(3, "live", "plus/2"));
    }

    @Test
    void refusesACandidateThatCallersCouldNotTalkTo() {
        var other =
                new TinyOnnx()
                        .input("z", TinyOnnx.FLOAT, "N", 3)
                        .output("y", TinyOnnx.FLOAT, "N", 3)
                        .add("Relu", "z", "y");
        caller.push("plus", other.bytes());
        assertThatThrownBy(() -> beside(3, 0.1, 0))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem ->
                                assertThat(problem.violations())
                                        .anyMatch(each -> each.contains("input 'z'")));
        assertThat(ask(Way.TENSORS, 1, "e").arm()).isEqualTo("live");
    }

    @Tag("slow")
    @Test
    void noRequestFailsOrMixesArmsWhileArmsAreSwitched() throws InterruptedException {
        beside(2, 0.5, 0);
        var stop = new AtomicBoolean();
        var wrong = ConcurrentHashMap.<String>newKeySet();
        var asking = new ArrayList<Thread>();
        for (var way : Way.values())
            asking.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; !stop.get(); i++)
                                    try {
                                        var answer = ask(way, 1, "e" + i);
                                        double wanted = answer.version().equals("plus/2") ? 3 : 2;
                                        if (answer.value() != wanted) wrong.add(answer.toString());
                                    } catch (AssertionError | RuntimeException e) {
                                        wrong.add(String.valueOf(e.getMessage()));
                                    }
                            }));
        var endpoints = server.davy().endpoints();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            endpoints.promote(NAME, Change.by("anna", "on"));
            seen.add(endpoints.standing(NAME).live().toString());
            endpoints.rollBack(NAME, Change.by("anna", "off"));
            seen.add(endpoints.standing(NAME).live().toString());
            beside(2, 0.5, 0);
        }
        stop.set(true);
        for (var each : asking) each.join();
        assertThat(wrong).isEmpty();
        assertThat(seen).hasSize(2);
    }

    @Test
    void aFlipThatCantBeKeptTakesNoEpochTwice() {
        beside(2, 1, 0);
        var endpoints = server.davy().endpoints();
        var noDisk =
                new Change(
                        "anna",
                        "a full disk",
                        (_, _) -> {
                            throw new IllegalStateException("full");
                        });
        long before = endpoints.standing(NAME).epoch();
        assertThatThrownBy(() -> endpoints.promote(NAME, noDisk)).hasMessage("full");
        assertThat(ask(Way.ROWS, 1, "e")).isEqualTo(new Answered(3, "candidate", "plus/2"));
        // Harm that was stopped does not begin again for want of a disk.
        assertThatThrownBy(() -> endpoints.rollBack(NAME, noDisk)).hasMessage("full");
        assertThat(ask(Way.ROWS, 1, "e")).isEqualTo(new Answered(2, "live", "plus/1"));
        assertThat(endpoints.standing(NAME).epoch()).isEqualTo(before);

        long shown = endpoints.table().route(NAME).orElseThrow().epoch();
        assertThat(shown).isGreaterThan(before);
        assertThat(endpoints.rollBack(NAME, Change.by("anna", "again"))).isGreaterThan(shown);
        assertThat(endpoints.standing(NAME).candidate()).isEmpty();
    }
}
