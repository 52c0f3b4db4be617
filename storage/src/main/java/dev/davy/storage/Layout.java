package dev.davy.storage;

/// How a record lies in the log. All numbers are little-endian; a record begins at a multiple of
/// eight bytes, and zeros follow the last one.
///
///     0 length     4 bytes, of header and content, without padding; 0: no record here (yet)
///     4 checksum   4 bytes, CRC-32C of all after it
///     8 type       2 bytes
///    10 version    2 bytes
///    12 reserved   4 bytes, 0
///    16 schema     8 bytes
///    24 id        16 bytes, high half first
///    40 time       8 bytes, microseconds since 1970
///    48 content
final class Layout {
    static final int LENGTH = 0;
    static final int CHECKSUM = 4;
    static final int TYPE = 8;
    static final int VERSION = 10;
    static final int RESERVED = 12;
    static final int SCHEMA = 16;
    static final int ID_HIGH = 24;
    static final int ID_LOW = 32;
    static final int TIME = 40;
    static final int RECORD_HEADER = 48;

    /// The largest record, and the largest batch, in bytes: more than the largest request body, in
    /// whatever form, and far from what an `int` can count.
    static final int RECORD_MAX = 1 << 28;

    static final int BATCH_MAX = RECORD_MAX + 8;

    private Layout() {}

    static int padded(int length) {
        return length + 7 & -8;
    }
}
