package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// The prediction log: every prediction and its feedback, as kept.
@Command(name = "log", description = "Watch the prediction log, or export it.")
final class LogCommand {
    private final Connection connection;

    LogCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(
            name = "tail",
            description = "The newest records, one line each; with --follow those that come.")
    int tail(
            @Option(names = "--follow", description = "wait for new ones") boolean follow,
            @Option(names = "--endpoint", paramLabel = "NAME") @Nullable String endpoint,
            @Option(
                            names = "--type",
                            paramLabel = "TYPE",
                            description = "prediction, shadow or feedback")
                    @Nullable String type,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "20") int limit)
            throws IOException {
        var terminal = connection.terminal();
        if (!connection.json())
            terminal.line("TIME                     TYPE        ENDPOINT          ANSWER");
        var newest = new ArrayDeque<String>();
        try (var client = connection.client();
                var lines = lines(client, path(follow, follow ? "end" : "start", endpoint, type))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (follow) show(line);
                else {
                    newest.add(line);
                    if (newest.size() > limit) newest.remove();
                }
            }
        }
        newest.forEach(this::show);
        return Exit.YES;
    }

    private static BufferedReader lines(Client client, String path) {
        return new BufferedReader(
                new InputStreamReader(client.stream(path), StandardCharsets.UTF_8));
    }

    private void show(String line) {
        if (connection.json()) connection.terminal().line(line);
        else
            connection
                    .terminal()
                    .line(brief(Json.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT)));
    }

    private static String brief(JsonNode record) {
        var at = Values.cell(record, "/received");
        return Terminal.clean(
                        "%-23s  %-10s  %-16s  %s"
                                .formatted(
                                        at.substring(0, Math.min(23, at.length()))
                                                .replace('T', ' '),
                                        Values.cell(record, "/type"),
                                        Values.cell(record, "/endpoint"),
                                        answer(record)))
                .stripTrailing();
    }

    private static String answer(JsonNode record) {
        var answer = Values.cell(record, "/decision/output");
        if (!answer.isEmpty()) {
            var confidence = Values.cell(record, "/decision/confidence");
            return confidence.isEmpty() ? answer : answer + "  " + confidence;
        }
        if (Values.cell(record, "/type").equals("shadow"))
            return record.has("failure")
                    ? "failed: " + Values.cell(record, "/failure")
                    : Values.cell(record, "/output")
                            + ", where live said "
                            + Values.cell(record, "/live");
        for (var name : new String[] {"truth", "judgement", "event", "cause"}) {
            var text = Values.cell(record, "/" + name);
            if (!text.isEmpty()) return name + " " + text;
        }
        return Values.cell(record, "/decision/failure");
    }

    @Command(name = "export", description = "All records, a JSON document a line (NDJSON).")
    int export(
            @Option(names = "--follow", description = "go on as new ones come") boolean follow,
            @Option(names = "--endpoint", paramLabel = "NAME") @Nullable String endpoint,
            @Option(
                            names = "--type",
                            paramLabel = "TYPE",
                            description = "prediction, shadow or feedback")
                    @Nullable String type,
            @Option(names = "--out", paramLabel = "FILE", description = "else standard output")
                    @Nullable Path out)
            throws IOException {
        try (var client = connection.client();
                var stream = client.stream(path(follow, "start", endpoint, type))) {
            if (out == null) {
                stream.transferTo(connection.terminal().out());
                connection.terminal().out().flush();
                return Exit.YES;
            }
            // Beside the file and renamed at the end: a broken export is never taken for a whole
            // one.
            var part = out.resolveSibling(out.getFileName() + ".part");
            try (OutputStream file = Files.newOutputStream(part)) {
                stream.transferTo(file);
            }
            Files.move(part, out, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return Exit.YES;
        }
    }

    private static String path(
            boolean follow, String from, @Nullable String endpoint, @Nullable String type) {
        var path = "/api/v1/log?from=" + from;
        if (follow) path += "&follow=true";
        if (endpoint != null) path += "&endpoint=" + encoded(endpoint);
        if (type != null) path += "&type=" + encoded(type);
        return path;
    }
}
