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

    @Option(names = "--kind", paramLabel = "KIND", description = "of this kind only: model, …")
    private @Nullable String kind;

    EventsCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() {
        try (var client = connection.client()) {
            return show(connection, client, kind, name);
        }
    }

    static int show(
            Connection connection, Client client, @Nullable String kind, @Nullable String name) {
        var query = new ArrayList<String>();
        if (kind != null) query.add("kind=" + encoded(kind));
        if (name != null) query.add("name=" + encoded(name));
        var path = "/api/v1/events" + (query.isEmpty() ? "" : "?" + String.join("&", query));
        var document = client.get(path);
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
