package dev.davy.stats.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Price PRICE = Price.oneAMonth(20);

    @Test
    void saysHowManyRowsItNeedsBeforeItCanSayQuiet() {
        var column = NumberColumn.of(normal(new SplittableRandom(1), 2_000, 0));
        var watch = Watch.of(column, PRICE);
        assertThat(watch.decision()).isInstanceOf(Decision.TooEarly.class);
        watch = watch.after(window(column, normal(new SplittableRandom(2), 50, 0), 0));
        assertThat(watch.decision()).isInstanceOf(Decision.TooEarly.class);
        long needed = ((Decision.TooEarly) watch.decision()).needed();
        assertThat(needed).isBetween(30L, 200L);
        watch = watch.after(window(column, normal(new SplittableRandom(3), (int) needed, 0), 1));
        assertThat(watch.decision()).isInstanceOf(Decision.Quiet.class);
    }

    @Test
    void seesALargeShiftAtOnceAndSaysHowLargeItIs() {
        var column = NumberColumn.of(normal(new SplittableRandom(1), 2_000, 0));
        var watch =
                Watch.of(column, PRICE)
                        .after(window(column, normal(new SplittableRandom(2), 500, 0.5), 0));
        assertThat(watch.decision()).isInstanceOf(Decision.Drifted.class);
        var drifted = (Decision.Drifted) watch.decision();
        assertThat(drifted.lower()).isLessThan(0.5);
        assertThat(drifted.upper()).isGreaterThan(0.4);
    }

    @Test
    void seesASmallShiftThatStaysWithinThreeWindows() {
        int seen = 0;
        for (int seed = 0; seed < 100; seed++) {
            var random = new SplittableRandom(seed);
            var column = NumberColumn.of(normal(random, 2_000, 0));
            var watch = Watch.of(column, PRICE);
            boolean drifted = false;
            for (int hour = 0; hour < 3; hour++) {
                watch = watch.after(window(column, normal(random, 1_000, 0.2), hour));
                drifted |= watch.decision() instanceof Decision.Drifted;
            }
            if (drifted) seen++;
        }
        assertThat(seen).isGreaterThanOrEqualTo(90);
    }

    @Test
    void ringsRarelyWhateverTheDistributionIs() {
        int alarms = 0;
        int windows = 0;
        for (int seed = 0; seed < 60; seed++) {
            var random = new SplittableRandom(seed);
            var reference = Arrays.stream(normal(random, 2_000, 0)).map(Math::exp).toArray();
            var column = NumberColumn.of(reference);
            // An alarm in 2 % of windows, so that enough of them come.
            var watch = Watch.of(column, new Price(0.02 * 720, 720, 1));
            for (int hour = 0; hour < 60; hour++) {
                boolean rang = watch.decision() instanceof Decision.Drifted;
                var values = Arrays.stream(normal(random, 100, 0)).map(Math::exp).toArray();
                watch = watch.after(window(column, values, hour));
                windows++;
                if (!rang && watch.decision() instanceof Decision.Drifted) alarms++;
            }
        }
        assertThat((double) alarms / windows).isBetween(0.003, 0.022);
    }

    @Test
    void aSeasonAndAWobbleThatWereLearnedDoNotRing() {
        int naive = 0;
        int learned = 0;
        for (int seed = 0; seed < 10; seed++) {
            var random = new SplittableRandom(seed);
            var column = NumberColumn.of(normal(random, 5_000, 0));
            var history = new ArrayList<Window>();
            for (int hour = 0; hour < 14 * 24; hour++)
                history.add(window(column, normal(random, 200, wave(random, hour)), hour));
            naive += alarms(Watch.of(column, PRICE), column, random.split());
            var knowing = column.withHistory(history);
            learned += alarms(Watch.of(knowing, PRICE), knowing, random.split());
        }
        assertThat(naive).isGreaterThan(50);
        assertThat(learned).isLessThanOrEqualTo(3);
    }

    private static double wave(RandomGenerator random, int hour) {
        return 0.3 * Math.sin(2 * Math.PI * hour / 24) + random.nextGaussian(0, 0.05);
    }

    private static int alarms(Watch watch, NumberColumn column, RandomGenerator random) {
        int alarms = 0;
        for (int hour = 14 * 24; hour < 24 * 24; hour++) {
            boolean rang = watch.decision() instanceof Decision.Drifted;
            watch = watch.after(window(column, normal(random, 200, wave(random, hour)), hour));
            if (!rang && watch.decision() instanceof Decision.Drifted) alarms++;
        }
        return alarms;
    }

    @Test
    void missingValuesAreDriftOfTheirOwn() {
        var random = new SplittableRandom(5);
        var column = NumberColumn.of(normal(random, 2_000, 0));
        var values = normal(random, 300, 0);
        Arrays.fill(values, 0, 30, Double.NaN);
        var watch = Watch.of(column, PRICE).after(window(column, values, 0));
        assertThat(watch.decision()).isInstanceOf(Decision.Drifted.class);
        assertThat(((Decision.Drifted) watch.decision()).what()).isEqualTo("missing");
    }

    /// What is right and what is wrong are one share: three tests of it cost as much as one.
    @Test
    void aShareAndItsCounterpartArePaidForOnce() {
        var share = CategoryColumn.ofShare("right", 1_700, 2_000, Side.EITHER);
        var both = CategoryColumn.of(Map.of("right", 1_700L, "wrong", 300L), 0);
        int once = 0;
        int thrice = 0;
        for (long right = 500; right >= 340; right--) {
            var asShare = new Window(START, share.evidence(right, 500));
            var asBoth =
                    new Window(
                            START, both.evidence(Map.of("right", right, "wrong", 500 - right), 0));
            if (Watch.of(share, PRICE).after(asShare).decision() instanceof Decision.Drifted)
                once++;
            if (Watch.of(both, PRICE).after(asBoth).decision() instanceof Decision.Drifted)
                thrice++;
        }
        assertThat(once).isGreaterThan(thrice);
    }

    @Test
    void aShareRingsNoMoreOftenThanIsPaidForWhicheverSideIsHarm() {
        for (var side : Side.values()) {
            int alarms = 0;
            int windows = 0;
            for (int seed = 0; seed < 60; seed++) {
                var random = new SplittableRandom(seed);
                var column = CategoryColumn.ofShare("right", right(random, 2_000), 2_000, side);
                // An alarm in 2 % of windows, so that enough of them come.
                var watch = Watch.of(column, new Price(0.02 * 720, 720, 1));
                for (int hour = 0; hour < 60; hour++) {
                    boolean rang = watch.decision() instanceof Decision.Drifted;
                    watch = watch.after(window(column, right(random, 100), 100, hour));
                    windows++;
                    if (!rang && watch.decision() instanceof Decision.Drifted) alarms++;
                }
            }
            assertThat((double) alarms / windows).as(side.name()).isBetween(0.003, 0.022);
        }
    }

    @Test
    void whereOneSideIsHarmTheOtherDoesNotRing() {
        var either = CategoryColumn.ofShare("right", 1_700, 2_000, Side.EITHER);
        var below = CategoryColumn.ofShare("right", 1_700, 2_000, Side.BELOW);
        assertThat(rings(either, 480)).isTrue();
        assertThat(rings(below, 480)).isFalse();
        int one = 0;
        int both = 0;
        for (long right = 425; right >= 340; right--) {
            if (rings(below, right)) one++;
            if (rings(either, right)) both++;
        }
        assertThat(one).isGreaterThan(both);
    }

    private static boolean rings(CategoryColumn column, long right) {
        return Watch.of(column, PRICE).after(window(column, right, 500, 0)).decision()
                instanceof Decision.Drifted;
    }

    private static Window window(CategoryColumn column, long some, long all, int hour) {
        return new Window(START.plus(Duration.ofHours(hour)), column.evidence(some, all));
    }

    private static long right(RandomGenerator random, int rows) {
        long right = 0;
        for (int i = 0; i < rows; i++) if (random.nextDouble() < 0.85) right++;
        return right;
    }

    @Test
    void aColumnThatIsNearlyAlwaysZeroIsCounted() {
        var reference = new double[2_000];
        Arrays.fill(reference, 0, 20, 1);
        var column = NumberColumn.of(reference);
        var same = new double[300];
        Arrays.fill(same, 0, 5, 1);
        assertThat(Watch.of(column, PRICE).after(window(column, same, 0)).decision())
                .isInstanceOf(Decision.Quiet.class);
        Arrays.fill(same, 0, 40, 1);
        assertThat(Watch.of(column, PRICE).after(window(column, same, 0)).decision())
                .isInstanceOf(Decision.Drifted.class);
    }

    @Test
    void aCategoryThatTheReferenceDoesNotKnowIsSeen() {
        var column = CategoryColumn.of(Map.of("red", 900L, "blue", 1_080L, "green", 20L), 0);
        var same = column.evidence(Map.of("red", 140L, "blue", 157L, "green", 3L), 0);
        var other = column.evidence(Map.of("red", 140L, "blue", 140L, "mauve", 20L), 0);
        var watch = Watch.of(column, PRICE);
        assertThat(watch.after(new Window(START, same)).decision())
                .isInstanceOf(Decision.Quiet.class);
        var drifted = watch.after(new Window(START, other)).decision();
        assertThat(drifted).isInstanceOf(Decision.Drifted.class);
        assertThat(((Decision.Drifted) drifted).what()).isEqualTo("others");
    }

    @Test
    void evidenceOfTwoHalvesIsThatOfTheWhole() {
        for (int seed = 0; seed < 50; seed++) {
            var random = new SplittableRandom(seed);
            var column = NumberColumn.of(normal(random, 500, 0));
            var values = normal(random, 200, 0);
            int cut = random.nextInt(200);
            var both =
                    column.evidence(Arrays.copyOfRange(values, 0, cut))
                            .merge(column.evidence(Arrays.copyOfRange(values, cut, 200)));
            var whole = column.evidence(values);
            assertThat(both.rows()).isEqualTo(whole.rows());
            for (int score = 0; score < 4; score++)
                assertThat(Math.abs(both.sum(score) - whole.sum(score)))
                        .as("seed %d", seed)
                        .isLessThan(1e-9);
        }
    }

    private static double[] normal(RandomGenerator random, int rows, double mean) {
        var values = new double[rows];
        for (int i = 0; i < rows; i++) values[i] = random.nextGaussian() + mean;
        return values;
    }

    private static Window window(NumberColumn column, double[] values, int hour) {
        return new Window(START.plus(Duration.ofHours(hour)), column.evidence(values));
    }
}
