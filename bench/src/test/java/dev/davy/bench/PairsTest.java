package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairsTest {
    private static Pairs of(int most) {
        var pairs = new Pairs();
        IntStream.rangeClosed(1, most).forEach(pairs::add);
        return pairs;
    }

    @Test
    void saysWhereTheMedianIs() {
        assertThat(of(10).median()).isEqualTo(5.5);
        // Published: the 2nd and the 9th of ten hold it with 97.9 %, the 6th and 15th of twenty
        // with
        // 95.9 %.
        assertThat(of(10).interval()).isEqualTo("2 to 9");
        assertThat(of(20).interval()).isEqualTo("6 to 15");
    }

    @Test
    void saysNothingOfTooFew() {
        assertThat(of(5).interval()).isEqualTo("-");
        assertThat(of(6).interval()).isEqualTo("1 to 6");
        assertThat(new Pairs().median()).isNaN();
    }
}
