package dev.davy.bench;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a measurement asks of reviews, over HTTP as anybody else.
final class ReviewCalls implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    private final Client client;

    ReviewCalls(Client client) {
        this.client = client;
    }

    /// @param port of the server; 0 while there is none
    ReviewCalls(IntSupplier port) {
        this(new Client(port, Client.Witness.NONE));
    }

    /// An answer.
    record Said(int status, JsonNode json) {
        JsonNode expect(int... statuses) {
            for (int each : statuses) if (each == status) return json;
            throw new Unmeasurable("Davy refused a step of the measurement: " + json);
        }
    }

    Said get(String path) throws IOException {
        return call("GET", path, "application/json", new byte[0]);
    }

    Said post(String path, ObjectNode body) throws IOException {
        return call("POST", path, "application/json", Json.write(body));
    }

    Said call(String method, String path, String type, byte[] body) throws IOException {
        var reply = client.call(method, path, "Content-Type: " + type + "\r\n", body);
        return new Said(
                reply.status(),
                reply.body().length == 0 ? Json.object() : Json.read(reply.body(), Limits.DEFAULT));
    }

    /// The same, as often as it takes: for what may be said twice.
    Said insist(String method, String path, String type, byte[] body) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (true)
            try {
                var said = call(method, path, type, body);
                if (said.status() < 500) return said;
            } catch (IOException notNow) {
                if (System.nanoTime() > until)
                    throw new Unmeasurable("The server has not come back: " + notNow.getMessage());
                Thread.sleep(POLL);
            }
    }

    Said insist(String path) throws InterruptedException {
        return insist("GET", path, "application/json", new byte[0]);
    }

    // ---- what is asked

    void push(String model, String type, byte[] bytes) throws IOException {
        call("POST", "/api/v1/models/" + model + "/versions", type, bytes).expect(201);
    }

    void apply(String yaml) throws IOException {
        call("POST", "/api/v1/apply", "application/yaml", yaml.getBytes(StandardCharsets.UTF_8))
                .expect(200);
    }

    /// One prediction, and what its caller was told.
    record Predicted(UUID id, JsonNode said) {}

    /// Empty where the connection broke: the server may have it or not.
    Optional<Predicted> predict(String endpoint, String type, byte[] body) {
        try {
            var said =
                    call("POST", "/api/v1/endpoints/" + endpoint + "/predict", type, body)
                            .expect(200);
            var one = said.at("/predictions/0");
            return Optional.of(new Predicted(UUID.fromString(one.path("id").asString("")), one));
        } catch (IOException broken) {
            return Optional.empty();
        }
    }

    JsonNode automation(String endpoint) throws IOException {
        return get("/api/v1/endpoints/" + endpoint + "/automation").expect(200);
    }

    void level(String endpoint, String level) throws IOException {
        post(
                        "/api/v1/endpoints/" + endpoint + "/automation",
                        Json.object().put("level", level).put("why", "a measurement"))
                .expect(200);
    }

    Said next(String endpoint, String reviewer, int ahead) throws IOException {
        return post(
                "/api/v1/endpoints/" + endpoint + "/reviews/next",
                Json.object().put("ahead", ahead).put("reviewer", reviewer));
    }

    Said judge(String prediction, String reviewer, String output, String answer)
            throws IOException {
        var body = Json.object().put("reviewer", reviewer).put("seconds", 0.5);
        body.set("answer", Json.object().put(output, answer));
        return post("/api/v1/reviews/" + prediction + "/judgement", body);
    }

    /// Breaks off whatever is under way, without a word.
    @Override
    public void close() {
        client.close();
    }
}
