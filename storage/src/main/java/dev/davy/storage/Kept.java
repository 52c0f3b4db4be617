package dev.davy.storage;

import dev.davy.storage.SegmentHeader.Seal;
import java.nio.file.Path;

/// A file of this node's log to which nothing more is appended.
record Kept(Path file, Position start, long createdMicros, Seal seal) {
    Position end() {
        return new Position(start.node(), start.epoch(), start.offset() + seal.length());
    }

    /// Whether an id made at this millisecond could be in it.
    boolean mayHoldIdOf(long millis) {
        return seal.idMillisMin() <= millis && millis <= seal.idMillisMax();
    }
}
