package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.runtime.Datatype;
import dev.davy.runtime.Onnx;
import dev.davy.runtime.Session;
import dev.davy.runtime.SharedData;
import dev.davy.runtime.Tensor;
import dev.davy.stats.quality.WeightedMean;
import dev.davy.strict.Audio;
import dev.davy.strict.Csv;
import dev.davy.strict.Images;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Real models that go wrong without any error are caught by name.
class SilentFailuresTest {
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir private Path folder = Path.of("");

    private JsonNode evaluate(List<String> rows, int exit, String... words) throws IOException {
        var file = Files.write(folder.resolve("rows.csv"), rows);
        var all = new ArrayList<>(List.of("evaluate", file.toString(), "-o", "json"));
        all.addAll(List.of(words));
        var told = Commands.run(all.toArray(String[]::new));
        assertThat(told.err()).isEmpty();
        assertThat(told.exit()).isEqualTo(exit);
        return Json.read(told.out().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    @Test
    void aSpeechDetectorThatIsDeafAtEightKilohertz() throws IOException {
        var home = SharedData.folder("silero-vad");
        var expected = Json.read(Files.readAllBytes(home.resolve("expected.json")), Limits.DEFAULT);
        var rows = new ArrayList<>(List.of("file,rate,chunk,old,new"));
        try (var old = Onnx.open(home.resolve("silero_vad.onnx"));
                var first = old.open();
                var other = Onnx.open(home.resolve("silero_vad_16k_op15.onnx"));
                var second = other.open()) {
            for (var sample : expected.get("samples")) {
                int rate = sample.get("model_rate").asInt();
                // One of them is resampled: whether the pair agrees there says nothing more.
                if (rate != sample.get("file_rate").asInt()) continue;
                var path = Path.of(sample.get("file").asString());
                var set = SharedData.folder(path.getName(1).toString());
                var wav = set.resolve(path.subpath(2, path.getNameCount()));
                var sound = Audio.decode(Files.readAllBytes(wav), Limits.DEFAULT);
                var before = chunks(first, sound.samples(), rate);
                var after = chunks(second, sound.samples(), rate);
                for (int chunk = 0; chunk < before.size(); chunk++)
                    rows.add(
                            "%s,%d,%d,%s,%s"
                                    .formatted(
                                            wav.getFileName(),
                                            rate,
                                            chunk,
                                            before.get(chunk) >= 0.5 ? "speech" : "none",
                                            after.get(chunk) >= 0.5 ? "speech" : "none"));
            }
        }
        var json =
                evaluate(
                        rows,
                        Exit.YES,
                        "--truth",
                        "old",
                        "--prediction",
                        "new",
                        "--positive",
                        "speech",
                        "--slice",
                        "rate");
        var eight = slice(json, "rate = 8000");
        var sixteen = slice(json, "rate = 16000");
        assertThat(eight.path("worse").asBoolean()).isTrue();
        assertThat(eight.path("rows").asInt()).isEqualTo(63);
        assertThat(sixteen.path("worse").asBoolean()).isFalse();
        assertThat(sixteen.at("/figures/0/value").asDouble()).isEqualTo(1);
        assertThat(count(rows, ",8000,", ",speech,none", ",speech,speech")).isEqualTo(57);
        assertThat(count(rows, ",8000,", ",none,speech", ",speech,speech")).isEqualTo(4);
    }

    private static long count(List<String> rows, String slice, String... ends) {
        return rows.stream()
                .filter(row -> row.contains(slice))
                .filter(row -> List.of(ends).stream().anyMatch(row::endsWith))
                .count();
    }

    private static JsonNode slice(JsonNode json, String name) {
        for (var slice : json.path("slices"))
            if (slice.path("slice").asString().equals(name)) return slice;
        throw new AssertionError(name + " is not among " + json.path("slices"));
    }

    private static List<Double> chunks(Session session, float[] samples, int rate) {
        int chunk = rate == 8_000 ? 256 : 512;
        int context = chunk / 8;
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
        return found;
    }

    @Test
    void digitsWhosePixelsWereNotScaled() throws IOException {
        var home = SharedData.folder("mnist");
        byte[] labels;
        byte[] images;
        try (var of =
                        new GZIPInputStream(
                                Files.newInputStream(
                                        home.resolve("t10k-part-labels-idx1-ubyte.gz")));
                var pixels =
                        new GZIPInputStream(
                                Files.newInputStream(
                                        home.resolve("t10k-part-images-idx3-ubyte.gz")))) {
            labels = of.readAllBytes();
            images = pixels.readAllBytes();
        }
        var rows = new ArrayList<>(List.of("label,raw,scaled,raw_sure,scaled_sure"));
        var rawSure = WeightedMean.NONE;
        var scaledSure = WeightedMean.NONE;
        try (var model = Onnx.open(home.resolve("mnist-7.onnx"));
                var session = model.open()) {
            var input = Tensor.direct(Datatype.FP32, 1, 1, 28, 28);
            for (int i = 0; i < labels.length - 8; i++) {
                var raw = answer(session, input, images, 16 + i * 784, 1);
                var scaled = answer(session, input, images, 16 + i * 784, 255);
                rawSure = rawSure.plus(raw[1], 1);
                scaledSure = scaledSure.plus(scaled[1], 1);
                rows.add(
                        "%d,%d,%d,%s,%s"
                                .formatted(
                                        labels[8 + i],
                                        (int) raw[0],
                                        (int) scaled[0],
                                        raw[1],
                                        scaled[1]));
            }
        }
        var json =
                evaluate(
                        rows,
                        Exit.YES,
                        "--truth",
                        "label",
                        "--prediction",
                        "raw",
                        "--prediction",
                        "scaled",
                        "--score",
                        "raw_sure");
        assertThat(json.at("/models/0/figures/0/value").asDouble()).isCloseTo(0.9897, within(5e-5));
        assertThat(json.at("/models/1/figures/0/value").asDouble()).isCloseTo(0.9898, within(5e-5));
        assertThat(json.at("/gap/low").asDouble()).isNegative();
        assertThat(json.at("/gap/high").asDouble()).isPositive();
        // As right as before, and far surer.
        assertThat(rawSure.mean()).isCloseTo(0.9999, within(5e-5));
        assertThat(scaledSure.mean()).isCloseTo(0.9927, within(5e-5));
        assertThat(rawSure.interval(0.999).orElseThrow().low())
                .isGreaterThan(scaledSure.interval(0.999).orElseThrow().high());
        assertThat(ece(json)).isCloseTo(0.0102, within(1e-3));
        var good =
                evaluate(
                        rows,
                        Exit.YES,
                        "--truth",
                        "label",
                        "--prediction",
                        "scaled",
                        "--score",
                        "scaled_sure");
        assertThat(ece(good)).isLessThan(0.005);
    }

    private static double ece(JsonNode json) {
        for (var figure : json.at("/score/figures"))
            if (figure.path("name").asString().equals("ece"))
                return figure.path("value").asDouble();
        throw new AssertionError("no calibration error in " + json);
    }

    /// The digit, and the softmax probability of it.
    private static double[] answer(
            Session session, Tensor input, byte[] images, int from, double over) {
        for (int k = 0; k < 784; k++) input.float32(k, (float) ((images[from + k] & 0xff) / over));
        var logits = session.run(List.of(input), NEVER).getFirst();
        int best = 0;
        for (int k = 1; k < 10; k++) if (logits.float32(k) > logits.float32(best)) best = k;
        double sum = 0;
        for (int k = 0; k < 10; k++) sum += Math.exp(logits.float32(k) - logits.float32(best));
        return new double[] {best, 1 / sum};
    }

    @Test
    void tilesThatStandOnBothSidesOfASplit() throws IOException {
        var home = SharedData.folder("magnetic-tile");
        var names = new ArrayList<String>();
        var groups = new ArrayList<String>();
        var truth = new ArrayList<String>();
        var features = new ArrayList<double[]>();
        try (var manifest =
                Csv.open(
                        Files.newInputStream(home.resolve("manifest.csv")),
                        "manifest.csv",
                        Limits.DEFAULT)) {
            for (var row = manifest.next(); row.isPresent(); row = manifest.next()) {
                if (!(row.get() instanceof Csv.CsvRow good)) continue;
                names.add(good.cells().get(0));
                truth.add(good.cells().get(2));
                groups.add(good.cells().get(4));
                features.add(thumbnail(Files.readAllBytes(home.resolve(good.cells().get(0)))));
            }
        }
        var random = new Random(42);
        var byImage = new int[names.size()];
        var byGroup = new int[names.size()];
        var ofGroup = new HashMap<String, Integer>();
        for (int i = 0; i < byImage.length; i++) {
            byImage[i] = random.nextInt(5);
            byGroup[i] = ofGroup.computeIfAbsent(groups.get(i), _ -> random.nextInt(5));
        }
        var rows =
                new ArrayList<>(
                        List.of("file,defect,by_image,by_group,image_fold,group_fold,tile"));
        for (int i = 0; i < byImage.length; i++)
            rows.add(
                    String.join(
                            ",",
                            names.get(i),
                            truth.get(i),
                            nearest(i, features, truth, byImage),
                            nearest(i, features, truth, byGroup),
                            "" + byImage[i],
                            "" + byGroup[i],
                            groups.get(i)));
        var json =
                evaluate(
                        rows,
                        Exit.NO,
                        "--truth",
                        "defect",
                        "--prediction",
                        "by_image",
                        "--prediction",
                        "by_group",
                        "--group",
                        "tile",
                        "--fold",
                        "image_fold",
                        "--fold",
                        "group_fold");
        assertThat(json.at("/groups/on_both_sides/image_fold").size()).isGreaterThan(60);
        assertThat(json.at("/groups/on_both_sides/group_fold")).isEmpty();
        // Logistic regression on other features: 0.873 by image and 0.578 by region.
        assertThat(json.at("/models/0/figures/0/value").asDouble()).isGreaterThan(0.85);
        assertThat(json.at("/models/1/figures/0/value").asDouble()).isLessThan(0.7);
        assertThat(json.at("/gap/low").asDouble()).isGreaterThan(0.15);
    }

    /// 12 × 12 means of the image, without its brightness and contrast.
    private static double[] thumbnail(byte[] file) {
        var image = Images.decode(file, Limits.DEFAULT);
        int side = 12;
        var sums = new double[side * side];
        var counts = new double[sums.length];
        for (int y = 0; y < image.height(); y++)
            for (int x = 0; x < image.width(); x++) {
                int at = y * side / image.height() * side + x * side / image.width();
                sums[at] += image.data()[(y * image.width() + x) * image.channels()] & 0xff;
                counts[at]++;
            }
        double mean = 0;
        for (int k = 0; k < sums.length; k++) {
            sums[k] /= counts[k];
            mean += sums[k] / sums.length;
        }
        double spread = 0;
        for (double each : sums) spread += (each - mean) * (each - mean) / sums.length;
        for (int k = 0; k < sums.length; k++) sums[k] = (sums[k] - mean) / Math.sqrt(spread);
        return sums;
    }

    /// What the most alike image of another fold is.
    private static String nearest(int i, List<double[]> features, List<String> truth, int[] folds) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < folds.length; j++) {
            if (folds[j] == folds[i]) continue;
            double off = 0;
            for (int k = 0; k < features.get(i).length; k++) {
                double each = features.get(i)[k] - features.get(j)[k];
                off += each * each;
            }
            if (off < least) {
                least = off;
                best = j;
            }
        }
        return truth.get(best);
    }
}
