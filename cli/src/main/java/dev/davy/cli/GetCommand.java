package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Shows things of one kind, or one of them.
@Command(name = "get", description = "Show the things of a kind, or one of them by its name.")
final class GetCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            description = "model, endpoint, event, prediction, token, limits")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "NAME", arity = "0..1", description = "one of them")
    private @Nullable String name;

    GetCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() {
        try (var client = connection.client()) {
            return switch (kind) {
                case "model", "models" ->
                        name == null ? models(connection, client) : model(connection, client, name);
                case "endpoint", "endpoints" ->
                        name == null
                                ? endpoints(connection, client)
                                : one(connection, client, "/api/v1/endpoints/" + encoded(name));
                case "event", "events" -> EventsCommand.show(connection, client, "", name, 100);
                case "prediction", "predictions" ->
                        name == null
                                ? unknown("Name the prediction: davy get prediction ID.")
                                : one(connection, client, "/api/v1/predictions/" + encoded(name));
                case "token", "tokens" -> TokenCommand.show(connection, client);
                case "limit", "limits" -> one(connection, client, "/api/v1/limits");
                default ->
                        unknown(
                                "'"
                                        + kind
                                        + "' is not a kind that can be shown. The kinds are: model, endpoint, event, prediction, token, limits.");
            };
        }
    }

    private int unknown(String text) {
        connection.terminal().failure(text, List.of(), "");
        return Exit.USAGE;
    }

    static int models(Connection connection, Client client) {
        var document = client.get("/api/v1/models");
        var rows = new ArrayList<List<String>>();
        for (var model : elements(document, "models")) {
            var name = Values.cell(model, "/name");
            var aliases = new ArrayList<String>();
            for (var alias : model.path("aliases").properties())
                aliases.add("@" + alias.getKey() + " " + Values.text(alias.getValue()));
            rows.add(
                    List.of(
                            name,
                            Values.cell(model, "/versions"),
                            name + "/" + Values.cell(model, "/newest"),
                            String.join(", ", aliases)));
        }
        connection.show(document, List.of("MODEL", "VERSIONS", "NEWEST", "ALIASES"), rows);
        if (rows.isEmpty()) connection.terminal().next("davy model push NAME MODEL.onnx");
        return Exit.YES;
    }

    /// `credit` or `credit/7`.
    static int model(Connection connection, Client client, String which) {
        int slash = which.indexOf('/');
        var name = slash < 0 ? which : which.substring(0, slash);
        var path = "/api/v1/models/" + encoded(name);
        if (slash >= 0) {
            var version = encoded(which.substring(slash + 1));
            return one(connection, client, path + "/versions/" + version);
        }
        var document = client.get(path);
        var aliases = new LinkedHashMap<String, List<String>>();
        for (var alias : document.path("aliases"))
            aliases.computeIfAbsent(Values.cell(alias, "/version"), _ -> new ArrayList<>())
                    .add("@" + Values.cell(alias, "/name"));
        var now = Instant.now();
        var rows = new ArrayList<List<String>>();
        for (var version : elements(document, "versions")) {
            var number = Values.cell(version, "/version");
            var digest = Values.cell(version, "/digest");
            rows.add(
                    List.of(
                            name + "/" + number,
                            String.join(" ", aliases.getOrDefault(number, List.of())),
                            Values.ago(Values.cell(version, "/at"), now),
                            Values.cell(version, "/who"),
                            digest.length() > 12 ? digest.substring(0, 12) : digest,
                            Values.cell(version, "/why")));
        }
        connection.show(
                document, List.of("VERSION", "ALIASES", "PUSHED", "BY", "DIGEST", "WHY"), rows);
        return Exit.YES;
    }

    static int endpoints(Connection connection, Client client) {
        var document = client.get("/api/v1/endpoints");
        var rows = new ArrayList<List<String>>();
        for (var endpoint : elements(document, "endpoints"))
            rows.add(
                    List.of(
                            Values.cell(endpoint, "/name"),
                            Values.cell(endpoint, "/state"),
                            versions(endpoint.path("live")),
                            versions(endpoint.path("desired")),
                            Values.cell(endpoint, "/declaration/about")));
        connection.show(document, List.of("ENDPOINT", "STATE", "LIVE", "DESIRED", "ABOUT"), rows);
        if (rows.isEmpty())
            connection.terminal().next("davy endpoint create NAME --model NAME/VERSION");
        return Exit.YES;
    }

    // By component; one alone needs no name.
    private static String versions(JsonNode byComponent) {
        var all = new ArrayList<String>();
        for (var component : byComponent.properties())
            all.add(
                    byComponent.size() == 1
                            ? Values.text(component.getValue())
                            : component.getKey() + " " + Values.text(component.getValue()));
        return String.join(", ", all);
    }

    /// One thing, a field a line, the fields of fields indented.
    static int one(Connection connection, Client client, String path) {
        var document = client.get(path);
        if (connection.json()) connection.terminal().json(document);
        else fields(connection.terminal(), document, "");
        return Exit.YES;
    }

    static void fields(Terminal terminal, JsonNode object, String indent) {
        int width = 0;
        for (var field : object.properties()) width = Math.max(width, field.getKey().length());
        for (var field : object.properties()) {
            var value = field.getValue();
            var key = Terminal.clean(field.getKey());
            if (value.isObject() && !value.isEmpty()) {
                terminal.line(indent + key);
                fields(terminal, value, indent + "  ");
            } else if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
                terminal.line(indent + key);
                for (var element : value)
                    terminal.line(indent + "  " + Terminal.clean(Values.text(element)));
            } else {
                var gap = " ".repeat(Math.max(0, width - key.length()));
                terminal.line(indent + key + gap + "  " + Terminal.clean(Values.text(value)));
            }
        }
    }

    /// The elements of a list, which stands by itself or in an object under this name.
    static Iterable<JsonNode> elements(JsonNode document, String name) {
        return document.isArray() ? document : document.path(name);
    }
}
