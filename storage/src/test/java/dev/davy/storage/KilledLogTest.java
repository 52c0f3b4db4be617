package dev.davy.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that appends is killed at random moments, again and again on one folder.
class KilledLogTest {
    private static final int ROUNDS = Integer.getInteger("davy.kills", 12);

    @TempDir Path folder;

    @Test
    void keepsEachAcknowledgedRecordExactlyOnceThroughKill9() throws Exception {
        var acknowledged = new HashSet<Long>();
        var random = new Random(20_251_121);
        for (int round = 1; round <= ROUNDS; round++) {
            appendUntilKilled(round, 1 + random.nextInt(4_000), acknowledged);
            var found = new HashSet<Long>();
            var cursor = Cursor.START;
            try (var log = LogKit.open(folder, 1);
                    var reader = log.read(cursor)) {
                while (reader.next()) {
                    assertThat(reader.gap()).isEmpty();
                    long number = LogKit.number(reader);
                    assertThat(found.add(number)).as("%d, round %d", number, round).isTrue();
                }
            }
            var missing = new HashSet<>(acknowledged);
            missing.removeAll(found);
            assertThat(missing).as("round %d", round).isEmpty();
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * 1_000);
    }

    private void appendUntilKilled(int round, int lines, Set<Long> acknowledged)
            throws IOException, InterruptedException {
        var child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LogChild.class.getName(),
                                folder.toString(),
                                String.valueOf(round))
                        .redirectError(Redirect.DISCARD)
                        .start();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            int read = 0;
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                var parts = line.split(" ");
                // The last line may be cut short by the kill.
                if (parts.length == 2 && !parts[1].isEmpty())
                    for (int i = 0; i < Integer.parseInt(parts[1]); i++)
                        acknowledged.add(Long.parseLong(parts[0]) + i);
                if (++read == lines) child.toHandle().destroyForcibly();
            }
            assertThat(read).as("lines of round %d", round).isGreaterThanOrEqualTo(lines);
        } finally {
            child.toHandle().destroyForcibly();
            child.waitFor();
        }
    }
}
