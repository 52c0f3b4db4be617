package dev.davy.registry;

import dev.davy.strict.Hashes;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The files of a bundle, by name, with their digests: what makes two bundles the same.
///
/// @param digests SHA-256 by name; folders in names are parted by slashes
/// @param bytes of all files together
record BundleFiles(SortedMap<String, String> digests, long bytes) {
    BundleFiles {
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    }

    /// Reads all files under a folder.
    ///
    /// @throws Problem UNACCEPTABLE `bundle-file-not-allowed` for links and names that could mean
    ///   something else elsewhere
    static BundleFiles in(Path folder) throws IOException {
        var digests = new TreeMap<String, String>();
        var bytes = new long[1];
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        var name = new StringBuilder();
                        for (var part : folder.relativize(file))
                            name.append(name.isEmpty() ? "" : "/").append(checked(part));
                        if (!attributes.isRegularFile()) throw notAllowed(name.toString());
                        digests.put(name.toString(), Hashes.sha256(file));
                        bytes[0] += attributes.size();
                        return FileVisitResult.CONTINUE;
                    }
                });
        return new BundleFiles(digests, bytes[0]);
    }

    /// SHA-256 over one line per file, `name digest`, in the order of their names.
    String digest() {
        var lines = new StringBuilder();
        digests.forEach(
                (name, digest) -> lines.append(name).append(' ').append(digest).append('\n'));
        return Hashes.sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// The file of this name under a folder; folders between are not made.
    static Path file(Path folder, String name) {
        var path = folder;
        for (var part : name.split("/", -1)) path = SafePath.inside(path, part);
        return path;
    }

    private static String checked(Path part) {
        var name = part.toString();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) throw notAllowed(name);
        return name;
    }

    private static Problem notAllowed(String name) {
        var shown = name.replaceAll("[^A-Za-z0-9._/-]", "?");
        return new Problem(
                Kind.UNACCEPTABLE,
                "bundle-file-not-allowed",
                "The bundle holds a file that cannot be kept: '"
                        + shown.substring(0, Math.min(60, shown.length()))
                        + "'.",
                "Files are plain files, with names of letters, digits, '.', '_' and '-' that begin with a letter or digit.",
                "Leave it out or rename it.");
    }
}
