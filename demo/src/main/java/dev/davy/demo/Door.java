package dev.davy.demo;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The door that every caller uses: HTTP, on this machine. For any number of threads.
public final class Door implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final URI server;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    public Door(URI server) {
        this.server = server;
    }

    public URI server() {
        return server;
    }

    public JsonNode get(String path) {
        return answer(HttpRequest.newBuilder(URI.create(server + path)).GET());
    }

    public JsonNode post(String path, JsonNode body) {
        return send("POST", path, "application/json", Json.write(body));
    }

    /// @throws Problem what the server said, or UNAVAILABLE `server-not-reachable`
    public JsonNode send(String method, String path, String contentType, byte[] body) {
        return answer(
                HttpRequest.newBuilder(URI.create(server + path))
                        .header("Content-Type", contentType)
                        .method(method, BodyPublishers.ofByteArray(body)));
    }

    private JsonNode answer(HttpRequest.Builder request) {
        try {
            var response = http.send(request.timeout(LONGEST).build(), BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 != 2)
                throw refused(response.statusCode(), response.body());
            return response.body().length == 0
                    ? Json.object()
                    : Json.read(response.body(), Limits.DEFAULT);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "server-not-reachable",
                    "No answer came from " + server + ".",
                    String.valueOf(e.getMessage()),
                    "Look whether it still runs.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "stopped",
                    "The call was given up.",
                    "This process is to end.",
                    "Start it again.");
        }
    }

    private static Problem refused(int status, byte[] body) {
        var kind =
                status / 100 == 5 || status == 429
                        ? Problem.Kind.UNAVAILABLE
                        : Problem.Kind.UNACCEPTABLE;
        JsonNode document;
        try {
            document = Json.read(body, Limits.DEFAULT);
        } catch (Problem notJson) {
            document = Json.object();
        }
        var what = document.path("title").asString("The server answered with status " + status);
        var todo = document.path("todo").asString("");
        var why = new ArrayList<String>();
        for (var violation : document.path("violations")) why.add(violation.asString());
        if (why.isEmpty()) why.add(document.path("detail").asString(""));
        return new Problem(kind, "refused", what, List.copyOf(why), todo);
    }

    /// The text as one value of a query, or one part of a path.
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
