package dev.davy.stats.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.stats.ColumnCounter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// What must hold of every statistic of two samples of numbers, on many seeded pairs.
class SampleTestsTest {
    private static final double[] AT = {0.4, 0.8};

    @FunctionalInterface
    private interface Of {
        Drift of(double[] reference, double[] current);
    }

    /// Those that have a p-value for two sides.
    private static final Map<String, Of> TESTS =
            new LinkedHashMap<>(
                    Map.of(
                            "ks",
                            RankTests::kolmogorovSmirnov,
                            "mann-whitney",
                            (a, b) -> RankTests.mannWhitney(a, b, RankTests.Side.EITHER),
                            "welch",
                            (a, b) -> RankTests.t(a, b, false),
                            "cramer-von-mises",
                            ShapeTests::cramerVonMises,
                            "epps-singleton",
                            (a, b) -> ShapeTests.eppsSingleton(a, b, AT),
                            "anderson-darling",
                            ShapeTests::andersonDarling));

    /// Those that only order counts for.
    private static final Map<String, Of> RANKS =
            Map.of(
                    "ks", RankTests::kolmogorovSmirnov,
                    "mann-whitney", (a, b) -> RankTests.mannWhitney(a, b, RankTests.Side.EITHER),
                    "cramer-von-mises", ShapeTests::cramerVonMises,
                    "anderson-darling", ShapeTests::andersonDarling);

    private static double[] normal(Random random, int n, double mean) {
        return random.doubles(n).map(_ -> mean + random.nextGaussian()).toArray();
    }

    private static double[] map(double[] values, DoubleUnaryOperator by) {
        return Arrays.stream(values).map(by).toArray();
    }

    @Test
    void whichSampleComesFirstDoesNotCount() {
        var random = new Random(11);
        for (int round = 0; round < 60; round++) {
            var a = normal(random, 30 + random.nextInt(100), 0);
            var b = normal(random, 30 + random.nextInt(100), random.nextDouble());
            TESTS.forEach((name, test) ->
                    assertThat(test.of(a, b).p())
                            .as(name)
                            .isCloseTo(test.of(b, a).p(), within(1e-9)));
            assertThat(Samples.wasserstein(a, b).value())
                    .isCloseTo(Samples.wasserstein(b, a).value(), within(1e-9));
            assertThat(Samples.energy(a, b).value())
                    .isCloseTo(Samples.energy(b, a).value(), within(1e-9));
        }
    }

    @Test
    void aSampleIsNoDistanceFromItself() {
        var random = new Random(12);
        for (int round = 0; round < 30; round++) {
            var a = normal(random, 50 + random.nextInt(100), 3);
            assertThat(Samples.wasserstein(a, a).value()).isZero();
            assertThat(Samples.energy(a, a).value()).isZero();
            assertThat(RankTests.kolmogorovSmirnov(a, a).value()).isZero();
            TESTS.forEach((name, test) ->
                    assertThat(test.of(a, a.clone()).p()).as(name).isGreaterThan(0.24));
        }
    }

    @Test
    void ranksDoNotChangeUnderAnIncreasingFunction() {
        var random = new Random(13);
        for (int round = 0; round < 40; round++) {
            var a = normal(random, 60, 0);
            var b = normal(random, 80, 0.4);
            RANKS.forEach((name, test) ->
                    assertThat(test.of(map(a, Math::exp), map(b, Math::exp)).value())
                            .as(name)
                            .isCloseTo(test.of(a, b).value(), within(1e-9)));
        }
    }

    @Test
    void wassersteinIsAShiftTheUnitAndATriangle() {
        var random = new Random(14);
        for (int round = 0; round < 60; round++) {
            var a = normal(random, 40 + random.nextInt(60), 0);
            var b = normal(random, 40 + random.nextInt(60), 1);
            var c = normal(random, 40 + random.nextInt(60), -1);
            double shift = 5 * random.nextDouble();
            assertThat(Samples.wasserstein(a, map(a, x -> x + shift)).value())
                    .isCloseTo(shift, within(1e-9));
            assertThat(Samples.wasserstein(map(a, x -> 7 * x), map(b, x -> 7 * x)).value())
                    .isCloseTo(7 * Samples.wasserstein(a, b).value(), within(1e-9));
            assertThat(
                            Samples.wassersteinOverDeviation(
                                            map(a, x -> 7 * x + 2), map(b, x -> 7 * x + 2), 1e-12)
                                    .value())
                    .isCloseTo(Samples.wassersteinOverDeviation(a, b, 1e-12).value(), within(1e-9));
            assertThat(Samples.wasserstein(a, c).value())
                    .isLessThanOrEqualTo(
                            Samples.wasserstein(a, b).value()
                                    + Samples.wasserstein(b, c).value()
                                    + 1e-9);
        }
    }

    /// Under the null a p-value is uniform: 5 % of 1,000 are below 0.05, give or take.
    @Test
    void pValuesAreRightWhenNothingChanged() {
        int rounds = 1_000;
        var random = new Random(15);
        var below = new LinkedHashMap<String, Integer>();
        for (int round = 0; round < rounds; round++) {
            var a = normal(random, 60, 0);
            var b = normal(random, 45, 0);
            TESTS.forEach((name, test) ->
                    below.merge(name, test.of(a, b).p() <= 0.05 ? 1 : 0, Integer::sum));
        }
        // 50 expected; beyond 4 standard deviations (27) is no chance. KS is discrete, so below.
        below.forEach((name, count) -> assertThat(count).as(name).isBetween(15, 77));
    }

