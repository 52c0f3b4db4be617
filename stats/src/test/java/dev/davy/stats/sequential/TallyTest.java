package dev.davy.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TallyTest {
    @Test
    void mergesInAnyOrderToTheSame() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var a = some(random);
            var b = some(random);
            var c = some(random);
            assertThat(a.merge(b)).as("seed %d", seed).isEqualTo(b.merge(a));
            assertThat(a.merge(b).merge(c)).as("seed %d", seed).isEqualTo(a.merge(b.merge(c)));
            assertThat(a.merge(Tally.NONE)).isEqualTo(a);
            assertThat(a.merge(b).total()).isEqualTo(a.total() + b.total());
        }
    }

    private static Tally some(Random random) {
        var tally = Tally.NONE;
        for (int i = random.nextInt(20); i > 0; i--)
            tally =
                    tally.merge(
                            Tally.of(
                                    1 + random.nextInt(5),
                                    random.nextInt(4) / 4.0,
                                    random.nextInt(9)));
        return tally;
    }

    @Test
    void knowsHowMuchHarmItsUnitsCameTo() {
        var tally = Tally.ofRequests(100, 3).merge(Tally.of(5, 2, 10));
        assertThat(tally.units()).isEqualTo(110);
        assertThat(tally.size()).isEqualTo(150);
        assertThat(tally.total()).isEqualTo(23);
    }

    @Test
    void refusesMoreErrorsThanRequests() {
        assertThatThrownBy(() -> Tally.ofRequests(3, 4)).hasMessageContaining("4 errors in 3");
    }
}
