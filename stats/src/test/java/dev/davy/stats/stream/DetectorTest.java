package dev.davy.stats.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Every detector on seeded streams: how often it errs where nothing changes, and that it finds a
/// change soon. Only CUSUM and ADWIN say how often they err; the other bounds are what their rules
/// were seen to make of so many looks, with room for chance.
class DetectorTest {
    private static final int LENGTH = 5_000;
    private static final int STREAMS = 40;

    /// @param scale of the numbers it is given
    /// @param falseMost mean number of changes signalled in a steady stream of 5,000
    /// @param delayMost values from the change to the signal
    private record Watched(
            String name, Supplier<Detector> fresh, double scale, double falseMost, int delayMost) {}

    private static final List<Watched> OF_NUMBERS =
            List.of(
                    // Theorem 3.1: below delta at each look, in truth far below.
                    new Watched("adwin", () -> new Adwin(Adwin.Settings.DEFAULT), 1, 0.2, 64),
                    // Its usual limit is for shares and scores: a sum of 5,000 steps of 1 wanders
                    // beyond 50 now and then by itself.
                    new Watched(
                            "page-hinkley",
                            () -> new PageHinkley(PageHinkley.Settings.DEFAULT),
                            0.25,
                            0.2,
                            150),
                    // Each value is tested at 0.005, and tests of neighbours are nearly the same.
                    // After a false one it first needs 100 values again.
                    new Watched("kswin", () -> new Kswin(Kswin.Settings.DEFAULT), 1, 10, 130),
                    new Watched("cusum", () -> new Cusum(0, 0.5, 8), 1, 1.0, 20));

    private static final List<Watched> OF_ERRORS =
            List.of(
                    new Watched("ddm", () -> new Ddm(Ddm.Settings.DEFAULT), 1, 1, 400),
                    // It promises nothing, and keeps that: one signal in 350 steady errors.
                    new Watched("eddm", () -> new Eddm(Eddm.Settings.DEFAULT), 1, 18, 130));

    private static double[] normal(Random random, double scale, double from) {
        var stream = new double[LENGTH];
        for (int i = 0; i < LENGTH; i++)
            stream[i] = scale * (random.nextGaussian() + (i < LENGTH / 2 ? 0 : from));
        return stream;
    }

    private static double[] errors(Random random, double until, double from) {
        var stream = new double[LENGTH];
        for (int i = 0; i < LENGTH; i++)
            stream[i] = random.nextDouble() < (i < LENGTH / 2 ? until : from) ? 1 : 0;
        return stream;
    }

    @Test
    void steadyNumbersSeldomSeemToChange() {
        for (var watched : OF_NUMBERS) {
            int changes = 0;
            for (int seed = 0; seed < STREAMS; seed++)
                changes +=
                        Detector.watch(
                                        watched.fresh().get(),
                                        normal(new Random(seed), watched.scale(), 0))
                                .changes()
                                .size();
            assertThat((double) changes / STREAMS)
                    .as(watched.name())
                    .isLessThanOrEqualTo(watched.falseMost());
        }
    }

    @Test
    void steadyErrorsSeldomSeemToChange() {
        for (var watched : OF_ERRORS) {
            int changes = 0;
            for (int seed = 0; seed < STREAMS; seed++)
                changes +=
                        Detector.watch(watched.fresh().get(), errors(new Random(seed), 0.2, 0.2))
                                .changes()
                                .size();
            assertThat((double) changes / STREAMS)
                    .as(watched.name())
                    .isLessThanOrEqualTo(watched.falseMost());
        }
    }

    @Test
    void aShiftOfTwoDeviationsIsFoundSoon() {
        for (var watched : OF_NUMBERS)
            found(watched, seed -> normal(new Random(seed), watched.scale(), 2));
    }

    @Test
    void aRiseOfErrorsFromATenthToAHalfIsFoundSoon() {
        for (var watched : OF_ERRORS) found(watched, seed -> errors(new Random(seed), 0.1, 0.5));
    }

    private static void found(Watched watched, java.util.function.IntFunction<double[]> stream) {
        int found = 0;
        for (int seed = 0; seed < STREAMS; seed++) {
            var changes = Detector.watch(watched.fresh().get(), stream.apply(seed)).changes();
            if (changes.stream()
                    .anyMatch(at -> at >= LENGTH / 2 && at <= LENGTH / 2 + watched.delayMost()))
                found++;
        }
        assertThat(found).as(watched.name()).isGreaterThanOrEqualTo(STREAMS * 95 / 100);
    }

    /// Montgomery, Introduction to Statistical Quality Control, table 9.3: of a chart with
    /// reference value 1/2 that looks to both sides.
    @Test
    void cusumRunsAsLongAsItsTableSays() {
        assertThat(run(4, 0)).isCloseTo(168, within(15.0));
        assertThat(run(4, 1)).isCloseTo(8.38, within(0.4));
        assertThat(run(5, 0)).isCloseTo(465, within(40.0));
        assertThat(run(5, 1)).isCloseTo(10.4, within(0.4));
    }

    /// Values up to the signal, on average over 3,000 charts: its own deviation is about 2 %.
    private static double run(double limit, double mean) {
        var random = new Random(8);
        long values = 0;
        for (int chart = 0; chart < 3_000; chart++) {
            var cusum = new Cusum(0, 0.5, limit);
            do values++;
            while (cusum.add(random.nextGaussian() + mean) != Detector.Signal.CHANGE);
        }
        return values / 3_000.0;
    }

    @Test
    void theSameStreamGivesTheSameSignals() {
        var stream = normal(new Random(3), 1, 0.5);
        for (var watched : OF_NUMBERS)
            assertThat(Detector.watch(watched.fresh().get(), stream))
                    .as(watched.name())
                    .isEqualTo(Detector.watch(watched.fresh().get(), stream));
    }

    @Test
    void aDetectorBeginsAnewAfterAChange() {
        var up = normal(new Random(4), 1, 3);
        for (var watched : OF_NUMBERS) {
            if (watched.name().equals("cusum")) continue; // its mean is given, and stays
            var detector = watched.fresh().get();
            int last = Detector.watch(detector, up).changes().getLast();
            assertThat(last).as(watched.name()).isLessThan(LENGTH);
            var steady = new double[1_000];
            java.util.Arrays.fill(steady, 3);
            assertThat(Detector.watch(detector, steady).changes().size())
                    .as(watched.name())
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void everySettingIsInTheDefinition() {
        assertThat(new Adwin(Adwin.Settings.DEFAULT).definition()).containsValue(0.002);
        assertThat(new Kswin(Kswin.Settings.DEFAULT).definition()).containsValue(0.005);
        assertThat(new Cusum(1, 0.25, 4).definition()).containsValues(1.0, 0.25, 4.0);
    }
}
