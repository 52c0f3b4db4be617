package dev.davy.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A server's process seen from outside: its memory, and the files it leaves.
final class Watched {
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern NOW = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final long pid;
    private final Path data;

    Watched(long pid, Path data) {
        this.pid = pid;
        this.data = data;
    }

    private OptionalLong kilobytes(Pattern line) {
        try {
            var status = Files.readString(Path.of("/proc/" + pid + "/status"));
            var found = line.matcher(status);
            return found.find()
                    ? OptionalLong.of(Long.parseLong(found.group(1)))
                    : OptionalLong.empty();
        } catch (IOException notLinux) {
            return OptionalLong.empty();
        }
    }

    /// Resident memory now, in kB; empty where that can't be told.
    OptionalLong resident() {
        return kilobytes(NOW);
    }

    /// The most that was resident since [#forgetPeak], in kB; empty where that can't be told.
    OptionalLong peak() {
        return kilobytes(PEAK);
    }

    void forgetPeak() {
        try {
            Files.writeString(
                    Path.of("/proc/" + pid + "/clear_refs"),
                    "5",
                    StandardCharsets.US_ASCII,
                    StandardOpenOption.WRITE);
        } catch (IOException notAllowed) {
            // Then the peak is that of its whole life, and a test that compares will say so.
        }
    }

    /// All files but those of the log, its readers and the database: what a call may have left.
    Set<String> files() throws IOException {
        var files = new TreeSet<String>();
        try (var all = Files.walk(data)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                var name = data.relativize(file).toString();
                if (!name.matches("(log|archive|windows)/.*|state\\.db.*")) files.add(name);
            }
        }
        return files;
    }
}
