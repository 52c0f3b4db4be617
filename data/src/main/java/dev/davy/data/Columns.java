package dev.davy.data;

import dev.davy.strict.Nearest;
import dev.davy.strict.Numbers;
import dev.davy.strict.Problem;
import dev.davy.strict.Quote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Some columns of a table in memory, for what cannot be computed as a stream. Memory grows with
/// the rows; a text that repeats is kept once.
public final class Columns {
    private final String file;
    private final Map<String, List<@Nullable Object>> values;
    private final long[] lines;
    private final int rows;

    private Columns(
            String file, Map<String, List<@Nullable Object>> values, long[] lines, int rows) {
        this.file = file;
        this.values = values;
        this.lines = lines;
        this.rows = rows;
    }

    /// Reads all rows.
    ///
    /// @param wanted names of columns, each once is enough
    /// @throws Problem UNACCEPTABLE `columns-not-there` with all that are missing
    public static Columns read(Table table, List<String> wanted) throws IOException {
        var distinct = wanted.stream().distinct().toList();
        check(table, distinct);
        var values = new LinkedHashMap<String, List<@Nullable Object>>();
        for (var name : distinct) values.put(name, new ArrayList<>());
        var known = new HashMap<Object, Object>();
        var lines = new Lines();
        table.read(
                distinct,
                (block, numbers) -> {
                    for (int c = 0; c < distinct.size(); c++) {
                        var into = values.getOrDefault(distinct.get(c), List.of());
                        var cells = block.cells().get(c);
                        for (int row = 0; row < block.rows(); row++) {
                            var value = cells.at(row);
                            if (known.size() > 100_000) known.clear();
                            into.add(value == null ? null : known.computeIfAbsent(value, v -> v));
                        }
                    }
                    lines.add(numbers, block.rows());
                });
        return new Columns(table.name(), values, lines.all, lines.count);
    }

    /// @throws Problem UNACCEPTABLE `columns-not-there` with all that are missing
    public static void check(Table table, List<String> wanted) {
        var lacking = new ArrayList<String>();
        for (var name : wanted)
            if (!table.columns().contains(name))
                lacking.add(
                        ("there is no column "
                                        + Quote.of(name)
                                        + ". "
                                        + Nearest.hint(name, table.columns()))
                                .strip());
        if (!lacking.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "columns-not-there",
                    table.name() + " lacks columns.",
                    lacking,
                    "Its columns are: " + String.join(", ", table.columns()) + ".");
    }

    private static final class Lines {
        private long[] all = new long[1_024];
        private int count;

        void add(long[] lines, int rows) {
            if (count + rows > all.length)
                all = java.util.Arrays.copyOf(all, Math.max(2 * all.length, count + rows));
            System.arraycopy(lines, 0, all, count, rows);
            count += rows;
        }
    }

    public int rows() {
        return rows;
    }

    /// The line of the file, or the row's number in Parquet, from 1.
    public long line(int row) {
        return lines[row];
    }

    /// The value as a text, a whole number without a point; null where it is missing.
    public @Nullable String text(String column, int row) {
        var value = value(column, row);
        if (value instanceof Double number
                && number == Math.rint(number)
                && Math.abs(number) < 1L << 53) return Long.toString(number.longValue());
        return value == null ? null : value.toString();
    }

    /// The value as a number; NaN where it is missing, or says so. `true` is 1 and `false` 0.
    ///
    /// @throws Problem UNACCEPTABLE `not-a-number` with the line
    public double number(String column, int row) {
        return switch (value(column, row)) {
            case null -> Double.NaN;
            case Number number -> number.doubleValue();
            case Boolean flag -> flag ? 1 : 0;
            case Object text -> {
                var number = Numbers.asDecimal(text.toString());
                if (number.isPresent()) yield number.getAsDouble();
                if (Cell.isNotANumber(text.toString())) yield Double.NaN;
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "not-a-number",
                        "Column " + Quote.of(column) + " can't be read as numbers.",
                        "%s:%d: it holds %s.".formatted(file, line(row), Quote.of(text.toString())),
                        "Name another column, or say which texts are missing values:"
                                + " --missing TEXT");
            }
        };
    }

    private @Nullable Object value(String column, int row) {
        var of = values.get(column);
        if (of == null) throw new IllegalArgumentException("column " + column + " was not read");
        return of.get(row);
    }
}
