package dev.davy.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntPredicate;

/// Finds a record by its id: the id's time tells in which files it may be, and there the headers
/// are looked through; in a file that was looked through before, only the blocks that it may be in.
final class Finder {
    /// At some 25 kB each.
    private static final int KNOWN_SEGMENTS = 256;

    private final Path folder;
    private final LogWriter own;
    private final KeptFiles kept;

    /// What is known of the files that were looked through last.
    private final Map<Position, SegmentBlocks> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Position, SegmentBlocks> eldest) {
                    return size() > KNOWN_SEGMENTS;
                }
            };

    Finder(Path folder, LogWriter own, KeptFiles kept) {
        this.folder = folder;
        this.own = own;
        this.kept = kept;
    }

    Optional<LogRecord> find(UUID id, IntPredicate type) throws IOException {
        // Without a time everything would have to be looked through, whoever asks.
        if (!Ids.isOurs(id)) return Optional.empty();
        long millis = Ids.millis(id.getMostSignificantBits());
        for (var start : candidates(millis)) {
            var found = look(start, id, type, millis);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    /// This node's files by what is known of them; of other nodes all.
    private List<Position> candidates(long millis) throws IOException {
        var candidates = new ArrayList<Position>();
        var files = new ArrayList<>(kept.all());
        var current = own.current();
        if (current != null) files.add(current);
        for (var file : files) if (file.mayHoldIdOf(millis)) candidates.add(file.start());
        for (var start : SegmentFile.list(folder))
            if (start.node() != own.node()) candidates.add(start);
        return candidates;
    }

    private Optional<LogRecord> look(Position start, UUID id, IntPredicate type, long millis)
            throws IOException {
        try (var file = new SegmentFile(folder, start)) {
            var seal = file.header().flatMap(SegmentHeader::seal);
            if (seal.isPresent()
                    && (millis < seal.get().idMillisMin() || millis > seal.get().idMillisMax()))
                return Optional.empty();
            long limit = seal.map(SegmentHeader.Seal::length).orElse(Long.MAX_VALUE);
            if (start.node() == own.node() && start.epoch() == own.epoch())
                limit = Math.min(limit, own.endOffset() - start.offset());
            var blocks = blocks(start);
            synchronized (blocks) {
                blocks.extend(file, limit);
                for (int block = 0; block < blocks.count(); block++) {
                    if (!blocks.mayHold(block, millis)) continue;
                    var found = look(file, blocks.from(block), blocks.to(block), id, type);
                    if (found.isPresent()) return found;
                }
            }
            return Optional.empty();
        } catch (FileNotFoundException e) {
            return Optional.empty(); // Retention took it just now.
        }
    }

    private SegmentBlocks blocks(Position start) {
        synchronized (known) {
            return known.computeIfAbsent(start, any -> new SegmentBlocks());
        }
    }

    private static Optional<LogRecord> look(
            SegmentFile file, long from, long to, UUID id, IntPredicate type) throws IOException {
        var start = file.start();
        long place = from;
        for (int length = file.headerAt(place, to);
                length > 0;
                place += length, length = file.headerAt(place, to)) {
            if (file.idHigh() == id.getMostSignificantBits()
                    && file.idLow() == id.getLeastSignificantBits()
                    && type.test(file.type())
                    && file.recordAt(place, to) > 0)
                return Optional.of(
                        LogReader.copy(
                                file,
                                new Position(start.node(), start.epoch(), start.offset() + place)));
        }
        return Optional.empty();
    }
}
