package dev.davy.data;

import dev.davy.strict.Problem;
import dev.davy.strict.Quote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Samples of each column of a table, by value of another column. What they hold together has a
/// limit, whatever the number of rows: at first each column of each group keeps 200,000 numbers,
/// and all of them half as many whenever together they pass four million.
public final class Grouped {
    private static final int GROUPS_MAX = 1_000;
    private static final int NUMBERS_OF_A_SAMPLE = 200_000;
    private static final long NUMBERS_MAX = 4_000_000;
    private static final int TEXTS_MAX = 400_000;

    private final Map<String, Map<String, Sample>> groups = new TreeMap<>();
    private final List<String> columns;
    private final long most;
    private int room;

    private Grouped(List<String> columns, int room, long most) {
        this.columns = List.copyOf(columns);
        this.room = room;
        this.most = most;
    }

    /// @param columns their names
    /// @param by the column by whose values the rows are told apart; null for none: there is one
    ///   group, named ""
    /// @return by group, in the order of their names, and by column
    /// @throws Problem TOO_LARGE `too-many-groups`
    public static Map<String, Map<String, Sample>> read(
            Table table, List<String> columns, @Nullable String by) throws IOException {
        return read(table, columns, by, NUMBERS_OF_A_SAMPLE, NUMBERS_MAX);
    }

    /// @param room numbers of each sample, at first
    /// @param most numbers of all of them
    static Map<String, Map<String, Sample>> read(
            Table table, List<String> columns, @Nullable String by, int room, long most)
            throws IOException {
        var grouped = new Grouped(columns, room, most);
        var wanted = new ArrayList<>(columns);
        if (by != null) wanted.add(by);
        table.read(
                wanted,
                (block, lines) -> {
                    for (int row = 0; row < block.rows(); row++) {
                        var name = "";
                        if (by != null) {
                            var value = block.cells().getLast().at(row);
                            name = value == null ? "(missing)" : value.toString();
                        }
                        var group = grouped.group(name, by);
                        for (int c = 0; c < columns.size(); c++) {
                            var sample = group.get(columns.get(c));
                            if (sample != null) sample.add(block.cells().get(c), row);
                        }
                    }
                    grouped.keepWithin();
                });
        return grouped.groups;
    }

    private Map<String, Sample> group(String name, @Nullable String by) {
        var known = groups.get(name);
        if (known != null) return known;
        if (groups.size() == GROUPS_MAX)
            throw new Problem(
                    Problem.Kind.TOO_LARGE,
                    "too-many-groups",
                    "The rows can't be told apart by " + Quote.of(String.valueOf(by)) + ".",
                    "It has more than %,d different values.".formatted(GROUPS_MAX),
                    "Name a column with fewer: a month rather than a time.");
        var fresh = new LinkedHashMap<String, Sample>();
        for (var column : columns) fresh.put(column, new Sample(room, Sample.TEXTS_MAX));
        groups.put(name, fresh);
        shrink();
        return fresh;
    }

    private void keepWithin() {
        while (room > 1 && held() > most) {
            room /= 2;
            shrink();
        }
    }

    private long held() {
        long held = 0;
        for (var group : groups.values()) for (var sample : group.values()) held += sample.kept();
        return held;
    }

    private void shrink() {
        int texts =
                Math.min(Sample.TEXTS_MAX, TEXTS_MAX / Math.max(1, groups.size() * columns.size()));
        for (var group : groups.values())
            for (var sample : group.values()) sample.shrink(room, Math.max(100, texts));
    }
}
