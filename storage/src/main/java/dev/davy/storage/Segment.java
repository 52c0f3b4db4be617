package dev.davy.storage;

import dev.davy.storage.SegmentHeader.Seal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/// A file of the log while records are copied into it: mapped, and full of zeros where none is yet.
///
/// Appends happen under the log's lock. A batch becomes visible by one word, the length of its
/// first record, which is written last: whoever reads the file, or finds it after a crash, sees the
/// whole batch or none of it. Readers never use the mapping, so it can be let go when the last sync
/// is done.
final class Segment {
    private static final VarHandle INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final Disk disk;
    private final Path file;
    private final Position start;
    private final Arena arena;
    private final MemorySegment memory;

    private Position previous;
    private long createdMicros;
    private long end = SegmentHeader.SIZE;
    private long records;
    private long idMillisMin = Long.MAX_VALUE;
    private long idMillisMax = Long.MIN_VALUE;
    private long writtenMicros;

    // Used by the syncing thread only.
    private long forced;
    private boolean doubtful;
    private boolean named;

    private Segment(Disk disk, Path file, Position start, Arena arena, MemorySegment memory) {
        this.disk = disk;
        this.file = file;
        this.start = start;
        this.previous = start;
        this.arena = arena;
        this.memory = memory;
    }

    /// Makes the file and fills it with zeros; takes as long as the disk does. They are not synced
    /// here: their pages are written anyway when records have been copied over them, and measured
    /// side by side an earlier sync made appends no faster.
    static Segment prepare(Disk disk, Path folder, Position start, long capacity)
            throws IOException {
        var file = SegmentFile.path(folder, start);
        var arena = Arena.ofShared();
        try (var channel = disk.create(file)) {
            disk.fill(channel, capacity);
            return new Segment(disk, file, start, arena, disk.map(channel, capacity, arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            try {
                disk.delete(file);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /// Puts it in use: from now on readers see it.
    void begin(Position previous, long createdMicros) {
        this.previous = previous;
        this.createdMicros = createdMicros;
        this.writtenMicros = createdMicros;
        var header = header(Optional.empty()).bytes();
        disk.copy(header, 8, SegmentHeader.SIZE - 8, memory, 8);
        LONG.setRelease(memory, 0L, SegmentHeader.MAGIC);
    }

    boolean fits(int size) {
        return size <= memory.byteSize() - end;
    }

    void append(RecordBatch batch) {
        int size = batch.size();
        var bytes = batch.bytes();
        disk.copy(bytes, 4, size - 4, memory, end + 4);
        INT.setRelease(memory, end, batch.firstLength());
        end += size;
        records += batch.records();
        idMillisMin = Math.min(idMillisMin, batch.idMillisMin());
        idMillisMax = Math.max(idMillisMax, batch.idMillisMax());
    }

    /// Nothing more comes to it after this time.
    void end(long micros) {
        writtenMicros = Math.max(writtenMicros, micros);
    }

    Path file() {
        return file;
    }

    Position start() {
        return start;
    }

    /// After its last record.
    Position end() {
        return new Position(start.node(), start.epoch(), endOffset());
    }

    long endOffset() {
        return start.offset() + end;
    }

    long capacity() {
        return memory.byteSize();
    }

    long createdMicros() {
        return createdMicros;
    }

    boolean isEmpty() {
        return records == 0;
    }

    Seal seal() {
        return new Seal(end, records, idMillisMin, idMillisMax, writtenMicros, 0);
    }

    SegmentHeader header(Optional<Seal> seal) {
        return new SegmentHeader(start, previous, createdMicros, seal);
    }

    /// Brings all before this offset of the epoch to the disk.
    void force(long endOffset) throws IOException {
        long to = endOffset - start.offset();
        if (to > forced) disk.force(memory, forced, to);
        forced = Math.max(forced, to);
    }

    /// A sync of it has failed: it is never said to be complete.
    void doubt() {
        doubtful = true;
    }

    boolean isDoubtful() {
        return doubtful;
    }

    /// Its name in the folder is on disk.
    void named() {
        named = true;
    }

    boolean isNamed() {
        return named;
    }

    /// Marks it as complete: on disk, with nothing more to come.
    void close(Seal seal) throws IOException {
        force(start.offset() + seal.length());
        var header = header(Optional.of(seal)).bytes();
        disk.copy(
                header,
                SegmentHeader.SEAL,
                SegmentHeader.SIZE - SegmentHeader.SEAL,
                memory,
                SegmentHeader.SEAL);
        disk.force(memory, 0, SegmentHeader.SIZE);
    }

    /// Lets go of the memory; nobody may use it any more.
    void release() {
        arena.close();
    }
}
