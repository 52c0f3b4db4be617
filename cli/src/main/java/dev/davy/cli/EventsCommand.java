package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Problem;
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

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "what was live at that time, and why; like 2026-11-21T14:05:00Z")
    private @Nullable String at;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "100")
    private int limit;

    EventsCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() {
        try (var client = connection.client()) {
            var time = at;
            if (time == null) return show(connection, client, kind, name, limit);
            var of = name;
            if (of == null)
                throw new Problem(
                        Problem.Kind.MALFORMED,
                        "endpoint-needed",
                        "It can't be said what was live.",
                        "--at goes with the name of an endpoint.",
                        "Name one: davy events ENDPOINT --at TIME");
            return liveAt(client, of, time);
        }
    }

    private int liveAt(Client client, String endpoint, String time) {
        var document =
                client.get("/api/v1/endpoints/" + encoded(endpoint) + "/at?time=" + encoded(time));
        var terminal = connection.terminal();
        if (connection.json()) {
            terminal.json(document);
            return Exit.YES;
        }
        terminal.line(
                "At %s %s had live: %s, since %s."
                        .formatted(
                                Values.cell(document, "/at"),
                                endpoint,
                                Values.cell(document, "/stood/live"),
                                Values.cell(document, "/since")));
        var candidate = document.at("/stood/candidate");
        if (candidate.isObject())
            terminal.line(
                    "Beside it: "
                            + Values.text(candidate.path("versions"))
                            + " with "
                            + RolloutShown.percent(candidate.path("buckets").asDouble() / 10_000)
                            + " of the traffic.");
        var rows = new ArrayList<List<String>>();
        for (var event : GetCommand.elements(document, "events"))
            rows.add(
                    Values.rows(List.of(event), "/at", "/kind", "/what", "/who", "/why")
                            .getFirst());
        connection.show(document, List.of("AT", "KIND", "WHAT", "WHO", "WHY"), rows);
        return Exit.YES;
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
