package dev.davy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TargetTest {
    @Test
    void saysInOneLineWhetherItWasHeld() {
        assertThat(Target.atLeast("ratio", 0.8123, 0.80).line())
                .isEqualTo("held: ratio: 0.812 (at least 0.800)");
        assertThat(Target.atMost("p99, ms", 4.129, 2).line())
                .isEqualTo("missed: p99, ms: 4.13 (at most 2)");
    }

    @Test
    void whatCouldNotBeMeasuredIsMissed() {
        assertThat(Target.atMost("p99, ms", Double.NaN, 2).held()).isFalse();
        assertThat(Target.atLeast("ratio", Double.NaN, 0).held()).isFalse();
    }

    @Test
    void aRatioIsTheMedianOfTheRatiosOfItsRounds() {
        var samples = new Samples();
        for (double bare : new double[] {100, 50, 10}) samples.add("bare", bare);
        for (double davy : new double[] {90, 40, 9.5}) samples.add("davy", davy);
        assertThat(samples.medianRatio("davy", "bare")).isEqualTo(0.9);
        assertThat(samples.median("none")).isNaN();
    }
}
