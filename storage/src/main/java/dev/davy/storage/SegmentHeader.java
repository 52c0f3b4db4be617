package dev.davy.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What stands at the beginning of each file of the log. All numbers are little-endian.
///
///      0 magic       8 bytes, written last when the file comes into use; 0: not in use yet
///      8 node        4 bytes
///     12 checksum    4 bytes, CRC-32C of bytes 16 to 55
///     16 epoch       8 bytes
///     24 offset      8 bytes, of the file's first byte in its epoch
///     32 previous    8 bytes epoch and 8 bytes offset: where the node's log ended before this file
///     48 created     8 bytes, microseconds since 1970
///     64 the seal, once nothing more comes and all is on disk: 8 bytes each of
///        length, records, least and greatest millisecond in an id, time of the last append,
///        bytes that were cut off after a crash; then 4 bytes CRC-32C of bytes 64 to 111
///    128 the first record
///
/// @param previous where this node's log ended before; a reader that stood there missed nothing
record SegmentHeader(Position start, Position previous, long createdMicros, Optional<Seal> seal) {
    static final int SIZE = 128;
    static final long MAGIC = 0x31474f4c59564144L; // "DAVYLOG1"
    static final int SEAL = 64;

    private static final int CHECKSUM = 12;
    private static final int OPENING = 16;
    private static final int OPENING_END = 56;
    private static final int SEAL_END = 112;

    /// What is known of a file that has all its records.
    ///
    /// @param length of the file up to the end of its last record
    /// @param writtenMicros when the last record was appended, by the clock of the log: the times
    ///   in records may be of long ago
    record Seal(
            long length,
            long records,
            long idMillisMin,
            long idMillisMax,
            long writtenMicros,
            long cutBytes) {
        Seal {
            if (length < SIZE) throw new IllegalArgumentException("length is " + length);
        }
    }

    byte[] bytes() {
        var header = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(MAGIC).putInt(start.node()).putInt(0);
        header.putLong(start.epoch()).putLong(start.offset());
        header.putLong(previous.epoch()).putLong(previous.offset()).putLong(createdMicros);
        header.putInt(CHECKSUM, checksum(header, OPENING, OPENING_END));
        seal.ifPresent(s -> {
            header.position(SEAL);
            header.putLong(s.length).putLong(s.records);
            header.putLong(s.idMillisMin).putLong(s.idMillisMax);
            header.putLong(s.writtenMicros).putLong(s.cutBytes);
            header.putInt(checksum(header, SEAL, SEAL_END));
        });
        return header.array();
    }

    /// The header in these bytes; empty if it was never written or is damaged.
    static Optional<SegmentHeader> read(byte[] bytes) {
        var header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < SIZE
                || header.getLong(0) != MAGIC
                || header.getInt(CHECKSUM) != checksum(header, OPENING, OPENING_END))
            return Optional.empty();
        int node = header.getInt(8);
        return Optional.of(
                new SegmentHeader(
                        new Position(node, header.getLong(16), header.getLong(24)),
                        new Position(node, header.getLong(32), header.getLong(40)),
                        header.getLong(48),
                        readSeal(header)));
    }

    private static Optional<Seal> readSeal(ByteBuffer header) {
        if (header.getLong(SEAL) < SIZE
                || header.getInt(SEAL_END) != checksum(header, SEAL, SEAL_END))
            return Optional.empty();
        return Optional.of(
                new Seal(
                        header.getLong(SEAL),
                        header.getLong(SEAL + 8),
                        header.getLong(SEAL + 16),
                        header.getLong(SEAL + 24),
                        header.getLong(SEAL + 32),
                        header.getLong(SEAL + 40)));
    }

    private static int checksum(ByteBuffer header, int from, int to) {
        var checksum = new CRC32C();
        checksum.update(header.slice(from, to - from));
        return (int) checksum.getValue();
    }
}
