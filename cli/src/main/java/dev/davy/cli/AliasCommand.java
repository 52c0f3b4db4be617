package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Names that move between the versions of a model.
@Command(name = "alias", description = "Give a version a name that can move, or take it away.")
final class AliasCommand {
    private final Connection connection;

    AliasCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(name = "set", description = "Let NAME@ALIAS mean this version from now on.")
    int set(
            @Parameters(paramLabel = "NAME@ALIAS") String alias,
            @Parameters(paramLabel = "VERSION", description = "7 or NAME/7") String version,
            @Option(names = "--why", paramLabel = "TEXT", description = "kept with the event")
                    @Nullable String why) {
        try (var client = connection.client()) {
            var body = Json.object();
            body.put("version", number(alias, version));
            if (why != null) body.put("why", why);
            var answer = client.put(path(alias), body);
            if (connection.json()) connection.terminal().json(answer);
            else connection.terminal().line(Terminal.clean(alias + " is " + version + "."));
            connection.terminal().next("davy get model " + modelOf(alias));
            return Exit.YES;
        }
    }

    @Command(name = "remove", description = "Take the name away; the version stays.")
    int remove(@Parameters(paramLabel = "NAME@ALIAS") String alias) {
        try (var client = connection.client()) {
            var answer = client.delete(path(alias));
            if (connection.json()) connection.terminal().json(answer);
            else connection.terminal().line(Terminal.clean(alias + " is no more."));
            return Exit.YES;
        }
    }

    private static String modelOf(String alias) {
        int at = alias.indexOf('@');
        if (at > 0 && at < alias.length() - 1) return alias.substring(0, at);
        throw new Problem(
                Problem.Kind.MALFORMED,
                "alias-not-understood",
                "'" + alias + "' is not an alias.",
                "An alias is a model's name, '@' and the alias's name.",
                "Write it like scratch@champion.");
    }

    private static String path(String alias) {
        var model = modelOf(alias);
        return "/api/v1/models/"
                + encoded(model)
                + "/aliases/"
                + encoded(alias.substring(model.length() + 1));
    }

    private static int number(String alias, String version) {
        var model = modelOf(alias);
        var number =
                version.startsWith(model + "/") ? version.substring(model.length() + 1) : version;
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException e) {
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "version-not-understood",
                    "'" + version + "' is not a version of " + model + ".",
                    "Versions are whole numbers from 1.",
                    "Write it like 7 or " + model + "/7.");
        }
    }
}
