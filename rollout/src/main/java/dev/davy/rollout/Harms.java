package dev.davy.rollout;

import dev.davy.rollout.Evidence.Seen;
import dev.davy.rollout.Spans.Span;
import dev.davy.stats.sequential.Stretch;
import dev.davy.stats.sequential.Tally;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Harm per request. For one thread.
final class Harms implements Cell {
    private final boolean candidateOnly;
    private final int most;
    private final int entitiesMost;
    private final Map<Long, Unit> units = new HashMap<>();
    private final TreeMap<Integer, Pile[]> piles = new TreeMap<>();
    private final Pile teaching = new Pile();
    private int taught;

    /// Of live's requests.
    static final int TEACHING = 20;

    private static final class Unit {
        private final boolean candidate;
        private int counted;
        private int span;
        private int size;
        private double total;

        Unit(boolean candidate) {
            this.candidate = candidate;
        }
    }

    Harms(boolean candidateOnly, int most, int entitiesMost) {
        this.candidateOnly = candidateOnly;
        this.most = most;
        this.entitiesMost = entitiesMost;
    }

    /// A request that counts, if its entity has not had enough.
    ///
    /// @param entity empty where each request is its own
    /// @param share that was in force
    void add(OptionalLong entity, boolean candidate, int span, double share, double harm) {
        if (!candidateOnly && taught < TEACHING) {
            if (!candidate) taught++;
            if (!candidate && share > 0) teaching.add(1, harm, 1);
            if (share > 0) return;
        }
        if (entity.isEmpty()) {
            pile(span, candidate).add(1, harm, 1);
            return;
        }
        var unit = units.get(entity.getAsLong());
        if (unit == null) {
            if (units.size() == entitiesMost) forgetSingle();
            if (units.size() == entitiesMost) return;
            unit = new Unit(candidate);
            unit.span = span;
            units.put(entity.getAsLong(), unit);
        }
        if (unit.candidate != candidate || unit.counted == most) return;
        unit.counted++;
        if (unit.span > span) {
            // It is told late, and the entity has gone on meanwhile.
            pile(span, candidate).add(1, harm, 1);
            return;
        }
        if (unit.span < span) {
            flush(unit);
            unit.span = span;
        }
        unit.size++;
        unit.total += harm;
    }

    /// Where nearly each request is another entity's, to forget those that came once costs nothing.
    /// Those that come back are remembered, or the busiest would count again and again.
    private void forgetSingle() {
        units.values()
                .removeIf(unit -> {
                    if (unit.counted > 1) return false;
                    flush(unit);
                    return true;
                });
    }

    /// A request that counted without harm did some after all.
    void harmed(OptionalLong entity, boolean candidate, int span, double harm) {
        if (entity.isEmpty()) {
            pile(span, candidate).harmed(harm);
            return;
        }
        var unit = units.get(entity.getAsLong());
        if (unit != null && unit.span == span && unit.total + harm <= unit.size) unit.total += harm;
    }

    private void flush(Unit unit) {
        if (unit.size > 0) pile(unit.span, unit.candidate).add(unit.size, unit.total, 1);
        unit.size = 0;
        unit.total = 0;
    }

    private Pile pile(int span, boolean candidate) {
        return piles.computeIfAbsent(span, _ -> new Pile[] {new Pile(), new Pile()})[
                candidate ? 1 : 0];
    }

    @Override
    public void begin() {
        units.values().forEach(this::flush);
        units.clear();
    }

    @Override
    public void join(int earlier, int later) {
        for (var unit : units.values())
            if (unit.span == later || unit.span == earlier) {
                flush(unit);
                unit.span = earlier;
            }
        var moved = piles.remove(later);
        if (moved == null) return;
        pile(earlier, false).addAll(moved[0]);
        pile(earlier, true).addAll(moved[1]);
    }

    @Override
    public Seen seen(List<Span> spans) {
        var open = new TreeMap<Integer, Pile[]>();
        for (var unit : units.values())
            if (unit.size > 0)
                open
                        .computeIfAbsent(unit.span, _ -> new Pile[] {new Pile(), new Pile()})[
                        unit.candidate ? 1 : 0]
                        .add(unit.size, unit.total, 1);
        var stretches = new ArrayList<Stretch>();
        var tallies = new ArrayList<Tally>();
        if (teaching.tally().units() > 0)
            stretches.add(Stretch.mature(0, teaching.tally(), Tally.NONE));
        for (var span : spans) {
            var live = tally(span.number(), 0, open);
            var candidate = tally(span.number(), 1, open);
            if (live.units() == 0 && candidate.units() == 0) continue;
            if (candidate.units() > 0) tallies.add(candidate);
            stretches.add(
                    new Stretch(
                            span.share(),
                            live,
                            span.share() == 0 ? Tally.NONE : candidate,
                            span.mature()));
        }
        return candidateOnly ? new Seen.Tallies(tallies) : new Seen.Rates(stretches);
    }

    private Tally tally(int span, int arm, Map<Integer, Pile[]> open) {
        return Optional.ofNullable(piles.get(span))
                .map(both -> both[arm].tally())
                .orElse(Tally.NONE)
                .merge(
                        Optional.ofNullable(open.get(span))
                                .map(both -> both[arm].tally())
                                .orElse(Tally.NONE));
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeInt(taught);
        teaching.write(out);
        out.writeInt(units.size());
        for (var each : units.entrySet()) {
            var unit = each.getValue();
            out.writeLong(each.getKey());
            out.writeBoolean(unit.candidate);
            out.writeByte(unit.counted);
            out.writeInt(unit.span);
            out.writeByte(unit.size);
            out.writeFloat((float) unit.total);
        }
        out.writeInt(piles.size());
        for (var each : piles.entrySet()) {
            out.writeInt(each.getKey());
            for (var pile : each.getValue()) pile.write(out);
        }
    }

    void fill(DataInput in) throws IOException {
        taught = in.readInt();
        teaching.addAll(Pile.read(in));
        for (int left = in.readInt(); left > 0; left--) {
            long entity = in.readLong();
            var unit = new Unit(in.readBoolean());
            unit.counted = in.readUnsignedByte();
            unit.span = in.readInt();
            unit.size = in.readUnsignedByte();
            unit.total = in.readFloat();
            units.put(entity, unit);
        }
        for (int left = in.readInt(); left > 0; left--)
            piles.put(in.readInt(), new Pile[] {Pile.read(in), Pile.read(in)});
    }
}
