package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which logged answers another version would have given otherwise.
@Command(
        name = "diff",
        description = {
            "Which logged answers would flip under a version, before any rollout.",
            "Exit code 0: none would; 1: some would."
        })
final class DiffCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(paramLabel = "ENDPOINT")
    private String endpoint = "";

    @Option(
            names = "--with",
            paramLabel = "NAME/VERSION",
            description = "left out: the version that the endpoint desires")
    private @Nullable String with;

    @Option(
            names = "--since",
            paramLabel = "SPAN|TIME",
            description = "like 7d, or 2026-11-21T10:15:00Z; 7d")
    private String since = "7d";

    @Option(
            names = "--slices",
            split = ",",
            paramLabel = "SLICE",
            description = "a column, line=3, or a condition; those of the endpoint's guards")
    private List<String> slices = List.of();

    @Option(
            names = "--most",
            paramLabel = "N",
            description = "answers that are compared; of more, so many are drawn; 20000")
    private @Nullable Integer most;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "write a page of it that needs nothing else, pictures first")
    private @Nullable Path html;

    DiffCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var client = connection.client()) {
            var body = Json.object().put("since", since);
            if (with != null) body.put("with", with);
            if (most != null) body.put("most", most);
            if (!slices.isEmpty()) slices.forEach(body.putArray("slices")::add);
            var begun = client.post("/api/v1/endpoints/" + encoded(endpoint) + "/diffs", body);
            var job = new JobCommand(connection).awaited(client, Values.cell(begun, "/id"));
            if (job.isEmpty()) return Exit.NOT_DONE;
            var result = job.get().path("result");
            var shown = new DiffShown(result);
            if (connection.json()) connection.terminal().json(result);
            else shown.on(connection.terminal());
            if (html != null) {
                new DiffPage(shown, result, client).report().write(html);
                if (!connection.json()) connection.terminal().line("Written to " + html + ".");
            } else if (!connection.json()) {
                connection
                        .terminal()
                        .next(
                                "davy diff "
                                        + endpoint
                                        + " --with "
                                        + shown.with()
                                        + " --html diff.html");
            }
            return result.path("flipped").asLong() == 0 ? Exit.YES : Exit.NO;
        }
    }
}
