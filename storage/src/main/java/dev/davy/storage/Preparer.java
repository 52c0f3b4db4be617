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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
    private final KeptFiles kept;
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
    private volatile @Nullable Supplier<Cursor> held;

    Preparer(
            LogWriter writer,
            KeptFiles kept,
            Syncer syncer,
            Disk disk,
            Path folder,
            Settings settings,
            InstantSource clock,
            long retryNanos) {
        this.writer = writer;
        this.kept = kept;
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
        Threads.join(thread);
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
            } catch (IOException | RuntimeException | InternalError e) {
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
        return settings.whenFull() == WhenFull.DROP_OLDEST && kept.dropOldest();
    }

    private void retain() {
        var now = clock.instant();
        // A file is deleted as a whole, so it may not go on for ever where little is written.
        if (writer.retireIfOlder(micros(now.minus(settings.retainFor().dividedBy(10)))))
            syncer.appended();
        while (bytes() > settings.retainBytes() && mayGo() && kept.dropOldest()) {}
        long expired = micros(now.minus(settings.retainFor()));
        while (!kept.all().isEmpty()
                && kept.all().getFirst().seal().writtenMicros() < expired
                && mayGo()
                && kept.dropOldest()) {}
    }

    void holdFor(Supplier<Cursor> reader) {
        held = reader;
    }

    /// Whether the oldest file was read by whom it is held for, or there is no more room to wait.
    private boolean mayGo() {
        var reader = held;
        if (reader == null || kept.all().isEmpty()) return true;
        var oldest = kept.all().getFirst();
        var place = reader.get().positions().get(oldest.start().node());
        if (place != null && oldest.end().compareTo(place) <= 0) return true;
        if (disk.isNearlyFull(folder, settings.segmentBytes())) return true;
        return false;
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    private long bytes() {
        long bytes = settings.segmentBytes(); // of the file in use
        for (var file : kept.all()) bytes += file.seal().length();
        return bytes;
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
