package dev.davy.strict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Zip and tar.gz files, unpacked into an empty folder or not at all.
@SuppressWarnings("DoNotCallSuggester")
public final class Archives {
    private Archives() {}

    /// A file that was unpacked.
    ///
    /// @param name its path in the archive, with slashes
    public record Entry(String name, Path file, long bytes) {}

    public static List<Entry> unpack(Path archive, Path emptyFolder, Limits limits)
            throws IOException {
        throw new IllegalStateException("not there yet");
    }
}
