package dev.davy.cli;

import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Makes what the server has agree with what the files say.
@Command(
        name = "apply",
        description = {
            "Make the server agree with YAML files.",
            "All files are checked before the first one changes anything."
        })
final class ApplyCommand implements Callable<Integer> {
    private final Connection connection;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE|DIR",
            description = "a YAML file, a folder of them, or - for standard input")
    private Path from = Path.of("");

    @Option(names = "--dry-run", description = "only say what would change")
    private boolean dryRun;

    ApplyCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException {
        var files = files();
        try (var client = connection.client()) {
            var results = new ArrayList<JsonNode>();
            // One file alone is checked by the server before it changes anything.
            if (dryRun || files.size() > 1)
                for (var file : files.entrySet()) send(client, file, true, results);
            if (!dryRun) {
                results.clear();
                for (var file : files.entrySet()) send(client, file, false, results);
            }
            show(results);
            return Exit.YES;
        }
    }

    private Map<String, byte[]> files() throws IOException {
        var sources = new LinkedHashMap<String, byte[]>();
        if (from.toString().equals("-"))
            return Map.of("stdin", connection.terminal().in().readAllBytes());
        if (Files.isDirectory(from)) {
            try (var all = Files.list(from)) {
                for (var file : all.filter(ApplyCommand::isYaml).sorted().toList())
                    sources.put(file.toString(), Files.readAllBytes(file));
            }
        } else if (Files.isReadable(from)) sources.put(from.toString(), Files.readAllBytes(from));
        if (!sources.isEmpty()) return sources;
        throw new Problem(
                Problem.Kind.UNAVAILABLE,
                "nothing-to-apply",
                "There is nothing to apply at '" + from + "'.",
                Files.isDirectory(from)
                        ? "The folder holds no .yaml or .yml files."
                        : "There is no such file, or it may not be read.",
                "Name a YAML file or a folder of them.");
    }

    private static boolean isYaml(Path file) {
        var name = file.getFileName().toString();
        return Files.isRegularFile(file) && (name.endsWith(".yaml") || name.endsWith(".yml"));
    }

    private static void send(
            Client client, Map.Entry<String, byte[]> file, boolean dry, List<JsonNode> results) {
        var path =
                "/api/v1/apply?file="
                        + Client.encoded(file.getKey())
                        + (dry ? "&dry-run=true" : "");
        var answer =
                client.send(
                        "POST",
                        path,
                        "application/yaml",
                        BodyPublishers.ofByteArray(file.getValue()));
        for (var result : answer.path("results")) results.add(result);
    }

    private void show(List<JsonNode> results) {
        var document = Json.object();
        var list = Json.array();
        results.forEach(list::add);
        document.set("results", list);
        connection.show(
                document,
                List.of("KIND", "NAME", dryRun ? "WOULD BE" : "RESULT", "CHANGES"),
                Values.rows(results, "/kind", "/name", "/result", "/changes"));
        if (!connection.json())
            for (var result : results) {
                if (result.path("foreseen").isEmpty()) continue;
                connection.terminal().line("");
                connection.terminal().line(Values.cell(result, "/name") + ":");
                for (var line : result.path("foreseen"))
                    connection.terminal().line("  " + line.asString());
            }
        if (dryRun) connection.terminal().next("davy apply -f " + from);
    }
}
