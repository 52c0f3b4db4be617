package dev.davy.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The calls by which storage changes what is on disk. The real ones are here; tests put one
/// between that fails at the n-th call.
interface Disk {
    Disk REAL = new Disk() {};

    private static ByteBuffer zeros() {
        return ByteBuffer.allocateDirect(1 << 20);
    }

    /// A new, empty file, or an old one made empty.
    default FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /// Writes all of it, or throws.
    default void write(FileChannel file, ByteBuffer content, long at) throws IOException {
        for (long to = at; content.hasRemaining(); ) to += file.write(content, to);
    }

    default void truncate(FileChannel file, long length) throws IOException {
        file.truncate(length);
    }

    default void force(FileChannel file) throws IOException {
        file.force(true);
    }

    default void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    default void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /// Makes the names in a folder last: without it a new file may be gone after a loss of power.
    default void forceFolder(Path folder) throws IOException {
        // Windows opens no folder, and needs no sync of one.
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix"))
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
    }

    default MemorySegment map(FileChannel file, long length, Arena arena) throws IOException {
        return file.map(FileChannel.MapMode.READ_WRITE, 0, length, arena);
    }

    /// Into mapped memory. May throw [InternalError] when the disk behind it fails.
    default void copy(byte[] from, int offset, int length, MemorySegment to, long at) {
        MemorySegment.copy(from, offset, to, ValueLayout.JAVA_BYTE, at, length);
    }

    /// Brings this stretch of mapped memory to the disk.
    default void force(MemorySegment memory, long from, long to) throws IOException {
        try {
            memory.asSlice(from, to - from).force();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// A file full of zeros that take real space. A sparse one would promise space that a full disk
    /// does not have, and the writer of mapped memory would die of it.
    default void fill(FileChannel file, long length) throws IOException {
        var zeros = zeros();
        for (long at = 0; at < length; at += zeros.limit())
            write(file, zeros.clear().limit((int) Math.min(zeros.capacity(), length - at)), at);
    }

    /// Whether less than a twentieth of the disk, or than four files of the log, is left.
    default boolean isNearlyFull(Path folder, long fileBytes) {
        try {
            var store = Files.getFileStore(folder);
            long left = store.getUsableSpace();
            return left < store.getTotalSpace() / 20 && left < 4L << 30 || left < 4 * fileBytes;
        } catch (IOException e) {
            return false;
        }
    }

    /// Gives a small file a new content: after a crash it has the old one or the new one.
    default void replace(Path file, byte[] content) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        try (var channel = create(fresh)) {
            write(channel, ByteBuffer.wrap(content), 0);
            force(channel);
        }
        move(fresh, file);
        forceFolder(folderOf(file));
    }

    static Path folderOf(Path file) {
        var folder = file.getParent();
        if (folder == null) throw new IllegalArgumentException(file + " is in no folder");
        return folder;
    }
}
