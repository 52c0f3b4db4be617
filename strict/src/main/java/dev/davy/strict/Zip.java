package dev.davy.strict;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// Zip files (APPNOTE 6.3). The directory at the end and the headers before each file must say the
/// same, cover the file without gaps or overlaps, and be read the same by the JDK: what programs
/// read differently, attackers use.
final class Zip {
    private static final int END = 0x06054B50;
    private static final int END_LENGTH = 22;
    private static final int LOCATOR = 0x07064B50;
    private static final int LOCATOR_LENGTH = 20;
    private static final int CENTRAL = 0x02014B50;
    private static final int CENTRAL_LENGTH = 46;
    private static final int LOCAL = 0x04034B50;
    private static final int LOCAL_LENGTH = 30;
    private static final int BEHIND = 0x08074B50;
    private static final int MOST_DIRECTORY = 1 << 24;
    private static final int UNICODE_PATH = 0x7075;
    private static final int ENCRYPTED = 1;
    private static final int SIZES_BEHIND = 8;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private final FileChannel file;
    private final ArchiveListing listing;

    private Zip(FileChannel file, ArchiveListing listing) {
        this.file = file;
        this.listing = listing;
    }

    /// One entry of the directory at the end.
    private record Item(
            String name,
            String rawName,
            boolean folder,
            int flags,
            int method,
            long crc,
            long packed,
            long size,
            long offset) {}

    static List<Archives.Entry> unpack(Path archive, Path folder, ArchiveListing listing)
            throws IOException {
        List<Item> items;
        try (var file = FileChannel.open(archive)) {
            items = new Zip(file, listing).items();
        }
        try (var zip = new ZipFile(archive.toFile())) {
            if (zip.size() != items.size())
                throw Archives.damaged("Its directory can be read in two ways.");
            var entries = new ArrayList<Archives.Entry>();
            for (var item : items) {
                if (item.folder()) Archives.makeFolder(folder, item.name());
                else entries.add(unpack(zip, item, folder));
            }
            return List.copyOf(entries);
        } catch (ZipException | IllegalArgumentException e) {
            throw Archives.damaged("Its compressed data or its directory is damaged.");
        } catch (java.io.EOFException e) {
            throw Archives.damaged("It is cut off.");
        }
    }

    private static Archives.Entry unpack(ZipFile zip, Item item, Path folder) throws IOException {
        var entry = zip.getEntry(item.rawName());
        if (entry == null || entry.getSize() != item.size() || entry.getCrc() != item.crc())
            throw Archives.damaged("Its directory can be read in two ways.");
        try (InputStream raw = zip.getInputStream(entry);
                var in = new CheckedInputStream(raw, new CRC32())) {
            var written = Archives.write(folder, item.name(), item.size(), in);
            if (in.read() >= 0)
                throw Archives.damaged(
                        "The file " + Quote.of(item.name()) + " is longer than it says.");
            if (in.getChecksum().getValue() != item.crc())
                throw Archives.damaged(
                        "The checksum of the file " + Quote.of(item.name()) + " is wrong.");
            return written;
        }
    }

    /// The whole directory, checked.
    private List<Item> items() throws IOException {
        long length = file.size();
        var tail =
                read(
                        Math.max(0, length - END_LENGTH - 0xFFFF),
                        (int) Math.min(length, END_LENGTH + 0xFFFF));
        int end = tail.limit() - END_LENGTH;
        while (end >= 0
                && (tail.getInt(end) != END
                        || Short.toUnsignedInt(tail.getShort(end + 20))
                                != tail.limit() - end - END_LENGTH)) end--;
        if (end < 0) throw Archives.damaged("Its end is cut off.");
        int count = Short.toUnsignedInt(tail.getShort(end + 10));
        long size = Integer.toUnsignedLong(tail.getInt(end + 12));
        long offset = Integer.toUnsignedLong(tail.getInt(end + 16));
        boolean wide = end >= LOCATOR_LENGTH && tail.getInt(end - LOCATOR_LENGTH) == LOCATOR;
        if (wide || count == 0xFFFF || offset == 0xFFFF_FFFFL)
            throw Archives.damaged(
                    "It is a zip64 file, which is not read here; tar.gz has no such limit.");
        if (tail.getInt(end + 4) != 0 || Short.toUnsignedInt(tail.getShort(end + 8)) != count)
            throw Archives.damaged("It is a part of several.");
        if (offset + size != length - tail.limit() + end || size > MOST_DIRECTORY)
            throw Archives.damaged("Its directory is not where it should be.");
        var directory = read(offset, (int) size);
        var items = new ArrayList<Item>();
        for (int i = 0; i < count; i++) items.add(item(directory));
        if (directory.hasRemaining())
            throw Archives.damaged("Its directory has more entries than it says.");
        checkHeaders(items, offset);
        return items;
    }

