package dev.davy.data;

import dev.davy.schema.Block.Cells;
import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.Schema;
import dev.davy.schema.Times;
import dev.davy.strict.Nearest;
import dev.davy.strict.Numbers;
import dev.davy.strict.Quote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds a table against a schema.
public final class Validation {
    private Validation() {}

    /// What came of it.
    ///
    /// @param rows that could be read
    /// @param badRows rows of these with a value that the schema does not allow, or lack
    /// @param findings all that is odd about the table
    public record Result(long rows, long badRows, List<Finding> findings) {
        public Result {
            findings = List.copyOf(findings);
        }

        /// Whether the table is what the schema says.
        public boolean good() {
            return findings.stream().noneMatch(Finding::wrong);
        }
    }

    /// Reads the whole table.
    ///
    /// @param schema columns that it does not name are noted, and no reason to refuse the table
    public static Result of(Table table, Schema schema) throws IOException {
        var findings = table.findings();
        var columns = new ArrayList<Column>();
        for (var column : schema.columns()) {
            if (table.columns().contains(column.name())) columns.add(column);
            else
                findings.add(
                        "column-missing",
                        column.required(),
                        column.name(),
                        1,
                        ("there is no column "
                                        + Quote.of(column.name())
                                        + ". "
                                        + Nearest.hint(column.name(), table.columns()))
                                .strip());
        }
        for (var name : table.columns())
            if (schema.column(name).isEmpty())
                findings.add(
                        "column-unknown",
                        false,
                        name,
                        1,
                        "column " + Quote.of(name) + " is not in the schema");
        long[] count = new long[2];
        table.read(
                columns.stream().map(Column::name).toList(),
                (block, lines) -> {
                    for (int row = 0; row < block.rows(); row++) {
                        boolean bad = false;
                        for (int c = 0; c < columns.size(); c++)
                            bad |=
                                    isWrong(
                                            columns.get(c),
                                            block.cells().get(c),
                                            row,
                                            lines[row],
                                            findings);
                        if (bad) count[1]++;
                    }
                    count[0] += block.rows();
                });
        return new Result(count[0], count[1], findings.list());
    }

    private static boolean isWrong(
            Column column, Cells cells, int row, long line, Findings findings) {
        var value = cells.at(row);
        if (value == null) {
            if (!column.required()) return false;
            findings.add(
                    "value-missing",
                    true,
                    column.name(),
                    line,
                    "column " + Quote.of(column.name()) + " has no value; every row must have one");
            return true;
        }
        var read = value instanceof String text ? read(column.type(), text) : value;
        var violation = column.violation(fitted(column.type(), read));
        violation.ifPresent(
                why -> findings.add("value-not-allowed", true, column.name(), line, why));
        return violation.isPresent();
    }

    /// A whole double is an integer to whoever lost the type on the way, as pandas does.
    private static Object fitted(ColumnType type, Object value) {
        if (type == ColumnType.INTEGER
                && value instanceof Double number
                && number == Math.rint(number)
                && Math.abs(number) <= 1L << 53) return number.longValue();
        if ((type == ColumnType.TEXT || type == ColumnType.CATEGORY)
                && (value instanceof Long || value instanceof Boolean)) return value.toString();
        return value;
    }

    /// The text as a value of the type; as it is where it is none, for the violation to quote it.
    private static Object read(ColumnType type, String text) {
        return switch (type) {
            case NUMBER -> orText(number(text), text);
            case INTEGER -> {
                var number = Numbers.asInteger(text);
                yield number.isPresent() ? (Object) number.getAsLong() : orText(number(text), text);
            }
            case BOOLEAN ->
                    Cell.isTrue(text) ? (Object) true : Cell.isFalse(text) ? (Object) false : text;
            case TIME -> Times.read(text).map(time -> (Object) time).orElse(text);
            case CATEGORY, TEXT, IMAGE, AUDIO, VECTOR -> text;
        };
    }

    private static @Nullable Double number(String text) {
        var number = Numbers.asDecimal(text);
        if (number.isPresent()) return number.getAsDouble();
        return Cell.isNotANumber(text) ? (Double) Cell.notANumber(text) : null;
    }

    private static Object orText(@Nullable Double number, String text) {
        return number == null ? text : number;
    }
}
