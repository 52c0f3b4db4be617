package dev.davy.data;

import dev.davy.schema.Block;
import dev.davy.schema.Block.Cells;
import dev.davy.stats.ColumnCounter;
import dev.davy.stats.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Profiles of whole tables, on all cores.
public final class Profiles {
    private Profiles() {}

    /// Reads the whole table. The parts are merged in their order, however many threads there are:
    /// the same file gives the same bytes.
    ///
    /// @param threads at most
    public static Profile of(Table table, int threads) throws IOException {
        int parts = table.parts();
        if (parts == 0) return Profile.EMPTY;
        // DuckDB's calls hold a carrier, so no virtual threads.
        try (var pool = Executors.newFixedThreadPool(Math.min(threads, parts))) {
            var tasks = new ArrayList<Callable<Profile>>();
            for (int part = 0; part < parts; part++) {
                int number = part;
                tasks.add(() -> of(table, table.columns(), number));
            }
            var whole = Profile.EMPTY;
            for (var each : pool.invokeAll(tasks)) whole = whole.merge(each.get());
            return whole;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private static Profile of(Table table, List<String> columns, int part) throws IOException {
        var counters = new LinkedHashMap<String, ColumnCounter>();
        for (var column : columns) counters.put(column, ColumnCounter.of());
        var inOrder = List.copyOf(counters.values());
        long[] rows = new long[1];
        table.read(
                part,
                columns,
                (block, lines) -> {
                    add(block, inOrder);
                    rows[0] += block.rows();
                });
        return Profile.of(rows[0], counters);
    }

    private static void add(Block block, List<ColumnCounter> counters) {
        for (int c = 0; c < counters.size(); c++) {
            var counter = counters.get(c);
            switch (block.cells().get(c)) {
                case Cells.Doubles(var values, var missing) ->
                        counter.add(values, missing, block.rows());
                case Cells.Floats(var values, var missing) ->
                        counter.add(values, missing, block.rows());
                case Cells.Longs(var values, var missing) ->
                        counter.add(values, missing, block.rows());
                case Cells.Texts(var values) -> counter.add(values, block.rows());
                case Cells.Flags flags -> {
                    for (int row = 0; row < block.rows(); row++) counter.add(flags.at(row));
                }
                case Cells.Values(var values) -> {
                    for (int row = 0; row < block.rows(); row++) counter.add(values[row]);
                }
            }
        }
    }
}
