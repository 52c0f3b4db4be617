package dev.davy.batch;

import dev.davy.jobs.JobStopped;
import dev.davy.schema.Block.Cells;
import dev.davy.serving.Scorer;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Gathers DuckDB's vectors into blocks of the size that models are asked in.
final class ParquetBlock {
    private final List<ParquetColumn> columns;
    private final Source.Into into;
    private final List<Cells> cells = new ArrayList<>();
    private final List<String> names;
    private final long[] numbers = new long[Scorer.ROWS];
    private final long[] lines = new long[Scorer.ROWS];
    private final BitSet refused = new BitSet();
    private final @Nullable String[] reasons = new String[Scorer.ROWS];
    private long number;
    private long read;
    private int rows;

    ParquetBlock(List<ParquetColumn> columns, long first, Source.Into into) {
        this.columns = columns;
        this.into = into;
        number = first;
        names = ParquetSource.names(columns);
        for (var column : columns) cells.add(cells(column.form()));
    }

    private static Cells cells(ParquetColumn.Form form) {
        var missing = new boolean[Scorer.ROWS];
        return switch (form) {
            case FLOATS -> new Cells.Floats(new float[Scorer.ROWS], missing);
            case DOUBLES -> new Cells.Doubles(new double[Scorer.ROWS], missing);
            case LONGS, WHOLE_DOUBLES -> new Cells.Longs(new long[Scorer.ROWS], missing);
            case FLAGS -> new Cells.Flags(new boolean[Scorer.ROWS], missing);
            case TEXTS -> new Cells.Texts(new byte[Scorer.ROWS][]);
            case TIMES, VECTORS -> new Cells.Values(new Object[Scorer.ROWS]);
        };
    }

    /// Rows so far.
    long read() {
        return read;
    }

    void add(DuckDBDataChunkReader chunk) throws IOException, JobStopped {
        int more = (int) chunk.rowCount();
        for (int from = 0; from < more; ) {
            int some = Math.min(more - from, Scorer.ROWS - rows);
            for (int c = 0; c < columns.size(); c++)
                fill(columns.get(c), cells.get(c), chunk.vector(c), from, some);
            for (int i = 0; i < some; i++) {
                numbers[rows + i] = number;
                lines[rows + i] = ++number;
            }
            rows += some;
            from += some;
            if (rows == Scorer.ROWS) flush();
        }
        read += more;
    }

    private void fill(
            ParquetColumn column, Cells into, DuckDBReadableVector from, int first, int count) {
        switch (into) {
            case Cells.Floats(var values, var missing) -> {
                for (int i = 0; i < count; i++) {
                    boolean none = from.isNull(first + i);
                    missing[rows + i] = none;
                    values[rows + i] = none ? 0 : from.getFloat(first + i);
                }
            }
            case Cells.Doubles(var values, var missing) -> {
                for (int i = 0; i < count; i++) {
                    boolean none = from.isNull(first + i);
                    missing[rows + i] = none;
                    values[rows + i] = none ? 0 : from.getDouble(first + i);
                }
            }
            case Cells.Longs(var values, var missing) -> {
                boolean reals = column.form() == ParquetColumn.Form.WHOLE_DOUBLES;
                for (int i = 0; i < count; i++) {
                    boolean none = from.isNull(first + i);
                    missing[rows + i] = none;
                    values[rows + i] =
                            none
                                    ? 0
                                    : reals
                                            ? whole(column, from.getDouble(first + i), rows + i)
                                            : from.getLong(first + i);
                }
            }
            case Cells.Flags(var values, var missing) -> {
                for (int i = 0; i < count; i++) {
                    boolean none = from.isNull(first + i);
                    missing[rows + i] = none;
                    values[rows + i] = !none && from.getBoolean(first + i);
                }
            }
            case Cells.Texts(var values) -> {
                for (int i = 0; i < count; i++)
                    values[rows + i] =
                            from.isNull(first + i)
                                    ? null
                                    : from.getString(first + i).getBytes(StandardCharsets.UTF_8);
            }
            case Cells.Values(var values) -> {
                for (int i = 0; i < count; i++)
                    values[rows + i] =
                            from.isNull(first + i) ? null : value(column, from, first + i);
            }
        }
    }

    private long whole(ParquetColumn column, double value, int row) {
        if (value == Math.rint(value) && Math.abs(value) <= 1L << 53) return (long) value;
        refuse(row, "'" + column.name() + "' is " + value + "; it must be a whole number");
        return 0;
    }

    private void refuse(int row, String reason) {
        var before = reasons[row];
        reasons[row] = refused.get(row) && before != null ? before + "; " + reason : reason;
        refused.set(row);
    }

    private static Object value(ParquetColumn column, DuckDBReadableVector from, int at) {
        if (column.form() == ParquetColumn.Form.TIMES)
            return Instant.EPOCH.plus(from.getLong(at), ChronoUnit.MICROS);
        var numbers = new ArrayList<Float>();
        var list = from.getString(at).replace("NULL", "null");
        flatten(Json.read(list.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT), numbers);
        var floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = numbers.get(i);
        return floats;
    }

    private static void flatten(JsonNode list, List<Float> into) {
        for (var each : list)
            if (each.isArray()) flatten(each, into);
            else into.add(each.isNumber() ? each.floatValue() : Float.NaN);
    }

    /// Hands on what has come together.
    void flush() throws IOException, JobStopped {
        if (rows == 0) return;
        if (!refused.isEmpty()) {
            // One by one: this is rare, and a block is only ever its first rows.
            for (int row = refused.nextSetBit(0); row >= 0; row = refused.nextSetBit(row + 1))
                into.refused(numbers[row], lines[row], null, String.valueOf(reasons[row]));
            squeeze();
        }
        if (rows > 0) into.rows(ParquetSource.block(names, cells, rows), numbers, lines, null);
        rows = 0;
    }

    /// Takes the refused rows out.
    private void squeeze() {
        int kept = 0;
        for (int row = 0; row < rows; row++) {
            if (refused.get(row)) continue;
            if (kept < row) {
                for (var each : cells) move(each, row, kept);
                numbers[kept] = numbers[row];
                lines[kept] = lines[row];
            }
            kept++;
        }
        rows = kept;
        refused.clear();
    }

    private static void move(Cells cells, int from, int to) {
        switch (cells) {
            case Cells.Floats(var values, var missing) -> {
                values[to] = values[from];
                missing[to] = missing[from];
            }
            case Cells.Doubles(var values, var missing) -> {
                values[to] = values[from];
                missing[to] = missing[from];
            }
            case Cells.Longs(var values, var missing) -> {
                values[to] = values[from];
                missing[to] = missing[from];
            }
            case Cells.Flags(var values, var missing) -> {
                values[to] = values[from];
                missing[to] = missing[from];
            }
            case Cells.Texts(var values) -> values[to] = values[from];
            case Cells.Values(var values) -> values[to] = values[from];
        }
    }
}
