package dev.davy.data;

import dev.davy.schema.Block.Cells;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All values of one column, for what must see them all: its numbers, how often each text came, and
/// how many rows have neither.
public final class Sample {
    /// More different texts than these are put together as "(other)".
    public static final int TEXTS_MAX = 10_000;

    private double[] numbers = new double[64];
    private int count;
    private long missing;
    private final Map<String, Long> texts = new HashMap<>();

    private Sample() {}

    /// Finite ones only.
    public double[] numbers() {
        return Arrays.copyOf(numbers, count);
    }

    /// `true` and `false` among them.
    public Map<String, Long> texts() {
        return new TreeMap<>(texts);
    }

    public long missing() {
        return missing;
    }

    /// Of each column, by value of another.
    ///
    /// @param columns their names
    /// @param by the column by whose values the rows are told apart; null for none: there is one
    ///   group, named ""
    /// @return by group, in the order of their names, and by column
    public static Map<String, Map<String, Sample>> read(
            Table table, List<String> columns, @Nullable String by) throws IOException {
        var wanted = new ArrayList<>(columns);
        if (by != null) wanted.add(by);
        var groups = new TreeMap<String, Map<String, Sample>>();
        table.read(
                wanted,
                (block, lines) -> {
                    for (int row = 0; row < block.rows(); row++) {
                        var name = "";
                        if (by != null) {
                            var value = block.cells().getLast().at(row);
                            name = value == null ? "(missing)" : value.toString();
                        }
                        var group = groups.computeIfAbsent(name, _ -> fresh(columns));
                        for (int c = 0; c < columns.size(); c++) {
                            var sample = group.get(columns.get(c));
                            if (sample != null) sample.add(block.cells().get(c), row);
                        }
                    }
                });
        return groups;
    }

    private static Map<String, Sample> fresh(List<String> columns) {
        var fresh = new LinkedHashMap<String, Sample>();
        for (var column : columns) fresh.put(column, new Sample());
        return fresh;
    }

    private void add(Cells cells, int row) {
        switch (cells) {
            case Cells.Doubles(var values, var missing) -> number(values[row], missing[row]);
            case Cells.Floats(var values, var missing) -> number(values[row], missing[row]);
            case Cells.Longs(var values, var missing) -> number((double) values[row], missing[row]);
            case Cells.Flags(var values, var missing) ->
                    text(missing[row] ? null : Boolean.toString(values[row]));
            case Cells.Texts(var values) -> {
                var utf8 = values[row];
                text(utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8));
            }
            case Cells.Values(var values) -> {
                if (values[row] instanceof Instant time)
                    number(time.getEpochSecond() + time.getNano() / 1e9, false);
                else number(0, true);
            }
        }
    }

    private void number(double value, boolean none) {
        if (none || !Double.isFinite(value)) {
            missing++;
            return;
        }
        if (count == numbers.length) numbers = Arrays.copyOf(numbers, 2 * count);
        numbers[count++] = value;
    }

    private void text(@Nullable String text) {
        if (text == null) missing++;
        else
            texts.merge(
                    texts.size() < TEXTS_MAX || texts.containsKey(text) ? text : "(other)",
                    1L,
                    Long::sum);
    }
}
