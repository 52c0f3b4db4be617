package dev.davy.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.JsonNode;

/// What the `log` measurement asks and tells: some requests that differ in input and answer, so
/// that a record can be held against the answer that its caller got, and feedback.
final class LogRequests implements Ledger.Known {
    static final int COUNT = 64;
    static final String ENDPOINT = "killed";
    static final List<String> CLASSES = List.of("no", "yes");
    private static final String FEEDBACK = "f-";

    private final byte[][] requests = new byte[COUNT][];
    private final String[] labels = new String[COUNT];

    LogRequests(Place place) throws Exception {
        try (var model = new BareModel(place.models().resolve("mlp.onnx"))) {
            var rows = model.rows(1);
            for (int i = 0; i < COUNT; i++) {
                var values = values(i);
                requests[i] =
                        Requests.post(
                                "/v2/models/" + ENDPOINT + "/infer",
                                "Content-Type: application/json\r\n",
                                Requests.jsonBody("x", "[1,20]", values)
                                        .getBytes(StandardCharsets.US_ASCII));
                rows.input().put(0, values);
                rows.run();
                labels[i] = CLASSES.get(rows.output().get(0) >= rows.output().get(1) ? 0 : 1);
            }
        }
    }

    /// The first number says which request it is.
    static float[] values(int request) {
        var values = Requests.drawn(20);
        values[0] = request / 8f;
        return values;
    }

    byte[] request(int number) {
        return requests[number];
    }

    /// What the model answers to it.
    String label(int number) {
        return labels[number];
    }

    @Override
    public boolean isAnswer(JsonNode record, int request) {
        var first = record.path("input").path("x").path(0);
        var label = record.path("decision").path("output").path("label");
        return first.isNumber() && isAnswer(first.doubleValue(), label.asString(""), request);
    }

    @Override
    public boolean isAnswer(double first, String label, int request) {
        return first == request / 8d && label.equals(labels[request]);
    }

    /// One item of feedback: the truth about a prediction.
    static String feedback(int number, UUID prediction) {
        return """
        {"id":"%s%d","prediction":"%s","output":"label","truth":"%s","source":"bench"}\
        """
                .formatted(FEEDBACK, number, prediction, CLASSES.get(number % CLASSES.size()));
    }

    static int feedbackNumber(String id) {
        return Integer.parseInt(id.substring(FEEDBACK.length()));
    }

    /// The model with a name for each class, so that there can be truth about its answers.
    static byte[] bundle(Place place) throws IOException {
        return bundle(place.model("mlp"), CLASSES);
    }

    static byte[] bundle(byte[] model, List<String> classes) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("model.onnx"));
            zip.write(model);
            zip.putNextEntry(new ZipEntry("model.yaml"));
            zip.write(
                    """
                    kind: Model
                    file: model.onnx
                    output:
                      label: {type: category, classes: ["%s"], scores: probabilities}
                    """
                            .formatted(String.join("\", \"", classes))
                            .getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
