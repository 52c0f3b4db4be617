package dev.davy.stats.sequential;

import java.util.HashMap;
import java.util.Map;

/// Turns requests into units while a stretch goes on: of each entity the first few, and no more.
///
/// Entities are not alike, and a few make most of the traffic. If every request counted, the arm
/// that the busiest of them happened to be assigned to would look better or worse than it is: with
/// keys by Zipf(1.1) that have error rates of their own, about half of all rollouts of an equal
/// candidate would be called worse.
public final class Units {
    /// How many requests of an entity count, if nothing else is said.
    public static final int MOST = 5;

    private final int most;
    private final int entitiesMost;
    private final Map<Long, Unit> units = new HashMap<>();
    private long left;

    /// @param entitiesMost when so many have been seen, new ones are left out, on both arms alike
    public Units(int most, int entitiesMost) {
        if (most < 1 || entitiesMost < 1)
            throw new IllegalArgumentException(
                    "most %d, entities %d".formatted(most, entitiesMost));
        this.most = most;
        this.entitiesMost = entitiesMost;
    }

    /// One more request of an entity.
    ///
    /// @param entity a hash of its key
    /// @param candidate which arm it is assigned to
    /// @return whether it counts: only then may its harm be told
    public boolean asked(long entity, boolean candidate) {
        var unit = units.get(entity);
        if (unit == null && units.size() == entitiesMost) {
            left++;
            return false;
        }
        if (unit == null) {
            unit = new Unit(candidate);
            units.put(entity, unit);
        }
        if (unit.candidate != candidate)
            throw new IllegalStateException(
                    "entity %x is on both arms of one stretch".formatted(entity));
        if (unit.size == most) return false;
        unit.size++;
        return true;
    }

    /// A request that counted did harm: 1 for an error, or a value between 0 and 1, times its
    /// weight.
    public void harmed(long entity, double harm) {
        var unit = units.get(entity);
        if (unit == null)
            throw new IllegalStateException("entity %x was never asked".formatted(entity));
        unit.total += harm;
    }

    /// Requests of entities that were left out because there were too many.
    public long left() {
        return left;
    }

    /// What came of them so far.
    public Stretch stretch(double share, boolean mature) {
        return new Stretch(share, tally(false), tally(true), mature);
    }

    private Tally tally(boolean candidate) {
        var tally = Tally.NONE;
        var counts = new HashMap<Tally, Long>();
        for (var unit : units.values())
            if (unit.candidate == candidate)
                counts.merge(Tally.of(unit.size, unit.total, 1), 1L, Long::sum);
        for (var each : counts.entrySet())
            tally = tally.merge(each.getKey().times(each.getValue()));
        return tally;
    }

    private static final class Unit {
        private final boolean candidate;
        private int size;
        private double total;

        private Unit(boolean candidate) {
            this.candidate = candidate;
        }
    }
}
