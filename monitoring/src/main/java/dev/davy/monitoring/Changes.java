package dev.davy.monitoring;

import dev.davy.serving.Origin;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Remembers of which days windows were last counted, since the start: whoever keeps what was made
/// of windows knows by it whether they have changed since. For many threads.
final class Changes {
    /// Days that lie so far apart are taken for one: at worst something is read again in vain.
    private static final int DAYS = 1_024;

    private final AtomicLong turn = new AtomicLong();
    private final Map<Totals.Of, AtomicLongArray> counted = new ConcurrentHashMap<>();

    /// To be asked before windows are read, and given to [#since] afterwards.
    long turn() {
        return turn.get();
    }

    /// Windows were counted, and whoever reads them now finds them so.
    void counted(Collection<Kept.Key> windows) {
        var days = new HashMap<Totals.Of, Set<Integer>>();
        for (var each : windows)
            days.computeIfAbsent(
                            new Totals.Of(each.endpoint(), each.origin()), _ -> new HashSet<>())
                    .add(place(day(Instant.ofEpochSecond(each.start()))));
        long now = turn.incrementAndGet();
        days.forEach((of, places) -> {
            var turns = counted.computeIfAbsent(of, _ -> new AtomicLongArray(DAYS));
            for (int each : places) turns.set(each, now);
        });
    }

    /// Whether windows of these days were counted after this turn.
    boolean since(long turn, String endpoint, Origin origin, Instant from, Instant to) {
        var turns = counted.get(new Totals.Of(endpoint, origin));
        if (turns == null) return false;
        long last = Math.min(day(to), day(from) + DAYS - 1);
        for (long day = day(from); day <= last; day++)
            if (turns.get(place(day)) > turn) return true;
        return false;
    }

    private static long day(Instant moment) {
        return Math.floorDiv(moment.getEpochSecond(), Span.DAY.length().toSeconds());
    }

    private static int place(long day) {
        return Math.floorMod(day, DAYS);
    }
}
