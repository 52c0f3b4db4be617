package dev.davy.cli;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import tools.jackson.databind.JsonNode;

/// One server, spoken to in HTTP/1.1: a request, and its answer as JSON or as a stream of lines.
/// Any status but 2xx is thrown as a [Refusal], an unreachable server as a [Problem].
final class Client implements AutoCloseable {
    private final URI server;
    private final String token;
    private final HttpClient http;

    Client(URI server, String token) {
        this.server = server;
        this.token = token;
        var builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5));
        // Without a context of its own the client reads all certificate authorities, 80 ms, even
        // for plain HTTP. This one trusts nobody.
        if ("http".equals(server.getScheme())) builder.sslContext(trustsNobody());
        http = builder.build();
    }

    private static SSLContext trustsNobody() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    URI server() {
        return server;
    }

    JsonNode get(String path) {
        return answer(request(path).GET());
    }

    JsonNode post(String path, Object body) {
        return send("POST", path, "application/json", BodyPublishers.ofByteArray(Json.write(body)));
    }

    JsonNode put(String path, Object body) {
        return send("PUT", path, "application/json", BodyPublishers.ofByteArray(Json.write(body)));
    }

    JsonNode delete(String path) {
        return answer(request(path).DELETE());
    }

    /// A request without a body that changes something.
    JsonNode post(String path) {
        return answer(request(path).POST(BodyPublishers.noBody()));
    }

    JsonNode send(String method, String path, String contentType, BodyPublisher body) {
        return answer(request(path).header("Content-Type", contentType).method(method, body));
    }

    /// The answer as it comes, line by line; whoever takes the stream closes it.
    InputStream stream(String path) {
        var response = exchange(request(path).GET().build(), BodyHandlers.ofInputStream());
        if (response.statusCode() / 100 == 2) return response.body();
        try (var body = response.body()) {
            throw new Refusal(response.statusCode(), body.readNBytes(1 << 20));
        } catch (IOException e) {
            throw brokenOff(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        var request =
                HttpRequest.newBuilder(URI.create(server + path))
                        .header("Accept", "application/json, application/x-ndjson");
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        return request;
    }

    private JsonNode answer(HttpRequest.Builder request) {
        var response = exchange(request.build(), BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 != 2)
            throw new Refusal(response.statusCode(), response.body());
        return response.body().length == 0
                ? Json.object()
                : Json.read(response.body(), Limits.DEFAULT);
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "server-not-reachable",
                    "No Davy answers at " + server + ".",
                    e instanceof ConnectException
                            ? "Nothing listens there."
                            : "It did not take the connection within 5 seconds.",
                    "Start one with: davy serve, or name another: --server URL.");
        } catch (IOException e) {
            throw brokenOff(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Problem brokenOff(IOException e) {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "connection-broke",
                "The connection to " + server + " broke before the answer was there.",
                String.valueOf(e.getMessage()),
                "Look whether the server still runs, and try again.");
    }

    /// The text as one segment of a path, or one value of a query.
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        // Not http.close(): it waits for a stream that --follow may never end.
        http.shutdownNow();
    }
}
