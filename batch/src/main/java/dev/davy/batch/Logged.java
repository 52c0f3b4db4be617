package dev.davy.batch;

import dev.davy.serving.PredictionReader;
import dev.davy.storage.Cursor;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.storage.Position;
import dev.davy.strict.Json;
import java.util.BitSet;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// How a batch puts each row into the log once.
///
/// Before a chunk is answered it takes note of where the log ends. The least of these notes among
/// the chunks under way is kept with the job: after a kill, all that the unfinished chunks have
/// logged lies behind it, and is left out when they are done again.
final class Logged {
    private final Log log;
    private final TreeMap<Integer, Position> underWay = new TreeMap<>();
    private final BitSet before;
    private final Position from;

    private Logged(Log log, BitSet before, Position from) {
        this.log = log;
        this.before = before;
        this.from = from;
    }

    /// @param reached what an attempt before kept; a missing node: there was none
    static Logged of(Log log, UUID job, JsonNode reached) {
        var end = end(log);
        var numbers = new BitSet();
        if (!reached.has("epoch")) return new Logged(log, numbers, end);
        var from =
                new Position(
                        end.node(),
                        reached.path("epoch").asLong(),
                        reached.path("offset").asLong());
        try (var reader = log.read(Cursor.START.with(from))) {
            while (reader.next()) {
                if (reader.gap().isPresent() || !PredictionReader.isPrediction(reader.type()))
                    continue;
                if (reader.position().node() == end.node() && reader.position().compareTo(end) >= 0)
                    break;
                long number = Ids.numberIn(job, reader.idHigh(), reader.idLow());
                if (number >= 0) numbers.set(Math.toIntExact(number));
            }
        }
        return new Logged(log, numbers, from);
    }

    private static Position end(Log log) {
        return log.end().positions().values().iterator().next();
    }

    boolean isBefore(long number) {
        return before.get(Math.toIntExact(number));
    }

    int countBefore() {
        return before.cardinality();
    }

    synchronized void begin(int chunk) {
        underWay.put(chunk, end(log));
    }

    /// @return where an attempt after this one would have to look from
    synchronized JsonNode end(int chunk) {
        underWay.remove(chunk);
        return reached();
    }

    synchronized JsonNode reached() {
        // What an attempt before has logged of chunks that are still to be done lies at the
        // beginning; which chunks these are is not known.
        var least = before.isEmpty() ? end(log) : from;
        for (var position : underWay.values()) if (position.compareTo(least) < 0) least = position;
        return Json.object().put("epoch", least.epoch()).put("offset", least.offset());
    }
}
