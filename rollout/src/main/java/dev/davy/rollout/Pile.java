package dev.davy.rollout;

import dev.davy.stats.sequential.Tally;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// How many units of one arm there were of each size and total: a [Tally] that grows. For one
/// thread.
final class Pile {
    /// Totals are kept in these parts, as a [Tally] does.
    private static final int PARTS = (int) (1 / Tally.GRID);

    private static final int SIZE_SHIFT = 20;

    private final Map<Integer, Long> counts = new HashMap<>();

    void add(int size, double total, long count) {
        int key = size << SIZE_SHIFT | (int) Math.rint(total * PARTS);
        if (counts.merge(key, count, Long::sum) == 0) counts.remove(key);
    }

    void addAll(Pile other) {
        other.counts.forEach((key, count) -> counts.merge(key, count, Long::sum));
    }

    /// A unit of one request turned out to have done harm.
    void harmed(double harm) {
        int nothing = 1 << SIZE_SHIFT;
        if (!counts.containsKey(nothing)) return;
        add(1, 0, -1);
        add(1, harm, 1);
    }

    Tally tally() {
        var tally = Tally.NONE;
        for (var each : counts.entrySet())
            tally =
                    tally.merge(
                            Tally.of(
                                    each.getKey() >> SIZE_SHIFT,
                                    (each.getKey() & (1 << SIZE_SHIFT) - 1) * Tally.GRID,
                                    each.getValue()));
        return tally;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(counts.size());
        for (var each : counts.entrySet()) {
            out.writeInt(each.getKey());
            out.writeLong(each.getValue());
        }
    }

    static Pile read(DataInput in) throws IOException {
        var pile = new Pile();
        for (int left = in.readInt(); left > 0; left--)
            pile.counts.put(in.readInt(), in.readLong());
        return pile;
    }
}
