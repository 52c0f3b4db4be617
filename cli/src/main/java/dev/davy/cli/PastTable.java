package dev.davy.cli;

import dev.davy.data.Table;
import dev.davy.schema.Block;
import dev.davy.schema.ColumnType;
import dev.davy.schema.OutputKind;
import dev.davy.schema.Schema;
import dev.davy.schema.Times;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Nearest;
import dev.davy.strict.Numbers;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a table as rows that are played again: typed as the endpoint takes them, in time order.
///
/// Several tables, one after the other, are one.
final class PastTable {
    /// They are kept in memory, some hundred bytes each.
    static final int ROWS_MOST = 2_000_000;

    /// When a row happened.
    sealed interface Clock {
        /// A column says it.
        record InColumn(String name) implements Clock {}

        /// The rows follow each other evenly.
        record Even(Instant start, Duration every) implements Clock {}
    }

    /// What to read.
    ///
    /// @param truth the column and what kind of output it is about
    /// @param said texts of the truth that stand for others: `1` for `rises`
    /// @param from rows before it are left out
    /// @param to rows at or after it are left out
    record Wanted(
            Schema input,
            Clock clock,
            Optional<String> entity,
            Optional<String> truth,
            OutputKind kind,
            Map<String, String> said,
            Optional<String> key,
            Instant from,
            Instant to) {}

    private final Wanted wanted;
    private final List<PastRow> rows = new ArrayList<>();
    private long seen;
    private @Nullable Instant last;
    private long lastLine;

    PastTable(Wanted wanted) {
        this.wanted = wanted;
    }

    /// Reads one more table.
    ///
    /// @throws Problem `column-unknown`, `column-missing`, `time-not-understood`,
    ///   `not-in-time-order`, `replay-too-long`
    void read(Table table) throws IOException {
        table.read(columns(table), (block, lines) -> take(table, block, lines));
    }

    /// All that were read.
    List<PastRow> rows() {
        return rows;
    }

    /// Of the table, those that the endpoint does not take and nobody named.
    static List<String> leftOut(Table table, Wanted wanted) {
        var named = new LinkedHashSet<String>();
        if (wanted.clock instanceof Clock.InColumn(var name)) named.add(name);
        wanted.entity.ifPresent(named::add);
        wanted.truth.ifPresent(named::add);
        wanted.key.ifPresent(named::add);
        return table.columns().stream()
                .filter(name -> wanted.input.column(name).isEmpty() && !named.contains(name))
                .toList();
    }

    private List<String> columns(Table table) {
        var needed = new LinkedHashSet<String>();
        if (wanted.clock instanceof Clock.InColumn(var name)) needed.add(known(table, name));
        wanted.entity.ifPresent(name -> needed.add(known(table, name)));
        wanted.truth.ifPresent(name -> needed.add(known(table, name)));
        wanted.key.ifPresent(name -> needed.add(known(table, name)));
        for (var column : wanted.input.columns())
            if (table.columns().contains(column.name())) needed.add(column.name());
            else if (column.required()) throw without(table, column.name());
        return List.copyOf(needed);
    }

