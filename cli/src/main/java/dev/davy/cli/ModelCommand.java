package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import dev.davy.strict.Problem;
import java.io.IOException;
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
            var address = name + "/" + number;
            if (reference != null) profile(client, path + "/" + number + "/reference", reference);
            if (connection.json()) terminal.json(version);
            else describe(address, version);
            terminal.next("davy endpoint create " + name + " --model " + address);
            return Exit.YES;
        }
    }

    private void profile(Client client, String path, Path reference) throws IOException {
        var terminal = connection.terminal();
        var told = client.send("PUT", path, "text/csv", Progress.of(terminal, reference));
        if (connection.json()) return;
        terminal.line(
                "The profile of "
                        + Values.cell(told, "/rows")
                        + " rows of reference is kept; "
                        + Values.cell(told, "/rejected")
                        + " rows were rejected.");
        for (var reject : told.path("rejects"))
            terminal.line(
                    Terminal.clean(
                            "  line "
                                    + Values.cell(reject, "/line")
                                    + ": "
                                    + Values.cell(reject, "/reason")));
    }

    private void describe(String address, JsonNode version) {
        var terminal = connection.terminal();
        var unchanged = Values.cell(version, "/result").equals("unchanged");
        terminal.line(
                Terminal.clean(
                        unchanged
                                ? address + " already holds these files."
                                : address + " is kept: it was tried and did well."));
        for (var part : List.of("input", "output"))
            for (var column : version.at("/bundle/" + part).properties())
                terminal.line(
                        Terminal.clean(
                                "  %-6s  %s  %s"
                                        .formatted(
                                                part,
                                                column.getKey(),
                                                Values.cell(column.getValue(), "/type"))));
        for (var note : version.at("/trial/notes"))
            terminal.line("  " + Terminal.clean(Values.text(note)));
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
