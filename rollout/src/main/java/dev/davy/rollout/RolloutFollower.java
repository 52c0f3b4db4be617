package dev.davy.rollout;

import dev.davy.schema.Schema;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.Shadow;
import dev.davy.serving.ShadowRecord;
import dev.davy.serving.reading.Entry;
import dev.davy.serving.reading.Follower;
import dev.davy.storage.Log;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;

/// Gathers the evidence of all rollouts that are under way. What was gathered is stored with its
/// place in the log, so that after a kill it goes on with what it had.
final class RolloutFollower implements Follower {
    private static final long COMMIT_EVERY = Duration.ofSeconds(5).toNanos();
    private static final int ENTRIES_MOST = 100_000;

    /// A rollout that is gathered for.
    static final class Active {
        final Course course;
        volatile Gathering gathering;
        private volatile byte[] stored;

        Active(Course course, Gathering gathering) {
            this.course = course;
            this.gathering = gathering;
            this.stored = GatheringBytes.of(gathering);
        }

        byte[] stored() {
            return stored.clone();
        }
    }

    private final Found found;
    private final LongFunction<Optional<Schema>> schemas;
    private final int node;
    private final BiConsumer<Active, Long> unknownEpoch;
    private final Recent recent;
    private final Map<UUID, Active> active = new ConcurrentHashMap<>();
    private final Map<UUID, byte[]> built = new HashMap<>();
    private int entries;
    private long committedAt = System.nanoTime();

    /// @param unknownEpoch tells a gathering which share is in force at an epoch
    RolloutFollower(
            Log log,
            LongFunction<Optional<Schema>> schemas,
            int node,
            BiConsumer<Active, Long> unknownEpoch) {
        this.found = new InLog(log);
        this.schemas = schemas;
        this.node = node;
        this.unknownEpoch = unknownEpoch;
        this.recent = new Recent(schemas);
    }

    Found found() {
        return found;
    }

    Recent recent() {
        return recent;
    }

    void add(Active each) {
        active.put(each.course.id(), each);
    }

    void remove(UUID rollout) {
        active.remove(rollout);
    }

    Optional<Active> of(UUID rollout) {
        return Optional.ofNullable(active.get(rollout));
    }

    @Override
    public String name() {
        return "rollout";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public boolean isUrgent() {
        return !active.isEmpty();
    }

    @Override
    public void take(Entry entry) {
        entries++;
        switch (entry) {
            case Entry.Predicted(var _, var prediction) -> {
                recent.add(prediction);
                for (var each : active.values())
                    if (each.course.endpoint().equals(prediction.endpoint())) {
                        learn(each, prediction.epoch());
                        each.gathering.predicted(prediction);
                    }
            }
            case Entry.Told(var _, var received, var feedback) -> {
                for (var each : active.values()) each.gathering.told(received, feedback, found);
            }
            case Entry.Shadowed(var _, var shadow) -> {
                for (var each : active.values())
                    if (each.course.endpoint().equals(shadow.endpoint())) {
                        learn(each, shadow.epoch());
                        each.gathering.shadowed(
                                shadow.epoch(), shadow.entity(), pair(shadow), found);
                    }
            }
            case Entry.Blob _ -> {}
            // What was lost was lost of both arms.
            case Entry.Missing _ -> {}
        }
    }

    private void learn(Active each, long epoch) {
        if (!each.gathering.knows(epoch)) unknownEpoch.accept(each, epoch);
    }

    private record InLog(Log log) implements Found {
        @Override
        public Optional<Prediction> prediction(UUID id) {
            return log.find(id, PredictionReader::isPrediction).map(PredictionReader::read);
        }

        @Override
        public Optional<Shadows.Pair> shadow(UUID id) {
            return log.find(id, ShadowRecord::isShadow)
                    .map(ShadowRecord::read)
                    .map(RolloutFollower::pair);
        }
    }

    private static Shadows.Pair pair(Shadow shadow) {
        return new Shadows.Pair(
                shadow.prediction(),
                shadow.received(),
                shadow.live(),
                shadow.outputs(),
                shadow.liveConfidence(),
                shadow.confidence(),
                shadow.failure());
    }

    @Override
    public boolean due() {
        return System.nanoTime() - committedAt > COMMIT_EVERY || entries >= ENTRIES_MOST;
    }

    @Override
    public void prepare() {
        built.clear();
        active.forEach((id, each) -> built.put(id, GatheringBytes.of(each.gathering)));
    }

    @Override
    public void commit(Handle handle) {
        // Of one that has ended meanwhile more is kept already.
        built.forEach((id, bytes) -> {
            if (active.containsKey(id)) RolloutTable.putEvidence(handle, id, node, bytes);
        });
    }

    @Override
    public void committed() {
        built.forEach((id, bytes) -> of(id).ifPresent(each -> each.stored = bytes));
        built.clear();
        entries = 0;
        committedAt = System.nanoTime();
    }

    @Override
    public void forget() {
        for (var each : active.values()) {
            var before = each.gathering;
            var again = GatheringBytes.read(each.stored, before.aim(), schemas);
            again.follow(before);
            each.gathering = again;
        }
        entries = 0;
    }
}
