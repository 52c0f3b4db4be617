package dev.davy.stats.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.stats.quality.Fairness.Rate;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Of two models, and of groups of people.
class ComparisonTest {
    @Test
    void doesNotFavourEitherOfTwoEqualModelsMoreOftenThanItSays() {
        var random = new Random(13);
        int exact = 0;
        int mid = 0;
        for (int run = 0; run < 2_000; run++) {
            var test = McNemar.NONE;
            for (int i = 0; i < 60; i++)
                test = test.plus(random.nextDouble() < 0.8, random.nextDouble() < 0.8);
            if (test.exact() < 0.05) exact++;
            if (test.midP() < 0.05) mid++;
        }
        assertThat(exact).isBetween(10, 100);
        assertThat(mid).isBetween(exact, 130);
    }

    @Test
    void seesABetterModelOnTheSameRowsWhereTwoIntervalsWouldOverlap() {
        var random = new Random(14);
        int n = 1_000;
        var first = new boolean[n];
        var second = new boolean[n];
        for (int i = 0; i < n; i++) {
            boolean hard = random.nextDouble() < 0.3;
            first[i] = !hard && random.nextDouble() < 0.97;
            second[i] = first[i] || random.nextDouble() < 0.06;
        }
        var ones = new double[n];
        Arrays.fill(ones, 1);
        var paired =
                Bootstrap.USUAL.paired(
                        "accuracy", ones, w -> share(first, w), w -> share(second, w));
        assertThat(paired.interval().orElseThrow().low()).isGreaterThan(0);
        assertThat(paired.value().orElseThrow()).isCloseTo(0.018, within(0.01));
        var alone = Bootstrap.USUAL.interval(ones, w -> share(first, w)).orElseThrow();
        assertThat(alone.holds(share(second, ones))).isTrue();
        assertThat(Bootstrap.USUAL.interval(ones, w -> share(first, w)).orElseThrow())
                .isEqualTo(alone);
    }

    private static double share(boolean[] right, double[] weights) {
        double with = 0;
        double all = 0;
        for (int i = 0; i < right.length; i++) {
            all += weights[i];
            if (right[i]) with += weights[i];
        }
        return with / all;
    }

    @Test
    void leavesOutOfAComparisonWhatIsNotDefined() {
        var groups = new TreeMap<String, ConfusionMatrix>();
        groups.put("old", new ConfusionMatrix.Builder().add("1", "1").add("0", "1").build());
        groups.put("young", new ConfusionMatrix.Builder().add("0", "0").add("0", "1").build());
        var fairness = new Fairness(new BySlice<>(groups));
        assertThat(fairness.undefined(Rate.TRUE_POSITIVE)).containsExactly("young");
        assertThat(fairness.difference(Rate.TRUE_POSITIVE)).isEqualTo(0);
        assertThat(fairness.difference(Rate.SELECTION)).isEqualTo(0.5);
        assertThat(fairness.ratio(Rate.FALSE_POSITIVE)).isEqualTo(0.5);
    }

    @Test
    void theIndexIsNoughtForEqualBenefitsAndGrowsWithInequality() {
        double[] ones = {1, 1, 1, 1};
        for (double alpha : new double[] {0, 1, 2, 3}) {
            assertThat(Fairness.generalizedEntropy(ones, ones, alpha)).isCloseTo(0, within(1e-15));
            double little = Fairness.generalizedEntropy(new double[] {1, 1, 1, 2}, ones, alpha);
            double much = Fairness.generalizedEntropy(new double[] {0.5, 0.5, 1, 3}, ones, alpha);
            assertThat(little).isPositive().isLessThan(much);
        }
        // A weight of two is a person twice.
        assertThat(Fairness.generalizedEntropy(new double[] {1, 3}, new double[] {2, 1}, 2))
                .isCloseTo(
                        Fairness.generalizedEntropy(
                                new double[] {1, 1, 3}, new double[] {1, 1, 1}, 2),
                        within(1e-12));
    }

    @Test
    void wilsonHoldsTheTruthAboutAsOftenAsItSaysEvenForRareEvents() {
        var random = new Random(15);
        int held = 0;
        for (int run = 0; run < 2_000; run++) {
            int events = 0;
            for (int i = 0; i < 200; i++) if (random.nextDouble() < 0.02) events++;
            if (Proportion.wilson(events, 200, 0.95).holds(0.02)) held++;
        }
        assertThat(held).isBetween(1_850, 1_980);
        assertThat(Proportion.wilson(0, 10, 0.95).low()).isEqualTo(0);
        assertThat(Proportion.wilson(0, 10, 0.95).high()).isCloseTo(0.2775, within(1e-4));
        assertThat(Proportion.clopperPearson(10, 10, 0.95).high()).isEqualTo(1);
    }
}
