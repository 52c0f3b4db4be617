package dev.davy.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.stats.sequential.QuantileComparison.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BeforeComparisonTest {
    private static final BeforeComparison ERRORS = new BeforeComparison(0.005, 0.005, 1);

    /// Live at 1 %, then so many of 5,000.
    private static List<Stretch> after(int errors) {
        return List.of(
                Stretch.mature(0, Tally.ofRequests(500, 5), Tally.NONE),
                Stretch.mature(0.5, Tally.ofRequests(4_500, 45), Tally.ofRequests(4_500, 45)),
                Stretch.mature(1, Tally.NONE, Tally.ofRequests(5_000, errors)));
    }

    @Test
    void whatBreaksIsFoundAndWhatTheHourDoesIsNot() {
        assertThat(ERRORS.worse(after(50))).isEmpty();
        assertThat(ERRORS.worse(after(125))).isEmpty();
        var broken = ERRORS.worse(after(5_000)).orElseThrow();
        assertThat(broken.harm().lower()).isGreaterThan(0.9).isLessThan(0.99);
        assertThat(broken.harm().upper()).isGreaterThan(0.98);
        assertThat(ERRORS.worse(after(400))).isPresent();
    }

    @Test
    void aFewFailuresAreEnoughWhereAllFail() {
        var stretches = new ArrayList<>(after(0));
        stretches.set(2, Stretch.mature(1, Tally.NONE, Tally.ofRequests(10, 10)));
        assertThat(ERRORS.worse(stretches)).isPresent();
    }

    @Test
    void truthThatIsStillComingSaysNothingOfBefore() {
        var early =
                List.of(
                        new Stretch(
                                0.5, Tally.ofRequests(5_000, 0), Tally.ofRequests(5_000, 0), false),
                        new Stretch(1, Tally.NONE, Tally.ofRequests(5_000, 500), false));
        assertThat(ERRORS.worse(early)).isEmpty();
    }

    /// 700 times, with the rate after the promotion at the very edge of what is allowed, and looks
    /// all the time.
    @Test
    void errsAsRarelyAsItSays() {
        var comparison = new BeforeComparison(0.005, 0.05, 1);
        int wrong = 0;
        for (int seed = 0; seed < 700; seed++) {
            var random = new Random(seed);
            int before = errors(random, 5_000, 0.01);
            double edge = 2 * 0.01 / 1.01 + 2 * 0.005;
            int since = 0;
            int bad = 0;
            boolean worse = false;
            while (!worse && since < 20_000) {
                int more = Math.max(50, since / 4);
                since += more;
                bad += errors(random, more, edge);
                worse =
                        comparison
                                .worse(
                                        List.of(
                                                Stretch.mature(
                                                        0,
                                                        Tally.ofRequests(5_000, before),
                                                        Tally.NONE),
                                                Stretch.mature(
                                                        1,
                                                        Tally.NONE,
                                                        Tally.ofRequests(since, bad))))
                                .isPresent();
            }
            if (worse) wrong++;
        }
        // 5 % of 700, and three standard deviations.
        assertThat(wrong).isLessThanOrEqualTo(35 + 17);
    }

    private static int errors(Random random, int requests, double rate) {
        int errors = 0;
        for (int i = 0; i < requests; i++) if (random.nextDouble() < rate) errors++;
        return errors;
    }

    @Test
    void aQuantileIsHeldAgainstThatOfBefore() {
        assertThat(BeforeComparison.ofQuantile(0.99, 20, 0.005, times(1, 0))).isEmpty();
        assertThat(BeforeComparison.ofQuantile(0.99, 20, 0.005, times(2, 30))).isEmpty();
        var slow = BeforeComparison.ofQuantile(0.99, 20, 0.005, times(3, 100)).orElseThrow();
        assertThat(slow.allowed()).isEqualTo(40);
        assertThat(slow.harm().lower()).isBetween(40.0, 100.0);
        assertThat(slow.harm().upper()).isBetween(80.0, 120.0);
    }

    private static List<Times> times(int seed, double slower) {
        var random = new Random(seed);
        var live = new ArrayList<Double>();
        var since = new ArrayList<Double>();
        for (int i = 0; i < 3_000; i++) {
            live.add(10 * Math.exp(0.5 * random.nextGaussian()));
            since.add(slower + 10 * Math.exp(0.5 * random.nextGaussian()));
        }
        return List.of(
                new Times(0.5, Durations.of(live), Durations.NONE),
                new Times(1, Durations.NONE, Durations.of(since)));
    }
}
