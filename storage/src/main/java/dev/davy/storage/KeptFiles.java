package dev.davy.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of this node's log to which nothing more is appended, the oldest first.
final class KeptFiles {
    private static final Logger LOG = LoggerFactory.getLogger(KeptFiles.class);

    private final Disk disk;
    private final long epoch;

    // Replaced whole, under the lock of whoever changes it; read by anyone.
    private volatile List<Kept> all;

    // How far the files of this epoch are done with. Written by the syncing thread only.
    private volatile long releasedOffset;

    KeptFiles(Disk disk, Recovery recovered) {
        this.disk = disk;
        this.epoch = recovered.epoch() + 1;
        this.all = recovered.kept();
    }

    List<Kept> all() {
        return all;
    }

    synchronized void add(Segment segment) {
        var longer = new ArrayList<>(all);
        longer.add(asKept(segment));
        all = List.copyOf(longer);
    }

    static Kept asKept(Segment segment) {
        return new Kept(segment.file(), segment.start(), segment.createdMicros(), segment.seal());
    }

    /// Nobody has the file's memory any more.
    ///
    /// @param sealed whether it is on disk, and says so
    void released(Segment segment, boolean sealed) {
        try {
            if (segment.isEmpty()) disk.delete(segment.file());
            else if (sealed) Recovery.cut(disk, segment.file(), segment.seal().length());
        } catch (IOException e) {
            // It only takes more space than it needs.
            LOG.warn("{} could not be cut: {}", segment.file().getFileName(), e.toString());
        }
        releasedOffset = segment.endOffset();
    }

    /// Whether all files of this epoch up to this offset are done with.
    boolean isReleased(long offset) {
        return all.stream()
                .filter(file -> file.start().epoch() == epoch)
                .filter(file -> file.start().offset() < offset)
                .allMatch(file -> file.end().offset() <= releasedOffset);
    }

    /// Deletes a file that was prepared and never used.
    void throwAway(Segment unused) {
        unused.release();
        try {
            disk.delete(unused.file());
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", unused.file().getFileName(), e.toString());
        }
    }

    /// Deletes the oldest file, unless it is still being synced.
    ///
    /// @return whether it did
    boolean dropOldest() {
        var before = all;
        if (before.isEmpty()) return false;
        var oldest = before.getFirst();
        boolean released =
                oldest.start().epoch() < epoch || oldest.end().offset() <= releasedOffset;
        if (!released) return false;
        try {
            disk.delete(oldest.file());
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", oldest.file().getFileName(), e.toString());
            return false;
        }
        forget(oldest);
        return true;
    }

    private synchronized void forget(Kept file) {
        var shorter = new ArrayList<>(all);
        shorter.remove(file);
        all = List.copyOf(shorter);
    }
}
