package dev.davy.stats.quality;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    private static final List<String> TRUTH =
            List.of("a", "a", "a", "b", "b", "c", "c", "c", "c", "d");
    private static final List<String> SAID =
            List.of("a", "b", "a", "b", "b", "c", "a", "c", "b", "c");
    private static final double[] WEIGHTS = {1, 2, 1, .5, 1, 3, 1, 1, 2, 1};

    private static ConfusionMatrix matrix(double[] weights) {
        var builder = new ConfusionMatrix.Builder();
        for (int i = 0; i < TRUTH.size(); i++)
            builder.add(TRUTH.get(i), SAID.get(i), weights.length == 0 ? 1 : weights[i]);
        return builder.build();
    }

    private static double value(List<Figure> figures, String name) {
        return figures.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value()
                .orElseThrow();
    }

    @Test
    void saysWhatScikitLearnSays() {
        var plain = matrix(new double[0]).overall(Bootstrap.USUAL);
        assertThat(value(plain, "accuracy")).isEqualTo(0.6);
        assertThat(value(plain, "balanced_accuracy")).isCloseTo(0.5416666666666666, within(1e-12));
        assertThat(value(plain, "precision_macro")).isCloseTo(0.45833333333333326, within(1e-12));
        assertThat(value(plain, "recall_macro")).isCloseTo(0.5416666666666666, within(1e-12));
        assertThat(value(plain, "f1_macro")).isCloseTo(0.47619047619047616, within(1e-12));
        assertThat(value(plain, "f1_weighted")).isCloseTo(0.5619047619047619, within(1e-12));
        assertThat(value(plain, "matthews_correlation"))
                .isCloseTo(0.45607966191078725, within(1e-12));
        var weighted = matrix(WEIGHTS).overall(Bootstrap.USUAL);
        assertThat(value(weighted, "accuracy")).isCloseTo(0.5555555555555556, within(1e-12));
        assertThat(value(weighted, "precision_macro")).isCloseTo(0.4348484848484848, within(1e-12));
        assertThat(value(weighted, "precision_weighted"))
                .isCloseTo(0.642648709315376, within(1e-12));
        assertThat(value(weighted, "f1_macro")).isCloseTo(0.41666666666666663, within(1e-12));
        assertThat(value(weighted, "matthews_correlation"))
                .isCloseTo(0.3966106777878721, within(1e-12));
    }

    @Test
    void saysOfAClassThatWasNeverPredictedThatItsPrecisionIsNotDefined() {
        var classes = matrix(new double[0]).perClass(Bootstrap.USUAL);
        assertThat(requireNonNull(classes.get("d")))
                .extracting(each -> each.value().isPresent())
                .containsExactly(false, true, true);
        assertThat(requireNonNull(classes.get("b")).getFirst().value()).hasValue(0.5);
        assertThat(requireNonNull(classes.get("b")).getFirst().count()).isEqualTo(4);
    }

    @Test
    void knowsThatFewHeavyExamplesSayLessThanManyLight() {
        var heavy = new ConfusionMatrix.Builder();
        var light = new ConfusionMatrix.Builder();
        for (int i = 0; i < 100; i++) light.add("1", i < 80 ? "1" : "0");
        for (int i = 0; i < 100; i++) heavy.add("1", i < 80 ? "1" : "0", i % 10 == 0 ? 9.1 : 0.1);
        var wide = heavy.build().accuracy(0.95).interval().orElseThrow();
        var narrow = light.build().accuracy(0.95).interval().orElseThrow();
        assertThat(wide.width()).isGreaterThan(2 * narrow.width());
    }

    @Test
    void mergesIntoWhatOnePassCounts() {
        for (long seed : new Random(1).longs(50).toArray()) {
            var random = new Random(seed);
            var whole = new ConfusionMatrix.Builder();
            var parts = new ConfusionMatrix[4];
            var builders = new ConfusionMatrix.Builder[parts.length];
            for (int p = 0; p < parts.length; p++) builders[p] = new ConfusionMatrix.Builder();
            for (int i = 0; i < 200; i++) {
                var truth = "" + random.nextInt(5);
                var said = "" + random.nextInt(5);
                // Halves of whole numbers are summed without rounding.
                double weight = random.nextInt(10) / 2.0;
                whole.add(truth, said, weight);
                builders[random.nextInt(parts.length)].add(truth, said, weight);
            }
            for (int p = 0; p < parts.length; p++) parts[p] = builders[p].build();
            var left = parts[0].merge(parts[1]).merge(parts[2]).merge(parts[3]);
            var right = parts[3].merge(parts[2]).merge(parts[1].merge(parts[0]));
            assertThat(left).as("seed %d", seed).isEqualTo(whole.build()).isEqualTo(right);
            assertThat(left.merge(ConfusionMatrix.NONE)).isEqualTo(left);
        }
    }

    @Test
    void holdsTheTrueF1InAboutAsManyIntervalsAsItSays() {
        // Truth positive in 30 %, found in 80 %, wrongly said in 10 %.
        double truth = 2 * 0.24 / (2 * 0.24 + 0.07 + 0.06);
        int held = 0;
        var random = new Random(5);
        for (int run = 0; run < 400; run++) {
            var builder = new ConfusionMatrix.Builder();
            for (int i = 0; i < 300; i++) {
                boolean positive = random.nextDouble() < 0.3;
                boolean said = random.nextDouble() < (positive ? 0.8 : 0.1);
                builder.add(positive ? "1" : "0", said ? "1" : "0");
            }
            var f1 = builder.build().f1("1", new Bootstrap(200, run, 0.95));
            if (f1.interval().orElseThrow().holds(truth)) held++;
        }
        // 95 % of 400, give or take three standard deviations and the bootstrap's own slack.
        assertThat(held).isBetween(363, 395);
    }

    @Test
    void refusesWeightsThatAreNone() {
        assertThatThrownBy(() -> new ConfusionMatrix.Builder().add("a", "b", -1))
                .hasMessageContaining("weight is -1.0");
        assertThatThrownBy(() -> new ConfusionMatrix.Builder().add("a", "b", Double.NaN))
                .hasMessageContaining("NaN");
    }
}
