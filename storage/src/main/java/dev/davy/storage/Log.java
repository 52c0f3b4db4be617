package dev.davy.storage;

import dev.davy.strict.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// A node's log of predictions and feedback, in files of one folder; other nodes' logs may lie
/// there too.
///
/// What was appended is kept through the death of the process when [#append] returns, and through a
/// loss of power after the next sync: at most `syncEvery` later, or when [#awaitSynced] returns. A
/// full or broken disk makes appends fail, quickly and counted, until the log goes on by itself in
/// a new file. A sync that failed is never tried again into success: from then on nothing is
/// promised to be on disk until the next start, while appends go on.
public final class Log implements AutoCloseable {
    /// How long an append waits for the next file, once, before appends fail until it is there.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration RETRY_EVERY = Duration.ofMillis(500);

    /// A disk that takes longer than this for a sync is as good as broken to whoever waits.
    private static final Duration SYNC_PATIENCE = Duration.ofSeconds(30);

    /// How a log is kept.
    ///
    /// @param segmentBytes of one file of the log; files are filled with zeros before they are
    ///   used. The file in use counts to the memory of the process
    /// @param syncEvery the longest that a record waits to be synced to disk: what a loss of power
    ///   may take
    /// @param syncAlways whether `append` itself waits for the sync
    /// @param retainBytes how much of this node's log is kept; beyond that the oldest file goes
    /// @param retainFor how long a record is kept after it was appended; a file goes as a whole
    /// @param whenFull what to do when the disk is full
    public record Settings(
            long segmentBytes,
            Duration syncEvery,
            boolean syncAlways,
            long retainBytes,
            Duration retainFor,
            WhenFull whenFull) {
        public static final Settings DEFAULT =
                new Settings(
                        16L << 20,
                        Duration.ofMillis(100),
                        false,
                        10L << 30,
                        Duration.ofDays(90),
                        WhenFull.STOP);

        public Settings {
            if (segmentBytes < 1 << 12 || segmentBytes > 1 << 30)
                throw new IllegalArgumentException(
                        "segmentBytes is " + segmentBytes + "; it must be 4 KiB to 1 GiB");
            if (syncEvery.isNegative() || syncEvery.compareTo(Duration.ofMinutes(1)) > 0)
                throw new IllegalArgumentException(
                        "syncEvery is " + syncEvery + "; it must be 0 to 1 minute");
            if (retainBytes < 1 || retainFor.isNegative() || retainFor.isZero())
                throw new IllegalArgumentException(
                        "retainBytes is "
                                + retainBytes
                                + " and retainFor "
                                + retainFor
                                + "; they must be greater than 0");
            segmentBytes = segmentBytes + 7 & -8;
        }
    }

    /// What to do when the disk is full.
    public enum WhenFull {
        /// Keep what is there; new records are refused and counted until there is space.
        STOP,
        /// Delete the oldest file of the log to make space for the newest.
        DROP_OLDEST
    }

    /// What can be said about a log.
    ///
    /// @param end after the last record
    /// @param synced all before this is on disk
    /// @param appended records since the start
    /// @param bytes that all of this node's files hold
    /// @param segments how many files these are
    /// @param lost records since the start that were to be appended and could not be, by reason
    /// @param tornBytes cut off at the end of the files that are still there, after crashes
    /// @param syncFailures since the start
    /// @param failing why appends fail right now, or will when the file in use is full
    /// @param oldest when the oldest file was begun
    public record Status(
            Position end,
            Position synced,
            long appended,
            long bytes,
            int segments,
            Map<LogFailed.Reason, Long> lost,
            long tornBytes,
            long syncFailures,
            Optional<LogFailed.Reason> failing,
            Optional<Instant> oldest) {}

    private final Disk disk;
    private final Path folder;
    private final Settings settings;
    private final LogWriter writer;
    private final KeptFiles kept;
    private final Finder finder;
    private final Syncer syncer;
    private final Preparer preparer;
    private final Wakeups wakeups = new Wakeups();
    private final Instant newestId;

