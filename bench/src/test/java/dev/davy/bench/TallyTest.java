package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    private static Wire.Reply reply(int status) {
        return new Wire.Reply(status, Map.of(), "why".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void excusesWhatFailedWhileTheServerWasAway() {
        var witness = tally.of("rows");
        long before = System.nanoTime();
        witness.broke("GET /", "reset", before, before);
        tally.outageBegins();
        long during = System.nanoTime();
        // Begun before, and cut off by the kill.
        witness.broke("GET /", "reset", before, during);
        tally.outageEnds();
        long after = System.nanoTime() + 1;
        // Begun while it was away, and refused.
        witness.broke("GET /", "refused", during, after);
        witness.broke("GET /", "reset", after, after + 1);
        assertThat(tally.kinds()).containsEntry("rows", new Tally.Counts(4, 2, 2, 0));
    }

    @Test
    void countsBusyAndBrokenServersAsFailuresAndRefusalsAsAnswers() {
        var witness = tally.of("pages");
        for (int status : new int[] {200, 404, 429, 500, 503})
            witness.replied("GET /", reply(status), 1, 2);
        tally.wrong("pages", "a page of nothing");
        tally.answered("gRPC");
        assertThat(tally.kinds().get("pages")).isEqualTo(new Tally.Counts(5, 0, 3, 1));
        assertThat(tally.all()).isEqualTo(new Tally.Counts(6, 0, 3, 1));
    }
}
