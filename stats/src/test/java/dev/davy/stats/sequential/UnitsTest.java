package dev.davy.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UnitsTest {
    @Test
    void countsTheFirstFewRequestsOfAnEntityAndNoMore() {
        var units = new Units(2, 100);
        assertThat(units.asked(7, true)).isTrue();
        units.harmed(7, 1);
        assertThat(units.asked(7, true)).isTrue();
        assertThat(units.asked(7, true)).isFalse();
        assertThat(units.asked(8, false)).isTrue();

        var stretch = units.stretch(0.5, true);
        assertThat(stretch.candidate()).isEqualTo(Tally.of(2, 1, 1));
        assertThat(stretch.live()).isEqualTo(Tally.of(1, 0, 1));
    }

    @Test
    void leavesOutEntitiesThatAreTooManyOnBothArms() {
        var units = new Units(5, 2);
        units.asked(1, true);
        units.asked(2, false);
        assertThat(units.asked(3, true)).isFalse();
        assertThat(units.asked(4, false)).isFalse();
        assertThat(units.asked(1, true)).isTrue();
        assertThat(units.left()).isEqualTo(2);
    }

    @Test
    void anEntityOnBothArmsIsAMistakeOfTheCaller() {
        var units = new Units(5, 10);
        units.asked(1, true);
        assertThatThrownBy(() -> units.asked(1, false)).isInstanceOf(IllegalStateException.class);
    }
}
