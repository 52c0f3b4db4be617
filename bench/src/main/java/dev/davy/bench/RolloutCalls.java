package dev.davy.bench;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a measurement asks of rollouts at one endpoint of a running server, over HTTP as anybody
/// else. Its model has two versions whose files differ and whose answers do not.
final class RolloutCalls implements AutoCloseable {
    static final String ENDPOINT = "mlp";

    /// What a rollout does without being told, but for time: on a busy machine that would end it.
    static final String GUARDS =
            """
            guards:
              - {watch: errors}
              - {watch: latency.p99, observe-only: true}
            """;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Wire wire;
    private final String endpoint;
    private final String model;

    private RolloutCalls(Wire wire, String endpoint, String model) {
        this.wire = wire;
        this.endpoint = endpoint;
        this.model = model;
    }

    static RolloutCalls at(int port, String endpoint) throws IOException {
        return at(port, endpoint, ENDPOINT);
    }

    /// @param model whose versions go to and fro
    static RolloutCalls at(int port, String endpoint, String model) throws IOException {
        return new RolloutCalls(Wire.connect(port, PATIENCE), endpoint, model);
    }

    /// The answer, and when it was asked for and given, in the nanoseconds of [System#nanoTime].
    record Said(JsonNode json, int status, long asked, long answered) {}

    /// Versions 1 and 2 of the model: the same network, and a remark in the second one's file.
    void push(Place place) throws IOException {
        var first = place.model("mlp");
        for (var file : List.of(first, remarked(first, "the same again")))
            expect(
                    call("POST", "/api/v1/models/mlp/versions", "application/octet-stream", file),
                    201);
    }

    /// The same model in another file. A field of a protobuf message may stand anywhere: the sixth
    /// of a model is its remark.
    static byte[] remarked(byte[] model, String remark) {
        var text = remark.getBytes(StandardCharsets.US_ASCII);
        var file = new ByteArrayOutputStream();
        file.writeBytes(model);
        file.write(6 << 3 | 2);
        file.write(text.length);
        file.writeBytes(text);
        return file.toByteArray();
    }

    /// Declares the endpoint.
    ///
    /// @param section lines of YAML below `rollout:`; empty: there is none
    void declare(int version, String section) throws IOException {
        var yaml =
                "kind: Endpoint\nname: %s\nmodel: %s/%d\n".formatted(endpoint, model, version)
                        + (section.isEmpty() ? "" : "rollout:\n" + section.indent(2));
        expect(
                call(
                        "POST",
                        "/api/v1/apply",
                        "application/yaml",
                        yaml.getBytes(StandardCharsets.UTF_8)),
                200);
    }

    /// Makes a version live at once, as a person does who asks for no rollout.
    void live(int version) throws IOException {
        expect(
                json(
                        "PUT",
                        path("/live"),
                        Json.object().put("model", model + "/" + version).toString()),
                200);
    }

    JsonNode begin(int version) throws IOException {
        var body =
                Json.object()
                        .put("to", model + "/" + version)
                        .put("retry", true)
                        .put("why", "a measurement");
        return expect(json("POST", path("/rollout"), body.toString()), 201).json();
    }

    /// `promote`, `rollback`: fails when somebody else was sooner.
    Said command(String command) throws IOException {
        return expect(
                json("POST", path("/rollout/" + command), "{\"why\":\"a measurement\"}"), 200);
    }

    /// Ends a rollout if one is under way.
    void rollBack() throws IOException {
        var said = json("POST", path("/rollout/rollback"), "{\"why\":\"a measurement\"}");
        // There is none, or a guard was sooner.
        if (said.status() != 404 && said.status() != 409) expect(said, 200);
    }

    JsonNode rollout() throws IOException {
        return expect(call("GET", path("/rollout"), "application/json", new byte[0]), 200).json();
    }

    /// Waits until the rollout is over, however it ended.
    JsonNode awaitOver(Duration most) throws IOException, InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        while (true) {
            var rollout = rollout();
            if (rollout.path("over").asBoolean() || System.nanoTime() > until) return rollout;
            Thread.sleep(POLL);
        }
    }

    static String state(JsonNode rollout) {
        return rollout.at("/state/is").asString("");
    }

    /// A request that only the candidate answers and that is no evidence: for warming it up.
    static byte[] pinned() {
        return Requests.post(
                "/v2/models/" + ENDPOINT + "/infer",
                "Content-Type: application/json\r\ndavy-arm: candidate\r\n",
                Requests.jsonBody("x", "[1,20]", Requests.drawn(20))
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private String path(String rest) {
        return "/api/v1/endpoints/" + endpoint + rest;
    }

    private Said json(String method, String path, String body) throws IOException {
        return call(method, path, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    private Said call(String method, String path, String type, byte[] body) throws IOException {
        var head =
                "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(method, path, type, body.length);
        var request = new ByteArrayOutputStream();
        request.write(head.getBytes(StandardCharsets.US_ASCII));
        request.write(body);
        long asked = System.nanoTime();
        var reply = wire.call(request.toByteArray());
        long answered = System.nanoTime();
        return new Said(Json.read(reply.body(), Limits.DEFAULT), reply.status(), asked, answered);
    }

    private static Said expect(Said said, int status) {
        if (said.status() != status)
            throw new Unmeasurable("Davy refused a step of the measurement: " + said.json());
        return said;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
