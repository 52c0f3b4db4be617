package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.runtime.Png;
import dev.davy.runtime.SharedData;
import dev.davy.runtime.TinyOnnx;
import dev.davy.runtime.media.Resampling;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.strict.Audio;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// Real models, pushed and served, give the numbers that were measured beforehand, whichever way
/// they are asked.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealModelsTest {
    /// Of a long recording its beginning: each number after it depends on the state carried so far.
    private static final int FRAMES = 60;

    private static final String DIGITS =
            """
            kind: Model
            file: mnist-7.onnx
            input:
              image: {type: image, to: Input3, scale: 255}
            output:
              digit: {type: category, scores: Plus214_Output_0, activation: softmax,
                      classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]}
              logits: {type: vector, from: Plus214_Output_0}
            """;

    private static final String LIGHT =
            """
            kind: Model
            input:
              tile: {type: image, to: image, scale: 255, method: area}
            output:
              light: {type: number}
            """;

    private final Path silero = SharedData.folder("silero-vad");
    private final Path kws = SharedData.folder("matchboxnet-kws");
    private final Path mnist = SharedData.folder("mnist");
    private final Path fsdd = SharedData.folder("fsdd");
    private final Path tiles = SharedData.folder("magnetic-tile");

    private final Vertx vertx = Vertx.vertx();
    private final Server server;
    private final Caller caller;
    private final GrpcCaller grpc;

    RealModelsTest(@TempDir Path folder) {
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
        grpc = new GrpcCaller(vertx, server.port());
    }

    @BeforeAll
    void pushes() throws IOException {
        // As files alone ...
        push("silero-file", silero.resolve("silero_vad.onnx"));
        push("silero-16k-file", silero.resolve("silero_vad_16k_op15.onnx"));
        push("kws-file", kws.resolve("matchboxnet.onnx"));
        push("mnist-file", mnist.resolve("mnist-7.onnx"));
        // ... and with a word on how to read recordings and images.
        var examples = Caller.repository("examples/voice-digits/models");
        push(
                "silero",
                Caller.bundle(examples.resolve("silero"), silero.resolve("silero_vad.onnx")));
        push("kws", Caller.bundle(examples.resolve("kws"), kws.resolve("matchboxnet.onnx")));
        push(
                "mnist",
                Map.of(
                        "model.yaml",
                        Caller.utf8(DIGITS),
                        "mnist-7.onnx",
                        Files.readAllBytes(mnist.resolve("mnist-7.onnx"))));
        push("light", Map.of("model.yaml", Caller.utf8(LIGHT), "model.onnx", brightness().bytes()));
        caller.apply(Files.readString(Caller.repository("examples/voice-digits/real.yaml")));
    }

    @AfterAll
    void stop() {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void push(String name, Path onnx) throws IOException {
        assertThat(caller.push(name, Files.readAllBytes(onnx))).isEqualTo(1);
        caller.endpoint(name, name + "/1");
    }

    private void push(String name, Map<String, byte[]> bundle) {
        assertThat(caller.push(name, bundle)).isEqualTo(1);
        caller.endpoint(name, name + "/1");
    }

    /// A model that answers the mean brightness of a 64 x 48 grey image, in shares of white.
    private static TinyOnnx brightness() {
        return new TinyOnnx()
                .input("image", TinyOnnx.FLOAT, "N", 1, 48, 64)
                .output("mean", TinyOnnx.FLOAT, "N")
                .add(
                        "ReduceMean",
                        "image",
                        "mean",
                        TinyOnnx.integers("axes", 1, 2, 3),
                        TinyOnnx.integer("keepdims", 0));
    }

    private Map<String, OipTensor> infer(OipWay way, String model, OipTensor... inputs) {
        return way.infer(caller, grpc, model, inputs);
    }

    private static OipTensor output(Map<String, OipTensor> outputs, String name) {
        return Objects.requireNonNull(outputs.get(name), () -> name + " of " + outputs.keySet());
    }

    private static JsonNode samples(Path file) throws IOException {
        return Json.read(Files.readAllBytes(file), Limits.DEFAULT).get("samples");
    }

    /// The expectations name files from the folder above `data`.
    private static byte[] shared(JsonNode sample, String field) throws IOException {
        var relative = Path.of(sample.get(field).asString());
        var set = SharedData.folder(relative.getName(1).toString());
        return Files.readAllBytes(set.resolve(relative.subpath(2, relative.getNameCount())));
    }

    private static void close(double[] actual, JsonNode expected, double tolerance, String what) {
        for (int at = 0; at < actual.length; at++)
            assertThat(actual[at])
                    .as("%s, number %d", what, at)
                    .isCloseTo(expected.get(at).asDouble(), within(tolerance));
    }

    // ---- tensors

    @ParameterizedTest
    @CsvSource({
        "JSON, silero-file, expected.json",
        "BINARY, silero-file, expected.json",
        "GRPC, silero-file, expected.json",
        "JSON, silero-16k-file, expected_16k_op15.json",
        "BINARY, silero-16k-file, expected_16k_op15.json",
        "GRPC, silero-16k-file, expected_16k_op15.json"
    })
    void theCallerCarriesTheStateOfSilero(OipWay way, String model, String expected)
            throws IOException {
        for (var sample : samples(silero.resolve(expected))) {
            var frames = new Frames(sample);
            var state = OipTensor.floats("state", List.of(2L, 1L, 128L), new float[256]);
            var sr = OipTensor.longs("sr", List.of(), frames.rate);
            var found = new double[frames.count];
            for (int frame = 0; frame < frames.count; frame++) {
                var samples = frames.frame(frame);
                var outputs =
                        infer(
                                way,
                                model,
                                OipTensor.floats(
                                        "input", List.of(1L, (long) samples.length), samples),
                                state,
                                sr);
                found[frame] = output(outputs, "output").numbers()[0];
                state = output(outputs, "stateN").named("state");
                assertThat(state.shape()).containsExactly(2L, 1L, 128L);
            }
            close(found, sample.get("probabilities"), 1e-4, sample.get("file").asString());
        }
    }

    @ParameterizedTest
    @CsvSource({"silero-file, expected.json", "silero-16k-file, expected_16k_op15.json"})
    void inTheJvmTooTheCallerCarriesTheStateOfSilero(String model, String expected)
            throws IOException {
        var endpoint = server.davy().endpoint(model);
        for (var sample : samples(silero.resolve(expected))) {
            var frames = new Frames(sample);
            var state = new float[256];
            var found = new double[frames.count];
            for (int frame = 0; frame < frames.count; frame++) {
                var said =
                        endpoint.predict(
                                Row.of(
                                        "input",
                                        frames.frame(frame),
                                        "state",
                                        state,
                                        "sr",
                                        frames.rate));
                found[frame] = (Double) Objects.requireNonNull(said.outputs().get("output"));
                state = (float[]) Objects.requireNonNull(said.outputs().get("stateN"));
            }
            close(found, sample.get("probabilities"), 1e-4, sample.get("file").asString());
        }
    }

    /// A recording cut as the model wants it: each frame with the end of the one before in front.
    private static final class Frames {
        final long rate;
        final int count;
        private final float[] samples;
        private final int chunk;
        private final int context;

        Frames(JsonNode sample) throws IOException {
            var sound = Audio.decode(shared(sample, "file"), Limits.DEFAULT);
            rate = sample.get("model_rate").asLong();
            samples = Resampling.resample(sound.samples(), sound.rate(), (int) rate);
            chunk = sample.get("chunk").asInt();
            context = sample.get("context").asInt();
            count = Math.min(FRAMES, sample.get("probabilities").size());
        }

        float[] frame(int number) {
            var frame = new float[context + chunk];
            for (int k = 0; k < frame.length; k++) {
                int at = number * chunk - context + k;
                if (at >= 0 && at < samples.length) frame[k] = samples[at];
            }
            return frame;
        }
    }

    @ParameterizedTest
    @EnumSource
    void matchboxnetAnswersFeatures(OipWay way) throws IOException {
        for (var sample : samples(kws.resolve("expected.json"))) {
            var input =
                    new OipTensor(
                            "audio_signal",
                            "FP32",
                            List.of(1L, 64L, 101L),
                            Files.readAllBytes(kws.resolve(sample.get("input").asString())));
            var logits = output(infer(way, "kws-file", input), "logits");
            assertThat(logits.shape()).containsExactly(1L, 35L);
            close(logits.numbers(), sample.get("logits"), 1e-3, sample.get("wav").asString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void mnistAnswersPixels(OipWay way) throws IOException {
        var images = digits(5);
        for (var sample : samples(mnist.resolve("expected.json"))) {
            var pixels = floats(images[sample.get("index").asInt()]);
            var raw = infer(way, "mnist-file", image(pixels));
            close(
                    output(raw, "Plus214_Output_0").numbers(),
                    sample.get("logits_raw_0_255"),
                    1e-2,
                    "0 to 255");
            for (int at = 0; at < pixels.length; at++) pixels[at] /= 255;
            var scaled = infer(way, "mnist-file", image(pixels));
            close(
                    output(scaled, "Plus214_Output_0").numbers(),
                    sample.get("logits_scaled_0_1"),
                    1e-4,
                    "0 to 1");
        }
    }

    private static OipTensor image(float[] pixels) {
        return OipTensor.floats("Input3", List.of(1L, 1L, 28L, 28L), pixels);
    }

    private static float[] floats(byte[] grey) {
        var floats = new float[grey.length];
        for (int at = 0; at < grey.length; at++) floats[at] = grey[at] & 0xFF;
        return floats;
    }

    private byte[][] digits(int count) throws IOException {
        var file = mnist.resolve("t10k-part-images-idx3-ubyte.gz");
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            in.skipNBytes(16);
            var images = new byte[count][];
            for (int at = 0; at < count; at++) images[at] = in.readNBytes(28 * 28);
            return images;
        }
    }

    @Test
    void inTheJvmFeaturesAndPixelsAreRows() throws IOException {
        for (var sample : samples(kws.resolve("expected.json"))) {
            var raw = Files.readAllBytes(kws.resolve(sample.get("input").asString()));
            var features = new OipTensor("", "FP32", List.of(), raw).numbers();
            var row = new float[features.length];
            for (int at = 0; at < row.length; at++) row[at] = (float) features[at];
            var said = server.davy().endpoint("kws-file").predict(Row.of("audio_signal", row));
            close(vector(said.outputs().get("logits")), sample.get("logits"), 1e-3, "logits");
        }
        var images = digits(5);
        for (var sample : samples(mnist.resolve("expected.json"))) {
            var pixels = floats(images[sample.get("index").asInt()]);
            var said = server.davy().endpoint("mnist-file").predict(Row.of("Input3", pixels));
            close(
                    vector(said.outputs().get("Plus214_Output_0")),
                    sample.get("logits_raw_0_255"),
                    1e-2,
                    "0 to 255");
        }
    }

    private static double[] vector(@Nullable Object value) {
        var floats = (float[]) Objects.requireNonNull(value);
        var doubles = new double[floats.length];
        for (int at = 0; at < floats.length; at++) doubles[at] = floats[at];
        return doubles;
    }

    // ---- files

    @Test
    void digitsGoInAsPngFiles() throws IOException {
        var images = digits(5);
        for (var sample : samples(mnist.resolve("expected.json"))) {
            var png = Png.grey(28, 28, images[sample.get("index").asInt()]);
            var answer = caller.predict("mnist", "image/png", png).is(200);
            var output = answer.json().at("/predictions/0/output");
            var label = String.valueOf(sample.get("label").asInt());
            assertThat(output.get("digit").asString()).isEqualTo(label);
            close(vector(output.get("logits")), sample.get("logits_scaled_0_1"), 1e-4, "logits");
            assertThat(answer.header("davy-prediction-id"))
                    .isEqualTo(answer.json().at("/predictions/0/id").asString());
            assertThat(answer.header("davy-arm")).isEqualTo("live");
            assertThat(answer.header("davy-version")).isEqualTo("mnist/1");
            var here =
                    server.davy()
                            .endpoint("mnist")
                            .predict(Row.of("image", new Media("image/png", png)));
            assertThat(here.outputs()).containsEntry("digit", label);
        }
    }

    private static double[] vector(JsonNode list) {
        var doubles = new double[list.size()];
        for (int at = 0; at < doubles.length; at++) doubles[at] = list.get(at).asDouble();
        return doubles;
    }

    @Test
    void tilesGoInAsJpegFiles() throws IOException {
        int seen = 0;
        for (var line : Files.readAllLines(tiles.resolve("manifest.csv"))) {
            var cells = line.split(",", -1);
            if (cells[0].equals("file") || ++seen % 12 != 0) continue;
            var jpeg = Files.readAllBytes(tiles.resolve(cells[0]));
            var answer = caller.predict("light", "image/jpeg", jpeg).is(200).json();
            // Averaging over areas keeps the mean up to rounding at uneven borders.
            assertThat(answer.at("/predictions/0/output/light").asDouble() * 255)
                    .as(cells[0])
                    .isCloseTo(Double.parseDouble(cells[7]), within(1.0));
            var id = answer.at("/predictions/0/id").asString();
            var kept = caller.get("/api/v1/predictions/" + id).is(200).json().at("/input/tile");
            assertThat(kept.get("content-type").asString()).isEqualTo("image/jpeg");
            assertThat(kept.get("bytes").asInt()).isEqualTo(jpeg.length);
            assertThat(kept.get("width").asInt()).isEqualTo(Integer.parseInt(cells[5]));
            assertThat(kept.get("brightness").asDouble())
                    .isCloseTo(Double.parseDouble(cells[7]), within(0.6));
        }
        assertThat(seen).isGreaterThan(400);
    }

    @Test
    void wordsGoInAsWavFiles() throws IOException {
        for (var sample : samples(kws.resolve("expected.json"))) {
            var wav = shared(sample, "wav");
            var answer = caller.predict("kws", "audio/wav", wav).is(200).json();
            var said = answer.at("/predictions/0");
            assertThat(said.at("/output/word").asString()).isEqualTo(sample.get("word").asString());
            assertThat(said.get("confidence").asDouble())
                    .isCloseTo(sample.get("softmax_max").asDouble(), within(1e-3));
            var here =
                    server.davy()
                            .endpoint("kws")
                            .predict(Row.of("audio", new Media("audio/wav", wav)));
            assertThat(here.outputs()).containsEntry("word", sample.get("word").asString());
        }
    }

    @Test
    void sileroFramesWholeRecordings() throws IOException {
        for (var sample : samples(silero.resolve("expected.json"))) {
            var answer = caller.predict("silero", "audio/wav", shared(sample, "file")).is(200);
            double most = Arrays.stream(vector(sample.get("probabilities"))).max().orElseThrow();
            assertThat(answer.json().at("/predictions/0/output/speech").asDouble())
                    .as(sample.get("file").asString())
                    .isCloseTo(most, within(1e-4));
        }
    }

    @Test
    void spokenDigitsAreHeardAsMeasured() throws IOException {
        int clips = 0;
        for (var clip : clips(16)) {
            clips++;
            var wav = Files.readAllBytes(fsdd.resolve(clip[0]));
            var vad = caller.predict("silero", "audio/wav", wav).is(200).json();
            assertThat(vad.at("/predictions/0/output/speech").asDouble())
                    .as(clip[0])
                    .isCloseTo(Double.parseDouble(clip[11]), within(2e-4));
            var said = caller.predict("kws", "audio/wav", wav).is(200).json().at("/predictions/0");
            assertThat(said.at("/output/word").asString()).as(clip[0]).isEqualTo(clip[13]);
            assertThat(said.get("confidence").asDouble())
                    .as(clip[0])
                    .isCloseTo(Double.parseDouble(clip[14]), within(2e-3));
        }
        assertThat(clips).isGreaterThanOrEqualTo(48);
    }

    /// Every so-manieth clip's line of the reference.
    private List<String[]> clips(int every) throws IOException {
        var lines = Files.readAllLines(fsdd.resolve("reference.csv"));
        var clips = new ArrayList<String[]>();
        for (int at = every; at < lines.size(); at += every)
            clips.add(lines.get(at).split(",", -1));
        return clips;
    }

    // ---- the pipeline of the example

    @Test
    void theVoicePipelineSaysTheWordOrSilence() throws IOException {
        var words = new HashSet<String>();
        for (var clip : clips(40)) {
            var wav = Files.readAllBytes(fsdd.resolve(clip[0]));
            var answer = caller.predict("voice-digits", "audio/wav", wav).is(200).json();
            boolean speech = Double.parseDouble(clip[11]) >= 0.5;
            var word = answer.at("/predictions/0/output/word").asString();
            assertThat(word).as(clip[0]).isEqualTo(speech ? clip[13] : "silence");
            words.add(word);
        }
        assertThat(words).hasSizeGreaterThanOrEqualTo(8);
    }

    @Test
    void theVoicePipelineIsOneRecordWithEachComponent() throws IOException {
        var loud = Files.readAllBytes(fsdd.resolve("recordings/7_jackson_3.wav"));
        var quiet = wav(8000, new short[8000]);
        var rows = Json.array();
        rows.addObject().put("audio", base64(loud)).put("speaker", "jackson");
        rows.addObject().put("audio", base64(quiet)).put("speaker", "nobody");
        var predictions = caller.predictRows("voice-digits", Json.text(rows));
        assertThat(predictions.at("/0/output/word").asString()).isEqualTo("seven");
        assertThat(predictions.at("/1/output/word").asString()).isEqualTo("silence");

        var spoken = record(predictions.get(0));
        assertThat(spoken.get("components").size()).isEqualTo(3);
        var vad = spoken.at("/components/0");
        assertThat(vad.get("name").asString()).isEqualTo("vad");
        assertThat(vad.get("version").asString()).isEqualTo("silero/1");
        assertThat(vad.get("digest").asString()).isEqualTo(digest("silero"));
        assertThat(vad.at("/output/speech").asDouble()).isGreaterThan(0.5);
        assertThat(vad.get("micros").asDouble()).isPositive();
        var recogniser = spoken.at("/components/1");
        assertThat(recogniser.get("version").asString()).isEqualTo("kws/1");
        assertThat(recogniser.get("digest").asString()).isEqualTo(digest("kws"));
        assertThat(recogniser.at("/output/word").asString()).isEqualTo("seven");
        assertThat(recogniser.get("confidence").asDouble()).isBetween(0.5, 1.0);
        assertThat(recogniser.get("micros").asDouble()).isPositive();
        assertThat(spoken.at("/components/2/version").asString()).isEqualTo("rule");
        assertThat(spoken.at("/decision/output/word").asString()).isEqualTo("seven");
        assertThat(spoken.at("/input/audio/seconds").asDouble()).isPositive();
        assertThat(spoken.at("/input/speaker/hash").asString())
                .as("a speaker is hashed, as declared")
                .isEqualTo(spoken.get("entity").asString())
                .isNotEqualTo("jackson");

        var silent = record(predictions.get(1));
        assertThat(silent.at("/components/0/output/speech").asDouble()).isLessThan(0.5);
        assertThat(silent.at("/components/1/skipped").asBoolean()).isTrue();
        assertThat(silent.at("/decision/output/word").asString()).isEqualTo("silence");
        assertThat(silent.at("/input/audio/silence").asDouble()).isEqualTo(1);
    }

    private JsonNode record(JsonNode prediction) {
        return caller.get("/api/v1/predictions/" + prediction.get("id").asString()).is(200).json();
    }

    /// The beginning of a version's digest, as records have it.
    private String digest(String model) {
        var version = caller.get("/api/v1/models/" + model + "/versions/1").is(200).json();
        return version.get("digest").asString().substring(0, 16);
    }

    private static String base64(byte[] file) {
        return Base64.getEncoder().encodeToString(file);
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
