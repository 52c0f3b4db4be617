package dev.davy.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// A file of the log as a reader sees it: a window that moves over it, and the record at one place
/// in it. For one thread.
///
/// Reads by plain file reads, not by a mapping: a file may be cut or deleted under a reader, and
/// [RandomAccessFile] is not closed when its thread is interrupted, as a channel would be.
final class SegmentFile implements AutoCloseable {
    /// No record is here, or none yet.
    static final int NOTHING = 0;

    /// Something is here, but no whole record.
    static final int DAMAGED = -1;

    private static final int WINDOW = 1 << 16;
    private static final Pattern NAME = Pattern.compile("(\\d{5})-(\\d{8})-(\\d{15})\\.log");
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private final Position start;
    private final RandomAccessFile file;
    private final CRC32C checksum = new CRC32C();

    private byte[] window = new byte[WINDOW];
    private long windowStart;
    private int windowLength;
    private int at;
    private int length;

    SegmentFile(Path folder, Position start) throws IOException {
        this.start = start;
        this.file = new RandomAccessFile(path(folder, start).toFile(), "r");
    }

    static Path path(Path folder, Position start) {
        return dev.davy.strict.SafePath.inside(
                folder,
                "%05d-%08d-%015d.log".formatted(start.node(), start.epoch(), start.offset()));
    }

    /// The beginnings of all files of the log in the folder, of all nodes, in order.
    static List<Position> list(Path folder) throws IOException {
        var found = new ArrayList<Position>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.log")) {
            for (var file : files) {
                var name = NAME.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && Integer.parseInt(name.group(1)) <= 0xFFFF)
                    found.add(
                            new Position(
                                    Integer.parseInt(name.group(1)),
                                    Long.parseLong(name.group(2)),
                                    Long.parseLong(name.group(3))));
            }
        }
        Collections.sort(found);
        return found;
    }

    Position start() {
        return start;
    }

    long fileLength() throws IOException {
        return file.length();
    }

    /// Reads the header anew; empty if the file is not in use yet, or the header is damaged.
    Optional<SegmentHeader> header() throws IOException {
        var bytes = new byte[SegmentHeader.SIZE];
        file.seek(0);
        for (int have = 0; have < bytes.length; ) {
            int n = file.read(bytes, have, bytes.length - have);
            if (n < 0) break;
            have += n;
        }
        return SegmentHeader.read(bytes);
    }

    /// Looks at the record at this place of the file, and at nothing at or after `limit`.
    ///
    /// @return its length with padding, [#NOTHING] or [#DAMAGED]
    int recordAt(long place, long limit) throws IOException {
        int padded = headerAt(place, limit);
        if (padded <= 0) return padded;
        if (!load(place, length, limit)) return DAMAGED;
        checksum.reset();
        checksum.update(window, at + Layout.TYPE, length - Layout.TYPE);
        return (int) checksum.getValue() == (int) INT.get(window, at + Layout.CHECKSUM)
                ? padded
                : DAMAGED;
    }

    /// The same, without its content and so without its checksum.
    int headerAt(long place, long limit) throws IOException {
        if (!load(place, 4, limit)) return NOTHING;
        length = (int) INT.get(window, at);
        if (length == 0) return NOTHING;
        if (length < Layout.RECORD_HEADER
                || length > Layout.RECORD_MAX
                || !load(place, Layout.RECORD_HEADER, limit)) return DAMAGED;
        return Layout.padded(length);
    }

    /// Forgets what was read before, so that the next look sees what is there by then.
    void forget() {
        windowLength = 0;
    }

    int type() {
        return (short) SHORT.get(window, at + Layout.TYPE) & 0xFFFF;
    }

    int version() {
        return (short) SHORT.get(window, at + Layout.VERSION) & 0xFFFF;
    }

    long schemaHash() {
        return (long) LONG.get(window, at + Layout.SCHEMA);
    }

    long idHigh() {
        return (long) LONG.get(window, at + Layout.ID_HIGH);
    }

    long idLow() {
        return (long) LONG.get(window, at + Layout.ID_LOW);
    }

    long timeMicros() {
        return (long) LONG.get(window, at + Layout.TIME);
    }

    Payload payload(Payload reused) {
        reused.reset(window, at + Layout.RECORD_HEADER, at + length);
        return reused;
    }

    byte[] content() {
        return java.util.Arrays.copyOfRange(window, at + Layout.RECORD_HEADER, at + length);
    }

    /// After the last byte that is not zero, from this place on; the place itself if all are zero.
    long lastNonZero(long from) throws IOException {
        long last = from;
        var bytes = new byte[WINDOW];
        file.seek(from);
        long place = from;
        for (int n = file.read(bytes); n > 0; n = file.read(bytes)) {
            for (int i = n - 1; i >= 0; i--)
                if (bytes[i] != 0) {
                    last = place + i + 1;
                    break;
                }
            place += n;
        }
        return last;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /// Brings so many bytes into the window; false if the file has them not.
    private boolean load(long place, int bytes, long limit) throws IOException {
        if (place >= windowStart && place + bytes <= windowStart + windowLength) {
            at = (int) (place - windowStart);
            return true;
        }
        if (place + bytes > limit) return false;
        if (bytes > window.length) window = new byte[bytes];
        else if (window.length > WINDOW && bytes <= WINDOW) window = new byte[WINDOW];
        int wanted = (int) Math.min(window.length, limit - place);
        windowStart = place;
        windowLength = 0;
        at = 0;
        file.seek(place);
        while (windowLength < bytes) {
            int n = file.read(window, windowLength, wanted - windowLength);
            if (n < 0) return false;
            windowLength += n;
        }
        return true;
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN)
                .withInvokeExactBehavior();
    }
}