    private Item item(ByteBuffer in) {
        int at = in.position();
        if (in.remaining() < CENTRAL_LENGTH || in.getInt(at) != CENTRAL)
            throw Archives.damaged("Its directory is damaged.");
        int nameLength = Short.toUnsignedInt(in.getShort(at + 28));
        int extraLength = Short.toUnsignedInt(in.getShort(at + 30));
        int commentLength = Short.toUnsignedInt(in.getShort(at + 32));
        if (in.remaining() < CENTRAL_LENGTH + nameLength + extraLength + commentLength)
            throw Archives.damaged("Its directory is damaged.");
        var raw = new byte[nameLength];
        in.get(at + CENTRAL_LENGTH, raw);
        var name = listing.name(raw);
        boolean folder = raw[raw.length - 1] == '/';
        checkExtras(in, at + CENTRAL_LENGTH + nameLength, extraLength, name);
        checkType(name, in.get(at + 5), in.getInt(at + 38) >>> 16, folder);
        var item =
                new Item(
                        name,
                        folder ? name + "/" : name,
                        folder,
                        Short.toUnsignedInt(in.getShort(at + 8)),
                        Short.toUnsignedInt(in.getShort(at + 10)),
                        Integer.toUnsignedLong(in.getInt(at + 16)),
                        Integer.toUnsignedLong(in.getInt(at + 20)),
                        Integer.toUnsignedLong(in.getInt(at + 24)),
                        Integer.toUnsignedLong(in.getInt(at + 42)));
        if ((item.flags() & ENCRYPTED) != 0)
            throw ArchiveListing.notAllowed(name, "it is encrypted");
        if (item.method() != STORED && item.method() != DEFLATED)
            throw ArchiveListing.notAllowed(
                    name, "its compression method " + item.method() + " is not known");
        if (item.method() == STORED && item.packed() != item.size() || folder && item.size() != 0)
            throw ArchiveListing.notAllowed(name, "its sizes contradict each other");
        listing.add(name, folder, item.size());
        in.position(at + CENTRAL_LENGTH + nameLength + extraLength + commentLength);
        return item;
    }

    private static void checkExtras(ByteBuffer in, int from, int length, String name) {
        for (int at = from;
                at + 4 <= from + length;
                at += 4 + Short.toUnsignedInt(in.getShort(at + 2)))
            if (Short.toUnsignedInt(in.getShort(at)) == UNICODE_PATH)
                throw ArchiveListing.notAllowed(name, "it has a second name");
    }

    /// @param madeOn 3 for Unix, 19 for macOS
    /// @param mode with the type of the file in its first four bits, there
    private static void checkType(String name, byte madeOn, int mode, boolean folder) {
        if (madeOn != 3 && madeOn != 19) return;
        boolean right =
                switch (mode >>> 12) {
                    case 0 -> true;
                    case 4 -> folder;
                    case 8 -> !folder;
                    default -> false;
                };
        if (!right)
            throw ArchiveListing.notAllowed(
                    name,
                    mode >>> 12 == 10
                            ? "it is a symbolic link"
                            : "it is no plain file and no folder");
    }

    /// Before each content a header says the same again, and there is nothing between.
    private void checkHeaders(List<Item> items, long directory) throws IOException {
        long at = 0;
        var inOrder = items.stream().sorted(Comparator.comparingLong(Item::offset)).toList();
        for (int i = 0; i < inOrder.size(); i++) {
            var item = inOrder.get(i);
            if (item.offset() != at)
                throw Archives.damaged("Its files overlap, or something lies between them.");
            var header = read(at, LOCAL_LENGTH);
            int nameLength = Short.toUnsignedInt(header.getShort(26));
            int extraLength = Short.toUnsignedInt(header.getShort(28));
            boolean sizesBehind = (item.flags() & SIZES_BEHIND) != 0;
            boolean same =
                    header.getInt(0) == LOCAL
                            && Short.toUnsignedInt(header.getShort(6)) == item.flags()
                            && Short.toUnsignedInt(header.getShort(8)) == item.method()
                            && says(header, 14, item.crc(), sizesBehind)
                            && says(header, 18, item.packed(), sizesBehind)
                            && says(header, 22, item.size(), sizesBehind);
            var raw = new byte[nameLength];
            read(at + LOCAL_LENGTH, nameLength).get(raw);
            if (!same
                    || !listing.name(raw).equals(item.name())
                    || (raw[raw.length - 1] == '/') != item.folder()) throw contradicts(item);
            at += LOCAL_LENGTH + nameLength + extraLength + item.packed();
            long next = i + 1 < inOrder.size() ? inOrder.get(i + 1).offset() : directory;
            if (sizesBehind) at += sizesBehind(item, at, next - at);
        }
        if (at != directory)
            throw Archives.damaged("Something lies between its files and its directory.");
    }

    /// Checksum and sizes behind the content: with or without a signature, with sizes of 32 or 64
    /// bits. Gives its length.
    private long sizesBehind(Item item, long place, long length) throws IOException {
        if (length != 12 && length != 16 && length != 20 && length != 24) throw contradicts(item);
        var behind = read(place, (int) length);
        boolean signed = length == 16 || length == 24;
        if (signed && behind.getInt() != BEHIND) throw contradicts(item);
        long crc = Integer.toUnsignedLong(behind.getInt());
        boolean wide = length >= 20;
        long packed = wide ? behind.getLong() : Integer.toUnsignedLong(behind.getInt());
        long size = wide ? behind.getLong() : Integer.toUnsignedLong(behind.getInt());
        if (crc != item.crc() || packed != item.packed() || size != item.size())
            throw contradicts(item);
        return length;
    }

    private static Problem contradicts(Item item) {
        return Archives.damaged(
                "What stands around " + Quote.of(item.name()) + " contradicts the directory.");
    }

    private static boolean says(ByteBuffer header, int place, long value, boolean mayBeZero) {
        long said = Integer.toUnsignedLong(header.getInt(place));
        return said == value || mayBeZero && said == 0;
    }

    private ByteBuffer read(long place, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining())
            if (file.read(bytes, place + bytes.position()) < 0)
                throw Archives.damaged("It is cut off.");
        return bytes.flip();
    }
}
