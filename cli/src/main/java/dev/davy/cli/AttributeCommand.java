package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which part of a pipeline became other.
@Command(
        name = "attribute",
        description = {
            "Say which part of an endpoint's pipeline became other since a reference: its input, one"
                    + " of its components, or none that is known.",
            "Some logged predictions of either stretch are asked again, by the components as they"
                    + " stood in the reference; callers see nothing of it. Exit code 0: nothing"
                    + " changed, 1: something did, 3: too early to tell."
        })
final class AttributeCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(paramLabel = "ENDPOINT")
    private String endpoint = "";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "where the stretch begins, like 2026-11-21T14:05:00Z; an hour before its end")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "where it ends; now")
    private @Nullable String to;

    @Option(
            names = "--reference-from",
            paramLabel = "TIME",
            description = "where the reference begins; a day before its end")
    private @Nullable String referenceFrom;

    @Option(
            names = "--reference-to",
            paramLabel = "TIME",
            description = "where it ends; where the stretch begins")
    private @Nullable String referenceTo;

    @Option(
            names = "--origin",
            paramLabel = "ORIGIN",
            description = "of the predictions: live, replay, batch, …; live")
    private @Nullable String origin;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "how many of either stretch are asked again, 20 to 1000; 200")
    private @Nullable String rows;

    @Option(names = "--seed", paramLabel = "N", description = "of the drawing; 0")
    private @Nullable String seed;

    AttributeCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() {
        var query = new StringBuilder();
        add(query, "from", from);
        add(query, "to", to);
        add(query, "reference-from", referenceFrom);
        add(query, "reference-to", referenceTo);
        add(query, "origin", origin);
        add(query, "rows", rows);
        add(query, "seed", seed);
        try (var client = connection.client()) {
            var document =
                    client.get("/api/v1/endpoints/" + encoded(endpoint) + "/attribution" + query);
            if (connection.json()) connection.terminal().json(document);
            else new AttributionShown(document).print(connection.terminal());
            return switch (document.at("/verdict/is").asString("")) {
                case "nothing" -> Exit.YES;
                case "too-early" -> Exit.NOT_DONE;
                default -> Exit.NO;
            };
        }
    }

    private static void add(StringBuilder query, String name, @Nullable String value) {
        if (value == null) return;
        query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(encoded(value));
    }
}
