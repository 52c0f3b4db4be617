package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowTest {
    /// A minute of an endpoint with 20 columns that hold whatever costs most room.
    private static Window minute(int rows, boolean texts, long seed) {
        var chance = new Random(seed);
        var window = new Window.Builder();
        for (int row = 0; row < rows; row++) {
            window.predictions++;
            window.inputsKept++;
            window.arms.add("live credit/" + 7);
            window.latency.number(Math.exp(chance.nextGaussian()));
            window.confidence.number(chance.nextDouble());
            window.output("risk").text(chance.nextBoolean() ? "good" : "bad");
            for (int column = 0; column < 20; column++) {
                var measure = window.input("some_column_" + column);
                if (chance.nextInt(10) == 0) measure.missing();
                else if (texts) measure.text(Long.toHexString(chance.nextLong()));
                else measure.number(1_000 * Math.exp(2 * chance.nextGaussian()));
            }
        }
        return window.build();
    }

    @Test
    void aMinuteOfTwentyColumnsTakesAtMostFourKilobytes() {
        for (int rows : new int[] {1, 60, 600, 6_000, 60_000}) {
            assertThat(minute(rows, false, rows).bytes()).hasSizeLessThanOrEqualTo(4_000);
            assertThat(minute(rows, true, rows).bytes()).hasSizeLessThanOrEqualTo(4_000);
        }
    }

    @Test
    void readsWhatItWrote() {
        var window = minute(500, false, 5);
        var again = Window.read(window.bytes());
        assertThat(again).isEqualTo(window);
        assertThat(Window.read(Window.EMPTY.bytes())).isEqualTo(Window.EMPTY);
    }

    @Test
    void windowsMergeInWhateverOrder() {
        var a = minute(300, false, 1);
        var b = minute(200, true, 2);
        var c = minute(400, false, 3);
        var one = a.merge(b).merge(c);
        var other = c.merge(a.merge(b));
        assertThat(one.predictions()).isEqualTo(900).isEqualTo(other.predictions());
        one.inputs()
                .forEach((name, measure) -> {
                    var same = other.inputs().get(name);
                    assertThat(same).isNotNull();
                    assertThat(measure.numbers()).isEqualTo(same.numbers());
                    assertThat(measure.texts()).isEqualTo(same.texts());
                    assertThat(measure.missing()).isEqualTo(same.missing());
                    assertThat(measure.moments().mean())
                            .isCloseTo(
                                    same.moments().mean(), within(1e-9 * measure.moments().mean()));
                });
        assertThat(a.merge(Window.EMPTY)).isEqualTo(a);
        assertThat(Window.EMPTY.merge(a)).isEqualTo(a);
    }

    @Test
    void aHistogramHoldsEveryNumberOnce() {
        var measure = minute(2_000, false, 9).inputs().firstEntry().getValue();
        double sum = 0;
        for (var bar : measure.histogram(25)) sum += bar.count();
        assertThat(sum).isCloseTo((double) measure.moments().count(), within(1e-6));
    }
}
