package dev.davy.batch;

import dev.davy.schema.Block;
import dev.davy.schema.Block.Cells;
import dev.davy.schema.Column;
import dev.davy.schema.Schema;
import dev.davy.serving.Scorer;
import dev.davy.strict.Numbers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Types the cells of a table's rows by the endpoint's columns: a whole row, or nothing of it.
final class CsvBlock {
    private final List<String> names = new ArrayList<>();
    private final List<Column> columns = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final List<Cells> cells = new ArrayList<>();
    private int rows;

    CsvBlock(Schema schema, List<String> header) {
        for (int place = 0; place < header.size(); place++) {
            var column = schema.column(header.get(place));
            if (column.isEmpty()) continue;
            names.add(column.get().name());
            columns.add(column.get());
            places.add(place);
            cells.add(cells(column.get()));
        }
    }

    private static Cells cells(Column column) {
        var missing = new boolean[Scorer.ROWS];
        return switch (column.type()) {
            case NUMBER -> new Cells.Doubles(new double[Scorer.ROWS], missing);
            case INTEGER -> new Cells.Longs(new long[Scorer.ROWS], missing);
            case BOOLEAN -> new Cells.Flags(new boolean[Scorer.ROWS], missing);
            case CATEGORY, TEXT -> new Cells.Texts(new byte[Scorer.ROWS][]);
            case TIME, VECTOR, IMAGE, AUDIO -> new Cells.Values(new Object[Scorer.ROWS]);
        };
    }

    int rows() {
        return rows;
    }

    void clear() {
        rows = 0;
    }

    Block block() {
        return new Block(names, cells, rows);
    }

    /// @return whether each cell is of its column's type; else nothing was added
    boolean add(List<String> texts) {
        for (int c = 0; c < columns.size(); c++)
            if (!put(columns.get(c), cells.get(c), texts.get(places.get(c)))) return false;
        rows++;
        return true;
    }

    private boolean put(Column column, Cells into, String text) {
        boolean none = text.isEmpty();
        switch (into) {
            case Cells.Doubles(var values, var missing) -> {
                missing[rows] = none;
                if (none) return true;
                var number = Numbers.asDecimal(text);
                if (number.isEmpty()) return false;
                values[rows] = number.getAsDouble();
            }
            case Cells.Longs(var values, var missing) -> {
                missing[rows] = none;
                if (none) return true;
                var number = Numbers.asInteger(text);
                if (number.isEmpty()) return false;
                values[rows] = number.getAsLong();
            }
            case Cells.Flags(var values, var missing) -> {
                missing[rows] = none;
                if (none) return true;
                values[rows] = text.equals("true") || text.equals("1");
                return values[rows] || text.equals("false") || text.equals("0");
            }
            case Cells.Texts(var values) ->
                    values[rows] = none ? null : text.getBytes(StandardCharsets.UTF_8);
            case Cells.Values(var values) -> {
                var value = none ? null : time(column, text);
                values[rows] = value;
                return none || value != null;
            }
            case Cells.Floats _ -> throw new IllegalStateException("cells of a table are doubles");
        }
        return true;
    }

    private static @Nullable Object time(Column column, String text) {
        if (column.type() != dev.davy.schema.ColumnType.TIME) return null;
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            return null;
        }
    }
}
