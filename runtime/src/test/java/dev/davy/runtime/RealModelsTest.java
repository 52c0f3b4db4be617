package dev.davy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.runtime.media.Resampling;
import dev.davy.schema.Media;
import dev.davy.schema.Row;
import dev.davy.strict.Audio;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The real models of the shared data give the numbers that were measured beforehand.
class RealModelsTest {
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir Path folder;

    private Bundle bundle(Path model, String descriptor) throws IOException {
        Files.copy(model, folder.resolve(model.getFileName().toString()));
        Files.writeString(folder.resolve("model.yaml"), descriptor);
        return Bundle.read(folder, Limits.DEFAULT);
    }

    private static JsonNode json(Path file) throws IOException {
        return Json.read(Files.readAllBytes(file), Limits.DEFAULT);
    }

    private static float[] floats(JsonNode list) {
        var values = new float[list.size()];
        for (int at = 0; at < values.length; at++) values[at] = (float) list.get(at).asDouble();
        return values;
    }

    private static double[] doubles(Tensor tensor) {
        var values = new double[tensor.elements()];
        for (int at = 0; at < values.length; at++) values[at] = tensor.float64(at);
        return values;
    }

    private static void close(double[] actual, JsonNode expected, double tolerance, String what) {
        assertThat(actual).as(what).hasSize(expected.size());
        for (int at = 0; at < actual.length; at++)
            assertThat(actual[at])
                    .as("%s, number %d", what, at)
                    .isCloseTo(expected.get(at).asDouble(), within(tolerance));
    }

    private static Path inShared(String path) {
        // The expectations name files from the folder above `data`.
        var relative = Path.of(path);
        var set = SharedData.folder(relative.getName(1).toString());
        return set.resolve(relative.subpath(2, relative.getNameCount()));
    }

    // ---- silero-vad ----

    @ParameterizedTest
    @CsvSource({
        "silero_vad.onnx, expected.json",
        "silero_vad_16k_op15.onnx, expected_16k_op15.json"
    })
    void sileroAnswersWithTheStateCarriedByTheCaller(String file, String expected)
            throws IOException {
        var home = SharedData.folder("silero-vad");
        try (var model = Onnx.open(home.resolve(file));
                var session = model.open()) {
            for (var sample : json(home.resolve(expected)).get("samples")) {
                var wav = inShared(sample.get("file").asString());
                var sound = Audio.decode(Files.readAllBytes(wav), Limits.DEFAULT);
                int rate = sample.get("model_rate").asInt();
                var samples = Resampling.resample(sound.samples(), sound.rate(), rate);
                var found =
                        caller(
                                session,
                                samples,
                                rate,
                                sample.get("chunk").asInt(),
                                sample.get("context").asInt());
                close(found, sample.get("probabilities"), 1e-4, file + " " + wav.getFileName());
            }
        }
    }

