package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Problem;
import dev.davy.web.report.IncidentPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// An incident as one page that needs nothing else.
@Command(
        name = "report",
        description = {
            "Write what happened at an endpoint as one page that needs nothing else:",
            "what rang, what moved, how right it was, who did what, and what to recall.",
            "Exit code 0: nothing rang; 1: something did."
        })
final class ReportCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(paramLabel = "ENDPOINT")
    private String endpoint = "";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            required = true,
            description = "when it begins, like 2026-11-21T10:15:00Z")
    private String from = "";

    @Option(names = "--to", paramLabel = "TIME", description = "when it ends; now")
    private @Nullable String to;

    @Option(names = "--html", paramLabel = "FILE", description = "where to; ENDPOINT-incident.html")
    private @Nullable Path html;

    ReportCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var begin = time("--from", from);
        var end = to == null ? Instant.now() : time("--to", to);
        try (var client = connection.client()) {
            var incident =
                    client.get(
                            "/api/v1/endpoints/%s/report?from=%s&to=%s"
                                    .formatted(encoded(endpoint), begin, end));
            var file = html == null ? Path.of(endpoint + "-incident.html") : html;
            var page = new IncidentPage(incident);
            Files.writeString(file, page.report().html());
            if (connection.json()) connection.terminal().json(incident);
            else {
                connection.terminal().line(page.answer());
                connection.terminal().line("Written to " + file + ".");
            }
            return incident.path("alarms").isEmpty() ? Exit.YES : Exit.NO;
        }
    }

    private static Instant time(String option, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "time-unreadable",
                    option + " is '" + text + "'.",
                    "It must be a time with its offset.",
                    "Write it like 2026-11-21T10:15:00Z.");
        }
    }
}
