package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.serving.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/// Drift judged on windows, which hold ranges and not rows.
class NormalTest {
    private static final Instant BEGIN = Instant.parse("2026-11-02T00:00:00Z");
    private static final int ROWS = 200;

    private static final Plan PLAN =
            new Plan(
                    Duration.ofHours(1),
                    Origin.LIVE,
                    new Plan.Reference.First(Duration.ofDays(7)),
                    1,
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of());

    private static final Monitor MONITOR =
            new Monitor(
                    "input.x",
                    Metric.read("input.x"),
                    new Monitor.Rule.Drift(0),
                    1,
                    Monitor.Severity.WARNING,
                    false);

    private static Seen window(int hour, Random chance, IntToDoubleFunction next) {
        var builder = new Window.Builder();
        for (int i = 0; i < ROWS; i++) {
            builder.predictions++;
            builder.inputsKept++;
            builder.input("x").number(next.applyAsDouble(chance.nextInt()));
        }
        return new Seen(BEGIN.plus(Duration.ofHours(hour)), builder.build(), Quality.EMPTY);
    }

    private static List<Seen> windows(int from, int to, Random chance, IntToDoubleFunction next) {
        var windows = new ArrayList<Seen>();
        for (int hour = from; hour < to; hour++) windows.add(window(hour, chance, next));
        return windows;
    }

    /// Of what a generator makes, how many of so many windows ring.
    private static int ringing(IntToDoubleFunction next, IntToDoubleFunction later, int count) {
        var chance = new Random(11);
        var normal = new Normal(windows(0, 168, chance, next));
        var all = windows(168, 168 + count, chance, later);
        int ringing = 0;
        for (int i = 0; i < all.size(); i++) {
            var recent = all.subList(Math.max(0, i - Judge.RECENT + 1), i + 1);
            if (Judge.judge(MONITOR, normal, recent, PLAN, 10) instanceof Judgement.Bad) ringing++;
        }
        return ringing;
    }

    @Test
    void whatDoesNotChangeDoesNotRing() {
        var chance = new Random(3);
        // Half a year of hours, each kind: a normal one, one with a heavy tail, one of few values.
        assertThat(ringing(_ -> chance.nextGaussian(), _ -> chance.nextGaussian(), 4_000))
                .isLessThanOrEqualTo(2);
        assertThat(
                        ringing(
                                _ -> Math.exp(2 * chance.nextGaussian()),
                                _ -> Math.exp(2 * chance.nextGaussian()),
                                4_000))
                .isLessThanOrEqualTo(2);
        assertThat(ringing(_ -> chance.nextInt(5), _ -> chance.nextInt(5), 4_000))
                .isLessThanOrEqualTo(2);
        assertThat(ringing(_ -> t3(chance), _ -> t3(chance), 4_000)).isLessThanOrEqualTo(2);
    }

    /// A third of the rows' variance stays from row to row, within windows and beyond them.
    @Test
    void norDoesWhatResemblesWhatCameJustBefore() {
        var chance = new Random(13);
        var slow = new double[1];
        IntToDoubleFunction next =
                _ -> {
                    slow[0] = 0.9 * slow[0] + 0.25 * chance.nextGaussian();
                    return slow[0] + 0.8 * chance.nextGaussian();
                };
        assertThat(ringing(next, next, 4_000)).isLessThanOrEqualTo(2);
    }

    private static double t3(Random chance) {
        double squares = 0;
        for (int i = 0; i < 3; i++) {
            double each = chance.nextGaussian();
            squares += each * each / 3;
        }
        return chance.nextGaussian() / Math.sqrt(squares);
    }

    /// One row of 200 has its value in another unit: no rank shows it.
    @Test
    void aSingleValueThatIsFarOutRingsInItsWindowAlone() {
        var chance = new Random(17);
        var normal = new Normal(windows(0, 168, chance, _ -> 1013 + 8 * chance.nextGaussian()));
        var all = new ArrayList<Seen>();
        for (int hour = 168; hour < 178; hour++) {
            var rows = new int[1];
            boolean broken = hour == 172;
            all.add(
                    window(
                            hour,
                            chance,
                            _ ->
                                    broken && rows[0]++ == 77
                                            ? 5_503.8
                                            : 1013 + 8 * chance.nextGaussian()));
        }
        for (int i = 0; i < all.size(); i++) {
            var recent = all.subList(Math.max(0, i - Judge.RECENT + 1), i + 1);
            var said = Judge.judge(MONITOR, normal, recent, PLAN, 10);
            if (i != 4) assertThat(said).as("window %d", i).isInstanceOf(Judgement.Fine.class);
            else
                assertThat(said)
                        .isInstanceOfSatisfying(
                                Judgement.Bad.class,
                                bad -> {
                                    assertThat(bad.what()).isEqualTo("highest");
                                    assertThat(bad.value()).hasValue(5_503.8);
                                    assertThat(bad.why()).contains("input.x reached 5,504");
                                });
        }
    }

    @Test
    void aShiftOfHalfADeviationRingsInItsFirstWindows() {
        var chance = new Random(5);
        assertThat(ringing(_ -> chance.nextGaussian(), _ -> chance.nextGaussian() + 0.5, 3))
                .isGreaterThanOrEqualTo(2);
        assertThat(
                        ringing(
                                _ -> Math.exp(2 * chance.nextGaussian()),
                                _ -> Math.exp(2 * chance.nextGaussian() + 1),
                                3))
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void rangesTellAlmostAsMuchAsRows() {
        var chance = new Random(7);
        var reference = new double[5_000];
        for (int i = 0; i < reference.length; i++) reference[i] = 300 + 5 * chance.nextGaussian();
        var builder = new Measure.Builder(Measure.BINS, 0);
        for (double each : reference) builder.number(each);
        var counted = builder.build().numbers().counted();
        var exact = dev.davy.stats.alarm.NumberColumn.of(reference);
        var ranges = dev.davy.stats.alarm.NumberColumn.of(counted.numbers(), counted.counts(), 0);
        assertThat(ranges.size()).isEqualTo(exact.size());
        // Few ranges, and yet a hundred rows in each tenth of the deviation.
        assertThat(counted.numbers().length).isBetween(15, Measure.BINS);
        assertThat(counted.numbers()).isSorted();
        assertThat(java.util.Arrays.stream(counted.counts()).sum()).isEqualTo(5_000);
    }

    @Test
    void anExponentialTailIsExtrapolatedToWhatIsSeldomer() {
        var chance = new Random(13);
        var sorted =
                java.util.stream.DoubleStream.generate(() -> -Math.log(1 - chance.nextDouble()))
                        .limit(2_000)
                        .sorted()
                        .toArray();
        // Of an exponential distribution the limit of one in ten thousand is ln 10,000.
        assertThat(Tail.limit(sorted, 1e-4)).isCloseTo(Math.log(1e4), within(0.8));
        assertThat(Tail.limit(sorted, 0.01)).isCloseTo(Math.log(100), within(0.4));
    }
}
