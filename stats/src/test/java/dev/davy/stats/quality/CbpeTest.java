package dev.davy.stats.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CbpeTest {
    @Test
    void expectsWhatComesWhenProbabilitiesAreTrue() {
        var random = new Random(8);
        int n = 50_000;
        var p = new double[n];
        var said = new boolean[n];
        var truth = new ConfusionMatrix.Builder();
        var scores = new Scores.Builder();
        for (int i = 0; i < n; i++) {
            p[i] = random.nextDouble();
            said[i] = p[i] > 0.4;
            boolean positive = random.nextDouble() < p[i];
            truth.add(positive ? "1" : "0", said[i] ? "1" : "0");
            scores.add(p[i], positive, 1);
        }
        var estimate = Cbpe.binary(p, p, said);
        var measured = truth.build();
        assertThat(estimate.accuracy())
                .isCloseTo(measured.accuracy(0.95).value().orElseThrow(), within(0.01));
        assertThat(estimate.precision())
                .isCloseTo(measured.precision("1", 0.95).value().orElseThrow(), within(0.01));
        assertThat(estimate.recall())
                .isCloseTo(measured.recall("1", 0.95).value().orElseThrow(), within(0.01));
        assertThat(estimate.rocAuc())
                .isCloseTo(scores.build().rocAuc(0.95).value().orElseThrow(), within(0.01));
        assertThat(estimate.matrix().all().weight()).isCloseTo(n, within(1e-6));
    }

    @Test
    void givesAnIntervalForWhatWouldBeMeasured() {
        var random = new Random(9);
        int held = 0;
        for (int run = 0; run < 200; run++) {
            int n = 200;
            var p = new double[n];
            var said = new boolean[n];
            double right = 0;
            for (int i = 0; i < n; i++) {
                p[i] = random.nextDouble();
                said[i] = p[i] > 0.5;
                if (random.nextDouble() < p[i] == said[i]) right++;
            }
            var figure = Cbpe.accuracy(p, said, new Bootstrap(200, run, 0.95));
            if (figure.interval().orElseThrow().holds(right / n)) held++;
        }
        assertThat(held).isBetween(180, 199);
    }

    @Test
    void expectsAMatrixOfSeveralClasses() {
        var matrix =
                Cbpe.expected(
                        List.of("a", "b", "c"),
                        new double[][] {{0.5, 0.3, 0.2}, {0.1, 0.9, 0}, {0.4, 0, 0.6}},
                        new int[] {0, 1, 2});
        assertThat(matrix.cell("b", "a").weight()).isCloseTo(0.3, within(1e-12));
        assertThat(matrix.right().weight()).isCloseTo(2, within(1e-12));
    }

    @Test
    void calibratesOnlyWhatNeedsIt() {
        var random = new Random(10);
        int n = 4_000;
        var good = new double[n];
        var sure = new double[n];
        var positive = new boolean[n];
        for (int i = 0; i < n; i++) {
            double p = random.nextDouble();
            positive[i] = random.nextDouble() < p;
            good[i] = p;
            sure[i] = 1 / (1 + Math.exp(-4 * Math.log(p / (1 - p))));
        }
        assertThat(Cbpe.calibrator(sure, positive, 42)).isInstanceOf(Calibrator.Isotonic.class);
        assertThat(Cbpe.calibrator(good, positive, 42)).isInstanceOf(Calibrator.None.class);
        var learned = Cbpe.calibrator(sure, positive, 42);
        double off = 0;
        for (int i = 0; i < n; i++) off += Math.abs(learned.apply(sure[i]) - good[i]) / n;
        assertThat(off).isLessThan(0.03);
    }
}
