package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.JsonNode;

/// A client of a server under test: plain HTTP, and the calls that most tests begin with.
public final class Caller {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http;
    private final String address;
    private final Optional<String> token;

    private Caller(HttpClient http, String address, Optional<String> token) {
        this.http = http;
        this.address = address;
        this.token = token;
    }

    /// @param address `http://127.0.0.1:8080`
    public static Caller at(String address) {
        return new Caller(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
                address,
                Optional.empty());
    }

    public static Caller of(Server server) {
        return at("http://127.0.0.1:" + server.port());
    }

    /// The same, with a token.
    public Caller as(String secret) {
        return new Caller(http, address, Optional.of(secret));
    }

    /// What it sends as `Authorization`.
    String authorization() {
        return "Bearer " + token.orElse("");
    }

    public int port() {
        return URI.create(address).getPort();
    }

    /// What came back.
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    public record Said(int status, HttpHeaders headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return Json.read(body, Limits.DEFAULT);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /// The same, if it has one of these statuses.
        public Said is(Integer... statuses) {
            assertThat(List.of(statuses)).as(() -> text()).contains(status);
            return this;
        }
    }

    /// @param headers names and values in turn
    public Said send(String method, String path, byte[] body, String... headers) {
        var request =
                HttpRequest.newBuilder(URI.create(address + path))
                        .timeout(PATIENCE)
                        .method(
                                method,
                                body.length == 0 && method.equals("GET")
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) request.headers(headers);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Said(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Said get(String path) {
        return send("GET", path, new byte[0]);
    }

    public Said delete(String path) {
        return send("DELETE", path, new byte[0]);
    }

    public Said put(String path, String json) {
        return send("PUT", path, utf8(json), "Content-Type", "application/json");
    }

    public Said post(String path, String json) {
        return post(path, "application/json", utf8(json));
    }

    public Said post(String path, String contentType, byte[] body) {
        return send("POST", path, body, "Content-Type", contentType);
    }

    // ---- what most tests begin with

    /// Pushes a model file; its version.
    public int push(String model, byte[] onnx) {
        return version(
                post("/api/v1/models/" + model + "/versions", "application/octet-stream", onnx));
    }

    /// Pushes a bundle; its version.
    public int push(String model, Map<String, byte[]> files) {
        return version(
                post("/api/v1/models/" + model + "/versions", "application/zip", zip(files)));
    }

    private static int version(Said said) {
        return said.is(200, 201).json().path("version").asInt();
    }

    /// An endpoint with nothing said but its model, `name/7` or `name@alias`.
    public void endpoint(String name, String model) {
        var body = Json.object().put("name", name).put("model", model);
        post("/api/v1/endpoints", Json.text(body)).is(200, 201);
    }

    /// What became of each document.
    public JsonNode apply(String yaml) {
        return post("/api/v1/apply", "application/yaml", utf8(yaml)).is(200).json().get("results");
    }

    public Said predict(String endpoint, String contentType, byte[] body) {
        return post("/api/v1/endpoints/" + endpoint + "/predict", contentType, body);
    }

    /// The answers to rows, `[{"age":31}, …]`.
    public JsonNode predictRows(String endpoint, String rows) {
        return predict(endpoint, "application/json", utf8("{\"rows\":" + rows + "}"))
                .is(200)
                .json()
                .get("predictions");
    }

    /// The log's lines.
    ///
    /// @param query `type=feedback`, `endpoint=credit`, or nothing
    public List<JsonNode> log(String query) {
        return get("/api/v1/log" + (query.isEmpty() ? "" : "?" + query))
                .is(200)
                .text()
                .lines()
                .map(line -> Json.read(utf8(line), Limits.DEFAULT))
                .toList();
    }

    // ---- small things

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static JsonNode parsed(String json) {
        return Json.read(utf8(json), Limits.DEFAULT);
    }

    public static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public static byte[] zip(Map<String, byte[]> files) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : new TreeMap<>(files).entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// The files of a folder, as a bundle is made of them, and perhaps one from elsewhere.
    public static Map<String, byte[]> bundle(Path folder, Path... more) throws IOException {
        var files = new TreeMap<String, byte[]>();
        try (var entries = Files.list(folder)) {
            for (var file : entries.filter(Files::isRegularFile).toList())
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        for (var file : more) files.put(file.getFileName().toString(), Files.readAllBytes(file));
        return files;
    }

    /// A file or folder of the repository.
    public static Path repository(String path) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent())
            if (Files.exists(at.resolve("strict/pom.xml"))) return at.resolve(path);
        throw new IllegalStateException("not started inside the project");
    }
}
