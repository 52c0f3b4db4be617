package dev.davy.cli;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Says what came to be known of a prediction.
@Command(
        name = "feedback",
        description =
                "Say what came to be known of a prediction: its truth, or a person's judgement.")
final class FeedbackCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "many at once: a JSON list or a document a line; - for standard input")
    private @Nullable Path file;

    @Option(names = "--prediction", paramLabel = "ID", description = "the prediction's id")
    private @Nullable String prediction;

    @Option(names = "--output", paramLabel = "NAME", description = "which output, if several")
    private @Nullable String output;

    @Option(names = "--truth", paramLabel = "VALUE", description = "what was true")
    private @Nullable String truth;

    @Option(names = "--source", paramLabel = "TEXT", description = "who or what knows: lab, …")
    private @Nullable String source;

    @Option(names = "--judgement", paramLabel = "VALUE", description = "what a person thought")
    private @Nullable String judgement;

    @Option(names = "--by", paramLabel = "WHO", description = "that person")
    private @Nullable String by;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "yours: sent again, it counts once; made up and printed if left out")
    private @Nullable String id;

    FeedbackCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException {
        if ((file == null) == (prediction == null)
                || (truth == null) == (judgement == null) && file == null) {
            connection
                    .terminal()
                    .failure(
                            "Feedback is a file, or a prediction with a truth or a judgement.",
                            List.of(),
                            "davy feedback FILE, or davy feedback --prediction ID --truth VALUE.");
            return Exit.USAGE;
        }
        try (var client = connection.client()) {
            var answer =
                    file == null
                            ? client.post("/api/v1/feedback", single())
                            : client.send(
                                    "POST",
                                    "/api/v1/feedback",
                                    "application/json",
                                    BodyPublishers.ofByteArray(many(file)));
            if (connection.json()) connection.terminal().json(answer);
            else GetCommand.fields(connection.terminal(), answer, "");
            return Exit.YES;
        }
    }

    private JsonNode single() {
        var feedback = Json.object();
        feedback.put("id", id == null ? UUID.randomUUID().toString() : id);
        feedback.put("prediction", prediction);
        if (output != null) feedback.put("output", output);
        if (truth != null) feedback.set("truth", value(truth));
        if (source != null) feedback.put("source", source);
        if (judgement != null) feedback.set("judgement", value(judgement));
        if (by != null) feedback.put("by", by);
        return feedback;
    }

    // 3.5, true, [1,2] and {"a":1} are what they look like; everything else is a text.
    private static JsonNode value(String text) {
        try {
            return Json.read(
                    text.getBytes(java.nio.charset.StandardCharsets.UTF_8), Limits.DEFAULT);
        } catch (dev.davy.strict.Problem notJson) {
            return Json.tree(text);
        }
    }

    private byte[] many(Path file) throws IOException {
        var bytes =
                file.toString().equals("-")
                        ? connection.terminal().in().readAllBytes()
                        : Files.readAllBytes(file);
        int first = 0;
        while (first < bytes.length && Character.isWhitespace(bytes[first])) first++;
        if (first < bytes.length && bytes[first] == '[') return bytes;
        var list = Json.array();
        for (var line : new String(bytes, java.nio.charset.StandardCharsets.UTF_8).lines().toList())
            if (!line.isBlank())
                list.add(
                        Json.read(
                                line.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                Limits.DEFAULT));
        return Json.write(list);
    }
}
