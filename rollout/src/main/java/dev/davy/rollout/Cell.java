package dev.davy.rollout;

import dev.davy.rollout.Evidence.Seen;
import dev.davy.rollout.Spans.Span;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/// What one guard has seen of the whole traffic or of one slice. For one thread.
///
/// Of each entity the first few requests of an era count, as one unit; so what is kept of entities
/// is forgotten with the era. Where nothing is known from before, live's first requests teach the
/// base rate; the candidate's of the same time are left out, so that the arms stay comparable.
sealed interface Cell permits Harms, Millis {
    /// Of two arms as they are shown.
    Seen seen(List<Span> spans);

    /// A new share is in force: whoever comes now counts anew.
    void begin();

    /// What was two spans is one from now on.
    void join(int earlier, int later);

    void write(DataOutput out) throws IOException;

    /// A cell for a guard.
    ///
    /// @param entitiesMost when so many have been seen in an era, those that came once are
    ///   forgotten, and new ones left out where that does not help; on both arms alike
    static Cell of(Guard guard, int entitiesMost) {
        return switch (guard) {
            case Guard.Rate rate -> new Harms(false, rate.most(), entitiesMost);
            case Guard.Limit limit -> new Harms(true, limit.most(), entitiesMost);
            case Guard.Pairs pairs -> new Harms(true, pairs.most(), entitiesMost);
            case Guard.Latency _ -> new Millis(entitiesMost);
        };
    }

    /// @param layout of [GatheringBytes]
    static Cell read(Guard guard, int entitiesMost, int layout, DataInput in) throws IOException {
        var cell = of(guard, entitiesMost);
        switch (cell) {
            case Harms harms -> harms.fill(in);
            case Millis millis -> millis.fill(in, layout >= GatheringBytes.IN_PARTS);
        }
        return cell;
    }
}
