package dev.davy.cli;

import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Cases that people decide. Most people decide them on the page; this is for scripts, and for a
/// look.
@Command(name = "review", description = "See what waits for people, and decide it.")
final class ReviewCommand {
    private final Connection connection;

    ReviewCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(
            name = "list",
            description = "Cases for people, newest first.",
            footer = {"", "Exit code 1: some are open."})
    int list(
            @Option(names = "--endpoint", paramLabel = "NAME") @Nullable String endpoint,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "open, decided or expired")
                    @Nullable String state,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "20") int limit) {
        try (var client = connection.client()) {
            var path = "/api/v1/reviews?limit=" + limit;
            if (endpoint != null) path += "&endpoint=" + Client.encoded(endpoint);
            if (state != null) path += "&state=" + Client.encoded(state);
            var found = client.get(path);
            var rows = new ArrayList<List<String>>();
            for (var each : found.path("reviews"))
                rows.add(
                        List.of(
                                Values.cell(each, "/prediction"),
                                Values.cell(each, "/endpoint"),
                                Values.cell(each, "/state"),
                                Values.cell(each, "/level"),
                                Values.cell(each, "/created"),
                                Values.cell(each, "/judgements")
                                        + " of "
                                        + Values.cell(each, "/wanted"),
                                said(each)));
            connection.show(
                    found,
                    List.of(
                            "PREDICTION",
                            "ENDPOINT",
                            "STATE",
                            "LEVEL",
                            "SINCE",
                            "JUDGEMENTS",
                            "DECISION"),
                    rows);
            boolean open = false;
            for (var count : found.path("open")) open |= count.asInt(0) > 0;
            return open ? Exit.NO : Exit.YES;
        }
    }

    private static String said(JsonNode review) {
        var decision = review.path("decision");
        if (decision.isMissingNode()) return "";
        var texts = new ArrayList<String>();
        for (var each : decision.properties())
            texts.add(each.getKey() + "=" + each.getValue().asString(each.getValue().toString()));
        return String.join(" ", texts) + " by " + Values.cell(review, "/by");
    }

    @Command(name = "next", description = "Take the next case before you, for two minutes.")
    int next(
            @Parameters(paramLabel = "ENDPOINT") String endpoint,
            @Option(
                            names = "--as",
                            paramLabel = "NAME",
                            description = "whose case it is, for those who may operate")
                    @Nullable String reviewer) {
        try (var client = connection.client()) {
            var body = Json.object();
            if (reviewer != null) body.put("reviewer", reviewer);
            var found =
                    client.post(
                            "/api/v1/endpoints/" + Client.encoded(endpoint) + "/reviews/next",
                            body);
            if (connection.json()) connection.terminal().json(found);
            else show(found);
            return found.path("reviews").isEmpty() ? Exit.NO : Exit.YES;
        }
    }

    private void show(JsonNode found) {
        var terminal = connection.terminal();
        if (found.path("reviews").isEmpty()) {
            terminal.line("Nothing waits for you.");
            return;
        }
        var review = found.path("reviews").path(0);
        terminal.line(
                "prediction %s, %s open"
                        .formatted(
                                Values.cell(review, "/prediction"), Values.cell(found, "/open")));
        for (var each : review.path("input").properties())
            terminal.line("  " + each.getKey() + ": " + each.getValue());
        for (var each : review.path("content"))
            terminal.line("  " + Values.cell(each, "/column") + ": " + Values.cell(each, "/href"));
        if (review.has("answer"))
            terminal.line("the model says " + review.path("answer").path("output"));
        var instructions = Values.cell(review, "/instructions/text");
        if (!instructions.isEmpty()) terminal.line(instructions);
        terminal.next(
                "davy review judge "
                        + Values.cell(review, "/prediction")
                        + " "
                        + Values.cell(review, "/output")
                        + "="
                        + Values.cell(review, "/classes/0"));
    }

    @Command(name = "judge", description = "Say what you think of a case.")
    int judge(
            @Parameters(paramLabel = "PREDICTION") String prediction,
            @Parameters(
                            paramLabel = "OUTPUT=VALUE",
                            arity = "0..*",
                            description = "such as label=scratch; none with --cannot-tell")
                    @Nullable List<String> answers,
            @Option(names = "--cannot-tell", description = "Say that you can't tell.")
                    boolean cannotTell,
            @Option(names = "--as", paramLabel = "NAME") @Nullable String reviewer) {
        try (var client = connection.client()) {
            var body = Json.object();
            if (reviewer != null) body.put("reviewer", reviewer);
            if (cannotTell) body.put("cannot-tell", true);
            if (answers != null && !answers.isEmpty()) {
                var answer = Json.object();
                for (var each : answers) {
                    int at = each.indexOf('=');
                    var value = at < 0 ? "" : each.substring(at + 1);
                    if (at < 1)
                        throw new Problem(
                                Problem.Kind.MALFORMED,
                                "answer-malformed",
                                "'" + each + "' is no answer.",
                                "It must be OUTPUT=VALUE, such as label=scratch.",
                                "Correct it.");
                    if (value.matches("-?[0-9]+(\\.[0-9]+)?")
                            && !isCategory(client, prediction, each.substring(0, at)))
                        answer.put(each.substring(0, at), Double.parseDouble(value));
                    else answer.put(each.substring(0, at), value);
                }
                body.set("answer", answer);
            }
            var path = "/api/v1/reviews/" + Client.encoded(prediction) + "/judgement";
            var taken = client.post(path, body);
            if (connection.json()) connection.terminal().json(taken);
            else
                connection
                        .terminal()
                        .line(
                                Values.cell(taken, "/result")
                                        + ", the case is "
                                        + Values.cell(taken, "/review/state"));
            return Exit.YES;
        }
    }

    /// Digits may be the name of a class.
    private static boolean isCategory(Client client, String prediction, String output) {
        var review = client.get("/api/v1/reviews/" + Client.encoded(prediction));
        return Values.cell(review, "/output").equals(output)
                && Values.cell(review, "/kind").equals("category");
    }
}
