package dev.davy.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Where and how a measurement runs.
///
/// @param root the checkout
/// @param work an empty folder for data folders and the servers' own output
/// @param quick whether it must end within a minute
record Place(Path root, Path work, boolean quick, PrintStream out) {
    static final String ROOT = "davy.bench.root";

    static Place here(boolean quick) throws IOException {
        var root = Path.of(System.getProperty(ROOT, "."));
        var work = root.resolve("bench/target/work");
        delete(work);
        Files.createDirectories(work);
        return new Place(root, work, quick, System.out);
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
