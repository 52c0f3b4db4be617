package dev.davy.batch;

import dev.davy.strict.Hashes;
import dev.davy.strict.Problem;
import dev.davy.strict.SafePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;

/// What was uploaded for batches, by the SHA-256 of its content. Nothing that a client names is
/// ever opened here.
public final class Inputs {
    /// What no job has taken by then goes.
    public static final Duration KEPT_FOR = Duration.ofDays(7);

    private final Path folder;
    private final InstantSource clock;

    /// @param folder on the same disk as the temporary folder that uploads come into
    public Inputs(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /// Takes a file in.
    ///
    /// @param upload is moved
    /// @return its digest, 64 hexadecimal characters
    public String put(Path upload) throws IOException {
        Files.createDirectories(folder);
        forgetOld();
        var digest = Hashes.sha256(upload);
        var path = path(digest);
        if (Files.exists(path)) Files.setLastModifiedTime(path, FileTime.from(clock.instant()));
        else Files.move(upload, path, StandardCopyOption.ATOMIC_MOVE);
        return digest;
    }

    /// Gives a job a name of its own for a file, which stays when the upload is forgotten.
    ///
    /// @throws Problem NOT_FOUND `file-unknown`
    void link(String digest, Path into) throws IOException {
        var link = SafePath.inside(into, digest);
        if (Files.exists(link)) return;
        Files.createLink(link, check(digest));
    }

    /// @throws Problem NOT_FOUND `file-unknown`
    Path check(String digest) {
        if (digest.matches("[0-9a-f]{64}") && Files.exists(path(digest))) return path(digest);
        throw new Problem(
                Problem.Kind.NOT_FOUND,
                "file-unknown",
                "The input of the batch is not here.",
                "No file of this SHA-256 was uploaded in the last " + KEPT_FOR.toDays() + " days.",
                "Upload it with POST /api/v1/batch/files, which answers its digest.");
    }

    private Path path(String digest) {
        return SafePath.inside(folder, digest);
    }

    private void forgetOld() throws IOException {
        var old = FileTime.from(clock.instant().minus(KEPT_FOR));
        try (var files = Files.list(folder)) {
            for (var file : files.toList())
                if (Files.getLastModifiedTime(file).compareTo(old) < 0) Files.deleteIfExists(file);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
