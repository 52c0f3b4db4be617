package dev.davy.server;

import dev.davy.runtime.SharedData;
import dev.davy.runtime.TinyOnnx;
import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// Real traffic for the pages to show: loans, spoken digits and tiles, with truth for some of them.
///
/// As a program it keeps a server busy for whoever wants to look: address, seconds, calls a second.
final class Traffic {
    private static final Path LOANS = Caller.repository("examples/loan-approval");
    private static final Path DIGITS = Caller.repository("examples/voice-digits");

    private static final String TILES =
            """
            kind: Model
            input:
              tile: {type: image, to: image, scale: 255, method: area}
            output:
              surface: {type: category, scores: scores, classes: [dark, light]}
            """;

    private final Caller caller;
    private final Random chance = new Random(20_251_120);
    private final List<String> loans = new ArrayList<>();
    private final List<Path> sounds = new ArrayList<>();
    private final List<String[]> tiles = new ArrayList<>();

    Traffic(Caller caller) {
        this.caller = caller;
    }

    /// Pushes the models and declares the endpoints.
    void begin() throws IOException {
        caller.push("loan", Caller.bundle(LOANS.resolve("models/logistic")));
        caller.apply(Files.readString(LOANS.resolve("endpoint.yaml")));
        var silero = SharedData.folder("silero-vad").resolve("silero_vad.onnx");
        var kws = SharedData.folder("matchboxnet-kws").resolve("matchboxnet.onnx");
        caller.push("silero", Caller.bundle(DIGITS.resolve("models/silero"), silero));
        caller.push("kws", Caller.bundle(DIGITS.resolve("models/kws"), kws));
        caller.apply(Files.readString(DIGITS.resolve("real.yaml")));
        caller.push(
                "tile-surface",
                Map.of("model.yaml", Caller.utf8(TILES), "model.onnx", brightness().bytes()));
        caller.endpoint("magnetic-tile", "tile-surface/1");
        var credit = SharedData.folder("german-credit").resolve("german.csv");
        loans.addAll(Files.readAllLines(credit));
        var recordings = SharedData.folder("fsdd").resolve("recordings");
        try (var files = Files.list(recordings)) {
            sounds.addAll(files.sorted().toList());
        }
        var folder = SharedData.folder("magnetic-tile");
        for (var line : Files.readAllLines(folder.resolve("manifest.csv"))) {
            if (line.startsWith("file,")) continue;
            var cells = line.split(",", -1);
            cells[0] = folder.resolve(cells[0]).toString();
            tiles.add(cells);
        }
    }

    /// A model that calls a tile light by its mean brightness.
    private static TinyOnnx brightness() {
        return new TinyOnnx()
                .input("image", TinyOnnx.FLOAT, "N", 1, 48, 64)
                .output("scores", TinyOnnx.FLOAT, "N", 2)
                .weights(TinyOnnx.floats("slope", new long[] {1, 2}, -14, 14))
                .weights(TinyOnnx.floats("offset", new long[] {2}, 4.2f, -4.2f))
                .add(
                        "ReduceMean",
                        "image",
                        "mean",
                        TinyOnnx.integers("axes", 2, 3),
                        TinyOnnx.integer("keepdims", 0))
                .add("MatMul", "mean slope", "sloped")
                .add("Add", "sloped offset", "shifted")
                .add("Softmax", "shifted", "scores", TinyOnnx.integer("axis", 1));
    }

    /// One loan, asked as if at a moment.
    void loan(Instant at) {
        var header = loans.getFirst().split(",");
        var cells = loans.get(1 + chance.nextInt(loans.size() - 1)).split(",");
        var row = Json.object().put("applicant", "a-" + chance.nextInt(100_000));
        for (int i = 0; i < header.length - 1; i++)
            if (cells[i].matches("[0-9]+")) row.put(header[i], Long.parseLong(cells[i]));
            else row.put(header[i], cells[i]);
        var rows = Json.object();
        rows.set("rows", Json.array().add(row));
        var said =
                caller.post("/api/v1/endpoints/loan-approval/predict?at=" + at, Json.text(rows))
                        .is(200);
        if (chance.nextInt(3) == 0)
            truth(said.json(), cells[header.length - 1].equals("1") ? "good" : "bad");
    }

    void digit(Instant at) throws IOException {
        var sound = sounds.get(chance.nextInt(sounds.size()));
        var said =
                caller.post(
                                "/api/v1/endpoints/voice-digits/predict?at=" + at,
                                "audio/wav",
                                Files.readAllBytes(sound))
                        .is(200);
        var words = "zero one two three four five six seven eight nine".split(" ");
        var digit = words[sound.getFileName().toString().charAt(0) - '0'];
        if (chance.nextInt(2) == 0) truth(said.json(), digit);
    }

    void tile(Instant at) throws IOException {
        var tile = tiles.get(chance.nextInt(tiles.size()));
        caller.post(
                        "/api/v1/endpoints/magnetic-tile/predict?at=" + at,
                        "image/jpeg",
                        Files.readAllBytes(Path.of(tile[0])))
                .is(200);
    }

    private void truth(JsonNode answer, String truth) {
        var id = answer.at("/predictions/0/id").asString();
        caller.post(
                "/api/v1/feedback",
                Json.text(
                        Json.object()
                                .put("id", "of-" + id)
                                .put("prediction", id)
                                .put("truth", truth)));
    }

    /// So many of each, spread over a stretch that ends now.
    void past(Duration stretch, int loanCount, int digitCount, int tileCount) throws IOException {
        var now = Instant.now();
        for (int i = 0; i < loanCount; i++) loan(before(now, stretch));
        for (int i = 0; i < digitCount; i++) digit(before(now, stretch));
        for (int i = 0; i < tileCount; i++) tile(before(now, stretch));
    }

    /// More of them lately than long ago.
    private Instant before(Instant now, Duration stretch) {
        double share = chance.nextDouble();
        return now.minusMillis((long) (stretch.toMillis() * share * share));
    }

    public static void main(String[] args) throws Exception {
        var traffic = new Traffic(Caller.at(args[0]));
        traffic.begin();
        traffic.past(Duration.ofHours(2), 3_000, 500, 700);
        long until = System.nanoTime() + Duration.ofSeconds(Long.parseLong(args[1])).toNanos();
        while (System.nanoTime() < until) {
            var now = Instant.now();
            traffic.loan(now);
            traffic.loan(now);
            if (traffic.chance.nextInt(2) == 0) traffic.digit(now);
            if (traffic.chance.nextInt(2) == 0) traffic.tile(now);
            Thread.sleep(Duration.ofMillis(1_000 / Long.parseLong(args[2])));
        }
    }
}
