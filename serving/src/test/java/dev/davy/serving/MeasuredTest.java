package dev.davy.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MeasuredTest {

    @Test
    void measuresFiniteNumbers() {
        var measured = Measured.of(new float[] {2, 4, 4, 4, 5, 5, 7, 9, 1_000}, 8);
        assertThat(measured.get("mean")).isEqualTo(5);
        assertThat(measured.get("sd")).isCloseTo(2, within(1e-12)); // the textbook's eight numbers
        assertThat(measured)
                .containsEntry("min", 2.0)
                .containsEntry("max", 9.0)
                .containsEntry("not-finite", 0.0);
    }

    @Test
    void leavesOutWhatIsNotFiniteAndSaysHowMuch() {
        var measured =
                Measured.of(
                        new float[] {
                            1, Float.NaN, 3, Float.POSITIVE_INFINITY, Float.MAX_VALUE * -1
                        },
                        4);
        assertThat(measured)
                .containsEntry("mean", 2.0)
                .containsEntry("max", 3.0)
                .containsEntry("not-finite", 2.0);
    }

    @Test
    void saysNothingOfNothing() {
        assertThat(Measured.of(new float[] {Float.NaN}, 1)).containsOnlyKeys("not-finite");
    }
}
