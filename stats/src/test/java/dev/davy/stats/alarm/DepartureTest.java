package dev.davy.stats.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DepartureTest {
    private static Departure count(long count, long size, long before, long of) {
        double share = (double) before / of;
        var baseline = new Baseline(share, share * (1 - share), of, Wobble.NONE);
        var window = new Window(Instant.EPOCH, new Evidence(size, 0, new double[] {count}));
        return Departure.ofCount("share", count, size, Pool.of(List.of(window)), baseline, 1, 0);
    }

    @Test
    void fewAreCountedExactly() {
        // Fisher's tea (1935), eight cups, all four found: 1 / 70 on one side, half of it for
        // mid-p.
        assertThat(count(4, 4, 0, 4).p()).isCloseTo(1.0 / 70, within(1e-12));
        assertThat(count(6, 50, 6, 2_000).p()).isLessThan(1e-4);
        assertThat(count(1, 50, 40, 2_000).p()).isEqualTo(1, within(0.3));
    }

    @Test
    void anEffectThatIsTooSmallNeverRings() {
        var departure = new Departure("level", 1e-12, 0.09, 0.01, 1, 0.1);
        assertThat(departure.alarms(0.05)).isFalse();
        assertThat(new Departure("level", 1e-12, -0.11, 0.01, 1, 0.1).alarms(0.05)).isTrue();
        assertThat(new Departure("level", 0.04, -0.11, 0.01, 0.5, 0.1).alarms(0.05)).isFalse();
    }
}
