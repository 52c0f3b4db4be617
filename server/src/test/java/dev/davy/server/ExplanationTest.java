package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.runtime.Png;
import dev.davy.runtime.SharedData;
import dev.davy.runtime.TinyOnnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What an answer hung on, asked over HTTP: of models of which it is known.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplanationTest {
    private static final int SIZE = 32;

    private final Server server;
    private final Caller caller;
    private final Random chance = new Random(20_251_120);

    ExplanationTest(@TempDir Path folder) {
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private JsonNode explained(String endpoint, String prediction, String query) {
        return caller.get(
                        "/api/v1/endpoints/%s/predictions/%s/explanation%s"
                                .formatted(endpoint, prediction, query))
                .is(200)
                .json();
    }

    /// Calls a picture `lit` by one eighth of its width and height, the third from the left and the
    /// second from above.
    private void pushLamp() {
        var weights = new float[SIZE * SIZE];
        for (int y = 4; y < 8; y++) for (int x = 8; x < 12; x++) weights[y * SIZE + x] = 1 / 16f;
        var model =
                new TinyOnnx()
                        .input("image", TinyOnnx.FLOAT, "N", 1, SIZE, SIZE)
                        .output("scores", TinyOnnx.FLOAT, "N", 2)
                        .weights(TinyOnnx.floats("w", new long[] {1, 1, SIZE, SIZE}, weights))
                        .weights(TinyOnnx.longs("axes", new long[] {2}, 2, 3))
                        .weights(TinyOnnx.floats("slope", new long[] {1, 2}, -8, 8))
                        .weights(TinyOnnx.floats("offset", new long[] {2}, 4, -4))
                        .add("Mul", "image w", "seen")
                        .add("ReduceSum", "seen axes", "light", TinyOnnx.integer("keepdims", 0))
                        .add("MatMul", "light slope", "sloped")
                        .add("Add", "sloped offset", "shifted")
                        .add("Softmax", "shifted", "scores", TinyOnnx.integer("axis", 1));
        caller.push(
                "lamp",
                Map.of(
                        "model.yaml",
                        Caller.utf8(
                                """
                                kind: Model
                                input:
                                  photo: {type: image, to: image, scale: 255}
                                output:
                                  lamp: {type: category, scores: scores, classes: [dark, lit]}
                                """),
                        "model.onnx",
                        model.bytes()));
        caller.endpoint("lamp", "lamp/1");
    }

    private byte[] photo(boolean lit) {
        var pixels = new byte[SIZE * SIZE];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) chance.nextInt(120);
        if (lit)
            for (int y = 4; y < 8; y++)
                for (int x = 8; x < 12; x++) pixels[y * SIZE + x] = (byte) 255;
        return Png.grey(SIZE, SIZE, pixels);
    }

    private String asked(String endpoint, String type, byte[] body) {
        return caller.predict(endpoint, type, body)
                .is(200)
                .json()
                .at("/predictions/0/id")
                .asString();
    }

    @Test
    void ofAPictureThePlaceThatTheModelLooksAt() {
        pushLamp();
        var id = asked("lamp", "image/png", photo(true));
        long logged = caller.log("type=prediction").size();
        var said = explained("lamp", id, "");
        assertThat(said.path("method").asString()).isEqualTo("occlusion");
        assertThat(said.path("version").asString()).isEqualTo("lamp/1");
        assertThat(said.at("/of/output").asString()).isEqualTo("lamp");
        assertThat(said.at("/of/class").asString()).isEqualTo("lit");
        assertThat(said.path("base").asDouble()).isGreaterThan(0.99);
        assertThat(said.at("/grid/width").asInt()).isEqualTo(SIZE);
        var values = said.at("/grid/values");
        assertThat(values).hasSize(64);
        double most = values.get(8 + 2).asDouble();
        assertThat(most).isGreaterThan(0.5);
        for (int y = 0; y < 8; y++)
            for (int x = 0; x < 8; x++)
                if (Math.abs(y - 1) > 1 || Math.abs(x - 2) > 1)
                    assertThat(values.get(8 * y + x).asDouble())
                            .as("%d, %d", x, y)
                            .isCloseTo(0, within(1e-6));
                else assertThat(values.get(8 * y + x).asDouble()).isLessThanOrEqualTo(most);
        // The other class has the opposite map.
        var dark = explained("lamp", id, "?class=dark").at("/grid/values");
        assertThat(dark.get(8 + 2).asDouble()).isCloseTo(-most, within(1e-4));
        assertThat(explained("lamp", id, "?cells=16").at("/grid/values")).hasSize(256);
        // Nothing of it is among what callers asked.
        assertThat(caller.log("type=prediction")).hasSize((int) logged);
    }

    @Test
    void ofARowWhatMovedTheScore() {
        var model =
                new TinyOnnx()
                        .input("age", TinyOnnx.FLOAT, "N", 1)
                        .input("debt", TinyOnnx.FLOAT, "N", 1)
                        .input("noise", TinyOnnx.FLOAT, "N", 1)
                        .output("risk", TinyOnnx.FLOAT, "N", 1)
                        .weights(TinyOnnx.floats("two", new long[] {1}, 2))
                        .weights(TinyOnnx.floats("none", new long[] {1}, 0))
                        .add("Mul", "debt two", "twice")
                        .add("Mul", "noise none", "nothing")
                        .add("Sub", "twice age", "sum")
                        .add("Add", "sum nothing", "risk");
        caller.push(
                "risk",
                Map.of(
                        "model.yaml",
                        Caller.utf8(
                                """
                                kind: Model
                                input:
                                  age: {type: number}
                                  debt: {type: number}
                                  noise: {type: number}
                                output:
                                  risk: {type: number}
                                """),
                        "model.onnx",
                        model.bytes()));
        caller.endpoint("risk", "risk/1");
        var alone =
                caller.predictRows("risk", "[{\"age\":1,\"debt\":1,\"noise\":1}]")
                        .at("/0/id")
                        .asString();
        assertThat(
                        caller.get(
                                        "/api/v1/endpoints/risk/predictions/%s/explanation"
                                                .formatted(alone))
                                .is(422)
                                .json()
                                .path("code")
                                .asString())
                .isEqualTo("nothing-to-compare-with");
        // The recent rows are read once a minute; those of another endpoint are read now.
        caller.endpoint("risk-2", "risk/1");
        double debts = 0;
        for (int i = 0; i < 200; i++) {
            int debt = chance.nextInt(10);
            debts += debt / 200.0;
            caller.predictRows(
                    "risk-2",
                    "[{\"age\":40,\"debt\":%d,\"noise\":%d}]".formatted(debt, chance.nextInt(10)));
        }
        var id =
                caller.predictRows("risk-2", "[{\"age\":40,\"debt\":50,\"noise\":5}]")
                        .at("/0/id")
                        .asString();
        var said = explained("risk-2", id, "");
        assertThat(said.path("method").asString()).isEqualTo("shapley-sampling");
        assertThat(said.at("/of/output").asString()).isEqualTo("risk");
        assertThat(said.path("base").asDouble()).isEqualTo(60);
        assertThat(said.path("recent").asInt()).isEqualTo(200);
        var columns = said.path("columns");
        assertThat(columns.findValuesAsString("name")).containsExactly("age", "debt", "noise");
        assertThat(columns.at("/0/push").asDouble()).isZero();
        assertThat(columns.at("/2/push").asDouble()).isZero();
        // Twice what it is above the mean, as far as the sample tells.
        assertThat(columns.at("/1/push").asDouble()).isCloseTo(2 * (50 - debts), within(3.0));
        assertThat(columns.at("/1/push-error").asDouble()).isBetween(0.1, 1.0);
        assertThat(columns.at("/1/percentile").asDouble()).isEqualTo(1);
        assertThat(columns.at("/1/high").asDouble()).isLessThanOrEqualTo(9);
        assertThat(columns.at("/0/percentile").asDouble()).isEqualTo(0.5);
        assertThat(explained("risk-2", id, "")).isEqualTo(said);

        var values = explained("risk-2", id, "?values-only");
        assertThat(values.path("method").asString()).isEqualTo("none");
        assertThat(values.has("of")).isFalse();
        assertThat(values.at("/columns/1/percentile").asDouble()).isEqualTo(1);
        assertThat(values.at("/columns/1").has("push")).isFalse();
    }

    @Test
    void ofARecordingWhenItWasSaid() throws IOException {
        var silero = SharedData.folder("silero-vad").resolve("silero_vad.onnx");
        var kws = SharedData.folder("matchboxnet-kws").resolve("matchboxnet.onnx");
        var digits = Caller.repository("examples/voice-digits");
        caller.push("silero", Caller.bundle(digits.resolve("models/silero"), silero));
        caller.push("kws", Caller.bundle(digits.resolve("models/kws"), kws));
        caller.apply(Files.readString(digits.resolve("real.yaml")));
        var nine = SharedData.folder("fsdd").resolve("recordings/9_jackson_0.wav");
        var id = asked("voice-digits", "audio/wav", Files.readAllBytes(nine));
        var said = explained("voice-digits", id, "");
        assertThat(said.path("method").asString()).isEqualTo("occlusion");
        // The word is made by a rule; the recogniser behind it has the scores.
        assertThat(said.at("/of/class").asString()).isEqualTo("nine");
        assertThat(said.at("/of/score").asString()).isEqualTo("score");
        assertThat(said.at("/grid/rows").asInt()).isEqualTo(1);
        assertThat(said.at("/grid/values")).hasSize(16);
        assertThat(said.at("/grid/seconds").asDouble()).isBetween(0.2, 1.0);
        double most = 0;
        for (var each : said.at("/grid/values")) most = Math.max(most, each.asDouble());
        assertThat(most).isGreaterThan(0.05);
    }

    @Test
    void saysWhyNot() {
        var body =
                """
                kind: Endpoint
                name: lamp-forgets
                model: lamp/1
                capture: {rows: all, blobs: none}
                """;
        if (caller.get("/api/v1/models/lamp").status() == 404) pushLamp();
        caller.apply(body);
        var id = asked("lamp-forgets", "image/png", photo(false));
        var at = "/api/v1/endpoints/lamp-forgets/predictions/" + id + "/explanation";
        assertThat(caller.get(at).is(404).json().path("code").asString())
                .isEqualTo("content-not-kept");
        caller.get(at + "?cells=1").is(400);
        caller.get("/api/v1/endpoints/other/predictions/" + id + "/explanation").is(404);
        caller.get("/api/v1/endpoints/lamp-forgets/predictions/nonsense/explanation").is(400);
    }
}