    private Log(
            Disk disk,
            Path folder,
            Settings settings,
            InstantSource clock,
            Duration retryEvery,
            LogWriter writer,
            KeptFiles kept,
            Instant newestId) {
        this.disk = disk;
        this.folder = folder;
        this.settings = settings;
        this.writer = writer;
        this.kept = kept;
        this.finder = new Finder(folder, writer, kept);
        this.newestId = newestId;
        this.syncer = new Syncer(writer, kept, disk, folder, settings.syncEvery().toNanos());
        this.preparer =
                new Preparer(
                        writer, kept, syncer, disk, folder, settings, clock, retryEvery.toNanos());
    }

    /// Opens this node's log, cutting off what a crash left half written. Never fails for a full
    /// disk: then appends do, until there is space.
    ///
    /// @throws Problem UNAVAILABLE `log-unreadable` if the disk cannot be read
    public static Log open(Path folder, int node, Settings settings, InstantSource clock) {
        return open(Disk.REAL, folder, node, settings, clock, PATIENCE, RETRY_EVERY);
    }

    static Log open(
            Disk disk,
            Path folder,
            int node,
            Settings settings,
            InstantSource clock,
            Duration patience,
            Duration retryEvery) {
        Recovery recovered;
        try {
            Files.createDirectories(folder);
            recovered = Recovery.of(disk, folder, Ids.checkNode(node));
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "log-unreadable",
                    "The prediction log cannot be opened.",
                    e.toString(),
                    "Repair the disk, or move the named file away and start again.");
        }
        var kept = new KeptFiles(disk, recovered);
        var writer = new LogWriter(kept, clock, patience.toNanos(), node, recovered);
        var log =
                new Log(
                        disk,
                        folder,
                        settings,
                        clock,
                        retryEvery,
                        writer,
                        kept,
                        recovered.newestId());
        log.preparer.start();
        log.syncer.start();
        return log;
    }

    /// Keeps the batch; for any number of threads. Either all its records are kept, in order and
    /// together, or none. The batch stays as it is: clear it before the next records.
    ///
    /// @return where the batch ends: what [#awaitSynced] waits for
    /// @throws LogFailed when it could not be kept; its records are counted as lost. With
    ///   `syncAlways` also when it was kept but could not be synced, which is not counted so
    public Position append(RecordBatch batch) throws LogFailed {
        if (batch.records() == 0) return position(writer.endOffset());
        var end = position(writer.append(batch));
        syncer.appended();
        wakeups.wake();
        if (settings.syncAlways()) awaitSynced(end);
        return end;
    }

    /// Waits until all before this place is on disk. Those who wait at the same time share a sync.
    ///
    /// @param end from [#append]
    /// @throws LogFailed if it cannot be promised that it is
    public void awaitSynced(Position end) throws LogFailed {
        try {
            synced(end).get(SYNC_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LogFailed failed) throw failed;
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new LogFailed(
                    LogFailed.Reason.SLOW, "The disk takes too long to sync the prediction log.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogFailed(
                    LogFailed.Reason.UNSYNCED,
                    "The wait for the prediction log's sync was interrupted.");
        }
    }

    /// Done when all before this place is on disk; fails with [LogFailed]. It is completed by the
    /// thread that syncs: do nothing long there.
    ///
    /// @param end from [#append]
    public CompletableFuture<Void> synced(Position end) {
        if (end.node() != writer.node()
                || end.epoch() > writer.epoch()
                || end.epoch() == writer.epoch() && end.offset() > writer.endOffset())
            throw new IllegalArgumentException(
                    end + " is not before the end " + position(writer.endOffset()));
        if (end.epoch() < writer.epoch()) return CompletableFuture.completedFuture(null);
        return syncer.synced(end.offset());
    }

    /// Reads the logs of all nodes in the folder, each in its own order. Close it after use.
    public LogReader read(Cursor from) {
        return new LogReader(folder, from, writer, wakeups);
    }

    /// The first record with this id, of whatever type: see the other.
    public Optional<LogRecord> find(UUID id) {
        return find(id, type -> true);
    }

    /// The first record with this id and one of these types, in the logs of all nodes in the
    /// folder. Its time tells which files to look at, so only ids of [Ids] are ever found.
    public Optional<LogRecord> find(UUID id, IntPredicate type) {
        try {
            return finder.find(id, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The end of this node's log as it is now: a reader from here gets only what comes later.
    public Cursor end() {
        return Cursor.START.with(position(writer.endOffset()));
    }

    /// From where a reader gets all that this node logged under ids made at this time or later, and
    /// something more: the file begins there. Of other nodes it gets everything.
    public Cursor since(Instant time) {
        long millis = time.toEpochMilli();
        // Asked first: a file that is ended meanwhile is among those that are kept.
        var current = writer.current();
        for (var file : kept.all())
            if (file.seal().idMillisMax() >= millis) return Cursor.START.with(file.start());
        return current == null ? end() : Cursor.START.with(current.start());
    }

    /// What an erasure did.
    public record Erased(long records, int files) {}

    /// Erases records for good, from the files of all nodes to which nothing more is appended; the
    /// file in use is ended first, so that all that is there now is looked at. Every other record
    /// stays at its place. A reader that has just read a file may still give what was in it.
    ///
    /// @param which are to go; asked for every record, in each file's order
    /// @throws LogFailed if the file in use could not be ended
    public synchronized Erased erase(Predicate<LogRecord> which) throws LogFailed {
        endFile();
        var eraser = new Eraser(disk, folder);
        long records = 0;
        int files = 0;
        try {
            for (var start : SegmentFile.list(folder)) {
                long erased = eraser.erase(start, which);
                records += erased;
                if (erased > 0) files++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Erased(records, files);
    }

    private void endFile() throws LogFailed {
        writer.retireIfOlder(Long.MAX_VALUE);
        var end = writer.endOffset();
        syncer.appended();
        awaitSynced(position(end));
        long until = System.nanoTime() + SYNC_PATIENCE.toNanos();
        // The file is marked as complete by the same thread, right behind the sync.
        while (!kept.isReleased(end)) {
            if (System.nanoTime() > until)
                throw new LogFailed(
                        LogFailed.Reason.SLOW, "The disk takes too long to end the log's file.");
            LockSupport.parkNanos(this, 1_000_000);
        }
    }

    /// From now on retention deletes only what lies before these places, unless the disk is nearly
    /// full.
    public void holdFor(Supplier<Cursor> reader) {
        preparer.holdFor(reader);
    }

    /// How many bytes of this node's log lie behind this place.
    public long bytesAfter(Cursor cursor) {
        long bytes = 0;
        var files = new ArrayList<>(kept.all());
        var current = writer.current();
        if (current != null) files.add(current);
        for (var file : files) bytes += bytesAfter(cursor, file.start(), file.seal().length());
        return bytes;
    }

    private static long bytesAfter(Cursor cursor, Position start, long length) {
        var position = cursor.positions().get(start.node());
        if (position == null || position.compareTo(start) <= 0)
            return Math.max(0, length - SegmentHeader.SIZE);
        if (position.epoch() > start.epoch()) return 0;
        return Math.max(0, start.offset() + length - position.offset());
    }

    /// The newest time in any id that this node's log held when it was opened: the floor for [Ids],
    /// so that they do not run backward over a restart.
    public Instant newestId() {
        return newestId;
    }

    public Status status() {
        var files = new ArrayList<>(kept.all());
        var current = writer.current();
        if (current != null) files.add(current);
        return new Status(
                position(writer.endOffset()),
                position(syncer.syncedOffset()),
                writer.appended(),
                files.stream().mapToLong(file -> file.seal().length()).sum(),
                files.size(),
                writer.lost(),
                files.stream().mapToLong(file -> file.seal().cutBytes()).sum(),
                syncer.failures(),
                Optional.ofNullable(writer.failing()),
                files.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                Instant.EPOCH.plus(
                                        files.getFirst().createdMicros(), ChronoUnit.MICROS)));
    }

    /// Syncs what is there and ends. Appends fail from now on; readers may go on.
    @Override
    public void close() {
        var unused = writer.close();
        preparer.close();
        syncer.close();
        if (unused != null) kept.throwAway(unused);
        wakeups.wake();
    }

    private Position position(long offset) {
        return new Position(writer.node(), writer.epoch(), offset);
    }
}
