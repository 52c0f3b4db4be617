package dev.davy.batch;

import dev.davy.schema.Output;
import dev.davy.storage.Ids;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.jspecify.annotations.Nullable;

/// Writes the result as Parquet: DuckDB pulls the rows out of us while it writes.
final class ParquetResult implements DuckDBTableFunction<Object, Object, Object> {
    private static final byte[] NOTHING = new byte[0];

    private final Together together;
    private final List<Output> outputs;
    private final Optional<UUID> job;
    private int at;
    private @Nullable Exception failure;

    private ParquetResult(Together together, Optional<UUID> job) {
        this.together = together;
        outputs = together.rows.outputs;
        this.job = job;
    }

    /// @param job from whose id those of the predictions follow; empty: they were not logged
    static void write(Together together, Optional<UUID> job, Duck duck, Path file)
            throws Exception {
        var result = new ParquetResult(together, job);
        try (var function = DuckDBFunctions.tableFunction()) {
            function.withName("davy_rows").withFunction(result).register(duck.connection());
        }
        try {
            duck.execute(
                    "COPY (SELECT * FROM davy_rows()) TO "
                            + Duck.text(file.toString())
                            + " (FORMAT parquet)");
        } catch (SQLException e) {
            var cause = result.failure;
            throw cause == null ? e : cause;
        }
    }

    /// The columns of a result, whatever its format.
    static List<String> names(List<Output> outputs, boolean files, boolean logged) {
        var names = new ArrayList<String>(List.of("row"));
        if (files) names.add("file");
        for (var output : outputs) names.add(output.name());
        names.addAll(List.of("confidence", "arm"));
        if (logged) names.add("prediction");
        return names;
    }

    @Override
    public Object bind(DuckDBTableFunctionBindInfo info) {
        info.addResultColumn("row", DuckDBColumnType.BIGINT);
        if (together.rows.files) info.addResultColumn("file", DuckDBColumnType.VARCHAR);
        for (var output : outputs)
            info.addResultColumn(
                    output.name(),
                    Rows.isReal(output) ? DuckDBColumnType.DOUBLE : DuckDBColumnType.VARCHAR);
        info.addResultColumn("confidence", DuckDBColumnType.DOUBLE);
        info.addResultColumn("arm", DuckDBColumnType.VARCHAR);
        if (job.isPresent()) info.addResultColumn("prediction", DuckDBColumnType.VARCHAR);
        return this;
    }

    @Override
    public Object init(DuckDBTableFunctionInitInfo info) {
        info.setMaxThreads(1); // in order
        return this;
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter into)
            throws Exception {
        try {
            if (at >= together.rows.count) {
                if (!together.next()) return 0;
                at = 0;
            }
            int count = (int) Math.min(into.capacity(), together.rows.count - at);
            fill(into, count);
            at += count;
            return count;
        } catch (Exception e) {
            failure = e;
            throw e;
        }
    }

    private void fill(DuckDBDataChunkWriter into, int count) {
        var rows = together.rows;
        int column = 0;
        var numbers = into.vector(column++);
        for (int i = 0; i < count; i++) numbers.setLong(i, rows.numbers[at + i] + 1);
        if (rows.files) texts(into, column++, rows.names, count);
        for (int o = 0; o < outputs.size(); o++) {
            var output = outputs.get(o);
            if (Rows.isClasses(output)) {
                codes(
                        into,
                        column++,
                        rows.codes[o],
                        together.dictionaries.getOrDefault(output.name(), new byte[0][]),
                        count);
            } else if (Rows.isReal(output)) {
                reals(into, column++, rows.reals[o], count);
            } else {
                texts(into, column++, rows.texts[o], count);
            }
        }
        reals(into, column++, rows.confidences, count);
        codes(into, column++, rows.arms, together.arms, count);
        if (job.isPresent()) ids(into, column, job.get(), count);
    }

    private void reals(DuckDBDataChunkWriter into, int column, double[] values, int count) {
        var vector = into.vector(column);
        for (int i = 0; i < count; i++)
            if (Double.isNaN(values[at + i])) vector.setNull(i);
            else vector.setDouble(i, values[at + i]);
    }

    private void codes(
            DuckDBDataChunkWriter into, int column, int[] codes, byte[][] dictionary, int count) {
        var vector = into.vector(column);
        var texts = new byte[count][];
        for (int i = 0; i < count; i++)
            texts[i] = codes[at + i] < 0 ? NOTHING : dictionary[codes[at + i]];
        vector.setStringUtf8Batch(0, texts);
        for (int i = 0; i < count; i++) if (codes[at + i] < 0) vector.setNull(i);
    }

    private void texts(
            DuckDBDataChunkWriter into, int column, @Nullable String[] values, int count) {
        var vector = into.vector(column);
        for (int i = 0; i < count; i++) {
            var text = values[at + i];
            if (text == null) vector.setNull(i);
            else vector.setString(i, text);
        }
    }

    private void ids(DuckDBDataChunkWriter into, int column, UUID of, int count) {
        var texts = new byte[count][];
        for (int i = 0; i < count; i++)
            texts[i] =
                    Ids.derived(of, together.rows.numbers[at + i])
                            .toString()
                            .getBytes(StandardCharsets.ISO_8859_1);
        into.vector(column).setStringUtf8Batch(0, texts);
    }
}
