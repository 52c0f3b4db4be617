package dev.davy.runtime;

import dev.davy.runtime.onnx.Refused;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// HTTP to one server that may be called.
final class RemoteServer implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final String HEADER_LENGTH = "Inference-Header-Content-Length";
    private static final int LONGEST_QUOTE = 200;

    private final URI base;
    private final Limits limits;
    private final HttpClient client;

    private RemoteServer(URI base, Limits limits) {
        this.base = base;
        this.limits = limits;
        client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(CONNECT)
                        .build();
    }

    /// What is sent.
    ///
    /// @param jsonLength how much of the body is JSON, when raw tensors follow it
    @SuppressWarnings("ArrayRecordComponent")
    record Body(byte[] bytes, OptionalInt jsonLength) {}

    static RemoteServer of(URI base, Set<String> allowed, Limits limits) {
        var scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
        boolean http = scheme.equals("http") || scheme.equals("https");
        int port = base.getPort() >= 0 ? base.getPort() : scheme.equals("https") ? 443 : 80;
        var at = base.getHost() + ":" + port;
        boolean plain =
                base.getUserInfo() == null && base.getQuery() == null && base.getFragment() == null;
        if (!http || base.getHost() == null || !plain || !allowed.contains(at))
            throw new Problem(
                    Problem.Kind.FORBIDDEN,
                    "remote-not-allowed",
                    "The remote server may not be called.",
                    Refused.shown(at)
                            + " is not among the servers that this one was told it may call.",
                    "Add it as host:port to the setting that lists remote servers.");
        return new RemoteServer(base, limits);
    }

    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path, Duration within) {
        var prefix = base.toString().replaceAll("/+$", "");
        return HttpRequest.newBuilder(URI.create(prefix + path)).timeout(within);
    }

    JsonNode get(String path, Duration within) {
        var answer = send(request(path, within).GET().build());
        return json(answer.bytes());
    }

    Body post(String path, Body body, Duration within) {
        var request =
                request(path, within).POST(HttpRequest.BodyPublishers.ofByteArray(body.bytes()));
        if (body.jsonLength().isPresent())
            request.header(HEADER_LENGTH, String.valueOf(body.jsonLength().getAsInt()))
                    .header("Content-Type", "application/octet-stream");
        else request.header("Content-Type", "application/json");
        return send(request.build());
    }

    private Body send(HttpRequest request) {
        try {
            var handler =
                    HttpResponse.BodyHandlers.limiting(
                            HttpResponse.BodyHandlers.ofByteArray(), limits.bodyBytes());
            var response = client.send(request, handler);
            if (response.statusCode() != 200) throw refused(response);
            var length = response.headers().firstValue(HEADER_LENGTH);
            return new Body(
                    response.body(),
                    length.isPresent()
                            ? OptionalInt.of(number(length.get()))
                            : OptionalInt.empty());
        } catch (HttpTimeoutException e) {
            // Not to get through is not the model's slowness.
            if (e instanceof HttpConnectTimeoutException) throw away();
            throw Failures.late();
        } catch (ConnectException e) {
            throw away();
        } catch (IOException e) {
            throw broken();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.closed();
        }
    }

    private static int number(String text) {
        if (!text.matches("[0-9]{1,9}"))
            throw notTheProtocol("Its header " + HEADER_LENGTH + " is no length.");
        return Integer.parseInt(text);
    }

    JsonNode json(byte[] bytes) {
        try {
            return Json.read(bytes, limits);
        } catch (Problem problem) {
            throw notTheProtocol("It answered with something that is not JSON.");
        }
    }

    private Problem refused(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        var said = "It answered with status " + status + said(response.body()) + ".";
        return switch (status) {
            case 429, 503 ->
                    new Problem(
                            Problem.Kind.UNAVAILABLE,
                            "remote-busy",
                            "The remote server cannot answer now.",
                            said,
                            "Ask again later.");
            case 404 ->
                    new Problem(
                            Problem.Kind.UNAVAILABLE,
                            "remote-unknown-model",
                            "The remote server does not have this model.",
                            said,
                            "Check the name and version of the model there.");
            case 504 -> Failures.late();
            default ->
                    new Problem(
                            Problem.Kind.MODEL_FAILED,
                            "remote-failed",
                            "The remote server did not answer this request.",
                            said,
                            "Compare the inputs with the remote model's signature, or look into its log.");
        };
    }

    private String said(byte[] body) {
        try {
            var error = Json.read(body, limits).path("error").asString("");
            if (error.isBlank()) return "";
            var cut = error.length() > LONGEST_QUOTE ? error.substring(0, LONGEST_QUOTE) : error;
            return ": " + Refused.shown(cut);
        } catch (Problem e) {
            return "";
        }
    }

    private static Problem away() {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "remote-unreachable",
                "The remote server cannot be reached.",
                "No connection came about within " + CONNECT.toSeconds() + " s.",
                "Check that it runs, and its address.");
    }

    private static Problem broken() {
        return new Problem(
                Problem.Kind.UNAVAILABLE,
                "remote-unreachable",
                "The remote server did not answer whole.",
                "The connection ended early, or the answer is over the limit.",
                "Check that it runs, and how much it answers.");
    }

    static Problem notTheProtocol(String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "remote-not-understood",
                "The remote server does not speak the Open Inference Protocol v2.",
                why,
                "Check its address, and that it serves REST there.");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
