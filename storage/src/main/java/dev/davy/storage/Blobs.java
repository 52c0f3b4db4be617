package dev.davy.storage;

import dev.davy.strict.Hashes;
import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.UUID;

/// Files by the SHA-256 of their content: models, images, audio. A file appears whole or not at
/// all, and what is there already is not stored again. For any number of threads.
public final class Blobs {
    private final Disk disk;
    private final Path folder;
    private final Path temporary;

    /// @param folder of the blobs
    /// @param temporary on the same disk, where unfinished ones lie
    public Blobs(Path folder, Path temporary) {
        this(Disk.REAL, folder, temporary);
    }

    Blobs(Disk disk, Path folder, Path temporary) {
        this.disk = disk;
        this.folder = folder;
        this.temporary = temporary;
    }

    /// Keeps the content; on disk when it returns.
    ///
    /// @return its digest, 64 hexadecimal characters
    /// @throws Problem FULL `disk-full`
    public String put(byte[] content) {
        return put(content, true);
    }

    /// Keeps the content through the end of the process, but not yet through a loss of power: for
    /// what is captured along with predictions. What a loss of power damages, [#get] does not give.
    ///
    /// @throws Problem FULL `disk-full`
    public String putUnsynced(byte[] content) {
        return put(content, false);
    }

    /// Brings to disk what [#putUnsynced] kept: many at once, which is faster than one by one.
    public void sync(Collection<String> digests) {
        try {
            var shelves = new LinkedHashSet<Path>();
            for (var digest : digests) {
                var path = path(digest);
                try (var channel = FileChannel.open(path, java.nio.file.StandardOpenOption.WRITE)) {
                    disk.force(channel);
                }
                shelves.add(Disk.folderOf(path));
            }
            for (var shelf : shelves) disk.forceFolder(shelf);
            if (!shelves.isEmpty()) disk.forceFolder(folder);
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    /// Deletes what nothing refers to any more.
    ///
    /// @return whether it was there
    public boolean delete(String digest) {
        try {
            return Files.deleteIfExists(path(digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Keeps a copy of the file's content; on disk when it returns. The file must not change
    /// meanwhile.
    ///
    /// @throws Problem FULL `disk-full`
    public String put(Path file) {
        try {
            var digest = Hashes.sha256(file);
            if (isHere(digest, Files.size(file), true)) return digest;
            var fresh = fresh();
            try {
                try (var from = FileChannel.open(file);
                        var to = disk.create(fresh)) {
                    copy(from, to);
                    disk.force(to);
                }
                if (!Hashes.sha256(fresh).equals(digest))
                    throw new IllegalStateException("a file changed while it was being stored");
                keep(fresh, digest, true);
            } finally {
                disk.delete(fresh);
            }
            return digest;
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    /// Where the content of this digest lies, or would lie. Never write there.
    ///
    /// @param digest 64 hexadecimal characters
    public Path path(String digest) {
        if (!digest.matches("[0-9a-f]{64}"))
            throw new IllegalArgumentException("'" + digest + "' is no SHA-256");
        return SafePath.inside(SafePath.inside(folder, digest.substring(0, 2)), digest);
    }

    /// The content, checked against its digest; empty if it is not here or is damaged.
    public Optional<byte[]> get(String digest) {
        try {
            var content = Files.readAllBytes(path(digest));
            return Hashes.sha256(content).equals(digest) ? Optional.of(content) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether there is a file of this digest; see [#isWhole] for its content.
    public boolean has(String digest) {
        return Files.exists(path(digest));
    }

    /// Whether the content of this digest is here and undamaged: reads all of it.
    public boolean isWhole(String digest) {
        try {
            return has(digest) && Hashes.sha256(path(digest)).equals(digest);
        } catch (IOException e) {
            return false;
        }
    }

    private String put(byte[] content, boolean synced) {
        var digest = Hashes.sha256(content);
        try {
            if (isHere(digest, content.length, synced)) return digest;
            var fresh = fresh();
            try {
                try (var to = disk.create(fresh)) {
                    disk.write(to, ByteBuffer.wrap(content), 0);
                    if (synced) disk.force(to);
                }
                keep(fresh, digest, synced);
            } finally {
                disk.delete(fresh);
            }
            return digest;
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    /// What is there may be damaged, or may not be on disk yet: it is taken only if it is whole.
    private boolean isHere(String digest, long length, boolean synced) throws IOException {
        var path = path(digest);
        if (!Files.exists(path) || Files.size(path) != length || !isWhole(digest)) return false;
        if (!synced) return true;
        try (var channel = FileChannel.open(path, java.nio.file.StandardOpenOption.WRITE)) {
            disk.force(channel);
        }
        forceNames(path);
        return true;
    }

    private void keep(Path fresh, String digest, boolean synced) throws IOException {
        var path = path(digest);
        var shelf = Disk.folderOf(path);
        Files.createDirectories(shelf);
        disk.move(fresh, path);
        if (synced) forceNames(path);
    }

    private void forceNames(Path path) throws IOException {
        disk.forceFolder(Disk.folderOf(path));
        disk.forceFolder(folder);
    }

    private void copy(FileChannel from, FileChannel to) throws IOException {
        var piece = ByteBuffer.allocateDirect(1 << 20);
        for (long at = 0; from.read(piece.clear(), at) > 0; ) {
            int length = piece.flip().remaining();
            disk.write(to, piece, at);
            at += length;
        }
    }

    private Path fresh() {
        return SafePath.inside(temporary, "blob-" + UUID.randomUUID());
    }

    private static RuntimeException trouble(IOException e) {
        if (Preparer.reason(e) != LogFailed.Reason.FULL) return new UncheckedIOException(e);
        return new Problem(
                Problem.Kind.FULL,
                "disk-full",
                "The file cannot be stored.",
                "The disk is full.",
                "Make space and try again.");
    }
}
