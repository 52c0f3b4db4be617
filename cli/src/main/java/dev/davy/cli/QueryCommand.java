package dev.davy.cli;

import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// SQL over what was served and told.
@Command(
        name = "query",
        description = {
            "Ask the archive one SELECT, in DuckDB's SQL.",
            "Tables: predictions, feedback, and each endpoint by its name, with the truth in force",
            "beside each prediction: davy query \"select output_label, count(*) from phones group by 1\""
        })
final class QueryCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(paramLabel = "SELECT")
    private String sql = "";

    @Option(names = "--csv", description = "as CSV, every cell as it is")
    private boolean csv;

    @Option(names = "--limit", paramLabel = "N", description = "rows at most; 10,000 if left out")
    private @Nullable Integer limit;

    @Option(names = "--timeout", paramLabel = "TIME", description = "30 s if left out")
    private @Nullable String timeout;

    QueryCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() {
        var question = Json.object().put("sql", sql);
        if (limit != null) question.put("limit", limit);
        if (timeout != null) question.put("timeout", timeout);
        var terminal = connection.terminal();
        try (var client = connection.client()) {
            var answer = client.post("/api/v1/query", question);
            var heads = new ArrayList<String>();
            for (var column : answer.path("columns")) heads.add(column.path("name").asString());
            if (csv) {
                terminal.line(line(heads));
                for (var row : answer.path("rows")) terminal.line(line(cells(row)));
            } else {
                var rows = new ArrayList<List<String>>();
                for (var row : answer.path("rows")) rows.add(cells(row));
                connection.show(answer, heads, rows);
            }
            if (!connection.json()) warn(answer);
            return Exit.YES;
        }
    }

    /// On standard error, so that what is piped on stays data.
    private void warn(JsonNode answer) {
        var err = connection.terminal().err();
        if (answer.path("truncated").asBoolean())
            err.println("There are more rows; ask for them with --limit.");
        if (answer.has("behind"))
            err.println(
                    "The archive is "
                            + Values.cell(answer, "/behind/bytes")
                            + " bytes of the log behind; the newest predictions are missing.");
    }

    private static List<String> cells(JsonNode row) {
        var cells = new ArrayList<String>();
        for (var cell : row)
            cells.add(cell.isNull() ? "" : cell.isString() ? cell.stringValue() : Json.text(cell));
        return cells;
    }

    private static String line(List<String> cells) {
        return String.join(",", cells.stream().map(QueryCommand::quoted).toList());
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
