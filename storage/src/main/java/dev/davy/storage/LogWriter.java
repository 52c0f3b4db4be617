package dev.davy.storage;

import dev.davy.storage.LogFailed.Reason;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of the log where records are appended: the file in use, the one that is ready to follow
/// it, and those that were used before. One short lock guards it all.
final class LogWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

    /// How often a busy lock is tried before the thread is put to sleep: an append takes less time
    /// than that.
    private static final int SPINS = 200;

    /// What the syncing thread has to do.
    ///
    /// @param complete files to which nothing more comes, the oldest first
    record Work(List<Segment> complete, @Nullable Segment active, long endOffset) {}

    private final KeptFiles kept;
    private final InstantSource clock;
    private final long patienceNanos;
    private final int node;
    private final long epoch;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All guarded by the lock; the volatile ones are read without it.
    private @Nullable Segment active;
    private @Nullable Segment spare;
    private @Nullable Reason failing;
    private boolean closed;
    private long nextStart;
    private long wanted;
    private Position previous;
    private final List<Segment> complete = new ArrayList<>();
    private final Map<Reason, Long> lost = new EnumMap<>(Reason.class);
    private long appended;
    private volatile long endOffset;
    private volatile boolean hasComplete;

    LogWriter(
            KeptFiles kept, InstantSource clock, long patienceNanos, int node, Recovery recovered) {
        this.kept = kept;
        this.clock = clock;
        this.patienceNanos = patienceNanos;
        this.node = node;
        this.epoch = recovered.epoch() + 1;
        var last = recovered.kept();
        this.previous = last.isEmpty() ? new Position(node, 0, 0) : last.getLast().end();
    }

    /// Where the log ends after the batch, in this epoch.
    long append(RecordBatch batch) throws LogFailed {
        int size = batch.size();
        acquire();
        try {
            var segment = active;
            if (segment == null || !segment.fits(size)) segment = roll(size, batch.records());
            try {
                segment.append(batch);
            } catch (InternalError e) {
                // Mapped memory that the disk did not take. What was copied is behind the end,
                // where
                // nobody looks; but nothing may come after it.
                LOG.warn("{} cannot be written: {}", segment.file().getFileName(), e.toString());
                retire(segment);
                throw lost(Reason.BROKEN, batch.records());
            }
            appended += batch.records();
            endOffset = segment.endOffset();
            return segment.endOffset();
        } finally {
            lock.unlock();
        }
    }

    private void acquire() {
        for (int spin = 0; spin < SPINS; spin++) {
            if (lock.tryLock()) return;
            Thread.onSpinWait();
        }
        lock.lock();
    }

    /// Goes on in the next file; waits for it if it is not ready.
    private Segment roll(int size, int records) throws LogFailed {
        long deadline = System.nanoTime() + patienceNanos;
        boolean interrupted = false;
        try {
            while (true) {
                if (closed) throw lost(Reason.CLOSED, records);
                if (active != null && active.fits(size)) return active;
                if (spare != null) {
                    use(spare, records);
                    continue;
                }
                wanted = Math.max(wanted, SegmentHeader.SIZE + (long) size);
                changed.signalAll();
                if (failing != null) throw lost(failing, records);
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    // Whoever comes next need not wait as well: it fails until the file is ready.
                    failing = Reason.SLOW;
                    throw lost(Reason.SLOW, records);
                }
                try {
                    changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    // A caller that gave up does not make its record worth less.
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private void use(Segment next, int records) throws LogFailed {
        if (active != null) retire(active);
        spare = null;
        changed.signalAll();
        active = next;
        try {
            next.begin(previous, micros());
        } catch (InternalError e) {
            retire(next);
            throw lost(Reason.BROKEN, records);
        }
    }

    /// Nothing more comes to this file.
    private void retire(Segment segment) {
        segment.end(micros());
        complete.add(segment);
        hasComplete = true;
        if (!segment.isEmpty()) {
            previous = segment.end();
            kept.add(segment);
        }
        active = null;
    }

    private LogFailed lost(Reason reason, int records) {
        lost.merge(reason, (long) records, Long::sum);
        return new LogFailed(
                reason,
                switch (reason) {
                    case FULL -> "The disk of the prediction log is full.";
                    case BROKEN -> "The disk of the prediction log gives errors.";
                    case SLOW -> "The disk of the prediction log is too slow.";
                    case UNSYNCED -> "The prediction log cannot be synced.";
                    case CLOSED -> "The prediction log is closed.";
                });
    }

    // For the syncing thread.

    Work toSync() {
        lock.lock();
        try {
            var work = new Work(List.copyOf(complete), active, endOffset);
            complete.clear();
            hasComplete = false;
            return work;
        } finally {
            lock.unlock();
        }
    }

    /// The syncing thread could not sync this file: what comes goes into another one.
    void leave(Segment segment) {
        lock.lock();
        try {
            if (active == segment) retire(segment);
        } finally {
            lock.unlock();
        }
    }

    // For the preparing thread.

    /// Waits until another file is needed, or this long.
    ///
    /// @return the size that is needed at least, 0 if none is
    long awaitNeed(long nanos) throws InterruptedException {
        lock.lock();
        try {
            if (!closed && (spare != null || failing != null)) {
                long left = nanos;
                while (!closed && left > 0 && (spare != null || failing != null))
                    left = changed.awaitNanos(left);
            }
            return closed || spare != null ? 0 : Math.max(1, wanted);
        } finally {
            lock.unlock();
        }
    }

    Position nextStart() {
        lock.lock();
        try {
            return new Position(node, epoch, nextStart);
        } finally {
            lock.unlock();
        }
    }

    void prepared(Segment segment) {
        lock.lock();
        try {
            if (closed) {
                kept.throwAway(segment);
                return;
            }
            spare = segment;
            nextStart = segment.start().offset() + segment.capacity();
            wanted = 0;
            if (failing != null) LOG.info("The log goes on after it failed: {}", failing);
            failing = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void failed(Reason reason) {
        lock.lock();
        try {
            failing = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets a file that has been in use since before this time be followed by the next, so that
    /// retention can take it one day though little is written.
    ///
    /// @return whether it did
    boolean retireIfOlder(long createdBeforeMicros) {
        lock.lock();
        try {
            if (active == null || active.isEmpty() || active.createdMicros() >= createdBeforeMicros)
                return false;
            retire(active);
            return true;
        } finally {
            lock.unlock();
        }
    }

    // For everyone.

    /// No more appends. The spare file is given back, to be thrown away.
    @Nullable Segment close() {
        lock.lock();
        try {
            closed = true;
            if (active != null) retire(active);
            var unused = spare;
            spare = null;
            changed.signalAll();
            return unused;
        } finally {
            lock.unlock();
        }
    }

    int node() {
        return node;
    }

    long epoch() {
        return epoch;
    }

    long endOffset() {
        return endOffset;
    }

    /// Whether files wait to be marked as complete.
    boolean hasComplete() {
        return hasComplete;
    }

    /// The file in use as if it ended now; null if none is in use or it is empty.
    @Nullable Kept current() {
        lock.lock();
        try {
            if (active == null || active.isEmpty()) return null;
            return KeptFiles.asKept(active);
        } finally {
            lock.unlock();
        }
    }

    long appended() {
        lock.lock();
        try {
            return appended;
        } finally {
            lock.unlock();
        }
    }

    Map<Reason, Long> lost() {
        lock.lock();
        try {
            return Map.copyOf(lost);
        } finally {
            lock.unlock();
        }
    }

    @Nullable Reason failing() {
        lock.lock();
        try {
            return failing;
        } finally {
            lock.unlock();
        }
    }

    private long micros() {
        return ChronoUnit.MICROS.between(java.time.Instant.EPOCH, clock.instant());
    }
}
