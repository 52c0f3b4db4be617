package dev.davy.storage;

import dev.davy.storage.SegmentHeader.Seal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node's log holds when it is opened. Files that were not sealed, because the process was
/// killed, are read to the first record that is not whole; what comes after is cut off, counted,
/// and the file is sealed, so that the next start finds the same.
///
/// @param kept this node's files, the oldest first
/// @param epoch the last epoch that is known to have been used, 0 if none
record Recovery(List<Kept> kept, long epoch) {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    static Recovery of(Disk disk, Path folder, int node) throws IOException {
        var kept = new ArrayList<Kept>();
        long epoch = readEpoch(folder, node);
        for (var start : SegmentFile.list(folder)) {
            if (start.node() != node) continue;
            epoch = Math.max(epoch, start.epoch());
            var before = kept.isEmpty() ? new Position(start.node(), 0, 0) : kept.getLast().end();
            recover(disk, folder, start, before).ifPresent(kept::add);
        }
        return new Recovery(List.copyOf(kept), epoch);
    }

    /// The newest time in an id of ours, 1970 if there is none.
    java.time.Instant newestId() {
        long newest = 0;
        for (var file : kept) newest = Math.max(newest, file.seal().idMillisMax());
        return java.time.Instant.ofEpochMilli(newest);
    }

    static Path epochFile(Path folder, int node) {
        return dev.davy.strict.SafePath.inside(folder, "epoch-%05d".formatted(node));
    }

    private static long readEpoch(Path folder, int node) throws IOException {
        var file = epochFile(folder, node);
        if (!Files.exists(file)) return 0;
        var digits = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).strip();
        // Damaged: the names of the log's files tell the epoch as well.
        return digits.matches("\\d{1,15}") ? Long.parseLong(digits) : 0;
    }

    private static Optional<Kept> recover(Disk disk, Path folder, Position start, Position before)
            throws IOException {
        var path = SegmentFile.path(folder, start);
        SegmentHeader header;
        Seal seal;
        try (var file = new SegmentFile(folder, start)) {
            var found = file.header();
            header = found.orElse(new SegmentHeader(start, before, 0, Optional.empty()));
            if (header.seal().isPresent())
                return Optional.of(
                        new Kept(path, start, header.createdMicros(), header.seal().get()));
            seal = scan(file, Files.getLastModifiedTime(path).to(TimeUnit.MICROSECONDS));
        }
        if (seal.records() == 0 && seal.cutBytes() == 0) {
            disk.delete(path);
            return Optional.empty();
        }
        if (seal.cutBytes() > 0)
            LOG.warn(
                    "{} ends after byte {} with {} bytes that are no whole record; they are cut off",
                    path.getFileName(),
                    seal.length(),
                    seal.cutBytes());
        try {
            seal(
                    disk,
                    path,
                    new SegmentHeader(
                            start, header.previous(), header.createdMicros(), Optional.of(seal)));
        } catch (IOException e) {
            // A full disk must not stop the start; the next start scans the file again.
            LOG.warn("{} could not be sealed: {}", path.getFileName(), e.toString());
        }
        return Optional.of(new Kept(path, start, header.createdMicros(), seal));
    }

    /// Finds the end of a file that was in use, up to the first record that is not whole.
    private static Seal scan(SegmentFile file, long writtenMicros) throws IOException {
        long place = SegmentHeader.SIZE;
        long limit = file.fileLength();
        long records = 0;
        long idMin = Long.MAX_VALUE;
        long idMax = Long.MIN_VALUE;
        for (int length = file.recordAt(place, limit);
                length > 0;
                length = file.recordAt(place, limit)) {
            records++;
            if (Ids.isOurs(file.idHigh())) {
                idMin = Math.min(idMin, Ids.millis(file.idHigh()));
                idMax = Math.max(idMax, Ids.millis(file.idHigh()));
            }
            place += length;
        }
        long cut = limit > place ? file.lastNonZero(place) - place : 0;
        return new Seal(place, records, idMin, idMax, writtenMicros, cut);
    }

    /// Gives back the zeros behind the end of a file.
    static void cut(Disk disk, Path path, long length) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            disk.truncate(channel, length);
        }
    }

    /// Writes the seal, then cuts the file: in this order, since a cut file without a seal would no
    /// longer tell how much was lost.
    private static void seal(Disk disk, Path path, SegmentHeader header) throws IOException {
        try (var channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            disk.write(channel, ByteBuffer.wrap(header.bytes()), 0);
            disk.force(channel);
            disk.truncate(channel, header.seal().orElseThrow().length());
            disk.force(channel);
        }
    }
}
