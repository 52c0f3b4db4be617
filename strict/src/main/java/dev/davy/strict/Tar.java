package dev.davy.strict;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tar files (POSIX ustar and pax, GNU long names) within gzip.
///
/// Our own: the readers that there are take a name of any length into memory, and resolve links.
final class Tar {
    private static final int BLOCK = 512;
    private static final int LONGEST_EXTENSION = 1 << 16;

    private final InputStream in;
    private final Path folder;
    private final ArchiveListing listing;
    private final List<Archives.Entry> entries = new ArrayList<>();
    private byte @Nullable [] longName;
    private long longSize = -1;

    private Tar(InputStream in, Path folder, ArchiveListing listing) {
        this.in = in;
        this.folder = folder;
        this.listing = listing;
    }

    /// Each entry is checked before it is written; all goes to a folder that is thrown away when
    /// one is refused.
    static List<Archives.Entry> unpack(Path archive, Path folder, ArchiveListing listing)
            throws IOException {
        try (var in = Gzip.stream(Files.newInputStream(archive), Long.MAX_VALUE)) {
            return new Tar(in, folder, listing).unpack();
        } catch (Problem problem) {
            if (problem.code().equals("compressed-data-malformed"))
                throw Archives.damaged(problem.why());
            throw problem;
        }
    }

    private List<Archives.Entry> unpack() throws IOException {
        var header = new byte[BLOCK];
        while (true) {
            block(header);
            if (isZero(header)) break;
            checkSum(header);
            long size = number(header, 124, 12);
            if (size < 0) throw Archives.damaged("An entry has a negative size.");
            switch (header[156]) {
                case 'x' -> pax(extension(size));
                // For all entries that follow: a comment at most, such as git's.
                case 'g' -> paxForAll(extension(size));
                case 'L' -> longName = withoutZeros(extension(size));
                default -> entry(header, size);
            }
        }
        // The second block of zeros, and what fills up the tape.
        int last = 0;
        while ((last = in.read(header)) > 0)
            if (!isZero(Arrays.copyOf(header, last)))
                throw Archives.damaged("Something else follows behind its end.");
        return List.copyOf(entries);
    }

    private void entry(byte[] header, long headerSize) throws IOException {
        long size = longSize >= 0 ? longSize : headerSize;
        var raw = withoutDots(longName != null ? longName : name(header));
        longName = null;
        longSize = -1;
        boolean folderEntry = header[156] == '5' || raw.length > 0 && raw[raw.length - 1] == '/';
        // The folder that was packed itself.
        if (header[156] == '5' && raw.length == 0) return;
        var name = listing.name(raw);
        if (header[156] != '0' && header[156] != 0 && header[156] != '5')
            throw ArchiveListing.notAllowed(name, kind(header[156]));
        if (folderEntry && size != 0)
            throw ArchiveListing.notAllowed(name, "it is a folder with content");
        listing.add(name, folderEntry, size);
        if (folderEntry) {
            Archives.makeFolder(folder, name);
        } else {
            entries.add(Archives.write(folder, name, size, in));
            skip(padding(size));
        }
    }

    private static String kind(byte type) {
        return switch (type) {
            case '1' -> "it is a hard link";
            case '2', 'K' -> "it is a symbolic link";
            case '3', '4', '6' -> "it is a device";
            case 'S' -> "it is a sparse file";
            default -> "it is no plain file and no folder";
        };
    }

