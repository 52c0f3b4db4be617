package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.Png;
import dev.davy.runtime.SharedData;
import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.node.ArrayNode;

/// Handwritten digits (data set MNIST), one picture after the other: which digit is it? Models are
/// learnt here from the first of them; what comes behind is the traffic, and which digit it was is
/// told a moment later.
final class Digits extends Crowd {
    private static final int IMAGES = 6_667;

    /// What models learn from.
    private static final int LEARNT = 1_000;

    private static final int SIDE = 28;
    private static final int PIXELS = SIDE * SIDE;
    private static final int CLASSES = 10;
    private static final int ROUNDS = 8;
    private static final float RATE = 0.02f;

    private final Path folder = SharedData.folder("mnist");
    private final byte[][] images = new byte[IMAGES][];
    private final byte[] labels;
    private final AtomicInteger next = new AtomicInteger(LEARNT);

    Digits(Caller caller) throws IOException {
        super(caller);
        try (var in = unzipped("t10k-part-images-idx3-ubyte.gz")) {
            in.skipNBytes(16);
            for (int i = 0; i < IMAGES; i++) images[i] = in.readNBytes(PIXELS);
        }
        try (var in = unzipped("t10k-part-labels-idx1-ubyte.gz")) {
            in.skipNBytes(8);
            labels = in.readNBytes(IMAGES);
        }
    }

    private GZIPInputStream unzipped(String name) throws IOException {
        return new GZIPInputStream(Files.newInputStream(folder.resolve(name)));
    }

    // ---- models

    /// All have the tensors of the network that others have trained.
    private static final String MODEL =
            """
            kind: Model
            file: digits.onnx
            input:
              image: {type: image, to: Input3, scale: 255}
            output:
              digit: {type: category, scores: Plus214_Output_0, activation: softmax,
                      classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]}
            """;

    private static Map<String, byte[]> bundle(byte[] onnx) {
        return Map.of("model.yaml", Caller.utf8(MODEL), "digits.onnx", onnx);
    }

    /// A network that others have trained: nine in a thousand wrong.
    Map<String, byte[]> network() throws IOException {
        return bundle(Files.readAllBytes(folder.resolve("mnist-7.onnx")));
    }

    /// Softmax regression on the first pictures, by stochastic gradient descent in their order.
    ///
    /// @param columns of each picture that it looks at, from the left
    /// @param label what it is taught, instead of the true digit
    Map<String, byte[]> learnt(int columns, IntUnaryOperator label) {
        var weights = new float[PIXELS * CLASSES];
        var base = new float[CLASSES];
        for (int round = 0; round < ROUNDS; round++)
            for (int i = 0; i < LEARNT; i++) {
                var x = pixels(images[i], columns);
                var off = softmax(x, weights, base);
                off[label.applyAsInt(labels[i])] -= 1;
                for (int c = 0; c < CLASSES; c++) {
                    base[c] -= RATE * off[c];
                    for (int p = 0; p < PIXELS; p++)
                        weights[p * CLASSES + c] -= RATE * off[c] * x[p];
                }
            }
        var graph =
                new TinyOnnx()
                        .input("Input3", TinyOnnx.FLOAT, "N", 1, SIDE, SIDE)
                        .output("Plus214_Output_0", TinyOnnx.FLOAT, "N", CLASSES)
                        .weights(TinyOnnx.floats("w", new long[] {PIXELS, CLASSES}, weights))
                        .weights(TinyOnnx.floats("b", new long[] {CLASSES}, base))
                        .add("Flatten", "Input3", "x", TinyOnnx.integer("axis", 1))
                        .add("MatMul", "x w", "weighed")
                        .add("Add", "weighed b", "Plus214_Output_0");
        return bundle(graph.bytes());
    }

    private static float[] pixels(byte[] image, int columns) {
        var x = new float[PIXELS];
        for (int p = 0; p < PIXELS; p++) if (p % SIDE < columns) x[p] = (image[p] & 0xFF) / 255f;
        return x;
    }

    private static float[] softmax(float[] x, float[] weights, float[] base) {
        var scores = Arrays.copyOf(base, CLASSES);
        for (int p = 0; p < PIXELS; p++)
            if (x[p] > 0)
                for (int c = 0; c < CLASSES; c++) scores[c] += x[p] * weights[p * CLASSES + c];
        float most = Float.NEGATIVE_INFINITY;
        for (float score : scores) most = Math.max(most, score);
        float sum = 0;
        for (int c = 0; c < CLASSES; c++) {
            scores[c] = (float) Math.exp(scores[c] - most);
            sum += scores[c];
        }
        for (int c = 0; c < CLASSES; c++) scores[c] /= sum;
        return scores;
    }

    // ---- traffic

    private static final List<String> WORDS =
            IntStream.range(0, CLASSES).mapToObj(String::valueOf).toList();

    @Override
    void one(String endpoint, ArrayNode truths) {
        int at = next.getAndUpdate(now -> now + 1 < IMAGES ? now + 1 : LEARNT);
        var png = Png.grey(SIDE, SIDE, images[at]);
        var answer =
                answered(
                        endpoint,
                        Json.object().put("image", Base64.getEncoder().encodeToString(png)));
        assertThat(answer.at("/output/digit").asString()).isIn(WORDS);
        var id = answer.path("id").asString();
        truths.addObject()
                .put("id", "digit-" + id)
                .put("prediction", id)
                .put("truth", String.valueOf(labels[at]));
    }
}