    private static double[] caller(
            Session session, float[] samples, int rate, int chunk, int context) {
        var input = Tensor.direct(Datatype.FP32, 1, context + chunk);
        var state = Tensor.direct(Datatype.FP32, 2, 1, 128);
        var sr = Tensor.direct(Datatype.INT64);
        sr.int64(0, rate);
        var found = new ArrayList<Double>();
        for (int start = 0; start < samples.length; start += chunk) {
            for (int k = 0; k < context + chunk; k++) {
                int at = start - context + k;
                input.float32(k, at >= 0 && at < samples.length ? samples[at] : 0);
            }
            var outputs = session.run(List.of(input, state, sr), NEVER);
            found.add((double) outputs.get(0).float32(0));
            state.data().put(0, outputs.get(1).data(), 0, state.data().capacity());
        }
        return found.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "silero_vad.onnx|expected.json|[8000, 16000]|8000: {chunk: 256, context: 32}, 16000: {chunk: 512, context: 64}",
                "silero_vad_16k_op15.onnx|expected_16k_op15.json|16000|16000: {chunk: 512, context: 64}"
            })
    void sileroAnswersFromRecordings(String file, String expected, String rates, String frames)
            throws IOException {
        var home = SharedData.folder("silero-vad");
        var bundle = bundle(home.resolve(file), silero(rates, frames));
        var preparation = Preparation.of(bundle);
        try (var model = Onnx.open(bundle.model());
                var session = model.open();
                var rows = RowSession.open(bundle, model)) {
            for (var sample : json(home.resolve(expected)).get("samples")) {
                var wav = inShared(sample.get("file").asString());
                var row = Row.of("speech", new Media("audio/wav", Files.readAllBytes(wav)));
                var recording = preparation.recording(row);
                var tensors = preparation.tensors(1);
                var found = new ArrayList<Double>();
                while (recording.next(tensors)) {
                    var outputs = session.run(tensors, NEVER);
                    found.add((double) outputs.get(0).float32(0));
                    recording.carry(outputs, tensors);
                }
                var numbers = found.stream().mapToDouble(Double::doubleValue).toArray();
                close(numbers, sample.get("probabilities"), 1e-4, file + " " + wav.getFileName());
                var answer = rows.ask(List.of(row), NEVER).getFirst();
                assertThat((double) Objects.requireNonNull(answer.values().get("speech")))
                        .isEqualTo(Arrays.stream(numbers).max().orElseThrow());
            }
        }
    }

    private static String silero(String rates, String frames) {
        return """
        kind: Model
        input:
          speech:
            type: audio
            to: input
            rate: %s
            rate-to: sr
            frame: {%s}
        state: {state: stateN}
        output:
          speech: {type: number, from: output, over-frames: max}
        """
                .formatted(rates, frames);
    }

    // ---- matchboxnet ----

    private static final String WORDS =
            """
            kind: Model
            file: matchboxnet.onnx
            input:
              audio:
                type: audio
                to: audio_signal
                rate: 16000
                resample: sinc
                samples: 16000
                place: centre
                features: {kind: mfcc, fft: 512, window: 400, hop: 160, mels: 64, coefficients: 64, low: 0, high: 8000, floor: 1e-6}
            output:
              word:
                type: category
                scores: logits
                activation: softmax
                classes: [visual, wow, learn, backward, dog, two, left, happy, nine, go, up, bed, stop, one, zero, tree,
                          seven, "on", four, bird, right, eight, "no", six, forward, house, marvin, sheila, five, "off",
                          three, down, cat, follow, "yes"]
            confidence: softmax probability of the word; not calibrated
            """;

    @Test
    void matchboxnetAnswersFromFeatures() throws IOException {
        var home = SharedData.folder("matchboxnet-kws");
        try (var model = Onnx.open(home.resolve("matchboxnet.onnx"));
                var session = model.open()) {
            for (var sample : json(home.resolve("expected.json")).get("samples")) {
                var bytes = Files.readAllBytes(home.resolve(sample.get("input").asString()));
                var input =
                        Tensor.of(
                                Datatype.FP32,
                                new long[] {1, 64, 101},
                                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
                var logits = doubles(session.run(List.of(input), NEVER).getFirst());
                close(logits, sample.get("logits"), 1e-3, sample.get("input").asString());
            }
        }
    }

    @Test
    void matchboxnetAnswersFromRecordings() throws IOException {
        var home = SharedData.folder("matchboxnet-kws");
        var bundle = bundle(home.resolve("matchboxnet.onnx"), WORDS);
        var preparation = Preparation.of(bundle);
        try (var model = Onnx.open(bundle.model());
                var session = model.open();
                var rows = RowSession.open(bundle, model)) {
            for (var sample : json(home.resolve("expected.json")).get("samples")) {
                var wav = inShared(sample.get("wav").asString());
                var row = Row.of("audio", new Media("audio/wav", Files.readAllBytes(wav)));
                var tensors = preparation.tensors(1);
                preparation.write(row, tensors, 0);
                var logits = doubles(session.run(tensors, NEVER).getFirst());
                close(logits, sample.get("logits"), 1e-3, wav.toString());
                var answer = rows.ask(List.of(row), NEVER).getFirst();
                assertThat(answer.values()).containsEntry("word", sample.get("word").asString());
                assertThat(answer.confidence().orElseThrow())
                        .isCloseTo(sample.get("softmax_max").asDouble(), within(1e-3));
            }
        }
    }

    @Test
    void matchboxnetHearsTheSpokenDigitsAsMeasured() throws IOException {
        var home = SharedData.folder("matchboxnet-kws");
        var digits = SharedData.folder("fsdd");
        var bundle = bundle(home.resolve("matchboxnet.onnx"), WORDS);
        int clips = 0;
        int same = 0;
        try (var model = Onnx.open(bundle.model());
                var rows = RowSession.open(bundle, model)) {
            for (var line : Files.readAllLines(digits.resolve("reference.csv"))) {
                var cells = line.split(",", -1);
                if (cells[0].equals("file") || ++clips % 8 != 0) continue;
                var wav = Files.readAllBytes(digits.resolve(cells[0]));
                var answer =
                        rows.ask(List.of(Row.of("audio", new Media("audio/wav", wav))), NEVER)
                                .getFirst();
                double confidence = answer.confidence().orElseThrow();
                boolean agrees =
                        cells[13].equals(answer.values().get("word"))
                                && Math.abs(confidence - Double.parseDouble(cells[14])) < 2e-3;
                if (agrees) same++;
            }
        }
        assertThat(same).as("of %d clips", clips / 8).isEqualTo(clips / 8);
    }

    // ---- mnist ----

    private static byte[][] digits(int count) throws IOException {
        var file = SharedData.folder("mnist").resolve("t10k-part-images-idx3-ubyte.gz");
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            in.skipNBytes(16);
            var images = new byte[count][];
            for (int at = 0; at < count; at++) images[at] = in.readNBytes(28 * 28);
            return images;
        }
    }

    @Test
    void mnistAnswersFromTensors() throws IOException {
        var home = SharedData.folder("mnist");
        var images = digits(5);
        try (var model = Onnx.open(home.resolve("mnist-7.onnx"));
                var session = model.open()) {
            var input = Tensor.direct(Datatype.FP32, 1, 1, 28, 28);
            for (var sample : json(home.resolve("expected.json")).get("samples")) {
                var image = images[sample.get("index").asInt()];
                for (int at = 0; at < image.length; at++) input.float32(at, image[at] & 0xFF);
                close(
                        doubles(session.run(List.of(input), NEVER).getFirst()),
                        sample.get("logits_raw_0_255"),
                        1e-2,
                        "raw");
                for (int at = 0; at < image.length; at++)
                    input.float32(at, (image[at] & 0xFF) / 255f);
                close(
                        doubles(session.run(List.of(input), NEVER).getFirst()),
                        sample.get("logits_scaled_0_1"),
                        1e-4,
                        "scaled");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, logits_raw_0_255, 1e-2", "255, logits_scaled_0_1, 1e-4"})
    void mnistAnswersFromImages(double scale, String expected, double tolerance)
            throws IOException {
        var home = SharedData.folder("mnist");
        var images = digits(5);
        var bundle =
                bundle(
                        home.resolve("mnist-7.onnx"),
                        """
                        kind: Model
                        input:
                          image: {type: image, to: Input3, scale: %s}
                        output:
                          digit: {type: category, scores: Plus214_Output_0, activation: softmax,
                                  classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}
                          logits: {type: vector, from: Plus214_Output_0}
                        """
                                .formatted(scale));
        try (var model = Onnx.open(bundle.model());
                var rows = RowSession.open(bundle, model)) {
            for (var sample : json(home.resolve("expected.json")).get("samples")) {
                var png = Png.grey(28, 28, images[sample.get("index").asInt()]);
                var answer =
                        rows.ask(List.of(Row.of("image", new Media("image/png", png))), NEVER)
                                .getFirst();
                assertThat(answer.values())
                        .containsEntry("digit", String.valueOf(sample.get("label").asInt()));
                var logits = (float[]) Objects.requireNonNull(answer.values().get("logits"));
                var wanted = floats(sample.get(expected));
                for (int at = 0; at < 10; at++)
                    assertThat((double) logits[at]).isCloseTo(wanted[at], within(tolerance));
            }
        }
    }

    // ---- magnetic tile ----

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

    @Test
    void seesTheLightOfTheMagneticTiles() throws IOException {
        var home = SharedData.folder("magnetic-tile");
        brightness().write(folder);
        Files.writeString(
                folder.resolve("model.yaml"),
                """
                kind: Model
                input:
                  tile: {type: image, to: image, scale: 255, method: area}
                output:
                  light: {type: number}
                """);
        var bundle = Bundle.read(folder, Limits.DEFAULT);
        int seen = 0;
        try (var model = Onnx.open(bundle.model());
                var rows = RowSession.open(bundle, model)) {
            for (var line : Files.readAllLines(home.resolve("manifest.csv"))) {
                var cells = line.split(",", -1);
                if (cells[0].equals("file") || ++seen % 20 != 0) continue;
                var jpeg = Files.readAllBytes(home.resolve(cells[0]));
                var answer =
                        rows.ask(List.of(Row.of("tile", new Media("image/jpeg", jpeg))), NEVER)
                                .getFirst();
                assertThat((double) Objects.requireNonNull(answer.values().get("light")) * 255)
                        .as(cells[0])
                        .isCloseTo(Double.parseDouble(cells[7]), within(0.01));
            }
        }
        assertThat(seen).isGreaterThan(400);
    }
}
