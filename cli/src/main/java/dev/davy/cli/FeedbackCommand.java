package dev.davy.cli;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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

    @Option(names = "--endpoint", paramLabel = "NAME", description = "with --entity instead")
    private @Nullable String endpoint;

    @Option(names = "--entity", paramLabel = "KEY", description = "whom or what it is about")
    private @Nullable String entity;

    @Option(names = "--output", paramLabel = "NAME", description = "which output, if several")
    private @Nullable String output;

    @ArgGroup private @Nullable What what;

    /// What is known now: one of these.
    static final class What {
        @Option(names = "--truth", paramLabel = "VALUE", description = "what was true")
        private @Nullable String truth;

        @Option(names = "--judgement", paramLabel = "VALUE", description = "what a person thought")
        private @Nullable String judgement;

        @Option(names = "--event", paramLabel = "NAME", description = "what happened: click, …")
        private @Nullable String event;
    }

    @Option(names = "--source", paramLabel = "TEXT", description = "of a truth: lab, ledger, …")
    private @Nullable String source;

    @Option(names = "--by", paramLabel = "WHO", description = "whose judgement it is")
    private @Nullable String by;

    @Option(names = "--value", paramLabel = "NUMBER", description = "of an event")
    private @Nullable Double value;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "yours: sent again, it counts once; made up and shown if left out")
    private @Nullable String id;

    FeedbackCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException {
        if ((file == null) == (what == null)) {
            connection
                    .terminal()
                    .failure(
                            "Feedback is a file, or one thing that is known of one prediction.",
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
            return answer.path("refused").isEmpty() ? Exit.YES : Exit.NO;
        }
    }

    private JsonNode single() {
        var feedback = Json.object();
        feedback.put("id", id == null ? UUID.randomUUID().toString() : id);
        put(feedback, "prediction", prediction);
        put(feedback, "endpoint", endpoint);
        put(feedback, "entity", entity);
        put(feedback, "output", output);
        if (what != null && what.truth != null) feedback.set("truth", value(what.truth));
        if (what != null && what.judgement != null)
            feedback.set("judgement", value(what.judgement));
        if (what != null) put(feedback, "event", what.event);
        put(feedback, "source", source);
        put(feedback, "by", by);
        if (value != null) feedback.put("value", value);
        return feedback;
    }

    private static void put(ObjectNode feedback, String name, @Nullable String text) {
        if (text != null) feedback.put(name, text);
    }

    // 3.5, true, [1,2] and {"a":1} are what they look like; everything else is a text.
    private static JsonNode value(String text) {
        try {
            return Json.read(
                    text.getBytes(java.nio.charset.StandardCharsets.UTF_8), Limits.DEFAULT);
        } catch (Problem notJson) {
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
        // Bytes and not text, so that what is no UTF-8 is refused and not mended.
        int from = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i < bytes.length && bytes[i] != '\n') continue;
            var line = Arrays.copyOfRange(bytes, from, i);
            if (!isBlank(line)) list.add(Json.read(line, Limits.DEFAULT));
            from = i + 1;
        }
        if (list.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "file-empty",
                    "There is no feedback in '" + file + "'.",
                    "It is empty.",
                    "Give a JSON list, or a document a line.");
        return Json.write(list);
    }

    private static boolean isBlank(byte[] line) {
        for (byte each : line) if (!Character.isWhitespace(each)) return false;
        return true;
    }
}
