package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What happened to models, endpoints and tokens: when, who, why.
@Command(name = "events", description = "What happened, who did it and why; newest first.")
final class EventsCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "of this thing only")
    private @Nullable String name;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "",
            description = "model, endpoint or token; with a name, endpoint if left out")
    private String kind = "";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100")
    private int limit;

    EventsCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() {
        try (var client = connection.client()) {
            return show(connection, client, kind, name, limit);
        }
    }

    static int show(
            Connection connection, Client client, String kind, @Nullable String name, int limit) {
        var query = "?limit=" + limit;
        // A model and an endpoint may have the same name; an endpoint's is asked for more often.
        var of = kind.isEmpty() && name != null ? "endpoint" : kind;
        if (!of.isEmpty()) query += "&kind=" + encoded(of);
        if (name != null) query += "&name=" + encoded(name);
        var document = client.get("/api/v1/events" + query);
        var now = Instant.now();
        var rows = new ArrayList<List<String>>();
        for (var event : GetCommand.elements(document, "events"))
            rows.add(
                    List.of(
                            Values.ago(Values.cell(event, "/at"), now),
                            Values.cell(event, "/kind"),
                            Values.cell(event, "/name"),
                            Values.cell(event, "/what"),
                            Values.cell(event, "/who"),
                            Values.cell(event, "/why")));
        connection.show(document, List.of("WHEN", "KIND", "NAME", "WHAT", "WHO", "WHY"), rows);
        return Exit.YES;
    }
}
