package dev.davy.stats.quality;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Of numbers, texts, rankings and boxes.
class ErrorsTest {
    private static double value(List<Figure> figures, String name) {
        return figures.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value()
                .orElseThrow();
    }

    @Test
    void saysOfNumbersWhatScikitLearnSays() {
        var builder = new RegressionErrors.Builder(1);
        var weighted = new RegressionErrors.Builder(1);
        double[] truth = {3, -.5, 2, 7};
        double[] said = {2.5, 0., 2, 8};
        for (int i = 0; i < 4; i++) {
            builder.add(i, truth[i], said[i], 1);
            weighted.add(i, truth[i], said[i], i + 1);
        }
        var figures = builder.build().figures(0.95);
        assertThat(value(figures, "mae")).isEqualTo(0.5);
        assertThat(value(figures, "rmse")).isCloseTo(0.6123724356957945, within(1e-12));
        assertThat(value(figures, "mape")).isCloseTo(0.3273809523809524, within(1e-12));
        assertThat(value(figures, "r2")).isCloseTo(0.9486081370449679, within(1e-12));
        assertThat(value(weighted.build().figures(0.95), "r2"))
                .isCloseTo(0.9459613196814562, within(1e-12));
    }

    @Test
    void leavesOutOfPercentagesWhatIsNought() {
        var errors = new RegressionErrors.Builder(1).add(0, 0, 5, 1).add(1, 10, 9, 1).build();
        assertThat(errors.mape(0.95).value().orElseThrow()).isCloseTo(0.1, within(1e-12));
        assertThat(errors.mape(0.95).count()).isEqualTo(1);
        assertThat(errors.mae(0.95).count()).isEqualTo(2);
    }

    @Test
    void mergesErrorsIntoWhatOnePassCounts() {
        var random = new Random(11);
        var whole = new RegressionErrors.Builder(5);
        var even = new RegressionErrors.Builder(5);
        var odd = new RegressionErrors.Builder(5);
        for (int row = 0; row < 300; row++) {
            double truth = 1e6 + random.nextGaussian();
            double said = truth + random.nextGaussian() / 2;
            double weight = random.nextInt(3);
            whole.add(row, truth, said, weight);
            (row % 2 == 0 ? even : odd).add(row, truth, said, weight);
        }
        var once = whole.build().figures(0.95);
        var merged = odd.build().merge(even.build()).merge(RegressionErrors.none(5)).figures(0.95);
        for (int f = 0; f < once.size(); f++) {
            assertThat(merged.get(f).value().orElseThrow())
                    .isCloseTo(once.get(f).value().orElseThrow(), within(1e-9));
            assertThat(merged.get(f).interval().orElseThrow().low())
                    .isCloseTo(once.get(f).interval().orElseThrow().low(), within(1e-9));
        }
    }

    @Test
    void holdsTheTrueMeanInAboutAsManyIntervalsAsItSaysAlsoWithWeights() {
        var random = new Random(12);
        int held = 0;
        for (int run = 0; run < 1_000; run++) {
            var mean = WeightedMean.NONE;
            for (int i = 0; i < 60; i++) {
                // What is large is looked at more often; the weight makes up for it.
                double number = random.nextDouble();
                double looked = 0.2 + 0.8 * number;
                if (random.nextDouble() < looked) mean = mean.plus(number, 1 / looked);
            }
            if (mean.interval(0.95).orElseThrow().holds(0.5)) held++;
        }
        assertThat(held).isBetween(920, 975);
    }

    @Test
    void countsWordsAndCharactersThatAreWrong() {
        var transcripts =
                Transcripts.NONE
                        .plus("the cat sat on the mat", "the cat sat the mats", 1)
                        .plus("seven", "eleven", 1);
        // one word left out and one exchanged of six; one of one
        assertThat(value(transcripts.figures(0.95), "wer")).isCloseTo(3.0 / 7, within(1e-12));
        assertThat(value(transcripts.figures(0.95), "cer"))
                .isCloseTo((4 + 2) / 27.0, within(1e-12));
        assertThat(Transcripts.distance(List.of('k', 'i', 't', 't', 'e', 'n'), letters("sitting")))
                .isEqualTo(3);
        assertThat(value(Transcripts.NONE.plus("", "a b", 1).plus("c", "", 1).figures(0.9), "wer"))
                .isEqualTo(3);
    }

    private static List<Character> letters(String text) {
        return text.chars().mapToObj(c -> (char) c).toList();
    }

    @Test
    void saysOfRankingsWhatScikitLearnSays() {
        double[] ranked = {5, 1, 0, 0, 10};
        assertThat(Ranking.ndcg(ranked, ranked, 5, Ranking.Gain.LINEAR).orElseThrow())
                .isCloseTo(0.6956940443813076, within(1e-12));
        assertThat(Ranking.ndcg(ranked, ranked, 3, Ranking.Gain.LINEAR).orElseThrow())
                .isCloseTo(0.4123818817534531, within(1e-12));
        var rankings =
                Rankings.none(3)
                        .plus(ranked, ranked, 1)
                        .plus(new double[] {0, 0}, new double[] {0, 0, 1}, 1);
        var figures = rankings.figures(0.95);
        assertThat(value(figures, "precision_at_3")).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(value(figures, "recall_at_3")).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(value(figures, "mrr")).isEqualTo(0.5);
    }

    @Test
    void matchesEachTrueBoxOnce() {
        var dog = new Detections.True(new Box(0, 0, 10, 10), "dog");
        var cat = new Detections.True(new Box(20, 20, 30, 30), "cat");
        var images =
                Detections.of(
                                List.of(dog, cat),
                                List.of(
                                        said(0, 0, 10, 9, "dog", 0.9),
                                        said(0, 0, 9, 10, "dog", 0.8),
                                        said(20, 20, 30, 24, "cat", 0.7)),
                                1,
                                0.5)
                        .merge(Detections.of(List.of(dog), List.of(), 1, 0.5));
        var each = images.averagePrecision(Detections.Interpolation.ALL_POINTS, Bootstrap.USUAL);
        // one of two dogs at precision 1; no cat by more than half
        assertThat(requireNonNull(each.get("dog")).value().orElseThrow())
                .isCloseTo(0.5, within(1e-12));
        assertThat(requireNonNull(each.get("cat")).value()).hasValue(0);
        assertThat(
                        images.meanAveragePrecision(
                                        Detections.Interpolation.COCO_101, Bootstrap.USUAL)
                                .value()
                                .orElseThrow())
                .isCloseTo(51 / 101.0 / 2, within(1e-12));
        assertThat(new Box(0, 0, 2, 2).iou(new Box(1, 1, 3, 3))).isCloseTo(1.0 / 7, within(1e-12));
        assertThat(new Box(0, 0, 1, 1).iou(new Box(1, 0, 2, 1))).isEqualTo(0);
    }

    private static Detections.Predicted said(
            double left, double top, double right, double bottom, String name, double score) {
        return new Detections.Predicted(new Box(left, top, right, bottom), name, score);
    }
}
