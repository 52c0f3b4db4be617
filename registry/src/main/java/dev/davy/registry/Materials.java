package dev.davy.registry;

import dev.davy.storage.Blobs;
import dev.davy.strict.Hashes;
import dev.davy.strict.Problem;
import dev.davy.strict.Problem.Kind;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.SortedMap;

/// Folders with a bundle's files under their own names, made of blobs when they are needed. They
/// may be deleted at any time: the blobs are the truth.
final class Materials {
    private final Path folders;
    private final Path temporary;
    private final Blobs blobs;

    Materials(Path folders, Path temporary, Blobs blobs) {
        this.folders = folders;
        this.temporary = temporary;
        this.blobs = blobs;
    }

    /// The folder of the bundle with this digest; each file in it has been read and is what it
    /// should be.
    Path folder(String digest, SortedMap<String, String> files) throws IOException {
        var folder = SafePath.inside(folders, digest);
        if (isWhole(folder, files)) return folder;
        remove(digest);
        make(folder, files);
        if (isWhole(folder, files)) return folder;
        throw new Problem(
                Kind.UNAVAILABLE,
                "model-file-damaged",
                "The model's files cannot be used.",
                "At least one of them is missing on the server's disk or no longer what was pushed.",
                "Push the same files again, or restore the data folder from a backup.");
    }

    void remove(String digest) throws IOException {
        var folder = SafePath.inside(folders, digest);
        if (!Files.exists(folder)) return;
        // Renamed first: whoever looks for it finds all of it or nothing.
        var gone = Files.createTempDirectory(temporary, "gone-");
        try {
            Files.move(folder, SafePath.inside(gone, digest), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(gone);
        }
    }

    private void make(Path folder, SortedMap<String, String> files) throws IOException {
        Files.createDirectories(folders);
        var unfinished = Files.createTempDirectory(temporary, "model-");
        try {
            for (var file : files.entrySet()) {
                var to = BundleFiles.file(unfinished, file.getKey());
                Files.createDirectories(to.getParent());
                if (blobs.has(file.getValue())) linkOrCopy(blobs.path(file.getValue()), to);
            }
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            // Somebody else has just made it.
            delete(unfinished);
        } catch (IOException | RuntimeException e) {
            delete(unfinished);
            throw e;
        }
    }

    static void linkOrCopy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException | IOException e) {
            // Another file system, or one without links.
            Files.copy(from, to);
        }
    }

    private static boolean isWhole(Path folder, SortedMap<String, String> files)
            throws IOException {
        for (var each : files.entrySet()) {
            var file = BundleFiles.file(folder, each.getKey());
            if (!SafePath.isFile(file) || !Hashes.sha256(file).equals(each.getValue()))
                return false;
        }
        return true;
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                Files.deleteIfExists(path);
        }
    }
}
