package dev.davy.stats.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Kolmogorov and Smirnov's test where one sample is a single number.
class OneNumberTest {
    private static final double[] FOUR = {1, 2, 3, 4};

    private static Drift test(double[] reference, double[] current, RankTests.Side side) {
        return RankTests.kolmogorovSmirnov(reference, current, side, RankTests.Method.ASYMPTOTIC);
    }

    @Test
    void countsItsPlaceAmongTheOthers() {
        // Beyond all of four: one of the two ends of five places.
        var end = test(new double[] {5}, FOUR, RankTests.Side.EITHER);
        assertThat(end.value()).isEqualTo(1);
        assertThat(end.p()).isCloseTo(0.4, within(1e-12));
        assertThat(test(FOUR, new double[] {5}, RankTests.Side.EITHER).p())
                .isCloseTo(0.4, within(1e-12));
        var middle = test(new double[] {2.5}, FOUR, RankTests.Side.EITHER);
        assertThat(middle.value()).isEqualTo(0.5);
        assertThat(middle.p()).isEqualTo(1);
        assertThat(test(new double[] {7}, new double[] {7}, RankTests.Side.EITHER).value())
                .isZero();
        assertThat(test(new double[] {7}, new double[] {8}, RankTests.Side.EITHER).p())
                .isEqualTo(1);
    }

    /// The library takes two numbers and more: the same number twice has the same distance, on
    /// either side.
    @Test
    void hasTheDistanceThatTheLibraryFindsForItTwice() {
        for (var side : RankTests.Side.values())
            for (double one : new double[] {0, 1, 1.5, 2, 3.5, 4, 9}) {
                double[] twice = {one, one};
                double[] once = {one};
                assertThat(test(once, FOUR, side).value())
                        .as("%s %s", side, one)
                        .isCloseTo(test(twice, FOUR, side).value(), within(1e-12));
                assertThat(test(FOUR, once, side).value())
                        .as("%s %s", side, one)
                        .isCloseTo(test(FOUR, twice, side).value(), within(1e-12));
            }
    }

    /// Under no drift each place is as likely: no more than a share a has a p-value of at most a.
    @Test
    void itsPValuesAreThoseOfAllPlaces() {
        for (var side : RankTests.Side.values()) {
            var p = new double[FOUR.length + 1];
            for (int place = 0; place < p.length; place++)
                p[place] = test(new double[] {place + 0.5}, FOUR, side).p();
            for (double level : p) {
                long atMost = Arrays.stream(p).filter(each -> each <= level + 1e-12).count();
                assertThat((double) atMost / p.length)
                        .as("%s %s", side, level)
                        .isLessThanOrEqualTo(level + 1e-12);
            }
        }
    }
}
