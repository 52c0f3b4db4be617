package dev.davy.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntPredicate;

/// Finds a record by its id: the id's time tells in which files it may be, and there the headers
/// are looked through.
final class Finder {
    private final Path folder;
    private final LogWriter own;

    Finder(Path folder, LogWriter own) {
        this.folder = folder;
        this.own = own;
    }

    Optional<LogRecord> find(UUID id, IntPredicate type) throws IOException {
        boolean hasTime = Ids.isOurs(id);
        long millis = Ids.millis(id.getMostSignificantBits());
        for (var start : candidates(hasTime, millis)) {
            var found = look(start, id, type, hasTime, millis);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    /// This node's files by what is known of them; of other nodes all.
    private List<Position> candidates(boolean hasTime, long millis) throws IOException {
        var candidates = new ArrayList<Position>();
        var files = new ArrayList<>(own.kept());
        var current = own.current();
        if (current != null) files.add(current);
        for (var file : files)
            if (!hasTime || file.mayHoldIdOf(millis)) candidates.add(file.start());
        for (var start : SegmentFile.list(folder))
            if (start.node() != own.node()) candidates.add(start);
        return candidates;
    }

    private Optional<LogRecord> look(
            Position start, UUID id, IntPredicate type, boolean hasTime, long millis)
            throws IOException {
        try (var file = new SegmentFile(folder, start)) {
            var seal = file.header().flatMap(SegmentHeader::seal);
            if (hasTime
                    && seal.isPresent()
                    && (millis < seal.get().idMillisMin() || millis > seal.get().idMillisMax()))
                return Optional.empty();
            long limit = seal.map(SegmentHeader.Seal::length).orElse(Long.MAX_VALUE);
            if (start.node() == own.node() && start.epoch() == own.epoch())
                limit = Math.min(limit, own.endOffset() - start.offset());
            long place = SegmentHeader.SIZE;
            for (int length = file.headerAt(place, limit);
                    length > 0;
                    place += length, length = file.headerAt(place, limit)) {
                if (file.idHigh() == id.getMostSignificantBits()
                        && file.idLow() == id.getLeastSignificantBits()
                        && type.test(file.type())
                        && file.recordAt(place, limit) > 0)
                    return Optional.of(
                            LogReader.copy(
                                    file,
                                    new Position(
                                            start.node(), start.epoch(), start.offset() + place)));
            }
            return Optional.empty();
        } catch (FileNotFoundException e) {
            return Optional.empty(); // Retention took it just now.
        }
    }
}
