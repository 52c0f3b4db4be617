package dev.davy.storage;

import java.nio.file.Path;
import java.util.Optional;

/// Files by the SHA-256 of their content: models, images, audio.
@SuppressWarnings("DoNotCallSuggester")
public final class Blobs {
    /// @param folder of the blobs
    /// @param temporary on the same disk, where unfinished ones lie
    public Blobs(Path folder, Path temporary) {}

    /// Keeps the content; on disk when it returns.
    ///
    /// @return its digest, 64 hexadecimal characters
    public String put(byte[] content) {
        throw new IllegalStateException("not there yet");
    }

    /// Keeps a copy of the file's content; on disk when it returns.
    public String put(Path file) {
        throw new IllegalStateException("not there yet");
    }

    /// Keeps the content through the end of the process, but not yet through a loss of power: for
    /// what is captured along with predictions.
    public String putUnsynced(byte[] content) {
        throw new IllegalStateException("not there yet");
    }

    /// Where the content of this digest lies, or would lie. Never write there.
    public Path path(String digest) {
        throw new IllegalStateException("not there yet");
    }

    /// The content, checked against its digest; empty if it is not here or is damaged.
    public Optional<byte[]> get(String digest) {
        throw new IllegalStateException("not there yet");
    }

    public boolean has(String digest) {
        throw new IllegalStateException("not there yet");
    }
}
