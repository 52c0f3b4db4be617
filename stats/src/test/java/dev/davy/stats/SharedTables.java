package dev.davy.stats;

import dev.davy.strict.Csv;
import dev.davy.strict.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/// Tables of the test data that lies beside the checkout; tests that need them are skipped where it
/// is not.
public final class SharedTables {
    private SharedTables() {}

    public static Path file(String name) {
        var given = System.getProperty("davy.shared");
        var file =
                given != null
                        ? Path.of(given).resolve("data").resolve(name)
                        : beside(Path.of("").toAbsolutePath(), name);
        Assumptions.assumeTrue(
                Files.exists(file),
                () -> "no test data: ../shared/data/" + name + " is not beside this checkout");
        return file;
    }

    private static Path beside(Path start, String name) {
        for (Path at = start; at != null; at = at.getParent())
            if (Files.isDirectory(at.resolve("shared/data")))
                return at.resolve("shared/data").resolve(name);
        return Path.of("missing");
    }

    /// All rows, each by the names of the columns.
    public static List<Map<String, String>> rows(String name) {
        try (var reader = Csv.open(Files.newInputStream(file(name)), name, Limits.DEFAULT)) {
            var rows = new ArrayList<Map<String, String>>();
            for (var row = reader.next(); row.isPresent(); row = reader.next()) {
                if (!(row.get() instanceof Csv.CsvRow good))
                    throw new IllegalStateException(name + ": " + row.get());
                var cells = new HashMap<String, String>();
                for (int c = 0; c < reader.header().size(); c++)
                    cells.put(reader.header().get(c), good.cells().get(c));
                rows.add(cells);
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
