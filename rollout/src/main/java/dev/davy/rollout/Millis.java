package dev.davy.rollout;

import dev.davy.rollout.Evidence.Seen;
import dev.davy.rollout.Spans.Span;
import dev.davy.stats.sequential.Durations;
import dev.davy.stats.sequential.QuantileComparison.Times;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Times in milliseconds. For one thread.
final class Millis implements Cell {
    private final int entitiesMost;
    private final Map<Long, Boolean> entities = new HashMap<>();
    private final TreeMap<Integer, List<NavigableMap<Integer, Long>>> counts = new TreeMap<>();

    // In halves: a quantile is guessed from the one, and how often it is exceeded from the other.
    private final List<NavigableMap<Integer, Long>> teaching =
            List.of(new TreeMap<>(), new TreeMap<>());
    private int taught;

    /// Of live's requests.
    static final int TEACHING = 100;

    Millis(int entitiesMost) {
        this.entitiesMost = entitiesMost;
    }

    /// A request that counts, if it is its entity's first.
    void add(OptionalLong entity, boolean candidate, int span, double share, double millis) {
        int range = Durations.range(Math.max(1e-6, millis));
        if (share == 0 || taught < TEACHING) {
            if (!candidate) teaching.get(taught++ % 2).merge(range, 1L, Long::sum);
            return;
        }
        if (entity.isPresent() && !isFirst(entity.getAsLong())) return;
        both(span).get(candidate ? 1 : 0).merge(range, 1L, Long::sum);
    }

    /// Those that came only once are forgotten when there are too many.
    private boolean isFirst(long entity) {
        if (entities.containsKey(entity)) {
            entities.put(entity, true);
            return false;
        }
        if (entities.size() == entitiesMost) entities.values().removeIf(cameBack -> !cameBack);
        if (entities.size() == entitiesMost) return false;
        entities.put(entity, false);
        return true;
    }

    private List<NavigableMap<Integer, Long>> both(int span) {
        return counts.computeIfAbsent(span, _ -> List.of(new TreeMap<>(), new TreeMap<>()));
    }

    @Override
    public void begin() {
        entities.clear();
    }

    @Override
    public void join(int earlier, int later) {
        var moved = counts.remove(later);
        if (moved == null) return;
        for (int arm = 0; arm < 2; arm++) {
            var into = both(earlier).get(arm);
            moved.get(arm).forEach((range, count) -> into.merge(range, count, Long::sum));
        }
    }

    @Override
    public Seen seen(List<Span> spans) {
        var times = new ArrayList<Times>();
        for (var half : teaching)
            if (!half.isEmpty()) times.add(new Times(0, Durations.ofCounts(half), Durations.NONE));
        for (var span : spans) {
            var both = counts.get(span.number());
            if (both != null)
                times.add(
                        new Times(
                                span.share(),
                                Durations.ofCounts(both.get(0)),
                                span.share() == 0
                                        ? Durations.NONE
                                        : Durations.ofCounts(both.get(1))));
        }
        return new Seen.Latencies(times);
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeInt(taught);
        for (var half : teaching) write(out, half);
        out.writeInt(entities.size());
        for (var entity : entities.entrySet()) {
            out.writeLong(entity.getKey());
            out.writeBoolean(entity.getValue());
        }
        out.writeInt(counts.size());
        for (var each : counts.entrySet()) {
            out.writeInt(each.getKey());
            for (var arm : each.getValue()) write(out, arm);
        }
    }

    private static void write(DataOutput out, Map<Integer, Long> ranges) throws IOException {
        out.writeInt(ranges.size());
        for (var count : ranges.entrySet()) {
            out.writeInt(count.getKey());
            out.writeLong(count.getValue());
        }
    }

    void fill(DataInput in) throws IOException {
        taught = in.readInt();
        for (var half : teaching) fill(in, half);
        for (int left = in.readInt(); left > 0; left--)
            entities.put(in.readLong(), in.readBoolean());
        for (int left = in.readInt(); left > 0; left--)
            for (var arm : both(in.readInt())) fill(in, arm);
    }

    private static void fill(DataInput in, Map<Integer, Long> ranges) throws IOException {
        for (int left = in.readInt(); left > 0; left--) ranges.put(in.readInt(), in.readLong());
    }
}
