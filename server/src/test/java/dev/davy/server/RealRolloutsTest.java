package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.SharedData;
import dev.davy.runtime.media.Resampling;
import dev.davy.server.PowerMarket.Twist;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Whole rollouts of real models on real data, over HTTP: the good one comes live by itself, each
/// bad one goes back by the guard that should see it, and no caller sees an error in any of them.
@Tag("slow")
class RealRolloutsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NAME = "power";

    private static final String RAMP = "shadow for 2s, 1%, 5%, 25%, 50%, 100%";

    private final Server server;
    private final Caller caller;

    RealRolloutsTest(@TempDir Path folder) {
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private PowerMarket market(String steps) throws IOException {
        var market = new PowerMarket(caller);
        // It knows what time it is, and no more.
        caller.push(NAME, market.model(1, false, Twist.NONE));
        caller.apply(
                """
                kind: Endpoint
                name: power
                model: power/1
                rollout:
                  steps: [%s]
                  each-step: {at-least: 1s, requests: 20}
                  guards:
                    - {watch: errors, worse-by: +5 points}
                    - {watch: quality.accuracy, worse-by: +10 points}
                    - {watch: latency.p50, worse-by: 20 ms}
                  deadline: 1m
                  bake: 2s
                """
                        .formatted(steps));
        return market;
    }

    private void begin(String to) {
        caller.post(
                        "/api/v1/endpoints/" + NAME + "/rollout",
                        Json.text(Json.object().put("to", to).put("why", "a test")))
                .is(201);
    }

    private static List<Integer> stages(JsonNode rollout) {
        var stages = new ArrayList<Integer>();
        for (var each : rollout.path("history"))
            if (each.at("/to").has("stage")) stages.add(each.at("/to/stage").asInt());
        return stages.stream().distinct().toList();
    }

    private static String lastWhy(JsonNode rollout) {
        var history = rollout.path("history");
        return history.get(history.size() - 1).path("why").asString();
    }

    private String live(String endpoint) {
        return caller.get("/api/v1/endpoints/" + endpoint)
                .is(200)
                .json()
                .at("/live/model")
                .asString();
    }

    private void goesBack(PowerMarket market, String guard) throws InterruptedException {
        var back = market.over(NAME, PATIENCE);
        assertThat(back.at("/state/is").asString())
                .as(back.toPrettyString())
                .isEqualTo("rolled-back");
        assertThat(lastWhy(back)).contains(guard);
        assertThat(back.path("guards"))
                .as("what it was decided by is still there")
                .anyMatch(each ->
                        each.path("watch").asString().equals(guard)
                                && each.path("verdict").asString().equals("worse"));
        // What is asked from now on is answered by live alone.
        var before = market.arms().getOrDefault("candidate", 0);
        Thread.sleep(Duration.ofMillis(500));
        assertThat(market.arms().getOrDefault("candidate", 0) - before)
                .as("answered by the candidate after the rollback")
                .isLessThanOrEqualTo(2);
        market.hush();
        assertThat(market.wrong()).isEmpty();
        assertThat(live(NAME)).isEqualTo("power/1");
    }

    @Test
    void aBetterModelComesLiveByItself() throws Exception {
        try (var market = market(RAMP)) {
            caller.push(NAME, market.model(6, false, Twist.NONE));
            market.ask(NAME, 2);
            begin("power/2");
            var done = market.over(NAME, PATIENCE);
            assertThat(done.at("/state/is").asString())
                    .as(done.toPrettyString())
                    .isEqualTo("finished");
            assertThat(stages(done)).containsExactly(0, 1, 2, 3, 4);
            assertThat(done.at("/shadow/asked").asLong()).isPositive();
            market.hush();
            assertThat(market.wrong()).isEmpty();
            assertThat(market.arms()).containsKeys("live", "candidate");
            assertThat(live(NAME)).isEqualTo("power/2");
        }
    }

    @Test
    void oneThatWasTaughtWrongLabelsGoesBackByItsQuality() throws Exception {
        try (var market = market(RAMP)) {
            caller.push(NAME, market.model(6, true, Twist.NONE));
            market.ask(NAME, 2);
            begin("power/2");
            goesBack(market, "quality.accuracy");
        }
    }

    @Test
    void oneThatNeedsFiftyMillisecondsMoreGoesBackByItsTime() throws Exception {
        try (var market = market("1%, 5%, 25%, 50%, 100%")) {
            caller.push(NAME, market.model(6, false, Twist.SLOW));
            market.ask(NAME, 2);
            begin("power/2");
            goesBack(market, "latency.p50");
        }
    }

    /// Recorded requests, which a candidate has to answer before it gets traffic, don't show it:
    /// the first months know nothing of what comes.
    @Test
    void oneThatAnswersNaNGoesBackByItsErrors() throws Exception {
        try (var market = market("1%, 5%, 25%, 50%, 100%")) {
            caller.push(NAME, market.model(6, false, Twist.NAN_LATER));
            market.from(PowerMarket.NEIGHBOUR_JOINS - 600);
            market.askOnly(NAME, 600);
            begin("power/2");
            market.ask(NAME, 2);
            goesBack(market, "errors");
        }
    }

    // ---- equal on the whole, broken on a part

    private static final String HEARS =
            """
            kind: Endpoint
            name: hears
            input:
              audio: {type: audio}
              rate: {type: category, classes: ["8000", "16000"]}
            output:
              heard: {type: category, classes: [speech, silence]}
            pipeline:
              - {name: vad, model: silero/1, input: {speech: input.audio}}
              - {name: heard, rule: {heard: "case when vad.speech >= 0.5 then 'speech' else 'silence' end"}}
            rollout:
              steps: [50%, 100%]
              each-step: {at-least: 1s, requests: 20}
              guards:
                - {watch: errors, worse-by: +10 points}
                - {watch: quality.recall(speech), worse-by: +35 points, slices: [rate]}
              deadline: 1m
              bake: 2s
            """;

    /// One caller in four still records at 8 kHz, which the candidate takes without an error and
    /// hears nothing in.
    @Test
    void oneThatIsDeafToEightKilohertzIsStoppedByTheGuardOfThatSlice() throws Exception {
        var silero = SharedData.folder("silero-vad");
        var recordings = recordings();
        var folder = Caller.repository("examples/voice-digits/models/silero");
        caller.push("silero", Caller.bundle(folder, silero.resolve("silero_vad.onnx")));
        var other = Caller.bundle(folder, silero.resolve("silero_vad_16k_op15.onnx"));
        var yaml = new String(other.get("model.yaml"), StandardCharsets.UTF_8);
        other.put(
                "model.yaml",
                Caller.utf8(yaml.replace("silero_vad.onnx", "silero_vad_16k_op15.onnx")));
        caller.push("silero", other);
        caller.apply(HEARS);
        var stop = new AtomicBoolean();
        var wrong = new ConcurrentHashMap<String, Integer>();
        var asking =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; !stop.get(); i++)
                                try {
                                    hear(recordings.get(i % recordings.size()), i % 4 == 0);
                                } catch (AssertionError | RuntimeException e) {
                                    wrong.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
                                }
                        });
        try {
            caller.post("/api/v1/endpoints/hears/rollout", "{\"to\":\"silero/2\"}").is(201);
            JsonNode now = Json.object();
            for (int i = 0; i < 600; i++) {
                now = caller.get("/api/v1/endpoints/hears/rollout").is(200).json();
                if (!now.at("/state/is").asString().equals("running")) break;
                Thread.sleep(Duration.ofMillis(100));
            }
            assertThat(now.at("/state/is").asString())
                    .as(now.toPrettyString())
                    .isEqualTo("rolled-back");
            assertThat(lastWhy(now))
                    .contains("quality.recall(speech)", "rate=8000")
                    .doesNotContain("rate=16000");
        } finally {
            stop.set(true);
            asking.join();
        }
        assertThat(wrong).isEmpty();
    }

    private void hear(short[] samples, boolean old) {
        int rate = old ? 8_000 : 16_000;
        var body = Json.object();
        body.putArray("rows")
                .addObject()
                .put(
                        "audio",
                        Base64.getEncoder()
                                .encodeToString(wav(rate, old ? samples : doubled(samples))))
                .put("rate", String.valueOf(rate));
        var said = caller.post("/api/v1/endpoints/hears/predict", Json.text(body)).is(200).json();
        var id = said.at("/predictions/0/id").asString();
        // Somebody says a digit in each of them.
        caller.post(
                        "/api/v1/feedback",
                        Json.text(
                                Json.object()
                                        .put("id", "said-" + id)
                                        .put("prediction", id)
                                        .put("truth", "speech")))
                .is(201);
    }

    /// Of two speakers, at 8 kHz, without their 44 bytes in front.
    private static List<short[]> recordings() throws IOException {
        var all = new ArrayList<short[]>();
        var folder = SharedData.folder("fsdd").resolve("recordings");
        try (var files = Files.newDirectoryStream(folder, "*_{george,jackson}_*.wav")) {
            for (var file : files) {
                var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
                var samples = new short[(bytes.capacity() - 44) / 2];
                bytes.order(ByteOrder.LITTLE_ENDIAN).position(44).asShortBuffer().get(samples);
                all.add(samples);
            }
        }
        return all;
    }

    private static short[] doubled(short[] samples) {
        var floats = new float[samples.length];
        for (int i = 0; i < samples.length; i++) floats[i] = samples[i];
        var more = Resampling.resample(floats, 8_000, 16_000);
        var all = new short[more.length];
        for (int i = 0; i < all.length; i++)
            all[i] = (short) Math.clamp(Math.round(more[i]), Short.MIN_VALUE, Short.MAX_VALUE);
        return all;
    }

    private static byte[] wav(int rate, short[] samples) {
        var head = ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        head.put(Caller.utf8("RIFF")).putInt(36 + 2 * samples.length).put(Caller.utf8("WAVEfmt "));
        head.putInt(16).putShort((short) 1).putShort((short) 1).putInt(rate).putInt(2 * rate);
        head.putShort((short) 2).putShort((short) 16);
        head.put(Caller.utf8("data")).putInt(2 * samples.length);
        for (short sample : samples) head.putShort(sample);
        return head.array();
    }
}
