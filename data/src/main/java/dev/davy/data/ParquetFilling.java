package dev.davy.data;

import dev.davy.schema.Block;
import dev.davy.schema.Block.Cells;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;

/// Fills one block again and again with DuckDB's vectors.
final class ParquetFilling {
    /// As many as DuckDB's vectors have.
    private static final int ROWS = 2_048;

    private final List<String> names;
    private final List<ParquetType> types;
    private final List<Cells> cells = new ArrayList<>();
    private final long[] lines = new long[ROWS];

    ParquetFilling(List<String> names, List<ParquetType> types) {
        this.names = names;
        this.types = types;
        for (var type : types) cells.add(cells(type));
    }

    private static Cells cells(ParquetType type) {
        var missing = new boolean[ROWS];
        return switch (type) {
            case FLOATS -> new Cells.Floats(new float[ROWS], missing);
            case DOUBLES -> new Cells.Doubles(new double[ROWS], missing);
            case LONGS -> new Cells.Longs(new long[ROWS], missing);
            case FLAGS -> new Cells.Flags(new boolean[ROWS], missing);
            case TEXTS -> new Cells.Texts(new byte[ROWS][]);
            case TIMES, OTHERS -> new Cells.Values(new Object[ROWS]);
        };
    }

    long[] lines(long first, int count) {
        for (int i = 0; i < count; i++) lines[i] = first + i + 1;
        return lines;
    }

    Block fill(DuckDBDataChunkReader chunk, int count) {
        for (int c = 0; c < names.size(); c++)
            fill(types.get(c), cells.get(c), chunk.vector(c), count);
        return new Block(names, cells, count);
    }

    private static void fill(ParquetType type, Cells into, DuckDBReadableVector from, int count) {
        switch (into) {
            case Cells.Floats(var values, var missing) -> {
                for (int i = 0; i < count; i++) {
                    missing[i] = from.isNull(i);
                    values[i] = missing[i] ? 0 : from.getFloat(i);
                }
            }
            case Cells.Doubles(var values, var missing) -> {
                for (int i = 0; i < count; i++) {
                    missing[i] = from.isNull(i);
                    values[i] = missing[i] ? 0 : from.getDouble(i);
                }
            }
            case Cells.Longs(var values, var missing) -> {
                for (int i = 0; i < count; i++) {
                    missing[i] = from.isNull(i);
                    values[i] = missing[i] ? 0 : from.getLong(i);
                }
            }
            case Cells.Flags(var values, var missing) -> {
                for (int i = 0; i < count; i++) {
                    missing[i] = from.isNull(i);
                    values[i] = !missing[i] && from.getBoolean(i);
                }
            }
            case Cells.Texts(var values) -> {
                for (int i = 0; i < count; i++)
                    values[i] =
                            from.isNull(i)
                                    ? null
                                    : from.getString(i).getBytes(StandardCharsets.UTF_8);
            }
            case Cells.Values(var values) -> {
                Arrays.fill(values, 0, count, null);
                for (int i = 0; i < count; i++) {
                    if (type == ParquetType.OTHERS) values[i] = from.getBoolean(i) ? "…" : null;
                    else if (!from.isNull(i))
                        values[i] = Instant.EPOCH.plus(from.getLong(i), ChronoUnit.MICROS);
                }
            }
        }
    }
}
