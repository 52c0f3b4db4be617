package dev.davy.bench;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Callers who ask in every form there is, each at its own pace, and hold each answer against what
/// the version that gave it computes, and against the versions that stood in the table.
final class SoakCallers {
    private static final int FEEDBACK_EVERY = 10;
    private static final int ROWS = 2;
    private static final String INFER = "/v2/models/" + SoakModels.NAME + "/infer";

    private final Whereabouts where;
    private final SoakModels models;
    private final Ledger ledger;
    private final Tally tally;
    private final Heard heard;
    private final Feeder feeder;
    private final SoakRecent recent;

    SoakCallers(
            Whereabouts where,
            SoakModels models,
            Ledger ledger,
            Tally tally,
            Heard heard,
            Feeder feeder,
            SoakRecent recent) {
        this.where = where;
        this.models = models;
        this.ledger = ledger;
        this.tally = tally;
        this.heard = heard;
        this.feeder = feeder;
        this.recent = recent;
    }

    /// An answer to one row.
    ///
    /// @param probabilities none where only the label is told
    private record Answer(String id, String version, String label, List<Float> probabilities) {}

    /// One form of asking.
    private interface Form {
        /// Asks these, a row each.
        List<Answer> ask(int... requests) throws IOException, InterruptedException;
    }

    /// @param perSecond calls of all forms together
    void start(Crew crew, double perSecond, long seed) {
        start(crew, "rows", perSecond * 0.3, seed, ROWS, rows());
        start(crew, "OIP JSON", perSecond * 0.3, seed + 1, 1, json());
        start(crew, "OIP binary", perSecond * 0.3, seed + 2, 1, binary());
        crew.start(
                "gRPC",
                () -> {
                    try (var wire = new GrpcWire()) {
                        ask("gRPC", perSecond * 0.1, new Random(seed + 3), 1, grpc(wire));
                    }
                });
    }

    private void start(Crew crew, String kind, double perSecond, long seed, int rows, Form form) {
        crew.start(kind, () -> ask(kind, perSecond, new Random(seed), rows, form));
    }

    private void ask(String kind, double perSecond, Random random, int rows, Form form)
            throws InterruptedException {
        where.every(
                Duration.ofNanos((long) (1e9 / perSecond)),
                () -> {
                    int[] requests = random.ints(rows, 0, LogRequests.COUNT).toArray();
                    long asked = System.nanoTime();
                    try {
                        var answers = form.ask(requests);
                        long until = System.nanoTime();
                        if (answers.size() != rows)
                            tally.wrong(kind, answers.size() + " answers to " + rows + " rows");
                        for (int i = 0; i < Math.min(rows, answers.size()); i++)
                            answered(kind, requests[i], answers.get(i), asked, until, random);
                    } catch (IOException broken) {
                        // Whoever witnessed it has counted it.
                    }
                });
    }

    private void answered(
            String kind, int request, Answer answer, long asked, long until, Random random) {
        int version = SoakModels.version(answer.version());
        boolean right =
                answer.probabilities().isEmpty()
                        ? version > 0 && models.label(version, request).equals(answer.label())
                        : models.isAnswer(version, request, answer.probabilities());
        if (!right) tally.wrong(kind, "to request " + request + ": " + answer);
        heard.answer(asked, until, true, answer.version());
        var id = UUID.fromString(answer.id());
        ledger.predicted(id, SoakModels.number(Math.max(1, version), request));
        recent.add(id);
        if (random.nextInt(FEEDBACK_EVERY) == 0) feeder.about(id);
    }

    private Form rows() {
        var client = new Client(where::port, tally.of("rows"));
        return requests -> {
            var rows = new ArrayList<String>();
            for (int each : requests)
                rows.add("{\"x\":" + Arrays.toString(LogRequests.values(each)) + "}");
            var reply =
                    client.post(
                            "/api/v1/endpoints/" + SoakModels.NAME + "/predict",
                            "application/json",
                            utf8("{\"rows\":" + rows + "}"));
            var answers = new ArrayList<Answer>();
            for (var each : good("rows", reply).path("predictions"))
                answers.add(
                        new Answer(
                                each.path("id").asString(""),
                                each.path("version").asString(""),
                                each.at("/output/label").asString(""),
                                List.of()));
            return answers;
        };
    }

    private Form json() {
        var client = new Client(where::port, tally.of("OIP JSON"));
        return requests -> {
            var body = Requests.jsonBody("x", "[1,20]", LogRequests.values(requests[0]));
            var reply = client.post(INFER, "application/json", utf8(body));
            var numbers = new ArrayList<Float>();
            for (var each : good("OIP JSON", reply).at("/outputs/0/data"))
                numbers.add(each.floatValue());
            return List.of(answer(reply, numbers));
        };
    }

    private Form binary() {
        var client = new Client(where::port, tally.of("OIP binary"));
        return requests -> {
            var row = LogRequests.values(requests[0]);
            var request = Requests.binary(SoakModels.NAME, "x", "[1,20]", row, "probabilities");
            var reply = client.call("POST " + INFER, request);
            if (reply.status() != 200) good("OIP binary", reply);
            int head =
                    Integer.parseInt(reply.header("inference-header-content-length").orElseThrow());
            var raw =
                    ByteBuffer.wrap(reply.body(), head, reply.body().length - head)
                            .order(ByteOrder.LITTLE_ENDIAN);
            var numbers = new ArrayList<Float>();
            while (raw.hasRemaining()) numbers.add(raw.getFloat());
            return List.of(answer(reply, numbers));
        };
    }

    private static Answer answer(Wire.Reply reply, List<Float> numbers) {
        return new Answer(
                LogLoad.predictionId(reply).toString(),
                reply.header("davy-version").orElse(""),
                "",
                numbers);
    }

    private Form grpc(GrpcWire wire) {
        return requests -> {
            long asked = System.nanoTime();
            int port = where.port();
            if (port == 0) throw new IOException("no server");
            try {
                var row = LogRequests.values(requests[0]);
                var answer = wire.infer(port, SoakModels.NAME, "x", row);
                tally.answered("gRPC");
                var told = answer.parameters();
                return List.of(
                        new Answer(
                                told.getOrDefault("davy-prediction-id", ""),
                                told.getOrDefault("davy-version", ""),
                                "",
                                answer.row()));
            } catch (IOException broken) {
                tally.failed("gRPC", String.valueOf(broken), asked, System.nanoTime());
                throw broken;
            }
        };
    }

    /// What was answered, where it was a success: a refusal of what is right is wrong.
    private JsonNode good(String kind, Wire.Reply reply) throws IOException {
        if (reply.status() == 200) return Json.read(reply.body(), Limits.DEFAULT);
        if (reply.status() < 500 && reply.status() != 429) tally.wrong(kind, reply.text());
        throw new IOException("refused");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
