package dev.davy.server;

import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/// The data folder's own random secret, by which columns are hashed in the log. Whoever loses it
/// can no longer recognise what was hashed before.
final class Secret {
    private static final int BYTES = 32;

    private Secret() {}

    /// The secret in this file; made at the first start. The folder around it is the owner's alone.
    static byte[] in(Path file) {
        try {
            if (!Files.exists(file)) make(file);
            var bytes = Files.readAllBytes(file);
            if (bytes.length == BYTES) return bytes;
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "privacy-key-damaged",
                    "The key by which columns are hashed is damaged.",
                    file + " has " + bytes.length + " bytes instead of " + BYTES + ".",
                    "Bring it back from a backup. A new one cannot recognise what was hashed"
                            + " before.");
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.UNAVAILABLE,
                    "privacy-key-unusable",
                    "The key by which columns are hashed cannot be read or made.",
                    e.toString(),
                    "See that " + file + " can be read and written.");
        }
    }

    // Beside it, on disk, then renamed: a start that is killed leaves no half of a key.
    private static void make(Path file) throws IOException {
        var bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        var part = file.resolveSibling(file.getFileName() + ".part");
        try (var out =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(bytes));
            out.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
