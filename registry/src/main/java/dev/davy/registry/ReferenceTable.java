package dev.davy.registry;

import dev.davy.runtime.Bundle;
import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.LogPolicy;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.stats.Profile;
import dev.davy.strict.Csv;
import dev.davy.strict.Csv.CsvRow;
import dev.davy.strict.Csv.Reject;
import dev.davy.strict.Limits;
import dev.davy.strict.Numbers;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a model's input and output looked like in training: a table read with the model's columns.
///
/// @param profile with columns `input.age`, `output.label`
/// @param rejects the first rows that were left out, at most [#TOLD]
/// @param ignored columns of the table that the model has no use for
public record ReferenceTable(
        Profile profile, long accepted, long rejected, List<Reject> rejects, List<String> ignored) {
    private static final int TOLD = 10;
    private static final Set<String> MISSING =
            Set.of("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "-");

    public ReferenceTable {
        rejects = List.copyOf(rejects);
        ignored = List.copyOf(ignored);
    }

    /// A value that cannot be read; the row is left out.
    private static final class NotAValue extends Exception {
        NotAValue(String why) {
            super(why, null, false, false);
        }
    }

    /// A column of the table that the model knows.
    private record Known(int at, String name, Column column) {
        @Nullable Object value(String cell) throws NotAValue {
            boolean text = column.type() == ColumnType.TEXT || column.type() == ColumnType.CATEGORY;
            if (cell.isEmpty() || !text && MISSING.contains(cell)) {
                if (column.required())
                    throw new NotAValue("column '" + column.name() + "' is missing");
                return null;
            }
            var value = read(cell);
            if (value.isEmpty())
                throw new NotAValue(
                        "column '%s' is no %s".formatted(column.name(), column.type().word()));
            var violation = column.violation(value.get());
            if (violation.isPresent()) throw new NotAValue(violation.get());
            return value.get();
        }

        private Optional<Object> read(String cell) {
            return switch (column.type()) {
                case TEXT, CATEGORY -> Optional.of(cell);
                case NUMBER -> decimal(cell).map(number -> number);
                case INTEGER ->
                        decimal(cell)
                                .filter(number -> number == Math.rint(number))
                                .filter(number -> Math.abs(number) < 1L << 53)
                                .map(Double::longValue);
                case BOOLEAN ->
                        switch (cell) {
                            case "true", "True", "TRUE", "1" -> Optional.of(true);
                            case "false", "False", "FALSE", "0" -> Optional.of(false);
                            default -> Optional.empty();
                        };
                case TIME -> time(cell).map(at -> at);
                case IMAGE, AUDIO, VECTOR -> Optional.empty();
            };
        }

        private static Optional<Double> decimal(String cell) {
            var number = Numbers.asDecimal(cell);
            return number.isPresent() ? Optional.of(number.getAsDouble()) : Optional.empty();
        }

        private static Optional<Instant> time(String cell) {
            try {
                return Optional.of(
                        cell.length() == 10
                                ? LocalDate.parse(cell).atStartOfDay(ZoneOffset.UTC).toInstant()
                                : Instant.parse(cell));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }
    }

    /// Reads a table whose header names the model's columns; outputs may be among them.
    ///
    /// @throws Problem UNACCEPTABLE `reference-lacks-columns`, `reference-without-rows`, and what
    ///   [Csv] throws
    public static ReferenceTable read(
            InputStream csv, String fileName, Bundle bundle, Limits limits) throws IOException {
        try (var table = Csv.open(csv, fileName, limits)) {
            var ignored = new ArrayList<String>();
            var known = known(table.header(), bundle, ignored);
            var profile = new Profile.Builder();
            var rejects = new ArrayList<Reject>();
            long accepted = 0;
            long rejected = 0;
            for (var row = table.next(); row.isPresent(); row = table.next()) {
                var reject = count(row.get(), known, profile);
                if (reject.isEmpty()) accepted++;
                else {
                    rejected++;
                    if (rejects.size() < TOLD) rejects.add(reject.get());
                }
            }
            if (accepted == 0) throw withoutRows(rejects);
            return new ReferenceTable(profile.build(), accepted, rejected, rejects, ignored);
        }
    }

    private static Optional<Reject> count(Csv.Row row, List<Known> known, Profile.Builder profile) {
        return switch (row) {
            case Reject reject -> Optional.of(reject);
            case CsvRow(long line, var cells) -> {
                var values = new HashMap<String, @Nullable Object>();
                try {
                    for (var column : known)
                        values.put(column.name, column.value(cells.get(column.at)));
                } catch (NotAValue e) {
                    yield Optional.of(new Reject(line, String.valueOf(e.getMessage())));
                }
                profile.add(values);
                yield Optional.empty();
            }
        };
    }

    private static List<Known> known(List<String> header, Bundle bundle, List<String> ignored) {
        var outputs = new HashMap<String, Column>();
        for (var output : bundle.outputs())
            column(output).ifPresent(column -> outputs.put(output.name(), column));
        var known = new ArrayList<Known>();
        for (int i = 0; i < header.size(); i++) {
            var name = header.get(i);
            var input = bundle.input().column(name).filter(ReferenceTable::fitsATable);
            var output = Optional.ofNullable(outputs.get(name));
            if (input.isPresent()) known.add(new Known(i, "input." + name, input.get()));
            else if (output.isPresent()) known.add(new Known(i, "output." + name, output.get()));
            else ignored.add(name);
        }
        var lacking = new ArrayList<String>();
        for (var column : bundle.input().columns())
            if (fitsATable(column) && column.required() && !header.contains(column.name()))
                lacking.add(
                        "column '" + column.name() + "' is missing; the model's input requires it");
        if (known.isEmpty()) lacking.add("no column of the table is one of the model's");
        if (!lacking.isEmpty())
            throw new Problem(
                    Kind.UNACCEPTABLE,
                    "reference-lacks-columns",
                    "The table cannot be the reference of this model.",
                    lacking,
                    "Send a CSV file whose header names the model's columns.");
        return known;
    }

    private static boolean fitsATable(Column column) {
        return switch (column.type()) {
            case NUMBER, INTEGER, CATEGORY, TEXT, BOOLEAN, TIME -> true;
            case IMAGE, AUDIO, VECTOR -> false;
        };
    }

    private static Optional<Column> column(Output output) {
        return switch (output.kind()) {
            case OutputKind.Category(var classes) ->
                    Optional.of(column(output, ColumnType.CATEGORY, classes));
            case OutputKind.Number _ -> Optional.of(column(output, ColumnType.NUMBER, List.of()));
            case OutputKind.Text _ -> Optional.of(column(output, ColumnType.TEXT, List.of()));
            case OutputKind.MultiLabel _,
                    OutputKind.Boxes _,
                    OutputKind.Ranking _,
                    OutputKind.Vector _ ->
                    Optional.empty();
        };
    }

    private static Column column(Output output, ColumnType type, List<String> classes) {
        return new Column(
                output.name(),
                type,
                false,
                classes,
                LogPolicy.KEEP,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Problem withoutRows(List<Reject> rejects) {
        var why = new ArrayList<String>();
        for (var reject : rejects) why.add("line " + reject.line() + ": " + reject.reason());
        if (why.isEmpty()) why.add("it has a header only");
        return new Problem(
                Kind.UNACCEPTABLE,
                "reference-without-rows",
                "The table cannot be the reference of this model.",
                why,
                "Send a CSV file with at least one row that fits the model.");
    }
}
