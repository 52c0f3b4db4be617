package dev.davy.bench;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A server in a process of its own, spoken to as the command does, and killed as nobody should.
final class BatchServer implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final String address;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private BatchServer(Process process, BufferedReader output, String address) {
        this.process = process;
        this.output = output;
        this.address = address;
    }

    /// What came of a batch.
    record Done(double seconds, JsonNode job) {}

    static BatchServer start(Place place, Path data) throws IOException {
        var command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.davy.cli.Main",
                        "serve",
                        "--port",
                        "0",
                        "-o",
                        "json",
                        "--data",
                        data.toString());
        var process =
                new ProcessBuilder(command)
                        .redirectError(
                                ProcessBuilder.Redirect.appendTo(
                                        place.work().resolve("davy.output").toFile()))
                        .start();
        var output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = output.readLine();
        if (line == null) throw new Unmeasurable("davy serve ended before it was ready");
        var greeting = Json.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
        return new BatchServer(process, output, greeting.path("address").asString());
    }

    void prepare(byte[] model) throws Exception {
        send(
                "POST",
                "/api/v1/models/trees/versions",
                "application/octet-stream",
                BodyPublishers.ofByteArray(model));
        var endpoint = Json.write(Json.object().put("name", "trees").put("model", "trees/1"));
        send("POST", "/api/v1/endpoints", "application/json", BodyPublishers.ofByteArray(endpoint));
    }

    String submit(Path rows, boolean log) throws Exception {
        var digest =
                send(
                                "POST",
                                "/api/v1/batch/files",
                                "application/octet-stream",
                                BodyPublishers.ofFile(rows))
                        .path("digest")
                        .asString();
        var body = BodyPublishers.ofByteArray(Json.write(Batch.arguments(digest, log)));
        return send("POST", "/api/v1/jobs", "application/json", body).path("id").asString();
    }

    JsonNode job(String id) throws Exception {
        return send("GET", "/api/v1/jobs/" + id, "application/json", BodyPublishers.noBody());
    }

    JsonNode await(String id) throws Exception {
        while (true) {
            var job = job(id);
            switch (job.path("state").asString()) {
                case "done" -> {
                    return job;
                }
                case "failed", "cancelled" -> throw new Unmeasurable("the batch ended: " + job);
                default -> Thread.sleep(50);
            }
        }
    }

    Done run(Path rows, long count, boolean log) throws Exception {
        var job = await(submit(rows, log));
        if (job.at("/result/predicted").asLong() != count)
            throw new Unmeasurable("not all rows were predicted: " + job);
        return new Done(Batch.seconds(job), job);
    }

    void fetch(String id, Path into) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(address + "/api/v1/jobs/" + id + "/result"));
        http.send(request.build(), BodyHandlers.ofFile(into));
    }

    /// The most memory that the process ever had: VmHWM.
    double peakMegabytes() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")))
            if (line.startsWith("VmHWM:"))
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
        return Double.NaN;
    }

    private JsonNode send(String method, String path, String type, BodyPublisher body)
            throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Content-Type", type)
                        .method(method, body)
                        .build();
        var response = http.send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 != 2)
            throw new Unmeasurable(
                    path + " says " + new String(response.body(), StandardCharsets.UTF_8));
        return Json.read(response.body(), Limits.DEFAULT);
    }

    /// SIGKILL.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
        output.close();
    }
}
