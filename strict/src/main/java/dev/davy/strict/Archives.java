package dev.davy.strict;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Zip and tar.gz files, unpacked into a folder completely or not at all.
///
/// Plain files and folders only, under plain relative names that are different on every file
/// system. What two programs could read differently is refused. An archive within stays packed.
public final class Archives {
    private static final int PIECE = 1 << 16;

    private Archives() {}

    /// A file that was unpacked.
    ///
    /// @param name its path in the archive, with slashes
    public record Entry(String name, Path file, long bytes) {}

    /// Unpacks into a folder beside the empty one, which takes its place at the end.
    ///
    /// @param emptyFolder exists and is empty
    /// @return the files, in the order of the archive; folders without files are left out
    /// @throws Problem UNACCEPTABLE `archive-damaged`, `archive-entry-not-allowed` or
    ///   `archive-too-large`
    public static List<Entry> unpack(Path archive, Path emptyFolder, Limits limits)
            throws IOException {
        var folder = emptyFolder.toAbsolutePath();
        var parent = folder.getParent();
        if (parent == null) throw new IllegalArgumentException("a root cannot be replaced");
        var temporary = Files.createTempDirectory(parent, ".unpacking-");
        try {
            var listing = new ArchiveListing(limits, Files.size(archive));
            var found = unpack(archive, temporary, listing);
            // Fails when it is not empty, as it should.
            Files.delete(folder);
            Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
            var entries = new ArrayList<Entry>();
            for (var entry : found)
                entries.add(
                        new Entry(
                                entry.name(),
                                folder.resolve(temporary.relativize(entry.file())),
                                entry.bytes()));
            return List.copyOf(entries);
        } finally {
            if (Files.exists(temporary)) delete(temporary);
        }
    }

    private static List<Entry> unpack(Path archive, Path folder, ArchiveListing listing)
            throws IOException {
        byte[] first;
        try (var in = Files.newInputStream(archive)) {
            first = in.readNBytes(4);
        }
        if (Magic.at(first, 0, 'P', 'K', 3, 4) || Magic.at(first, 0, 'P', 'K', 5, 6))
            return Zip.unpack(archive, folder, listing);
        if (Gzip.isGzip(first)) return Tar.unpack(archive, folder, listing);
        throw damaged(first.length == 0 ? "It is empty." : "It begins neither as zip nor as gzip.");
    }

    /// Writes one file below the folder, as many bytes as it should have and no more.
    ///
    /// @param name one that [ArchiveListing] allowed
    static Entry write(Path folder, String name, long bytes, InputStream content)
            throws IOException {
        var file = path(folder, name);
        Files.createDirectories(file.getParent());
        var piece = new byte[PIECE];
        long left = bytes;
        try (var out =
                Files.newOutputStream(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (left > 0) {
                int n = content.read(piece, 0, (int) Math.min(PIECE, left));
                if (n < 0) throw damaged("The file " + Quote.of(name) + " is cut off.");
                out.write(piece, 0, n);
                left -= n;
            }
        }
        return new Entry(name, file, bytes);
    }

    static void makeFolder(Path folder, String name) throws IOException {
        Files.createDirectories(path(folder, name));
    }

    private static Path path(Path folder, String name) {
        var path = folder.resolve(name).normalize();
        // The names were checked one by one: this line finds bugs, not attackers.
        if (!path.startsWith(folder) || path.equals(folder)) throw new IllegalStateException(name);
        return path;
    }

    static Problem damaged(String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "archive-damaged",
                "The archive cannot be read.",
                why,
                "Send a whole zip or tar.gz file.");
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e)
                            throws IOException {
                        Files.delete(each);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
