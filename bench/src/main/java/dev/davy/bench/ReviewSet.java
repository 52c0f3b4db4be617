package dev.davy.bench;

import dev.davy.strict.Json;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/// A data set whose truth is known, a model for it, and what is asked of the model where it decides
/// alone.
///
/// @param output its name
/// @param bundle the model, as a ZIP archive
/// @param error the target, as endpoints declare it: `error <= 1%`
/// @param of the class whose recall is looked at
/// @param recall a target of its recall
/// @param cases that people see before a threshold is chosen
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record ReviewSet(
        String name,
        String output,
        List<String> classes,
        byte[] bundle,
        List<Item> items,
        String error,
        String of,
        String recall,
        int cases) {

    /// What a caller sends, and what is true of it.
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    record Item(String type, byte[] body, String truth) {}

    private static final List<String> WORDS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    static ReviewSet mnist(Path data) throws IOException {
        var folder = data.resolve("mnist");
        var items = new ArrayList<Item>();
        try (var images = unzipped(folder.resolve("t10k-part-images-idx3-ubyte.gz"));
                var labels = unzipped(folder.resolve("t10k-part-labels-idx1-ubyte.gz"))) {
            images.skipNBytes(16);
            labels.skipNBytes(8);
            for (int label = labels.read(); label >= 0; label = labels.read())
                items.add(
                        new Item(
                                "image/png",
                                png(images.readNBytes(28 * 28)),
                                Integer.toString(label)));
        }
        var yaml =
                """
                kind: Model
                file: mnist-7.onnx
                input:
                  image: {type: image, to: Input3, scale: 255}
                output:
                  digit: {type: category, scores: Plus214_Output_0, activation: softmax,
                          classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]}
                """;
        return new ReviewSet(
                "mnist",
                "digit",
                List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
                zip(
                        Map.of(
                                "model.yaml",
                                yaml.getBytes(StandardCharsets.UTF_8),
                                "mnist-7.onnx",
                                Files.readAllBytes(folder.resolve("mnist-7.onnx")))),
                shuffled(items),
                "error <= 0.5%",
                "8",
                "recall(8) >= 98%",
                4_000);
    }

    static ReviewSet income(Path data) throws IOException {
        var folder = data.resolve("adult-income");
        var model = new IncomeModel(IncomeModel.people(folder.resolve("adult-train.csv.gz")));
        var items = new ArrayList<Item>();
        for (var person : IncomeModel.people(folder.resolve("adult-test.csv.gz"))) {
            var rows = Json.object();
            rows.set("rows", Json.tree(List.of(person.row())));
            items.add(new Item("application/json", Json.write(rows), person.truth()));
        }
        return new ReviewSet(
                "income",
                "income",
                IncomeModel.CLASSES,
                zip(model.bundle()),
                shuffled(items),
                "error <= 5%",
                ">50K",
                "recall(>50K) >= 85%",
                2_000);
    }

    static ReviewSet words(Path data, Path root) throws IOException {
        var items = new ArrayList<Item>();
        try (var files = Files.list(data.resolve("fsdd/recordings"))) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".wav")).sorted().toList())
                items.add(
                        new Item(
                                "audio/wav",
                                Files.readAllBytes(file),
                                WORDS.get(file.getFileName().toString().charAt(0) - '0')));
        }
        return new ReviewSet(
                "words",
                "word",
                WORDS,
                zip(
                        Map.of(
                                "model.yaml",
                                Files.readAllBytes(
                                        root.resolve(
                                                "examples/voice-digits/models/kws/model.yaml")),
                                "matchboxnet.onnx",
                                Files.readAllBytes(
                                        data.resolve("matchboxnet-kws/matchboxnet.onnx")))),
                shuffled(items),
                "error <= 1%",
                "six",
                "recall(six) >= 90%",
                2_500);
    }

    private static GZIPInputStream unzipped(Path file) throws IOException {
        return new GZIPInputStream(Files.newInputStream(file));
    }

    private static byte[] png(byte[] grey) throws IOException {
        var image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, 28, 28, grey);
        var png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    static byte[] zip(Map<String, byte[]> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var each : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(each.getKey()));
                zip.write(each.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static List<Item> shuffled(List<Item> items) {
        Collections.shuffle(items, new Random(20_261_122));
        return List.copyOf(items);
    }
}
