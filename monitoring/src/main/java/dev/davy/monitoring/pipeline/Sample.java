package dev.davy.monitoring.pipeline;

import dev.davy.serving.BlobRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// A few of many predictions, drawn by a seed: those whose ids come first when they are mixed with
/// it, so that the same predictions give the same sample in whatever order they come.
final class Sample {
    /// Of the content of large inputs, for one sample.
    private static final long BYTES_MAX = 128L << 20;

    private final long seed;
    private final int measuredMost;
    private final int wholeMost;
    private final TreeMap<Long, Case> measured = new TreeMap<>();
    private final TreeMap<Long, Case> whole = new TreeMap<>();
    private final Map<UUID, Case> byId = new HashMap<>();
    private long bytes;
    private long seen;
    private long notKept;
    private long failed;

    /// @param measuredMost of whose inputs and answers only what was logged is looked at
    /// @param wholeMost that can be asked again
    Sample(long seed, int measuredMost, int wholeMost) {
        this.seed = seed;
        this.measuredMost = measuredMost;
        this.wholeMost = wholeMost;
    }

    void add(Case one) {
        seen++;
        if (one.prediction().decision().failure().isPresent()) {
            failed++;
            return;
        }
        long place = place(one.prediction().id());
        if (one.prediction().inputs().size() == one.schema().columns().size()) {
            measured.put(place, one);
            if (measured.size() > measuredMost) measured.pollLastEntry();
        }
        if (!one.kept()) {
            notKept++;
            return;
        }
        whole.put(place, one);
        byId.put(one.prediction().id(), one);
        if (whole.size() <= wholeMost) return;
        var out = whole.pollLastEntry().getValue();
        byId.remove(out.prediction().id());
        bytes -= out.bytes();
    }

    /// The content of an input; of predictions that are not in the sample it is passed over.
    void add(UUID prediction, BlobRecord.Content content) {
        var of = byId.get(prediction);
        // Without its content it can't be asked again, and is counted among those.
        if (of == null || bytes + content.bytes().length > BYTES_MAX) return;
        of.add(content);
        bytes += content.bytes().length;
    }

    boolean wants(UUID prediction) {
        return byId.containsKey(prediction);
    }

    private long place(UUID id) {
        long h = (id.getMostSignificantBits() ^ seed) * 0x9E3779B97F4A7C15L;
        h = (Long.rotateLeft(h, 29) ^ id.getLeastSignificantBits()) * 0xBF58476D1CE4E5B9L;
        h ^= h >>> 32;
        h *= 0x94D049BB133111EBL;
        return h ^ h >>> 29;
    }

    /// Predictions that came.
    long seen() {
        return seen;
    }

    /// Of these, whose inputs were not kept whole.
    long notKept() {
        return notKept;
    }

    /// Of these, that nobody answered.
    long failed() {
        return failed;
    }

    List<Case> measured() {
        return new ArrayList<>(measured.values());
    }

    List<Case> whole() {
        return new ArrayList<>(whole.values());
    }
}
