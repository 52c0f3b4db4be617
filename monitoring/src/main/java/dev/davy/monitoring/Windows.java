package dev.davy.monitoring;

import dev.davy.schema.Schema;
import dev.davy.serving.Origin;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.reading.Follower;
import dev.davy.storage.Database;
import dev.davy.storage.Log;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/// Keeps the windows of all endpoints: its [#follower] makes them of the log, anybody may ask.
///
/// A window holds what happened in a stretch of event time, however late it came. Minutes are kept
/// for [#MINUTES_KEPT], hours and days for ever.
public final class Windows implements AutoCloseable {
    /// Of the reader: raised when windows are made otherwise, so that they are made anew.
    static final int VERSION = 1;

    /// Longer than anybody looks at a chart of minutes.
    public static final Duration MINUTES_KEPT = Duration.ofDays(14);

    /// How many of the last predictions of an endpoint can be had.
    public static final int RECENT = 24;

    private final Database database;
    private final Log log;
    private final WindowFollower follower;
    private final Changes changes = new Changes();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long generation;
    private boolean closed;

    /// @param schemas by their hash; empty for those that are not known
    /// @param declared what endpoints say of themselves
    public Windows(
            Database database,
            Log log,
            LongFunction<Optional<Schema>> schemas,
            Declared declared,
            InstantSource clock) {
        this.database = database;
        this.log = log;
        this.follower = new WindowFollower(log, schemas, clock, declared, this::changed);
    }

    /// A stretch over which something of the log was lost before it was counted.
    ///
    /// @param cause `RETENTION` or `DAMAGE`
    public record Incomplete(int node, Instant since, Instant until, String cause) {}

    /// What makes the windows, to be given to the readers of the log.
    public Follower follower() {
        return follower;
    }

    /// What was counted since the start, by endpoint and origin: see [Totals].
    Map<Totals.Of, Totals> totals() {
        return follower.totals();
    }

    /// The windows of an endpoint by their starts, merged over nodes and arms; those in which
    /// nothing happened are not there.
    ///
    /// @param from the first may begin before it
    /// @param to no window begins here or later
    public SortedMap<Instant, Window> series(
            String endpoint, Origin origin, Span span, Instant from, Instant to) {
        return series(endpoint, origin, "", span, from, to);
    }

    /// The same of a part: `live loan/3`, or `slice line=A`; of all where it is empty.
    public SortedMap<Instant, Window> series(
            String endpoint, Origin origin, String part, Span span, Instant from, Instant to) {
        return database.read(handle ->
                WindowTable.WINDOWS.series(
                        handle, endpoint, origin, part, span, span.start(from), to));
    }

    /// The parts that there are windows of, from a moment on and before another, to the hour.
    public List<String> parts(String endpoint, Origin origin, Instant from, Instant to) {
        return database.read(handle ->
                WindowTable.WINDOWS.parts(
                        handle, endpoint, origin, Span.HOUR, Span.HOUR.start(from), to));
    }

    /// All that happened from a moment on and before another, both to the minute, as one window. It
    /// is put together of as few stored windows as cover it.
    public Window over(String endpoint, Origin origin, Instant from, Instant to) {
        return over(endpoint, origin, "", from, to);
    }

    /// The same of a part; of all where it is empty.
    public Window over(String endpoint, Origin origin, String part, Instant from, Instant to) {
        return database.read(
                handle -> WindowTable.WINDOWS.over(handle, endpoint, origin, part, from, to));
    }

    /// Where windows from a moment on and before another are incomplete.
    public List<Incomplete> incomplete(Instant from, Instant to) {
        return database.read(handle -> WindowTable.gaps(handle, VERSION, from, to));
    }

    /// The beginning of the newest hour in which anything happened.
    public Optional<Instant> newest(String endpoint, Origin origin) {
        return database.read(
                handle -> WindowTable.WINDOWS.extreme(handle, "max", endpoint, origin, Span.HOUR));
    }

    /// When the oldest window of a part begins.
    Optional<Instant> oldest(String endpoint, Origin origin, String part) {
        return database.read(handle -> WindowTable.WINDOWS.oldest(handle, endpoint, origin, part));
    }

    /// The beginning of the newest minute in which anything was predicted.
    Optional<Instant> newestMinute(String endpoint, Origin origin) {
        return database.read(
                handle -> WindowTable.WINDOWS.newestPrediction(handle, endpoint, origin));
    }

    /// The beginning of the oldest: its minute, as long as minutes are kept.
    public Optional<Instant> oldest(String endpoint, Origin origin) {
        return database.read(handle -> {
            var hour = WindowTable.WINDOWS.extreme(handle, "min", endpoint, origin, Span.HOUR);
            var minute = WindowTable.WINDOWS.extreme(handle, "min", endpoint, origin, Span.MINUTE);
            return minute.filter(each -> hour.isEmpty() || Span.HOUR.start(each).equals(hour.get()))
                    .or(() -> hour);
        });
    }

    /// The last predictions of an endpoint, newest first, at most [#RECENT]. The last of each class
    /// that was answered is among them, unless there are more than half as many classes.
    public List<Prediction> recent(String endpoint) {
        var recent = new ArrayList<>(follower.recent(endpoint));
        if (recent.size() >= RECENT) return recent;
        var ids = database.read(handle -> WindowTable.recent(handle, VERSION, endpoint));
        for (var id : ids) {
            if (recent.size() >= RECENT) break;
            if (recent.stream().noneMatch(each -> each.id().equals(id)))
                prediction(id).ifPresent(recent::add);
        }
        return recent;
    }

    private Optional<Prediction> prediction(UUID id) {
        return log.find(id, PredictionReader::isPrediction).map(PredictionReader::read);
    }

    /// Counts the commits: whoever shows windows asks for them again when it has grown.
    public long generation() {
        lock.lock();
        try {
            return generation;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next commit after this generation, at most so long.
    public long awaitChange(long since, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (generation == since && left > 0 && !closed) left = changed.awaitNanos(left);
            return generation;
        } finally {
            lock.unlock();
        }
    }

    /// Whether nobody should wait any more.
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Whoever waits for a change goes on; the windows can still be asked.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Which days were counted when.
    Changes changes() {
        return changes;
    }

    /// Tells who waits that something was counted.
    ///
    /// @param minutes of which windows
    void changed(Collection<Kept.Key> minutes) {
        changes.counted(minutes);
        lock.lock();
        try {
            generation++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
