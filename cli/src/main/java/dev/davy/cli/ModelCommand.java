package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Problem;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Models and their versions.
@Command(name = "model", description = "Push a model, list models, show one.")
final class ModelCommand {
    private final Connection connection;

    ModelCommand(Connection connection) {
        this.connection = connection;
    }

    @Command(
            name = "push",
            description = {
                "Try a model and keep it as the next version of NAME.",
                "The same files pushed again are the same version."
            })
    int push(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(
                            paramLabel = "DIR|FILE",
                            description = "an .onnx file, a folder with model.yaml, or its archive")
                    Path from,
            @Option(
                            names = "--reference",
                            paramLabel = "FILE",
                            description = "a CSV of the data it was made with: its profile is kept")
                    @Nullable Path reference,
            @Option(names = "--why", paramLabel = "TEXT", description = "kept with the event")
                    @Nullable String why)
            throws IOException {
        var terminal = connection.terminal();
        readable(from);
        if (reference != null) readable(reference);
        try (var client = connection.client();
                var bundle = BundleFile.of(from)) {
            var path = "/api/v1/models/" + encoded(name) + "/versions";
            var query = why == null ? "" : "?why=" + encoded(why);
            var version =
                    client.send(
                            "POST",
                            path + query,
                            bundle.contentType(),
                            Progress.of(terminal, bundle.file()));
            var number = Values.cell(version, "/version");
            if (reference != null)
                version =
                        client.send(
                                "PUT",
                                path + "/" + number + "/reference",
                                "text/csv",
                                BodyPublishers.ofFile(reference));
            if (connection.json()) terminal.json(version);
            else describe(name, number, version);
            terminal.next("davy endpoint create " + name + " --model " + name + "/" + number);
            return Exit.YES;
        }
    }

    private void describe(String name, String number, JsonNode version) {
        var terminal = connection.terminal();
        var known = version.path("known").asBoolean(false);
        terminal.line(
                Terminal.clean(
                        known
                                ? name + "/" + number + " already holds these files."
                                : name + "/" + number + " is kept: its trial went well."));
        for (var part : List.of("inputs", "outputs"))
            for (var tensor : version.at("/signature/" + part))
                terminal.line(
                        Terminal.clean(
                                "  %-7s  %s  %s  [%s]"
                                        .formatted(
                                                part,
                                                Values.cell(tensor, "/name"),
                                                Values.cell(tensor, "/datatype"),
                                                Values.cell(tensor, "/shape"))));
    }

    private static void readable(Path file) {
        if (Files.isReadable(file)) return;
        throw new Problem(
                Problem.Kind.UNAVAILABLE,
                "file-not-readable",
                "'" + file + "' could not be read.",
                Files.exists(file) ? "It is there, but may not be read." : "There is no such file.",
                "Name a file that is there.");
    }

    @Command(name = "list", description = "All models with their newest version and aliases.")
    int list() {
        try (var client = connection.client()) {
            return GetCommand.models(connection, client);
        }
    }

    @Command(name = "show", description = "A model, or one version of it.")
    int show(@Parameters(paramLabel = "NAME[/VERSION]") String which) {
        try (var client = connection.client()) {
            return GetCommand.model(connection, client, which);
        }
    }
}