    @Test
    void eachFindsAShiftOfOneDeviation() {
        var random = new Random(16);
        for (int round = 0; round < 20; round++) {
            var a = normal(random, 200, 0);
            var b = normal(random, 200, 1);
            TESTS.forEach((name, test) -> assertThat(test.of(a, b).p()).as(name).isLessThan(0.002));
        }
    }

    @Test
    void mmdIsQuietUnderTheNullAndFindsWhatMeansDoNotShow() {
        var random = new Random(17);
        int rounds = 200;
        int below = 0;
        for (int round = 0; round < rounds; round++)
            if (Kernel.mmd(normal(random, 30, 0), normal(random, 30, 0), 99, round).p() <= 0.05)
                below++;
        // 10 expected, deviation 3.1.
        assertThat(below).isBetween(1, 22);
        var wide = map(normal(random, 120, 0), x -> 3 * x);
        var drift = Kernel.mmd(normal(random, 120, 0), wide, 199, 1);
        assertThat(drift.p()).isEqualTo(1 / 200.0);
        assertThat(RankTests.t(normal(random, 120, 0), wide, false).p()).isGreaterThan(0.01);
        var a = normal(random, 40, 0);
        var b = normal(random, 40, 0);
        assertThat(Kernel.mmd(a, b, 99, 5)).isEqualTo(Kernel.mmd(a, b, 99, 5));
    }

    @Test
    void aClassifierTellsTwoSamplesApartOnlyWhereTheyAre() {
        var random = new Random(18);
        int below = 0;
        for (int round = 0; round < 100; round++) {
            var drift =
                    DomainClassifier.auc(
                            rows(random, 80, 0),
                            rows(random, 80, 0),
                            SampleTestsTest::means,
                            5,
                            round);
            assertThat(drift.value()).isBetween(0.2, 0.8);
            if (drift.p() <= 0.05) below++;
        }
        assertThat(below).isLessThanOrEqualTo(15);
        var far =
                DomainClassifier.auc(
                        rows(random, 80, 0), rows(random, 80, 3), SampleTestsTest::means, 5, 1);
        assertThat(far.value()).isGreaterThan(0.95);
        assertThat(far.p()).isLessThan(1e-9);
    }

    private static double[][] rows(Random random, int n, double shift) {
        var rows = new double[n][];
        for (int i = 0; i < n; i++)
            rows[i] = new double[] {random.nextGaussian() + shift, random.nextGaussian()};
        return rows;
    }

    /// How much nearer a row is to the mean of the current ones.
    private static java.util.function.ToDoubleFunction<double[]> means(
            double[][] rows, boolean[] current) {
        var sums = new double[2][2];
        var counts = new int[2];
        for (int i = 0; i < rows.length; i++) {
            int side = current[i] ? 1 : 0;
            counts[side]++;
            for (int c = 0; c < 2; c++) sums[side][c] += rows[i][c];
        }
        return row -> {
            double score = 0;
            for (int c = 0; c < 2; c++)
                score +=
                        Math.pow(row[c] - sums[0][c] / counts[0], 2)
                                - Math.pow(row[c] - sums[1][c] / counts[1], 2);
            return score;
        };
    }

    /// A profile's sketch knows a number to 1 %, so the share below an edge is that below some
    /// number of which the edge is within 1 %.
    @Test
    void profilesSayWhatTheSamplesSay() {
        var random = new Random(19);
        for (int round = 0; round < 20; round++) {
            var a = map(normal(random, 4_000, 0), x -> 50 + 5 * x);
            var b = map(normal(random, 4_000, 0.5), x -> 50 + 5 * x);
            var before = counted(a);
            var after = counted(b);
            for (double edge : Edges.quantiles(a, 10))
                assertThat(after.quantiles().shareBelow(edge))
                        .isBetween(below(b, edge / 1.01), below(b, edge / 0.99));
            assertThat(after.moments().mean() - before.moments().mean())
                    .isCloseTo(Samples.mean(b) - Samples.mean(a), within(1e-9));
        }
    }

    private static double below(double[] values, double edge) {
        return (double) Arrays.stream(values).filter(x -> x <= edge).count() / values.length;
    }

    private static dev.davy.stats.ColumnProfile counted(double[] values) {
        var counter = ColumnCounter.of();
        for (double value : values) counter.add((Object) value);
        return counter.profile();
    }

    @Test
    void someDrawnNumbersStandForAllAndTheResultSaysSo() {
        var random = new Random(20);
        var all = normal(random, 20_000, 0);
        var later = normal(random, 20_000, 0.3);
        var some = new Drawn(Arrays.copyOf(all, 2_000), 20_000);
        var whole = ColumnDrift.ofNumbers(all, 5_000, later, 1_000);
        var drawn = ColumnDrift.ofNumbers(some, 5_000, Drawn.all(later), 1_000);
        assertThat(drawn.size()).isCloseTo(whole.size(), within(0.03));
        assertThat(drawn.cells().referenceTotal()).isCloseTo(25_000, within(1e-6));
        assertThat(drawn.missing()).as("counted exactly").isEqualTo(whole.missing());
        assertThat(drawn.test().reference()).isEqualTo(2_000);
        for (var each : drawn.others())
            assertThat(each.definition())
                    .containsEntry(
                            "drawn-from-reference",
                            "2000 of 20000 numbers, each with the same chance")
                    .doesNotContainKey("drawn-from-current");
        assertThat(whole.test().definition()).doesNotContainKey("drawn-from-reference");
    }
}
