package dev.davy.storage;

import dev.davy.storage.Log.Settings;
import dev.davy.storage.Log.WhenFull;
import dev.davy.storage.LogFailed.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the next file of the log ready before it is needed, and deletes the oldest when it is time:
/// all that takes long, in one thread. When the disk is full or broken it tries again and again, so
/// the log goes on by itself once there is space.
final class Preparer {
    private static final Logger LOG = LoggerFactory.getLogger(Preparer.class);

    /// The first file of a start is small, so that the start does not wait for its zeros.
    private static final long FIRST_BYTES = 1 << 20;

    private static final Duration RETENTION_EVERY = Duration.ofMinutes(1);

    private final LogWriter writer;
    private final Syncer syncer;
    private final Disk disk;
    private final Path folder;
    private final Settings settings;
    private final InstantSource clock;
    private final long retryNanos;
    private final Thread thread;

    private boolean epochKept;
    private boolean first = true;
    private volatile boolean closing;

    Preparer(
            LogWriter writer,
            Syncer syncer,
            Disk disk,
            Path folder,
            Settings settings,
            InstantSource clock,
            long retryNanos) {
        this.writer = writer;
        this.syncer = syncer;
        this.disk = disk;
        this.folder = folder;
        this.settings = settings;
        this.clock = clock;
        this.retryNanos = retryNanos;
        this.thread = Thread.ofPlatform().name("davy-log-prepare").daemon().unstarted(this::run);
    }

    /// Prepares the first file at once, then the others in the background.
    void start() {
        retain();
        prepare(1);
        thread.start();
    }

    /// Ends after what it is doing now; it may not be interrupted, since that would close the file
    /// that it writes and look like a broken disk. The log must have been closed for appends.
    void close() {
        closing = true;
        boolean interrupted = false;
        while (thread.isAlive())
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void run() {
        try {
            while (!closing) {
                boolean failing = writer.failing() != null;
                long needed = writer.awaitNeed(failing ? retryNanos : RETENTION_EVERY.toNanos());
                if (closing) return;
                retain();
                if (needed > 0) prepare(needed);
            }
        } catch (InterruptedException e) {
            // Closing.
        }
    }

    private void prepare(long needed) {
        while (!closing)
            try {
                keepEpoch();
                long usual =
                        first
                                ? Math.min(FIRST_BYTES, settings.segmentBytes())
                                : settings.segmentBytes();
                var segment =
                        Segment.prepare(
                                disk, folder, writer.nextStart(), Math.max(usual, needed + 7 & -8));
                first = false;
                writer.prepared(segment);
                return;
            } catch (IOException | InternalError e) {
                var reason = reason(e);
                if (reason == Reason.FULL && dropOldestToMakeSpace()) continue;
                if (!closing && writer.failing() == null)
                    LOG.error("The log cannot go on for now: {}", e.toString());
                writer.failed(reason);
                return;
            }
    }

    /// An epoch is used only after it is known on disk that it was.
    private void keepEpoch() throws IOException {
        if (epochKept) return;
        disk.replace(
                Recovery.epochFile(folder, writer.node()),
                (writer.epoch() + "\n").getBytes(StandardCharsets.US_ASCII));
        epochKept = true;
    }

    private boolean dropOldestToMakeSpace() {
        return settings.whenFull() == WhenFull.DROP_OLDEST && dropOldest();
    }

    private void retain() {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        long keepFor = settings.retainFor().toNanos() / 1000;
        // A file is deleted as a whole, so it may not go on for ever where little is written.
        if (writer.retireIfOlder(now - keepFor / 10)) syncer.appended();
        while (bytes() > settings.retainBytes() && dropOldest()) {}
        while (!writer.kept().isEmpty()
                && writer.kept().getFirst().seal().newestMicros() < now - keepFor
                && dropOldest()) {}
    }

    private long bytes() {
        long bytes = settings.segmentBytes(); // of the file in use
        for (var file : writer.kept()) bytes += file.seal().length();
        return bytes;
    }

    private boolean dropOldest() {
        var kept = writer.kept();
        if (kept.isEmpty()) return false;
        var oldest = kept.getFirst();
        if (!writer.isReleased(oldest)) return false;
        try {
            disk.delete(oldest.file());
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", oldest.file().getFileName(), e.toString());
            return false;
        }
        writer.dropOldest(oldest);
        return true;
    }

    /// Java tells a full disk in the system's words only.
    static Reason reason(Throwable e) {
        var message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left")
                        || message.contains("quota exceeded")
                        || message.contains("not enough space")
                ? Reason.FULL
                : Reason.BROKEN;
    }
}
