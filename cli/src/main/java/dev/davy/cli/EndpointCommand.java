package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Endpoints: the stable names that callers predict against.
@Command(name = "endpoint", description = "Create, list, show or delete an endpoint.")
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
                    @Nullable String about) {
        try (var client = connection.client()) {
            var body = Json.object();
            body.put("name", name);
            body.put("model", model);
            if (about != null) body.put("about", about);
            var endpoint = client.post("/api/v1/endpoints", body);
            if (connection.json()) connection.terminal().json(endpoint);
            else connection.terminal().line(Terminal.clean(name + " answers with " + model + "."));
            connection.terminal().next("davy predict " + name + " FILE");
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
