package dev.davy.registry;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// The folder of test data that lies beside the checkout; tests that need it are skipped where it
/// is not.
final class SharedData {
    private SharedData() {}

    static Path folder(String name) {
        var given = System.getProperty("davy.shared");
        var data = given == null ? beside() : Path.of(given).resolve("data");
        Assumptions.assumeTrue(
                Files.isDirectory(data.resolve(name)),
                () -> "no test data: ../shared/data/" + name + " is not beside this checkout");
        return data.resolve(name);
    }

    private static Path beside() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent())
            if (Files.isDirectory(at.resolve("shared/data"))) return at.resolve("shared/data");
        return Path.of("missing");
    }
}
