package dev.davy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `davy demo` and `davy try`, as a person starts them.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ShowingTest {
    private static final Path LOAN = Path.of("..", "examples", "loan-approval");

    @TempDir private Path folder = Path.of("");

    @Test
    void theDemoServesFillsAndEndsWithNothingLeftBehind() throws Exception {
        try (var demo = Shown.start("demo", "--no-browser", "--phones", "20")) {
            // The inspector's seat has an endpoint of its own, on which phones have no number.
            var predictions =
                    demo.logged("prediction", 100).stream()
                            .filter(each ->
                                    each.path("endpoint").asString("").equals("phone-inspection"))
                            .toList();
            assertThat(predictions)
                    .isNotEmpty()
                    .allSatisfy(each -> {
                        assertThat(each.at("/input/serial/hash").asString())
                                .matches("[0-9a-f]{32}");
                        assertThat(each.at("/input/line").asString()).isIn("A1", "A2", "B1");
                        assertThat(each.at("/decision/output/label").asString())
                                .isIn("ok", "scratch");
                        assertThat(each.at("/decision/confidence").asDouble()).isBetween(0.5, 1.0);
                    });
            // What happened in the minutes before has its own times.
            assertThat(predictions)
                    .anyMatch(each ->
                            !each.at("/event-time")
                                    .asString()
                                    .substring(0, 16)
                                    .equals(each.at("/received").asString().substring(0, 16)));
            var feedback = demo.logged("feedback", 20);
            assertThat(feedback).anyMatch(each -> each.has("truth"));
            assertThat(feedback).anyMatch(each -> each.has("judgement"));
            assertThat(demo.page("/api/v1/endpoints")).contains("phone-inspection");
            assertThat(demo.page("/story"))
                    .contains("aria-current=\"step\"")
                    .contains("A better version comes live");
            assertThat(demo.stop()).isZero();
            assertThat(Path.of(demo.greeting.path("data").asString())).doesNotExist();
        }
    }

    @Test
    void aPersonsOwnModelAndTableAreLiveInOneCommand() throws Exception {
        var lines = Files.readAllLines(LOAN.resolve("applicants.csv"));
        var table = new StringBuilder(lines.getFirst() + ",risk\n");
        for (int i = 1; i < lines.size(); i++)
            table.append(lines.get(i)).append(i % 3 == 0 ? ",bad\n" : ",good\n");
        var data = Files.writeString(folder.resolve("mine.csv"), table);
        var model = LOAN.resolve("models", "logistic", "model.onnx");
        try (var tried =
                Shown.start("try", model.toString(), data.toString(), "--data", folder + "/d")) {
            var predictions = tried.logged("prediction", 30);
            assertThat(predictions.getFirst().at("/input/applicant/hash").asString())
                    .matches("[0-9a-f]{32}");
            assertThat(tried.logged("feedback", 5))
                    .allSatisfy(
                            each -> assertThat(each.path("truth").asString()).isIn("bad", "good"));
            assertThat(tried.stop()).isZero();
            assertThat(folder.resolve("d", "state.db")).exists();
        }
    }

    @Test
    void whatCannotBeGuessedIsAskedForByName() throws Exception {
        var model = LOAN.resolve("models", "logistic", "model.onnx").toString();
        var other = Files.writeString(folder.resolve("other.csv"), "a,b\n1,2\n").toString();
        var told = Commands.run("try", model, other);
        assertThat(told.exit()).isEqualTo(Exit.NO);
        assertThat(told.err()).contains("--column age_years=").contains("a | b");
    }

    @Test
    void whatIsNoModelOrNoTableIsRefusedWithTheReason() throws Exception {
        var csv = LOAN.resolve("applicants.csv").toString();
        var model = LOAN.resolve("models", "logistic").toString();
        var empty = Files.writeString(folder.resolve("empty.csv"), "").toString();
        var latin = folder.resolve("latin.csv");
        Files.write(latin, "name\nMüller\n".getBytes(StandardCharsets.ISO_8859_1));
        for (var words :
                List.of(
                        List.of("try", csv, csv),
                        List.of("try", model, model),
                        List.of("try", model, empty),
                        List.of("try", model, latin.toString()),
                        List.of("try", model, "not-there.csv"),
                        List.of("try", "not-there.onnx", csv))) {
            var told = Commands.run(words.toArray(String[]::new));
            assertThat(told.exit()).as(words + told.err()).isIn(Exit.NO, Exit.NOT_DONE);
            assertThat(told.err().lines().count()).as(told.err()).isGreaterThanOrEqualTo(2);
            assertThat(told.err()).doesNotContain("nobody foresaw");
        }
    }

    /// The process, its greeting, and its pages.
    private record Shown(Process process, JsonNode greeting, HttpClient http)
            implements AutoCloseable {
        static Shown start(String... words) throws Exception {
            var all = new ArrayList<>(List.of(words));
            all.addAll(List.of("--port", "0", "-o", "json"));
            var process = ServerProcess.java(List.of("-Xmx512m"), Main.class.getName(), all);
            var line =
                    new BufferedReader(
                                    new InputStreamReader(
                                            process.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
            assertThat(line).isNotNull();
            return new Shown(process, json(line), HttpClient.newHttpClient());
        }

        private static JsonNode json(String line) {
            return Json.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
        }

        /// The first of the log, awaited where they are not there yet.
        List<JsonNode> logged(String type, int many) throws Exception {
            var path = "/api/v1/log?follow=true&type=%s&limit=%d".formatted(type, many);
            try (Stream<String> lines = http.send(request(path), BodyHandlers.ofLines()).body()) {
                return lines.map(Shown::json).toList();
            }
        }

        String page(String path) throws Exception {
            return http.send(request(path), BodyHandlers.ofString()).body();
        }

        private HttpRequest request(String path) {
            var address = URI.create(greeting.path("address").asString());
            return HttpRequest.newBuilder(address.resolve(path)).build();
        }

        int stop() throws InterruptedException {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
            http.shutdownNow();
        }
    }
}
