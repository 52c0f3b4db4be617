package dev.davy.stats;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// The folder of test data that lies beside the checkout; tests that need it are skipped where it
/// is not.
public final class SharedData {
    private SharedData() {}

    public static Path folder(String name) {
        var given = System.getProperty("davy.shared");
        var folder =
                given != null
                        ? Path.of(given).resolve("data")
                        : beside(Path.of("").toAbsolutePath());
        Assumptions.assumeTrue(
                folder != null && Files.isDirectory(folder.resolve(name)),
                () -> "no test data: ../shared/data/" + name + " is not beside this checkout");
        return folder.resolve(name);
    }

    private static Path beside(Path start) {
        for (Path at = start; at != null; at = at.getParent())
            if (Files.isDirectory(at.resolve("shared/data"))) return at.resolve("shared/data");
        return Path.of("missing");
    }
}
