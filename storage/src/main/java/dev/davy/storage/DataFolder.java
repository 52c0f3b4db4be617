package dev.davy.storage;

import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// The folder in which one process keeps everything. A lock, held as long as the process lives,
/// keeps a second one out; the system lets go of it however the process ends.
public final class DataFolder implements AutoCloseable {
    private final Path root;
    // Nothing else may open the lock's file in this process: closing it there would free the lock.
    private final FileChannel lock;

    private DataFolder(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /// Makes the folder if it is not there, readable by its owner only, locks it and empties its
    /// temporary folder.
    ///
    /// @throws Problem CONFLICT `data-folder-in-use` if another process has it; UNAVAILABLE
    ///   `data-folder-unusable` if it cannot be made or written
    public static DataFolder open(Path folder) {
        var root = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root, ownerOnly(root));
            var lock = lock(root);
            var data = new DataFolder(root, lock);
            try {
                data.empty(data.temporary());
                Sqlite.unpackInto(data.natives());
                return data;
            } catch (IOException | RuntimeException e) {
                data.close();
                throw e;
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "data-folder-unusable",
                    "The data folder cannot be used.",
                    e.toString(),
                    "Give a folder that this user may write: --data DIR.");
        }
    }

    public Path log() {
        return folder("log");
    }

    /// Predictions, feedback and shadows as Parquet files.
    public Path archive() {
        return folder("archive");
    }

    public Path blobs() {
        return folder("blobs");
    }

    /// For native libraries, each unpacked once under the digest of its content.
    public Path natives() {
        return folder("natives");
    }

    /// Empty at each start; on the same disk as the rest, so that a finished file can be renamed to
    /// its place.
    public Path temporary() {
        return folder("temporary");
    }

    /// The embedded database's file.
    public Path state() {
        return file("state.db");
    }

    /// A file or folder of ours directly in the data folder.
    public Path file(String serverMadeName) {
        return SafePath.inside(root, serverMadeName);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path folder(String name) {
        try {
            return Files.createDirectories(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        var channel =
                FileChannel.open(
                        SafePath.inside(root, "lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) throw inUse(root, holder(channel));
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(root, "this process itself");
        } catch (IOException | Problem e) {
            channel.close();
            throw e;
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(
                        ("process " + ProcessHandle.current().pid())
                                .getBytes(StandardCharsets.UTF_8)),
                0);
        return channel;
    }

    private static String holder(FileChannel channel) throws IOException {
        var text = ByteBuffer.allocate(64);
        channel.read(text, 0);
        var who = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
        return who.isEmpty() ? "another process" : who;
    }

    private static Problem inUse(Path root, String who) {
        return new Problem(
                Problem.Kind.CONFLICT,
                "data-folder-in-use",
                "The data folder " + root + " is in use.",
                "It is held by " + who + ", and one folder has one process.",
                "Stop that process, or start this one with another folder: --data DIR.");
    }

    private void empty(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            // Deepest first.
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList())
                if (!file.equals(folder)) Files.delete(file);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path root) {
        if (!root.getFileSystem().supportedFileAttributeViews().contains("posix"))
            return new FileAttribute<?>[0];
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        };
    }
}
