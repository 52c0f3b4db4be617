package dev.davy.schema;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Many rows side by side, column by column: what a table is read into when there are too many rows
/// for an object each.
///
/// @param names of the columns
/// @param cells of each column, at least as many as there are rows
/// @param rows how many of the cells count
public record Block(List<String> names, List<Cells> cells, int rows) {

    /// One column's values. Arrays are filled again and again.
    @SuppressWarnings("ArrayRecordComponent") // a reused buffer, never compared
    public sealed interface Cells {
        /// The value in a row, as a [Row] has it, or null.
        @Nullable Object at(int row);

        record Doubles(double[] values, boolean[] missing) implements Cells {
            @Override
            public @Nullable Object at(int row) {
                return missing[row] ? null : (Double) values[row];
            }
        }

        record Floats(float[] values, boolean[] missing) implements Cells {
            @Override
            public @Nullable Object at(int row) {
                // The shortest decimal that means it: 0.1, not 0.10000000149011612.
                return missing[row]
                        ? null
                        : (Double) Double.parseDouble(Float.toString(values[row]));
            }
        }

        record Longs(long[] values, boolean[] missing) implements Cells {
            @Override
            public @Nullable Object at(int row) {
                return missing[row] ? null : (Long) values[row];
            }
        }

        record Flags(boolean[] values, boolean[] missing) implements Cells {
            @Override
            public @Nullable Object at(int row) {
                return missing[row] ? null : (Boolean) values[row];
            }
        }

        /// In UTF-8; null where one is missing.
        record Texts(byte[] @Nullable [] values) implements Cells {
            @Override
            public @Nullable Object at(int row) {
                var utf8 = values[row];
                return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
            }
        }

        /// Anything else that a row may hold.
        record Values(@Nullable Object[] values) implements Cells {
            @Override
            public @Nullable Object at(int row) {
                return values[row];
            }
        }
    }

    public Block {
        names = List.copyOf(names);
        cells = List.copyOf(cells);
        if (names.size() != cells.size())
            throw new IllegalArgumentException(names.size() + " names, " + cells.size() + " cells");
    }

    /// The cells of a column, or null.
    public @Nullable Cells column(String name) {
        int at = names.indexOf(name);
        return at < 0 ? null : cells.get(at);
    }

    /// One of the rows by itself.
    public Row row(int at) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (int c = 0; c < names.size(); c++) values.put(names.get(c), cells.get(c).at(at));
        return new Row(values);
    }

    /// The rows in which [Schema#violations] may find something; in the others it finds nothing.
    public BitSet suspects(Schema schema) {
        var suspects = new BitSet(rows);
        for (var name : names) if (schema.column(name).isEmpty()) suspects.set(0, rows);
        for (var column : schema.columns()) {
            var of = column(column.name());
            if (of == null) {
                if (column.required()) suspects.set(0, rows);
            } else {
                suspects(column, of, suspects);
            }
        }
        return suspects;
    }

    private void suspects(Column column, Cells of, BitSet suspects) {
        double min = column.min().orElse(-Double.MAX_VALUE);
        double max = column.max().orElse(Double.MAX_VALUE);
        boolean required = column.required();
        boolean isNumber = column.type() == ColumnType.NUMBER;
        switch (of) {
            case Cells.Doubles(var values, var missing) when isNumber -> {
                for (int row = 0; row < rows; row++)
                    // Written so that NaN is suspect, too.
                    if (missing[row] ? required : !(values[row] >= min && values[row] <= max))
                        suspects.set(row);
            }
            case Cells.Floats(var values, var missing) when isNumber -> {
                for (int row = 0; row < rows; row++)
                    if (missing[row]
                            ? required
                            : !(values[row] >= min && values[row] <= max)
                                    || Float.isInfinite(values[row])) suspects.set(row);
            }
            case Cells.Longs(var values, var missing)
                    when isNumber || column.type() == ColumnType.INTEGER -> {
                for (int row = 0; row < rows; row++)
                    if (missing[row] ? required : values[row] < min || values[row] > max)
                        suspects.set(row);
            }
            case Cells.Flags(var _, var missing) when column.type() == ColumnType.BOOLEAN -> {
                for (int row = 0; row < rows; row++)
                    if (missing[row] && required) suspects.set(row);
            }
            case Cells.Texts(var values)
                    when column.type() == ColumnType.TEXT || column.type() == ColumnType.CATEGORY ->
                    texts(column, values, suspects);
            case Cells _ -> suspects.set(0, rows);
        }
    }

    private void texts(Column column, byte[] @Nullable [] values, BitSet suspects) {
        var classes =
                column.classes().stream()
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new);
        for (int row = 0; row < rows; row++) {
            var value = values[row];
            if (value == null) {
                if (column.required()) suspects.set(row);
            } else if (classes.length > 0 && !contains(classes, value)) {
                suspects.set(row);
            }
        }
    }

    private static boolean contains(byte[][] classes, byte[] value) {
        for (var each : classes) if (Arrays.equals(each, value)) return true;
        return false;
    }
}
