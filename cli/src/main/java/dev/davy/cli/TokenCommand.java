package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Named tokens with roles.
@Command(name = "token", description = "Create, list or revoke tokens.")
final class TokenCommand {
    private final Connection connection;

    TokenCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(
            name = "create",
            description = "Make a token for a person or a program; it is shown this once.")
    int create(
            @Parameters(paramLabel = "NAME", description = "whose it is; kept with all they do")
                    String name,
            @Option(
                            names = "--role",
                            required = true,
                            paramLabel = "ROLE",
                            description = "viewer, reviewer, operator, admin, or service")
                    String role) {
        try (var client = connection.client()) {
            var body = Json.object();
            body.put("name", name);
            body.put("role", role);
            var created = client.post("/api/v1/tokens", body);
            if (connection.json()) connection.terminal().json(created);
            else connection.terminal().line(Values.cell(created, "/token"));
            connection.terminal().next("DAVY_TOKEN=… davy get endpoints");
            return Exit.YES;
        }
    }

    @Command(name = "list", description = "All tokens: names and roles, never the tokens.")
    int list() {
        try (var client = connection.client()) {
            return show(connection, client);
        }
    }

    static int show(Connection connection, Client client) {
        var document = client.get("/api/v1/tokens");
        var now = Instant.now();
        var rows = new ArrayList<List<String>>();
        for (var token : GetCommand.elements(document, "tokens"))
            rows.add(
                    List.of(
                            Values.cell(token, "/name"),
                            Values.cell(token, "/role"),
                            Values.ago(Values.cell(token, "/at"), now),
                            Values.cell(token, "/who")));
        connection.show(document, List.of("NAME", "ROLE", "CREATED", "BY"), rows);
        return Exit.YES;
    }

    @Command(name = "revoke", description = "End a token: from now on it opens nothing.")
    int revoke(@Parameters(paramLabel = "NAME") String name) {
        try (var client = connection.client()) {
            var answer = client.delete("/api/v1/tokens/" + encoded(name));
            if (connection.json()) connection.terminal().json(answer);
            else
                connection.terminal().line(Terminal.clean("The token of " + name + " is revoked."));
            return Exit.YES;
        }
    }
}
