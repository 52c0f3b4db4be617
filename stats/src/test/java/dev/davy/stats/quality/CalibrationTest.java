package dev.davy.stats.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final double[] SCORES = {.1, .4, .35, .8, .4, .6, .9, .2, .4, .7};
    private static final int[] TRUTH = {0, 0, 1, 1, 0, 1, 1, 0, 1, 0};
    private static final double[] WEIGHTS = {1, 2, 1, .5, 1, 3, 1, 1, 2, 1};

    @Test
    void saysWhatScikitLearnSays() {
        var plain = new Calibration.Builder(10);
        var weighted = new Calibration.Builder(10);
        for (int i = 0; i < SCORES.length; i++) {
            plain.add(SCORES[i], TRUTH[i] == 1, 1);
            weighted.add(SCORES[i], TRUTH[i] == 1, WEIGHTS[i]);
        }
        assertThat(plain.build().brier(0.95).value().orElseThrow())
                .isCloseTo(0.18525, within(1e-12));
        assertThat(plain.build().logLoss(0.95).value().orElseThrow())
                .isCloseTo(0.5359570665940814, within(1e-12));
        assertThat(weighted.build().brier(0.95).value().orElseThrow())
                .isCloseTo(0.19796296296296295, within(1e-12));
        assertThat(weighted.build().logLoss(0.95).value().orElseThrow())
                .isCloseTo(0.570130851367099, within(1e-12));
    }

    @Test
    void findsTheErrorOfAModelThatIsTooSure() {
        var builder = new Calibration.Builder(10);
        for (int i = 0; i < 1_000; i++) builder.add(0.95, i % 10 < 7, 1);
        var calibration = builder.build();
        var ece = calibration.expectedCalibrationError(Bootstrap.USUAL);
        assertThat(ece.value().orElseThrow()).isCloseTo(0.25, within(1e-12));
        assertThat(ece.interval().orElseThrow().holds(0.25)).isTrue();
        assertThat(calibration.ofPerfect(Bootstrap.USUAL)).isLessThan(0.02);
        var line = calibration.worst(100).orElseThrow();
        assertThat(line.came()).isEqualTo(0.7);
        assertThat(line.interval().holds(0.95)).isFalse();
    }

    @Test
    void mergesIntoWhatOnePassCounts() {
        var random = new Random(6);
        var whole = new Calibration.Builder(15);
        var first = new Calibration.Builder(15);
        var second = new Calibration.Builder(15);
        for (int i = 0; i < 500; i++) {
            double p = random.nextDouble();
            boolean positive = random.nextDouble() < p;
            double weight = random.nextInt(4);
            whole.add(p, positive, weight);
            (i % 3 == 0 ? first : second).add(p, positive, weight);
        }
        var merged = first.build().merge(second.build());
        var once = whole.build();
        var one = once.figures(Bootstrap.USUAL);
        var both = merged.figures(Bootstrap.USUAL);
        for (int f = 0; f < one.size(); f++)
            assertThat(both.get(f).value().orElseThrow())
                    .isCloseTo(one.get(f).value().orElseThrow(), within(1e-12));
        assertThat(merged.merge(Calibration.none(15)).reliability(0.95))
                .isEqualTo(merged.reliability(0.95));
    }

    @Test
    void learnsAPlattCurveAsScikitLearnDoes() {
        var positive = new boolean[TRUTH.length];
        for (int i = 0; i < TRUTH.length; i++) positive[i] = TRUTH[i] == 1;
        var ones = new double[TRUTH.length];
        Arrays.fill(ones, 1);
        var platt = Calibrator.platt(SCORES, positive, ones);
        assertThat(platt.slope()).isCloseTo(-3.2770543196697552, within(1e-4));
        assertThat(platt.shift()).isCloseTo(1.5809890305528318, within(1e-4));
        var weighted = Calibrator.platt(SCORES, positive, WEIGHTS);
        assertThat(weighted.slope()).isCloseTo(-4.053659219615548, within(1e-4));
        assertThat(weighted.shift()).isCloseTo(1.6820546399621026, within(1e-4));
    }

    @Test
    void learnsALineThatNeverFalls() {
        for (long seed : new Random(7).longs(100).toArray()) {
            var random = new Random(seed);
            int n = 1 + random.nextInt(40);
            var scores = random.doubles(n).map(s -> Math.rint(s * 10) / 10).toArray();
            var outcomes = random.doubles(n).map(Math::rint).toArray();
            var weights = random.doubles(n, 0.1, 2).toArray();
            var learned = Calibrator.isotonic(scores, outcomes, weights);
            double before = -1;
            double sum = 0;
            double truth = 0;
            for (double s = -0.2; s < 1.2; s += 0.01) {
                assertThat(learned.apply(s)).as("seed %d", seed).isBetween(before, 1.0);
                before = learned.apply(s);
            }
            for (int i = 0; i < n; i++) {
                sum += weights[i] * learned.apply(scores[i]);
                truth += weights[i] * outcomes[i];
            }
            // Pooling keeps the mean.
            assertThat(sum).as("seed %d", seed).isCloseTo(truth, within(1e-9));
        }
    }
}
