package dev.davy.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one node's log, file after file. For one thread.
///
/// It goes by what the files say, so it reads the log of this process, of another one, and of one
/// that is no more, in the same way. A file is finished when a later one is in use: appends to it
/// came before that.
final class NodeReader implements AutoCloseable {
    /// What a step led to.
    enum Step {
        RECORD,
        GAP,
        NOTHING
    }

    private final Path folder;
    private final int node;
    // The log that is being written here, if it is this node's.
    private final @Nullable LogWriter own;

    // After all that was given; null at the beginning, where nothing can have been missed.
    private @Nullable Position position;
    private @Nullable SegmentFile file;
    private Optional<SegmentHeader> header = Optional.empty();
    private Position recordStart;
    private @Nullable Gap gap;

    NodeReader(Path folder, int node, @Nullable Position position, @Nullable LogWriter own) {
        this.folder = folder;
        this.node = node;
        this.own = own;
        this.position = position;
        this.recordStart = new Position(node, 0, 0);
    }

    /// @param files of the folder, as they were when it was last looked at
    Step next(Files files) throws IOException {
        gap = null;
        while (true) {
            if (file == null) {
                var step = open(files);
                if (step != Step.RECORD) return step;
            }
            var current = java.util.Objects.requireNonNull(file);
            var here = java.util.Objects.requireNonNull(position);
            long place = here.offset() - current.start().offset();
            int length = look(current, place);
            if (length > 0) {
                recordStart = here;
                position = at(here, length);
                return Step.RECORD;
            }
            if (isAtOwnEnd()) return Step.NOTHING;
            var step = leave(current, place, length, files);
            if (step != Step.RECORD) return step;
        }
    }

    int node() {
        return node;
    }

    /// The file of the record that [#next] came to.
    SegmentFile record() {
        return java.util.Objects.requireNonNull(file);
    }

    Position recordStart() {
        return recordStart;
    }

    Gap gap() {
        return java.util.Objects.requireNonNull(gap);
    }

    @Nullable Position position() {
        return position;
    }

    /// Whether this is the log being written here, and all of it was read.
    boolean isAtOwnEnd() {
        return own != null
                && position != null
                && position.epoch() == own.epoch()
                && position.offset() >= own.endOffset();
    }

    @Override
    public void close() throws IOException {
        if (file != null) file.close();
        file = null;
    }

    /// The record at this place. What is no record is looked at twice, since the window may be from
    /// before it was written.
    private int look(SegmentFile current, long place) throws IOException {
        int length = current.recordAt(place, limit(current));
        if (length > 0) return length;
        current.forget();
        return current.recordAt(place, limit(current));
    }

    private long limit(SegmentFile current) {
        if (own != null && current.start().epoch() == own.epoch()) {
            // In a batch that is just being copied nothing is looked at.
            return Math.max(0, own.endOffset() - current.start().offset());
        }
        return header.flatMap(SegmentHeader::seal)
                .map(SegmentHeader.Seal::length)
                .orElse(Long.MAX_VALUE);
    }

    /// Opens the file that the position is in, or else the next one.
    private Step open(Files files) throws IOException {
        var here = position;
        var all = files.of(node);
        for (int i = 0; i < all.size(); i++) {
            var start = all.get(i);
            boolean isBefore = here != null && start.compareTo(here) <= 0;
            boolean holdsPosition =
                    here != null
                            && isBefore
                            && start.epoch() == here.epoch()
                            && (i + 1 == all.size() || all.get(i + 1).compareTo(here) > 0);
            if (isBefore && !holdsPosition) continue;
            if (!tryOpen(start)) continue;
            if (here == null || !holdsPosition) return enter(here, Gap.Cause.RETENTION);
            if (here.compareTo(first(start)) < 0) position = first(start);
            return Step.RECORD;
        }
        return Step.NOTHING;
    }

    /// Leaves a file at a place where there is no record: for a record further on, or for the next
    /// file in use. Stays if there is none, since this one may grow.
    private Step leave(SegmentFile current, long place, int length, Files files)
            throws IOException {
        var here = java.util.Objects.requireNonNull(position);
        if (length == SegmentFile.DAMAGED) {
            int beyond = beyond(current, place);
            if (beyond > 0) {
                position = at(here, beyond);
                gap = new Gap(here, position, Gap.Cause.DAMAGE);
                return Step.GAP;
            }
        }
        for (var start : files.of(node)) {
            if (start.compareTo(current.start()) <= 0) continue;
            var old = file;
            if (!tryOpen(start)) continue;
            // Looked at once more: now that the next file is in use, nothing comes to this one.
            current.forget();
            if (length == SegmentFile.NOTHING && current.recordAt(place, Long.MAX_VALUE) > 0) {
                record().close();
                file = old;
                header = current.header();
                return Step.RECORD;
            }
            current.close();
            return enter(here, Gap.Cause.DAMAGE);
        }
        return Step.NOTHING;
    }

    /// The length of a damaged record, if a whole one follows it in a file that is complete. In any
    /// other file the first damage is the end, as it is for recovery.
    private int beyond(SegmentFile current, long place) throws IOException {
        var seal = current.header().flatMap(SegmentHeader::seal);
        if (seal.isEmpty()) return 0;
        int length = current.headerAt(place, seal.get().length());
        if (length <= 0) return 0;
        return current.recordAt(place + length, seal.get().length()) > 0 ? length : 0;
    }

    /// Stands at the beginning of the file just opened, and says what was missed before it.
    private Step enter(@Nullable Position before, Gap.Cause cause) {
        var start = record().start();
        position = first(start);
        if (before == null) return Step.RECORD;
        var previous = header.map(SegmentHeader::previous).orElse(before);
        if (previous.compareTo(before) <= 0) return Step.RECORD;
        gap = new Gap(before, position, cause);
        return Step.GAP;
    }

    /// Opens a file if it is in use.
    private boolean tryOpen(Position start) throws IOException {
        try {
            var opened = new SegmentFile(folder, start);
            var found = opened.header();
            if (found.isEmpty() && opened.recordAt(SegmentHeader.SIZE, Long.MAX_VALUE) <= 0) {
                opened.close();
                return false;
            }
            header = found;
            file = opened;
            return true;
        } catch (FileNotFoundException e) {
            return false; // Deleted just now.
        }
    }

    private static Position first(Position start) {
        return at(start, SegmentHeader.SIZE);
    }

    private static Position at(Position from, long further) {
        return new Position(from.node(), from.epoch(), from.offset() + further);
    }

    /// The files of the log in a folder, looked up when somebody asks and not before.
    interface Files {
        List<Position> of(int node) throws IOException;
    }
}
