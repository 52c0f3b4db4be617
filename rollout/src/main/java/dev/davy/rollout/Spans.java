package dev.davy.rollout;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// The stretches of a rollout: each of one share, cut in time as far as truth is waited for. For
/// one thread.
final class Spans {
    /// Truth is waited for in so many parts.
    private static final int PARTS = 8;

    private final long truthMicros;
    private final List<Open> all = new ArrayList<>();
    private int next;

    /// @param number its own, ascending in time
    /// @param share of the candidate's
    /// @param mature whether all truth that is waited for has come
    record Span(int number, double share, boolean mature) {}

    private record Open(int number, long epoch, double share, long since) {}

    Spans(Duration truthWithin) {
        truthMicros = truthWithin.toNanos() / 1_000;
    }

    /// Another share is in force.
    void begin(long epoch, double share, long since) {
        all.add(new Open(next++, epoch, share, since));
    }

    /// The span that a request of an era belongs to; -1 where there is none.
    int of(long epoch, long micros) {
        int found = -1;
        for (var each : all)
            if (each.epoch == epoch && (found < 0 || each.since <= micros)) found = each.number;
        return found;
    }

    /// Cuts the last span and joins old ones, as time passes.
    ///
    /// @param join of an earlier and a later span
    void at(long micros, BiConsumer<Integer, Integer> join) {
        if (all.isEmpty()) return;
        var last = all.getLast();
        if (truthMicros > 0 && micros - last.since > truthMicros / PARTS)
            begin(last.epoch, last.share, micros);
        for (int i = 1; i + 1 < all.size(); i++) {
            var earlier = all.get(i - 1);
            var later = all.get(i);
            if (earlier.epoch != later.epoch || !mature(i, micros)) continue;
            join.accept(earlier.number, later.number);
            all.remove(i--);
        }
    }

    /// When the first span of an era began.
    long since(long epoch) {
        for (var each : all) if (each.epoch == epoch) return each.since;
        throw new IllegalArgumentException("no span of epoch " + epoch);
    }

    private boolean mature(int i, long micros) {
        if (truthMicros == 0) return true;
        return i + 1 < all.size() && micros - all.get(i + 1).since >= truthMicros;
    }

    List<Span> all(Instant now) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        var spans = new ArrayList<Span>();
        for (int i = 0; i < all.size(); i++)
            spans.add(new Span(all.get(i).number, all.get(i).share, mature(i, micros)));
        return List.copyOf(spans);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(next);
        out.writeInt(all.size());
        for (var each : all) {
            out.writeInt(each.number);
            out.writeLong(each.epoch);
            out.writeDouble(each.share);
            out.writeLong(each.since);
        }
    }

    void fill(DataInput in) throws IOException {
        next = in.readInt();
        for (int left = in.readInt(); left > 0; left--)
            all.add(new Open(in.readInt(), in.readLong(), in.readDouble(), in.readLong()));
    }
}
