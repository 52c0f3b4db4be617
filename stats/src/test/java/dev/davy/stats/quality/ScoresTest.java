package dev.davy.stats.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoresTest {
    private static final double[] SCORES = {.1, .4, .35, .8, .4, .6, .9, .2, .4, .7};
    private static final int[] TRUTH = {0, 0, 1, 1, 0, 1, 1, 0, 1, 0};
    private static final double[] WEIGHTS = {1, 2, 1, .5, 1, 3, 1, 1, 2, 1};

    private static Scores scores(boolean weighted) {
        var builder = new Scores.Builder();
        for (int i = 0; i < SCORES.length; i++)
            builder.add(SCORES[i], TRUTH[i] == 1, weighted ? WEIGHTS[i] : 1);
        return builder.build();
    }

    @Test
    void saysWhatScikitLearnSays() {
        assertThat(scores(false).rocAuc(0.95).value().orElseThrow()).isCloseTo(0.76, within(1e-12));
        assertThat(scores(true).rocAuc(0.95).value().orElseThrow())
                .isCloseTo(0.7333333333333334, within(1e-12));
        assertThat(scores(false).averagePrecision(Bootstrap.USUAL).value().orElseThrow())
                .isCloseTo(0.7892857142857144, within(1e-12));
        assertThat(scores(true).averagePrecision(Bootstrap.USUAL).value().orElseThrow())
                .isCloseTo(0.7793086140912229, within(1e-12));
    }

    @Test
    void mergesIntoWhatOnePassKeepsAlsoWhenScoresAreTakenTogether() {
        for (long seed : new Random(2).longs(6).toArray()) {
            var random = new Random(seed);
            var whole = new Scores.Builder();
            var parts =
                    new Scores.Builder[] {
                        new Scores.Builder(), new Scores.Builder(), new Scores.Builder()
                    };
            for (int i = 0; i < 40_000; i++) {
                boolean positive = random.nextBoolean();
                double score = random.nextGaussian() + (positive ? 1 : 0);
                whole.add(score, positive, 1);
                parts[random.nextInt(parts.length)].add(score, positive, 1);
            }
            var a = parts[0].build();
            var b = parts[1].build();
            var c = parts[2].build();
            assertThat(a.merge(b).merge(c))
                    .as("seed %d", seed)
                    .isEqualTo(whole.build())
                    .isEqualTo(c.merge(a.merge(b)));
            assertThat(a.merge(Scores.NONE)).isEqualTo(a);
        }
    }

    @Test
    void isNotFartherOffThanItSays() {
        var random = new Random(3);
        int n = 30_000;
        var all = new Scores.Builder();
        var score = new double[n];
        var positive = new boolean[n];
        for (int i = 0; i < n; i++) {
            positive[i] = random.nextInt(10) == 0;
            score[i] = 1 / (1 + Math.exp(-random.nextGaussian() - (positive[i] ? 2 : 0)));
            all.add(score[i], positive[i], 1);
        }
        var built = all.build();
        assertThat(built.exact()).isFalse();
        assertThat(built.slack()).isBetween(1e-9, 1e-3);
        double exact = exactAuc(score, positive);
        assertThat(built.rocAuc(0.95).value().orElseThrow())
                .isCloseTo(exact, within(built.slack()));
    }

    private static double exactAuc(double[] score, boolean[] positive) {
        var order = new Integer[score.length];
        for (int i = 0; i < order.length; i++) order[i] = i;
        java.util.Arrays.sort(order, java.util.Comparator.comparingDouble(i -> score[i]));
        double below = 0;
        double area = 0;
        double positives = 0;
        for (int i : order) {
            if (positive[i]) {
                area += below;
                positives++;
            } else below++;
        }
        return area / (below * positives);
    }

    @Test
    void holdsTheTrueAucInAboutAsManyIntervalsAsItSays() {
        // Two normal distributions, one standard deviation apart: AUC = Phi(1 / sqrt 2).
        double truth = 0.7602499389065233;
        int held = 0;
        var random = new Random(4);
        for (int run = 0; run < 1_000; run++) {
            var builder = new Scores.Builder();
            for (int i = 0; i < 150; i++) {
                boolean positive = i % 3 == 0;
                builder.add(random.nextGaussian() + (positive ? 1 : 0), positive, 1);
            }
            if (builder.build().rocAuc(0.95).interval().orElseThrow().holds(truth)) held++;
        }
        assertThat(held).isBetween(925, 972);
    }

    @Test
    void doesNotSayThatTenExamplesProvePerfection() {
        var builder = new Scores.Builder();
        for (int i = 0; i < 10; i++) builder.add(i, i >= 5, 1);
        var auc = builder.build().rocAuc(0.95);
        assertThat(auc.value()).hasValue(1);
        assertThat(auc.interval().orElseThrow().low()).isLessThan(0.6);
    }

    @Test
    void isNotDefinedWithoutPositives() {
        var figure = new Scores.Builder().add(0.5, false, 1).build().rocAuc(0.95);
        assertThat(figure.value()).isEmpty();
    }
}
