package dev.davy.cli;

import dev.davy.strict.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Takes an entity out of log and archive.
@Command(
        name = "erase",
        description = "Take an entity out of log and archive for good, and get the receipt.")
final class EraseCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(
            paramLabel = "ENTITY",
            description = "as callers name it; where it is logged hashed, its hash is looked for")
    private String entity = "";

    @Option(names = "--why", paramLabel = "TEXT", description = "kept with the receipt")
    private String why = "";

    EraseCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() {
        try (var client = connection.client()) {
            var receipt =
                    client.post(
                            "/api/v1/erasures",
                            Json.object().put("entity", entity).put("why", why));
            connection.show(
                    receipt,
                    List.of("WHERE", "ERASED"),
                    List.of(
                            row("log records", Values.cell(receipt, "/log/records")),
                            row(
                                    "archived predictions",
                                    Values.cell(receipt, "/archive/predictions")),
                            row("archived feedback", Values.cell(receipt, "/archive/feedback")),
                            row(
                                    "archived answers of shadows",
                                    Values.cell(receipt, "/archive/shadows")),
                            row("images and recordings", Values.cell(receipt, "/blobs"))));
            if (!connection.json()) {
                connection.terminal().line("");
                connection
                        .terminal()
                        .line(
                                "Receipt %s of %s, by %s."
                                        .formatted(
                                                Values.cell(receipt, "/digest"),
                                                Values.cell(receipt, "/at"),
                                                Values.cell(receipt, "/by")));
                connection
                        .terminal()
                        .next("davy events --kind entity " + Values.cell(receipt, "/entity"));
            }
            return Exit.YES;
        }
    }

    private static List<String> row(String where, String count) {
        return List.of(where, count);
    }
}
