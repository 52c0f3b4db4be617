package dev.davy.cli;

import dev.davy.data.Finding;
import dev.davy.data.Shapes;
import dev.davy.data.Table;
import dev.davy.data.Validation;
import dev.davy.schema.Schema;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import dev.davy.strict.Yaml;
import dev.davy.web.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A table against a schema, or the schema that a table has.
@Command(
        name = "validate",
        description = {
            "Say what is wrong with a CSV, CSV.gz or Parquet file, each with its line.",
            "A schema is YAML or JSON: an object with a type for each column, as --infer prints it."
        })
final class ValidateCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @ArgGroup(multiplicity = "1")
    private Against against = new Against();

    @Mixin private TableOptions tables = new TableOptions();

    /// One of both.
    static final class Against {
        @Option(names = "--schema", paramLabel = "SCHEMA", description = "what it must be")
        private @Nullable Path schema;

        @Option(names = "--infer", description = "find the schema that all of its values have")
        @SuppressWarnings("UnusedVariable") // where it is not given, the schema is
        private boolean infer;
    }

    ValidateCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException {
        var terminal = connection.terminal();
        var schema = Optional.ofNullable(against.schema);
        var held =
                schema.isPresent() ? Optional.of(schema(schema.get())) : Optional.<Schema>empty();
        try (var table = tables.open(file);
                var _ = Bar.of(terminal, "reading " + table.name(), table::done)) {
            return held.isPresent() ? validate(table, held.get()) : infer(table);
        }
    }

    private int validate(Table table, Schema schema) throws IOException {
        var terminal = connection.terminal();
        var result = Validation.of(table, schema);
        var answer =
                result.good()
                        ? "%s is what the schema says: %,d rows."
                                .formatted(table.name(), result.rows())
                        : "%s is not what the schema says: %,d of %,d rows have a value that it does"
                                        .formatted(table.name(), result.badRows(), result.rows())
                                + " not allow, or the file itself is odd.";
        if (connection.json())
            terminal.json(
                    Json.object()
                            .put("file", table.name())
                            .put("good", result.good())
                            .put("rows", result.rows())
                            .put("bad-rows", result.badRows())
                            .set("findings", TableOptions.json(result.findings())));
        else show(answer, result.findings());
        tables.write(
                report(
                        "Is %s what the schema says?".formatted(table.name()),
                        answer,
                        result.good(),
                        result.findings()));
        return result.good() ? Exit.YES : Exit.NO;
    }

    private int infer(Table table) throws IOException {
        var terminal = connection.terminal();
        var shapes = Shapes.of(table);
        var schema = Shapes.schema(shapes);
        var findings = table.findings().list();
        boolean good = !table.findings().wrong();
        if (connection.json()) {
            var json = Json.object().put("file", table.name()).put("good", good);
            json.set("schema", schema.json());
            terminal.json(json.set("findings", TableOptions.json(findings)));
        } else {
            // YAML that --schema reads: each line a column in JSON, which YAML contains.
            for (var column : schema.json().properties())
                terminal.line(
                        Json.text(Json.tree(column.getKey()))
                                + ": "
                                + Json.text(column.getValue()).replace("\":", "\": "));
            TableOptions.warn(terminal, table.name(), findings);
        }
        var rows =
                shapes.stream()
                        .map(shape ->
                                List.of(
                                        shape.column(),
                                        shape.type().word(),
                                        Long.toString(shape.missing()),
                                        String.join(", ", shape.classes())))
                        .toList();
        tables.write(
                report(
                                "What are the columns of %s?".formatted(table.name()),
                                "%d columns, %,d rows; %s."
                                        .formatted(
                                                shapes.size(),
                                                shapes.isEmpty() ? 0 : shapes.getFirst().rows(),
                                                good ? "nothing is wrong" : "not all is well"),
                                good,
                                findings)
                        .heading("Columns")
                        .table(List.of("column", "type", "missing", "classes"), rows));
        return good ? Exit.YES : Exit.NO;
    }

    private void show(String answer, List<Finding> findings) {
        var terminal = connection.terminal();
        if (!findings.isEmpty()) {
            terminal.table(TableOptions.HEADS, TableOptions.rows(findings));
            terminal.line("");
        }
        terminal.line(Terminal.clean(answer));
    }

    private static Report report(
            String question, String answer, boolean good, List<Finding> findings) {
        var report = new Report(question, answer, good ? Report.State.WELL : Report.State.ALARM);
        if (!findings.isEmpty())
            report.heading("What was found")
                    .table(List.of("line", "times", "code", "what"), TableOptions.rows(findings));
        return report;
    }

    private static Schema schema(Path file) throws IOException {
        if (!Files.isRegularFile(file))
            throw new Problem(
                    Problem.Kind.NOT_FOUND,
                    "file-not-found",
                    "The schema can't be read.",
                    "There is no file " + file + ".",
                    "Give the path of a YAML or JSON file, or find one: davy validate FILE --infer");
        var documents = Yaml.read(Files.readAllBytes(file), file.toString(), Limits.DEFAULT);
        if (documents.size() != 1)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "schema-not-acceptable",
                    "The schema can't be read.",
                    file + " holds " + documents.size() + " documents; it must be one.",
                    "Find one with: davy validate FILE --infer");
        return Schema.read(documents.getFirst().tree());
    }
}
