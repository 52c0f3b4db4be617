package dev.davy.storage;

import dev.davy.storage.LogFailed.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the log to the disk, for everyone at once: every so often while there is something new,
/// and at once when somebody waits. Whoever comes while a sync runs shares the next one.
///
/// After a sync has failed nothing is promised any more until the next start: the system has
/// forgotten which pages it did not write, and the next sync would succeed without them.
final class Syncer {
    private static final Logger LOG = LoggerFactory.getLogger(Syncer.class);

    private record Waiter(long endOffset, CompletableFuture<Void> done) {}

    private final LogWriter writer;
    private final KeptFiles kept;
    private final Disk disk;
    private final Path folder;
    private final long syncEveryNanos;
    private final Thread thread;

    // Guarded by itself.
    private final List<Waiter> waiters = new ArrayList<>();

    private volatile long syncedOffset;

    // What was synced, or would have been if no sync had failed. Used by the syncing thread only.
    private long triedOffset;

    private volatile long failures;
    private volatile boolean poisoned;
    private volatile boolean idle;
    private volatile boolean urgent;
    private volatile boolean closing;

    Syncer(LogWriter writer, KeptFiles kept, Disk disk, Path folder, long syncEveryNanos) {
        this.writer = writer;
        this.kept = kept;
        this.disk = disk;
        this.folder = folder;
        this.syncEveryNanos = syncEveryNanos;
        this.thread = Thread.ofPlatform().name("davy-log-sync").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// There is something new; cheap, for every append.
    void appended() {
        if (idle) {
            idle = false;
            LockSupport.unpark(thread);
        }
    }

    /// Done when all before this offset is on disk.
    CompletableFuture<Void> synced(long endOffset) {
        if (poisoned) return CompletableFuture.failedFuture(unsynced());
        if (endOffset <= syncedOffset) return CompletableFuture.completedFuture(null);
        var waiter = new Waiter(endOffset, new CompletableFuture<>());
        synchronized (waiters) {
            if (poisoned) return CompletableFuture.failedFuture(unsynced());
            if (endOffset <= syncedOffset) return CompletableFuture.completedFuture(null);
            waiters.add(waiter);
        }
        urgent = true;
        LockSupport.unpark(thread);
        return waiter.done;
    }

    long syncedOffset() {
        return syncedOffset;
    }

    long failures() {
        return failures;
    }

    /// Some sync failed, here or elsewhere in the log: from now on nothing is promised.
    void failed(Throwable e) {
        LOG.error(
                "A sync of the log failed; nothing more is promised to be on disk: {}",
                e.toString());
        List<Waiter> failed;
        synchronized (waiters) {
            failures++;
            poisoned = true;
            failed = List.copyOf(waiters);
            waiters.clear();
        }
        for (var waiter : failed) waiter.done.completeExceptionally(unsynced());
    }

    /// Syncs a last time and ends.
    void close() {
        closing = true;
        LockSupport.unpark(thread);
        Threads.join(thread);
    }

    private void run() {
        while (!closing) {
            awaitSomethingNew();
            awaitCompany();
            urgent = false;
            roundWhateverHappens();
        }
        roundWhateverHappens();
        List<Waiter> late;
        synchronized (waiters) {
            late = List.copyOf(waiters);
            waiters.clear();
        }
        for (var waiter : late)
            waiter.done.completeExceptionally(new LogFailed(Reason.CLOSED, "The log is closed."));
    }

    /// This thread must not end before the log does: a bug counts as a failed sync.
    private void roundWhateverHappens() {
        try {
            round();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void awaitSomethingNew() {
        while (isNothingToDo()) {
            idle = true;
            // Asked once more after saying so, or an append in between would not wake this thread.
            if (isNothingToDo()) LockSupport.park(this);
            idle = false;
        }
    }

    private boolean isNothingToDo() {
        return !closing && !urgent && writer.endOffset() == triedOffset && !writer.hasComplete();
    }

    private void awaitCompany() {
        long due = System.nanoTime() + syncEveryNanos;
        for (long left = syncEveryNanos;
                left > 0 && !closing && !urgent;
                left = due - System.nanoTime()) LockSupport.parkNanos(this, left);
    }

    private void round() {
        var work = writer.toSync();
        boolean whole = names(work);
        for (var segment : work.complete()) whole &= finish(segment);
        if (work.active() != null) whole &= force(work.active(), work.endOffset());
        triedOffset = work.endOffset();
        if (whole && !poisoned) advance(work.endOffset());
    }

    /// Makes the names of new files last, before anything in them is said to be on disk.
    private boolean names(LogWriter.Work work) {
        var fresh = new ArrayList<Segment>();
        for (var segment : work.complete()) if (!segment.isNamed()) fresh.add(segment);
        if (work.active() != null && !work.active().isNamed()) fresh.add(work.active());
        if (fresh.isEmpty()) return true;
        try {
            disk.forceFolder(folder);
            for (var segment : fresh) segment.named();
            return true;
        } catch (IOException e) {
            for (var segment : fresh) segment.doubt();
            failed(e);
            return false;
        }
    }

    /// A file to which nothing more comes: synced, marked as complete, and let go.
    private boolean finish(Segment segment) {
        boolean good = !segment.isDoubtful();
        if (good)
            try {
                segment.close(segment.seal());
            } catch (IOException | InternalError e) {
                failed(e);
                good = false;
            }
        segment.release();
        kept.released(segment, good);
        return good;
    }

    private boolean force(Segment segment, long endOffset) {
        try {
            segment.force(endOffset);
            return true;
        } catch (IOException | InternalError e) {
            segment.doubt();
            failed(e);
            writer.leave(segment);
            return false;
        }
    }

    private void advance(long endOffset) {
        var done = new ArrayList<Waiter>();
        synchronized (waiters) {
            syncedOffset = endOffset;
            for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
                var waiter = all.next();
                if (waiter.endOffset > endOffset) continue;
                all.remove();
                done.add(waiter);
            }
        }
        for (var waiter : done) waiter.done.complete(null);
    }

    private static LogFailed unsynced() {
        return new LogFailed(
                Reason.UNSYNCED,
                "A sync of the log failed, so nothing can be promised to be on disk until the next start.");
    }
}