    private static String known(Table table, String name) {
        if (table.columns().contains(name)) return name;
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "column-unknown",
                "There is no column '" + name + "' in " + table.name() + ".",
                "Its columns are " + String.join(", ", table.columns()) + ".",
                Nearest.hint(name, table.columns()));
    }

    private static Problem without(Table table, String input) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "column-missing",
                table.name() + " lacks the column '" + input + "'.",
                "Every row of the endpoint must have it; the file has "
                        + String.join(", ", table.columns())
                        + ".",
                "Rename a column, or replay through an endpoint that takes this table.");
    }

    private void take(Table table, Block block, long[] lines) {
        for (int row = 0; row < block.rows(); row++) {
            var at = time(table, block, row, lines[row], seen++);
            if (last != null && at.isBefore(last)) throw disordered(table, lines[row], at, last);
            last = at;
            lastLine = lines[row];
            if (at.isBefore(wanted.from) || !at.isBefore(wanted.to)) continue;
            if (rows.size() == ROWS_MOST) throw tooLong(at);
            rows.add(new PastRow(lines[row], at, content(block, row)));
        }
    }

    private Instant time(Table table, Block block, int row, long line, long number) {
        return switch (wanted.clock) {
            case Clock.Even(var start, var every) -> start.plus(every.multipliedBy(number));
            case Clock.InColumn(var name) -> {
                var value = value(block, name, row);
                if (value instanceof Instant time) yield time;
                yield Times.read(value == null ? "" : String.valueOf(value))
                        .orElseThrow(() -> noTime(table, name, line, value));
            }
        };
    }

    private static Problem noTime(Table table, String column, long line, @Nullable Object value) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "time-not-understood",
                table.name()
                        + ":"
                        + line
                        + (value == null
                                ? ": '" + column + "' is missing."
                                : ": '" + column + "' is '" + value + "', which is no time."),
                "Each row is played at its own time.",
                "Times are like 2026-01-31, 2026-01-31 14:05 or 2026-01-31T14:05:00+01:00; a table"
                        + " without them is replayed with --start TIME --every 30m.");
    }

    private Problem disordered(Table table, long line, Instant at, Instant before) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "not-in-time-order",
                "The rows of " + table.name() + " are not in the order of time.",
                "Line "
                        + line
                        + " happened at "
                        + at
                        + ", line "
                        + lastLine
                        + " before it at "
                        + before
                        + ".",
                "Sort the file by its time first.");
    }

    private static Problem tooLong(Instant at) {
        return new Problem(
                Problem.Kind.TOO_LARGE,
                "replay-too-long",
                "The stretch has more than %,d rows.".formatted(ROWS_MOST),
                "They are kept in memory while they are played.",
                "Replay it in parts: --to " + at + ", then --from " + at + ".");
    }

    private PastRow.Content content(Block block, int row) {
        var input = Json.object();
        for (var column : wanted.input.columns()) {
            var value = value(block, column.name(), row);
            if (value != null) input.set(column.name(), json(column.type(), value));
        }
        return new PastRow.Content(
                Json.write(input),
                wanted.entity.map(name -> value(block, name, row)).map(String::valueOf),
                wanted.truth
                        .map(name -> value(block, name, row))
                        .map(value -> truth(wanted.kind, wanted.said, value)),
                wanted.key.map(name -> value(block, name, row)).map(String::valueOf));
    }

    private static @Nullable Object value(Block block, String column, int row) {
        var cells = block.column(column);
        return cells == null ? null : cells.at(row);
    }

    /// As the endpoint wants it; what cannot be so is sent as it is, and the server says why not.
    private static JsonNode json(ColumnType type, Object value) {
        if (value instanceof Instant time) return Json.tree(time.toString());
        if (!(value instanceof String text))
            return switch (type) {
                case CATEGORY, TEXT -> Json.tree(String.valueOf(value));
                default -> Json.tree(value);
            };
        return switch (type) {
            case NUMBER -> number(text);
            case INTEGER -> {
                var whole = Numbers.asInteger(text);
                yield whole.isPresent() ? Json.tree(whole.getAsLong()) : number(text);
            }
            case BOOLEAN ->
                    switch (text) {
                        case "true", "True", "TRUE", "1" -> Json.tree(true);
                        case "false", "False", "FALSE", "0" -> Json.tree(false);
                        case String other -> Json.tree(other);
                    };
            case TIME ->
                    Times.read(text)
                            .map(time -> Json.tree(time.toString()))
                            .orElseGet(() -> Json.tree(text));
            case VECTOR -> parsed(text);
            case CATEGORY, TEXT, IMAGE, AUDIO -> Json.tree(text);
        };
    }

    private static JsonNode number(String text) {
        var number = Numbers.asDecimal(text);
        return number.isPresent() ? Json.tree(number.getAsDouble()) : Json.tree(text);
    }

    private static JsonNode parsed(String text) {
        try {
            return Json.read(
                    text.getBytes(java.nio.charset.StandardCharsets.UTF_8), Limits.DEFAULT);
        } catch (Problem notJson) {
            return Json.tree(text);
        }
    }

    /// A truth as an output of this kind has it.
    static JsonNode truth(OutputKind kind, Map<String, String> said, Object value) {
        var text = said.getOrDefault(String.valueOf(value), String.valueOf(value));
        return switch (kind) {
            case OutputKind.Number _ -> number(text);
            case OutputKind.Category _, OutputKind.Text _ -> Json.tree(text);
            case OutputKind.MultiLabel _,
                    OutputKind.Boxes _,
                    OutputKind.Ranking _,
                    OutputKind.Vector _ ->
                    parsed(text);
        };
    }
}