    /// Records of the form `length key=value\n`.
    private void pax(byte[] records) {
        int at = 0;
        while (at < records.length) {
            int space = at;
            int length = 0;
            while (space < records.length
                    && records[space] >= '0'
                    && records[space] <= '9'
                    && length < records.length) length = length * 10 + records[space++] - '0';
            int end = at + length;
            if (space >= records.length
                    || records[space] != ' '
                    || end <= space + 2
                    || end > records.length)
                throw Archives.damaged("An extended header is damaged.");
            var record = Arrays.copyOfRange(records, space + 1, end - 1);
            int equals = 0;
            while (equals < record.length && record[equals] != '=') equals++;
            if (equals == record.length) throw Archives.damaged("An extended header is damaged.");
            var key = new String(record, 0, equals, StandardCharsets.ISO_8859_1);
            var value = Arrays.copyOfRange(record, equals + 1, record.length);
            if (key.equals("path")) longName = value;
            if (key.equals("size")) {
                longSize =
                        Numbers.asInteger(new String(value, StandardCharsets.ISO_8859_1))
                                .orElse(-1);
                if (longSize < 0) throw Archives.damaged("An entry has an impossible size.");
            }
            if (key.startsWith("GNU.sparse"))
                throw Archives.damaged("An extended header is not understood.");
            at = end;
        }
    }

    private void paxForAll(byte[] records) {
        pax(records);
        if (longName != null || longSize >= 0)
            throw Archives.damaged("One name or size is given to all entries.");
    }

    private byte[] extension(long size) throws IOException {
        if (size > LONGEST_EXTENSION)
            throw Archives.damaged("An extended header is longer than 64 KiB.");
        var bytes = in.readNBytes((int) size);
        if (bytes.length < size) throw early();
        skip(padding(size));
        return bytes;
    }

    private void block(byte[] into) throws IOException {
        if (in.readNBytes(into, 0, BLOCK) < BLOCK) throw early();
    }

    private void skip(int bytes) throws IOException {
        if (in.readNBytes(bytes).length < bytes) throw early();
    }

    private static int padding(long size) {
        return (int) (-size & BLOCK - 1);
    }

    private static byte[] name(byte[] header) {
        var name = new ByteArrayOutputStream();
        boolean posix = Magic.at(header, 257, "ustar\0");
        if (posix && header[345] != 0) {
            name.writeBytes(text(header, 345, 155));
            name.write('/');
        }
        name.writeBytes(text(header, 0, 100));
        return name.toByteArray();
    }

    private static byte[] text(byte[] header, int from, int length) {
        return withoutZeros(Arrays.copyOfRange(header, from, from + length));
    }

    private static byte[] withoutZeros(byte[] text) {
        int end = 0;
        while (end < text.length && text[end] != 0) end++;
        return Arrays.copyOf(text, end);
    }

    /// `./model.onnx` is what `tar` writes when the whole folder is packed.
    private static byte[] withoutDots(byte[] name) {
        boolean dots = name.length >= 1 && name[0] == '.' && (name.length == 1 || name[1] == '/');
        return dots ? Arrays.copyOfRange(name, Math.min(2, name.length), name.length) : name;
    }

    /// Octal digits, or, when the first bit is set, a big-endian number.
    private static long number(byte[] header, int from, int length) {
        if (header[from] < 0) {
            long value = header[from] & 0x3F;
            for (int i = from + 1; i < from + length; i++) {
                if (value >> 48 != 0) throw Archives.damaged("An entry's size is impossible.");
                value = value << 8 | (header[i] & 0xFF);
            }
            return (header[from] & 0x40) != 0 ? -1 : value;
        }
        long value = 0;
        int i = from;
        while (i < from + length && header[i] == ' ') i++;
        for (; i < from + length && header[i] != 0 && header[i] != ' '; i++) {
            if (header[i] < '0' || header[i] > '7') throw Archives.damaged("A header is damaged.");
            value = value << 3 | header[i] - '0';
        }
        return value;
    }

    private static void checkSum(byte[] header) {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
        if (number(header, 148, 8) != sum)
            throw Archives.damaged("It is no tar file, or a header's checksum is wrong.");
    }

    private static boolean isZero(byte[] block) {
        for (var b : block) if (b != 0) return false;
        return true;
    }

    private static Problem early() {
        return Archives.damaged("It ends too early.");
    }
}
