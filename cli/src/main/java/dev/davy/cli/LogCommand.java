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
import java.util.ArrayList;
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

    @Command(name = "tail", description = "The newest records, one line each.")
    int tail(
            @Option(names = "--follow", description = "go on as new ones come") boolean follow,
            @Option(names = "--endpoint", paramLabel = "NAME") @Nullable String endpoint,
            @Option(names = "--type", paramLabel = "TYPE", description = "prediction or feedback")
                    @Nullable String type,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "20") int limit)
            throws IOException {
        var terminal = connection.terminal();
        try (var client = connection.client();
                var lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        client.stream(path(follow, true, endpoint, type, limit)),
                                        StandardCharsets.UTF_8))) {
            if (!connection.json())
                terminal.line("TIME                 TYPE        ENDPOINT          ANSWER");
            for (var line = lines.readLine(); line != null; line = lines.readLine())
                if (connection.json()) terminal.line(line);
                else
                    terminal.line(
                            brief(
                                    Json.read(
                                            line.getBytes(StandardCharsets.UTF_8),
                                            Limits.DEFAULT)));
            return Exit.YES;
        }
    }

    private static String brief(JsonNode record) {
        var at = Values.cell(record, "/at");
        return Terminal.clean(
                        "%-19s  %-10s  %-16s  %s"
                                .formatted(
                                        at.substring(0, Math.min(19, at.length()))
                                                .replace('T', ' '),
                                        Values.cell(record, "/type"),
                                        Values.cell(record, "/endpoint"),
                                        answer(record)))
                .stripTrailing();
    }

    private static String answer(JsonNode record) {
        for (var name : new String[] {"/answer", "/truth", "/judgement", "/event"}) {
            var text = Values.cell(record, name);
            if (!text.isEmpty()) return text;
        }
        return "";
    }

    @Command(name = "export", description = "All records, a JSON document a line (NDJSON).")
    int export(
            @Option(names = "--follow", description = "go on as new ones come") boolean follow,
            @Option(names = "--endpoint", paramLabel = "NAME") @Nullable String endpoint,
            @Option(names = "--type", paramLabel = "TYPE", description = "prediction or feedback")
                    @Nullable String type,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "0", hidden = true)
                    int limit,
            @Option(names = "--out", paramLabel = "FILE", description = "else standard output")
                    @Nullable Path out)
            throws IOException {
        try (var client = connection.client();
                var stream = client.stream(path(follow, false, endpoint, type, limit))) {
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
            boolean follow,
            boolean newest,
            @Nullable String endpoint,
            @Nullable String type,
            int limit) {
        var query = new ArrayList<String>();
        if (follow) query.add("follow=true");
        if (newest) query.add("newest=true");
        if (endpoint != null) query.add("endpoint=" + encoded(endpoint));
        if (type != null) query.add("type=" + encoded(type));
        if (limit > 0) query.add("limit=" + limit);
        return "/api/v1/log" + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }
}
