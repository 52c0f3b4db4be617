package dev.davy.cli;

import static dev.davy.cli.Client.encoded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Whether training and serving see the same.
@Command(
        name = "skew",
        description = {
            "Hold a table of features, as training makes them, against what serving saw.",
            "The table is CSV with a column 'prediction': the id that the answer carried.",
            "Exit code 0: no row differs; 1: some do; 3: no row could be compared."
        })
final class SkewCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(paramLabel = "ENDPOINT")
    private String endpoint = "";

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    SkewCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException {
        var terminal = connection.terminal();
        try (var client = connection.client()) {
            var found =
                    client.send(
                            "POST",
                            "/api/v1/endpoints/" + encoded(endpoint) + "/skew",
                            "text/csv",
                            Progress.of(terminal, file));
            boolean differs = false;
            var rows = new ArrayList<List<String>>();
            for (var each : found.path("columns")) {
                differs |= each.path("differ").asLong() > 0;
                rows.add(row(each));
            }
            if (!connection.json())
                terminal.line(
                        String.format(
                                Locale.ROOT,
                                "%,d rows were compared; %,d are of no prediction that is known"
                                        + " here, of %,d the inputs were not kept.",
                                found.path("rows").asLong(),
                                found.path("unknown").asLong(),
                                found.path("inputs-not-kept").asLong()));
            connection.show(
                    found,
                    List.of(
                            "COLUMN",
                            "ROWS",
                            "DIFFER",
                            "ONLY SERVING",
                            "ONLY TRAINING",
                            "MEAN DIFFERENCE",
                            "LARGEST",
                            "TRAINING",
                            "SERVING"),
                    rows);
            if (rows.isEmpty()) return Exit.NOT_DONE;
            return differs ? Exit.NO : Exit.YES;
        }
    }

    private static List<String> row(JsonNode column) {
        return List.of(
                Values.cell(column, "/column"),
                Values.cell(column, "/rows"),
                Values.cell(column, "/differ"),
                Values.cell(column, "/missing-in-training"),
                Values.cell(column, "/missing-in-serving"),
                Values.cell(column, "/mean-difference"),
                Values.cell(column, "/largest-difference"),
                Values.cell(column, "/example/training"),
                Values.cell(column, "/example/serving"));
    }
}
