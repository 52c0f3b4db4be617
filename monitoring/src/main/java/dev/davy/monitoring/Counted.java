package dev.davy.monitoring;

import dev.davy.serving.Statistics;
import java.util.TreeMap;

/// What an endpoint had counted at a moment: two of them tell what happened in between. The data
/// path counts these anyway, so watching them costs it nothing.
///
/// @param sizes how many runs there were of each number of rows
/// @param waits calls that came to a model
/// @param waitNanos that they waited for it, altogether
record Counted(TreeMap<Integer, Long> sizes, long waits, long waitNanos) {
    static Counted of(Statistics statistics) {
        var sizes = new TreeMap<Integer, Long>();
        statistics.sizes().forEach((rows, runs) -> sizes.put(rows, runs.infer.count()));
        return new Counted(sizes, statistics.queue.count(), statistics.queue.nanos());
    }

    /// Adds what happened since an earlier moment. Where counts have fallen the endpoint was made
    /// anew, and all of it is new.
    void since(Counted before, Window.Builder into) {
        boolean anew = waits < before.waits;
        sizes.forEach((rows, runs) -> {
            long more = anew ? runs : runs - before.sizes.getOrDefault(rows, 0L);
            if (more > 0) into.component(Load.BATCH).numbers(rows, more);
        });
        long calls = anew ? waits : waits - before.waits;
        long nanos = anew ? waitNanos : waitNanos - before.waitNanos;
        if (calls > 0) into.component(Load.WAIT).number(Math.max(0, nanos) / 1e6 / calls);
    }

    static Counted nothing() {
        return new Counted(new TreeMap<>(), 0, 0);
    }
}
