package dev.davy.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// A node's log of predictions and feedback.
@SuppressWarnings("DoNotCallSuggester")
public final class Log implements AutoCloseable {
    /// How a log is kept.
    ///
    /// @param segmentBytes of one file of the log; files are filled with zeros before they are used
    /// @param syncEvery the longest that a record waits to be synced to disk: what a power loss may
    ///   take
    /// @param syncAlways whether `append` itself waits for the sync
    /// @param retainBytes how much of this node's log is kept; beyond that the oldest goes
    /// @param retainFor how long a record is kept; after that it goes
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
                        64L << 20,
                        Duration.ofMillis(100),
                        false,
                        10L << 30,
                        Duration.ofDays(90),
                        WhenFull.STOP);
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
    /// @param synced before this all is on disk
    /// @param appended records since the start
    /// @param bytes that all of this node's files hold
    /// @param segments how many files these are
    /// @param lost records since the start that were to be appended and could not be, by reason
    /// @param tornBytes cut off at the end of files after crashes
    /// @param syncFailures since the start
    /// @param failing why appends fail right now
    /// @param oldest when the oldest record was written
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

    private Log() {}

    public static Log open(Path folder, int node, Settings settings, InstantSource clock) {
        throw new IllegalStateException("not there yet");
    }

    /// Keeps the batch, for any number of threads; kept through `kill -9` once it returns. Either
    /// all its records are kept, in order and together, or none.
    ///
    /// @return where the batch ends: what [#awaitSynced] waits for
    /// @throws LogFailed when it could not be kept; its records are counted as lost
    public Position append(RecordBatch batch) throws LogFailed {
        throw new IllegalStateException("not there yet");
    }

    /// Waits until all before this place is on disk. Those who wait at once share one sync.
    ///
    /// @throws LogFailed if that cannot be promised
    public void awaitSynced(Position end) throws LogFailed {
        throw new IllegalStateException("not there yet");
    }

    /// Done when all before this place is on disk; fails with [LogFailed].
    public CompletableFuture<Void> synced(Position end) {
        throw new IllegalStateException("not there yet");
    }

    /// Reads the logs of all nodes in the folder, each in its own order.
    public LogReader read(Cursor from) {
        throw new IllegalStateException("not there yet");
    }

    /// The first record with this id. Its time tells in which files to look.
    public Optional<LogRecord> find(UUID id) {
        throw new IllegalStateException("not there yet");
    }

    /// The end of each node's log as it is now.
    public Cursor end() {
        throw new IllegalStateException("not there yet");
    }

    /// The newest time in any id of ours in this node's log: the floor for [Ids].
    public Instant newestId() {
        throw new IllegalStateException("not there yet");
    }

    public Status status() {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public void close() {}
}
