package dev.davy.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/// Where and how a measurement runs.
///
/// @param root the checkout
/// @param work an empty folder for data folders and the servers' own output
/// @param quick whether it must end within a minute
/// @param length how long a measurement is to last that may last as long as one likes
record Place(Path root, Path work, boolean quick, PrintStream out, Optional<Duration> length) {
    static final String ROOT = "davy.bench.root";

    Place(Path root, Path work, boolean quick, PrintStream out) {
        this(root, work, quick, out, Optional.empty());
    }

    static Place here(boolean quick) throws IOException {
        var root = Path.of(System.getProperty(ROOT, "."));
        var work = root.resolve("bench/target/work");
        delete(work);
        Files.createDirectories(work);
        return new Place(root, work, quick, System.out);
    }

    Place lasting(Optional<Duration> length) {
        return new Place(root, work, quick, out, length);
    }

    Path models() {
        return root.resolve("bench/models");
    }

    byte[] model(String name) throws IOException {
        return Files.readAllBytes(models().resolve(name + ".onnx"));
    }

    /// Tells a person that watches what is being done; the table comes at the end.
    void progress(String what) {
        System.err.println("  " + what);
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var all = Files.walk(folder)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList())
                Files.deleteIfExists(each);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var each : all.toList()) Files.copy(each, to.resolve(from.relativize(each)));
        }
    }
}
