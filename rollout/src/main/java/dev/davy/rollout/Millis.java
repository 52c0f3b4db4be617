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
///
/// Of each span in parts: live's quantile is guessed from the parts before, and a guess by a few
/// hundred requests may lie at half of its level or at twice it, which makes the comparison slow.
/// So a part is closed when live has had as many requests in it as in all before it.
final class Millis implements Cell {
    private final int entitiesMost;
    private final Map<Long, Boolean> entities = new HashMap<>();
    private final TreeMap<Integer, List<Part>> spans = new TreeMap<>();

    // In halves: a quantile is guessed from the one, and how often it is exceeded from the other.
    private final List<NavigableMap<Integer, Long>> teaching =
            List.of(new TreeMap<>(), new TreeMap<>());
    private int taught;

    /// Of live's requests.
    static final int TEACHING = 100;

    private static final class Part {
        private final NavigableMap<Integer, Long> live = new TreeMap<>();
        private final NavigableMap<Integer, Long> candidate = new TreeMap<>();
        private final long before;
        private long lives;

        /// @param before how many of live's there were in all parts before it
        Part(long before) {
            this.before = before;
        }

        boolean isFull() {
            return lives >= Math.max(TEACHING, before);
        }

        void add(boolean toCandidate, int range, long count) {
            (toCandidate ? candidate : live).merge(range, count, Long::sum);
            if (!toCandidate) lives += count;
        }

        void addAll(Part other) {
            other.live.forEach((range, count) -> add(false, range, count));
            other.candidate.forEach((range, count) -> add(true, range, count));
        }
    }

    Millis(int entitiesMost) {
        this.entitiesMost = entitiesMost;
    }

    /// A request that counts, if it is its entity's first.
    void add(OptionalLong entity, boolean candidate, int span, double share, double millis) {
        int range = Durations.range(Math.max(1e-6, millis));
        // After the promotion there is no live any more that could teach.
        if (share == 0 || share < 1 && taught < TEACHING) {
            if (!candidate) teaching.get(taught++ % 2).merge(range, 1L, Long::sum);
            return;
        }
        if (entity.isPresent() && !isFirst(entity.getAsLong())) return;
        open(span).add(candidate, range, 1);
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

    private Part open(int span) {
        var parts = spans.computeIfAbsent(span, _ -> new ArrayList<>());
        if (parts.isEmpty() || parts.getLast().isFull()) parts.add(new Part(lives()));
        return parts.getLast();
    }

    private long lives() {
        long all = taught;
        for (var parts : spans.values()) for (var part : parts) all += part.lives;
        return all;
    }

    @Override
    public void begin() {
        entities.clear();
    }

    @Override
    public void join(int earlier, int later) {
        var moved = spans.remove(later);
        if (moved == null) return;
        var into = spans.computeIfAbsent(earlier, _ -> new ArrayList<>());
        for (var part : moved)
            if (into.isEmpty() || into.getLast().isFull()) into.add(part);
            else into.getLast().addAll(part);
    }

    @Override
    public Seen seen(List<Span> all) {
        var times = new ArrayList<Times>();
        for (var half : teaching)
            if (!half.isEmpty()) times.add(new Times(0, Durations.ofCounts(half), Durations.NONE));
        for (var span : all)
            for (var part : spans.getOrDefault(span.number(), List.of()))
                times.add(
                        new Times(
                                span.share(),
                                Durations.ofCounts(part.live),
                                span.share() == 0
                                        ? Durations.NONE
                                        : Durations.ofCounts(part.candidate)));
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
        out.writeInt(spans.size());
        for (var each : spans.entrySet()) {
            out.writeInt(each.getKey());
            out.writeInt(each.getValue().size());
            for (var part : each.getValue()) {
                out.writeLong(part.before);
                write(out, part.live);
                write(out, part.candidate);
            }
        }
    }

    private static void write(DataOutput out, Map<Integer, Long> ranges) throws IOException {
        out.writeInt(ranges.size());
        for (var count : ranges.entrySet()) {
            out.writeInt(count.getKey());
            out.writeLong(count.getValue());
        }
    }

    /// @param inParts whether it was written so; otherwise each span is one
    void fill(DataInput in, boolean inParts) throws IOException {
        taught = in.readInt();
        for (var half : teaching)
            for (int left = in.readInt(); left > 0; left--) half.put(in.readInt(), in.readLong());
        for (int left = in.readInt(); left > 0; left--)
            entities.put(in.readLong(), in.readBoolean());
        for (int left = in.readInt(); left > 0; left--) {
            var parts = new ArrayList<Part>();
            spans.put(in.readInt(), parts);
            for (int more = inParts ? in.readInt() : 1; more > 0; more--) {
                var part = new Part(inParts ? in.readLong() : lives());
                fill(in, part, false);
                fill(in, part, true);
                parts.add(part);
            }
        }
    }

    private static void fill(DataInput in, Part part, boolean candidate) throws IOException {
        for (int left = in.readInt(); left > 0; left--)
            part.add(candidate, in.readInt(), in.readLong());
    }
}
