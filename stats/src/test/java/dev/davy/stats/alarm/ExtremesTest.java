package dev.davy.stats.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.LogNormalDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.distribution.UniformContinuousDistribution;
import org.junit.jupiter.api.Test;

/// The rate at which windows ring is held against what is true, not against more chance: of a known
/// distribution the highest of so many rows exceeds a limit with a known probability.
class ExtremesTest {
    private static final int ROWS = 200;
    private static final int REFERENCES = 150;

    private record Kind(String name, ContinuousDistribution of, double deviation) {}

    private static final List<Kind> KINDS =
            List.of(
                    new Kind("normal", NormalDistribution.of(0, 1), 1),
                    new Kind("uniform", UniformContinuousDistribution.of(0, 1), 0.29),
                    new Kind("log-normal(1)", LogNormalDistribution.of(0, 1), 2.16),
                    new Kind("log-normal(2)", LogNormalDistribution.of(0, 2), 54),
                    new Kind("t3", TDistribution.of(3), 1.73));

    /// The mean share of windows above the limit, over references, per level.
    private static double rate(
            Kind kind, int windows, double level, ToDoubleFunction<Random> next, Random chance) {
        double sum = 0;
        for (int r = 0; r < REFERENCES; r++) {
            var extremes = extremes(kind, windows, next, chance);
            double limit = extremes.limit(level, ROWS);
            sum += -Math.expm1(ROWS * Math.log1p(-kind.of.survivalProbability(limit)));
        }
        return sum / REFERENCES / level;
    }

    private static Extremes extremes(
            Kind kind, int windows, ToDoubleFunction<Random> next, Random chance) {
        var ranges = new ArrayList<Extremes.Range>();
        for (int i = 0; i < windows; i++)
            ranges.add(
                    new Extremes.Range(
                            0,
                            highest(
                                    kind.of::inverseCumulativeProbability,
                                    next.applyAsDouble(chance)),
                            ROWS));
        return Extremes.of(ranges, kind.deviation).orElseThrow();
    }

    /// The highest of a window's rows, drawn at once.
    private static double highest(DoubleUnaryOperator inverse, double chance) {
        return inverse.applyAsDouble(Math.pow(chance, 1.0 / ROWS));
    }

    @Test
    void windowsRingNoMoreOftenThanIsPaidFor() {
        var chance = new Random(23);
        for (var kind : KINDS)
            for (int windows : new int[] {24, 60, 168, 500})
                for (double level : new double[] {1e-3, 1e-5})
                    assertThat(rate(kind, windows, level, Random::nextDouble, chance))
                            .as("%s, %d windows, level %s", kind.name, windows, level)
                            .isLessThan(1.25);
    }

    /// Each window's highest resembles the one before: a Gaussian copula with correlation 0.8.
    @Test
    void norWhereNeighboursResembleEachOther() {
        var chance = new Random(29);
        var normal = NormalDistribution.of(0, 1);
        var last = new double[1];
        ToDoubleFunction<Random> next =
                random -> {
                    last[0] = 0.8 * last[0] + 0.6 * random.nextGaussian();
                    return normal.cumulativeProbability(last[0]);
                };
        for (var kind : KINDS)
            for (double level : new double[] {1e-3, 1e-5})
                assertThat(rate(kind, 168, level, next, chance))
                        .as("%s, level %s", kind.name, level)
                        .isLessThan(1.25);
    }

    @Test
    void aValueOfAnotherUnitRingsAndOnlyItsWindowDoes() {
        var chance = new Random(31);
        var price = new Price(1, 720, 10);
        var normal = KINDS.getFirst();
        var ranges = new ArrayList<Extremes.Range>();
        for (int i = 0; i < 168; i++) ranges.add(range(normal, chance));
        var extremes = Extremes.of(ranges, 1).orElseThrow();
        for (int i = 0; i < 2_000; i++)
            assertThat(extremes.beyond(range(normal, chance), price)).isEmpty();
        var broken = new Extremes.Range(-3, 60, ROWS);
        assertThat(extremes.beyond(broken, price))
                .hasValueSatisfying(found -> {
                    assertThat(found.high()).isTrue();
                    assertThat(found.number()).isEqualTo(60);
                    assertThat(found.usual()).isBetween(3.0, 5.5);
                    assertThat(found.chance()).isLessThan(price.level());
                });
        assertThat(extremes.beyond(new Extremes.Range(-60, 3, ROWS), price))
                .hasValueSatisfying(found -> assertThat(found.high()).isFalse());
    }

    private static Extremes.Range range(Kind kind, Random chance) {
        return new Extremes.Range(
                -highest(kind.of::inverseCumulativeProbability, chance.nextDouble()),
                highest(kind.of::inverseCumulativeProbability, chance.nextDouble()),
                ROWS);
    }

    /// A bound that was never passed, as that of a count, is no tail: a little above it is nothing.
    @Test
    void aLittleAboveABoundDoesNotRing() {
        var ranges = new ArrayList<Extremes.Range>();
        for (int i = 0; i < 168; i++) ranges.add(new Extremes.Range(0, 5, ROWS));
        var extremes = Extremes.of(ranges, 1.5).orElseThrow();
        assertThat(extremes.beyond(new Extremes.Range(0, 6, ROWS), new Price(1, 720, 10)))
                .isEmpty();
        assertThat(Extremes.of(ranges.subList(0, 20), 1.5)).isEmpty();
        assertThat(Extremes.of(ranges, 0)).isEmpty();
    }
}
