package dev.davy.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/// Takes records out of files to which nothing more is appended. What is left of one is its length,
/// under a type that no reader knows: every other record stays at its place.
final class Eraser {
    /// Nobody reads it; the length is all that is left.
    static final int ERASED = 0xFFFF;

    private final Disk disk;
    private final Path folder;

    Eraser(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    private record Place(long at, int length) {}

    /// @return how many records were erased in the file that begins there
    long erase(Position start, Predicate<LogRecord> which) throws IOException {
        var places = new ArrayList<Place>();
        try (var file = new SegmentFile(folder, start)) {
            var seal = file.header().flatMap(SegmentHeader::seal);
            if (seal.isEmpty()) return 0;
            long limit = seal.get().length();
            long place = SegmentHeader.SIZE;
            for (int padded = file.headerAt(place, limit);
                    padded > 0;
                    place += padded, padded = file.headerAt(place, limit)) {
                if (file.type() == ERASED || file.recordAt(place, limit) <= 0) continue;
                var position = new Position(start.node(), start.epoch(), start.offset() + place);
                if (which.test(LogReader.copy(file, position)))
                    places.add(new Place(place, padded));
            }
        } catch (FileNotFoundException e) {
            return 0; // Retention took it just now.
        }
        if (!places.isEmpty()) rewrite(SegmentFile.path(folder, start), places);
        return places.size();
    }

    /// Beside the file, then renamed over it: after a crash it is the old one or the new one.
    private void rewrite(Path path, List<Place> places) throws IOException {
        var fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.copy(path, fresh, StandardCopyOption.REPLACE_EXISTING);
        try (var channel =
                FileChannel.open(fresh, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (var place : places) disk.write(channel, blank(channel, place), place.at());
            disk.force(channel);
        }
        disk.move(fresh, path);
        disk.forceFolder(folder);
    }

    private static ByteBuffer blank(FileChannel channel, Place place) throws IOException {
        var old = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        if (channel.read(old, place.at()) < 4) throw new IOException("a record is cut off");
        int length = old.getInt(0);
        var blank = ByteBuffer.allocate(place.length()).order(ByteOrder.LITTLE_ENDIAN);
        blank.putInt(Layout.LENGTH, length);
        blank.putShort(Layout.TYPE, (short) ERASED);
        var checksum = new CRC32C();
        checksum.update(blank.slice(Layout.TYPE, length - Layout.TYPE));
        blank.putInt(Layout.CHECKSUM, (int) checksum.getValue());
        return blank;
    }
}
