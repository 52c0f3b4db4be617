package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A replay whose server is killed at random moments; `bench/run windows` kills it 20 times.
@Timeout(600)
class WindowKillsTest {
    private static final int KILLS = 5;

    @Test
    void windowsAreThoseOfAnUndisturbedReplayWhateverIsKilledWhen(@TempDir Path folder)
            throws Exception {
        var place = new Place(folder, folder, true, System.out);
        assertThat(new WindowKills().run(place, KILLS)).allMatch(Target::held);
    }
}
