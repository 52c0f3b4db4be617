package dev.davy.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MomentsTest {

    @Test
    void knowsTheVarianceOfATextbook() {
        var moments = of(2, 4, 4, 4, 5, 5, 7, 9);
        assertThat(moments.mean()).isEqualTo(5);
        assertThat(moments.variance()).hasValue(32.0 / 7);
        assertThat(moments.min()).isEqualTo(2);
        assertThat(moments.max()).isEqualTo(9);
    }

    @Test
    void losesNothingFarFromZero() {
        // Where the sum of squares minus the square of the sum gives nonsense: variance 30.
        var far = of(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16);
        assertThat(far.variance().orElseThrow()).isCloseTo(30, within(1e-9));
        var merged = of(1e9 + 4, 1e9 + 7).merge(of(1e9 + 13, 1e9 + 16));
        assertThat(merged.variance().orElseThrow()).isCloseTo(30, within(1e-6));
    }

    @Test
    void hasNoVarianceOfLessThanTwo() {
        assertThat(Moments.NONE.variance()).isEmpty();
        assertThat(of(3).variance()).isEmpty();
        assertThat(of(3, 3).variance()).hasValue(0);
    }

    @Test
    void survivesNumbersThatAreTooFarApart() {
        var moments = of(Double.MAX_VALUE, -Double.MAX_VALUE, 1);
        assertThat(moments.mean()).isBetween(-Double.MAX_VALUE, Double.MAX_VALUE);
        assertThat(moments.variance()).hasValue(Double.POSITIVE_INFINITY);
        var merged = of(Double.MAX_VALUE).merge(of(-Double.MAX_VALUE)).merge(of(1));
        assertThat(merged.mean()).isFinite();
        assertThat(merged.variance()).hasValue(Double.POSITIVE_INFINITY);
    }

    @Test
    void keepsTheMeanOfTheSmallestNumbersAmongThem() {
        var smallest = of(Double.MIN_VALUE);
        assertThat(smallest.merge(smallest).mean()).isEqualTo(Double.MIN_VALUE);
        assertThat(of(Double.MIN_VALUE, Double.MIN_VALUE, Double.MIN_VALUE).mean())
                .isEqualTo(Double.MIN_VALUE);
    }

    private static Moments of(double... numbers) {
        var moments = Moments.NONE;
        for (double number : numbers) moments = moments.plus(number);
        return moments;
    }
}
