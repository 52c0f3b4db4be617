package dev.davy.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What the soak asks, and what is right: one network in two versions that answer differently, run
/// here by ONNX Runtime alone.
final class SoakModels implements Ledger.Known {
    /// The model, and the endpoint whose versions are switched.
    static final String NAME = "soak";

    /// The endpoint where people decide; its callers are told `no` meanwhile.
    static final String JUDGED = "judged";

    static final String MEANWHILE = "no";
    static final int VERSIONS = 2;
    private static final int COUNT = LogRequests.COUNT;

    /// What two runs of the same network may differ by, alone and in a batch.
    private static final float TOLERANCE = 1e-5f;

    private final byte[][] files = new byte[VERSIONS][];
    private final float[][][] answers = new float[VERSIONS][COUNT][];

    SoakModels(Place place) throws Exception {
        files[0] = place.model("mlp");
        files[1] = leaning(files[0]);
        for (int version = 0; version < VERSIONS; version++) {
            var file = place.work().resolve("version-" + (version + 1) + ".onnx");
            Files.write(file, files[version]);
            try (var model = new BareModel(file)) {
                var rows = model.rows(1);
                for (int i = 0; i < COUNT; i++) {
                    rows.input().put(0, LogRequests.values(i));
                    rows.run();
                    answers[version][i] = new float[] {rows.output().get(0), rows.output().get(1)};
                }
            }
        }
    }

    /// The same network with other biases in its last layer, `b3`: as protobuf writes it, a name
    /// and the eight bytes of two numbers.
    private static byte[] leaning(byte[] model) {
        var text = new String(model, StandardCharsets.ISO_8859_1);
        var before = "B\u0002b3J\b";
        int at = text.indexOf(before) + before.length();
        if (at < before.length()) throw new IllegalStateException("mlp.onnx has no b3");
        var other = model.clone();
        var numbers = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN);
        numbers.putFloat(at, numbers.getFloat(at) + 1.5f);
        return other;
    }

    byte[] file(int version) {
        return files[version - 1].clone();
    }

    byte[] bundle(int version) throws IOException {
        return LogRequests.bundle(files[version - 1], LogRequests.CLASSES);
    }

    static String version(int version) {
        return NAME + "/" + version;
    }

    /// Which version this is; 0: none of ours.
    static int version(String said) {
        return said.equals("soak/1") ? 1 : said.equals("soak/2") ? 2 : 0;
    }

    /// A number for the ledger.
    static int number(int version, int request) {
        return (version - 1) * COUNT + request;
    }

    static int judged(int request) {
        return VERSIONS * COUNT + request;
    }

    String label(int version, int request) {
        var answer = answers[version - 1][request];
        return LogRequests.CLASSES.get(answer[0] >= answer[1] ? 0 : 1);
    }

    boolean isAnswer(int version, int request, List<Float> probabilities) {
        if (version == 0 || probabilities.size() != 2) return false;
        for (int i = 0; i < 2; i++)
            if (!(Math.abs(probabilities.get(i) - answers[version - 1][request][i]) < TOLERANCE))
                return false;
        return true;
    }

    @Override
    public boolean isAnswer(JsonNode record, int number) {
        var first = record.path("input").path("x").path(0);
        var label = record.path("decision").path("output").path("label");
        var version = record.path("version").asString("");
        return first.isNumber()
                && version.equals(version(number < COUNT || number >= VERSIONS * COUNT ? 1 : 2))
                && isAnswer(first.doubleValue(), label.asString(""), number);
    }

    @Override
    public boolean isAnswer(double first, String label, int number) {
        int request = number % COUNT;
        var right = number < VERSIONS * COUNT ? label(number / COUNT + 1, request) : MEANWHILE;
        return first == request / 8d && label.equals(right);
    }
}
