package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Endpoints: the stable names that callers predict against.
@Command(name = "endpoint", description = "Create, switch, list, show or delete an endpoint.")
final class EndpointCommand {
    private final Connection connection;

    EndpointCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(name = "create", description = "Serve a model under a name; apply -f says more.")
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--model",
                            required = true,
                            paramLabel = "MODEL",
                            description = "NAME/VERSION or NAME@ALIAS")
                    String model,
            @Option(names = "--about", paramLabel = "TEXT", description = "what it answers")
                    @Nullable String about,
            @Option(names = "--why", paramLabel = "TEXT", description = "kept with the event")
                    @Nullable String why) {
        try (var client = connection.client()) {
            var body = Json.object();
            body.put("name", name);
            body.put("model", model);
            if (about != null) body.put("about", about);
            var query = why == null ? "" : "?why=" + encoded(why);
            var applied = client.post("/api/v1/endpoints" + query, body);
            if (connection.json()) connection.terminal().json(applied);
            else {
                var result = Values.cell(applied, "/result");
                connection
                        .terminal()
                        .line(Terminal.clean("Endpoint " + name + ": " + result + "."));
                for (var change : applied.path("changes"))
                    connection.terminal().line("  " + Terminal.clean(Values.text(change)));
            }
            connection.terminal().next("davy predict " + name + " FILE");
            return Exit.YES;
        }
    }

    @Command(
            name = "switch",
            description = "Let another version answer from now on, atomically and warm.")
    int switchTo(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--model",
                            required = true,
                            paramLabel = "MODEL",
                            description = "NAME/VERSION or NAME@ALIAS")
                    String model,
            @Option(
                            names = "--component",
                            paramLabel = "NAME",
                            description = "of a pipeline with several models")
                    @Nullable String component,
            @Option(names = "--why", paramLabel = "TEXT", description = "kept with the event")
                    @Nullable String why) {
        try (var client = connection.client()) {
            var body = Json.object().put("model", model);
            if (component != null) body.put("component", component);
            if (why != null) body.put("why", why);
            var answer = client.put("/api/v1/endpoints/" + encoded(name) + "/live", body);
            if (connection.json()) connection.terminal().json(answer);
            else
                connection
                        .terminal()
                        .line(Terminal.clean(name + " answers with " + model + " from now on."));
            connection.terminal().next("davy events " + name);
            return Exit.YES;
        }
    }

    @Command(name = "list", description = "All endpoints.")
    int list() {
        try (var client = connection.client()) {
            return GetCommand.endpoints(connection, client);
        }
    }

    @Command(name = "show", description = "One endpoint: what it takes, gives, and who answers.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        try (var client = connection.client()) {
            return GetCommand.one(connection, client, "/api/v1/endpoints/" + encoded(name));
        }
    }

    @Command(name = "delete", description = "Stop answering under this name; its log stays.")
    int delete(@Parameters(paramLabel = "NAME") String name) {
        try (var client = connection.client()) {
            var answer = client.delete("/api/v1/endpoints/" + encoded(name));
            if (connection.json()) connection.terminal().json(answer);
            else connection.terminal().line(Terminal.clean(name + " answers no more."));
            return Exit.YES;
        }
    }
}
