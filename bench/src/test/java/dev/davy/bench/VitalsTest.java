package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VitalsTest {
    @TempDir private Path data = Path.of("");

    @Test
    void seesAProcessAndItsFolders() throws Exception {
        Files.createDirectories(data.resolve("log"));
        Files.write(data.resolve("log/1"), new byte[300_000]);
        Files.write(data.resolve("state.db"), new byte[500_000]);
        Files.write(data.resolve("lock"), new byte[3]);
        var vitals = new Vitals(data);
        var words = List.of("sleep", "60");
        var command = new ServerProcess.Command(words, Map.of());
        try (var process = ServerProcess.start(command, 1, data.resolve("output"))) {
            for (int i = 0; i < 10; i++) vitals.look(i, 1, process);
            process.kill();
            // Gone: no look, and no failure.
            vitals.look(10, 1, process);
        }
        var table = vitals.table(3).toString();
        assertThat(table).contains("log MB").contains("state.db MB").doesNotContain("others");
        assertThat(table.lines()).hasSize(5);
        var disk = vitals.growth(1, look -> look.disk("log"));
        assertThat(disk.first()).isEqualTo(0.3);
        assertThat(disk.factor()).isEqualTo(1);
        assertThat(vitals.growth(1, Vitals.Look::openFiles).first()).isPositive();
        assertThat(vitals.growth(2, Vitals.Look::threads).factor()).isNaN();
    }

    @Test
    void growthIsOfTheLastQuarterOverTheFirstOfOneLife() throws IOException {
        var vitals = new Vitals(data);
        try (var process =
                ServerProcess.start(
                        new ServerProcess.Command(List.of("sleep", "60"), Map.of()),
                        1,
                        data.resolve("output"))) {
            for (int i = 0; i < 100; i++) vitals.look(i, i < 50 ? 1 : 2, process);
            // 50 to 99, without the first ten: 60 to 69 and 90 to 99.
            var minutes = vitals.growth(2, Vitals.Look::minutes);
            assertThat(minutes.first()).isBetween(60.0, 69.0);
            assertThat(minutes.last()).isBetween(90.0, 99.0);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
