package dev.davy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant MORNING = Instant.parse("2026-11-21T08:00:00Z");

    @Test
    void keepsItsMeanOverADayAndPausesBetweenShifts() {
        var pace = new Pace(2);
        var times = new ArrayList<Instant>();
        for (var at = pace.after(MORNING, 0);
                at.isBefore(MORNING.plus(Pace.DAY));
                at = pace.after(at, times.size())) times.add(at);
        // 12 minutes at 2 a second less three pauses of 8 s
        assertThat(times.size()).isBetween(1_330, 1_410);
        Duration longest = Duration.ZERO;
        for (int i = 1; i < times.size(); i++) {
            assertThat(times.get(i)).isAfter(times.get(i - 1));
            var gap = Duration.between(times.get(i - 1), times.get(i));
            if (gap.compareTo(longest) > 0) longest = gap;
        }
        assertThat(longest).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(10));
    }
}
