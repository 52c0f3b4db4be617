package dev.davy.stats.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.davy.stats.agreement.Kappa.Weighting;
import dev.davy.stats.quality.Bootstrap;
import dev.davy.stats.quality.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConsensusTest {
    /// Labelers of unlike skill on items of two labels.
    private static List<Annotation> drawn(Random random, int items, double[] skills) {
        var all = new ArrayList<Annotation>();
        for (int i = 0; i < items; i++)
            for (int l = 0; l < skills.length; l++) {
                boolean truth = i % 2 == 0;
                boolean right = random.nextDouble() < skills[l];
                all.add(new Annotation("item " + i, "w" + l, right == truth ? "yes" : "no"));
            }
        return all;
    }

    private static Map<String, String> gold(int items) {
        var gold = new TreeMap<String, String>();
        for (int i = 0; i < items; i++) gold.put("item " + i, i % 2 == 0 ? "yes" : "no");
        return gold;
    }

    @Test
    void listensToLabelersWhoAreRightAndTurnsRoundThoseWhoAreWrong() {
        double[] skills = {0.95, 0.9, 0.2, 0.15, 0.5};
        var annotations = Annotations.of(drawn(new Random(1), 400, skills));
        var votes = Votes.majority(annotations).accuracy(gold(400));
        var fit = DawidSkene.fit(annotations, DawidSkene.Options.USUAL).consensus();
        var coin = DawidSkene.fit(annotations, DawidSkene.Options.USUAL.withOneCoin()).consensus();
        assertThat(votes).isLessThan(0.7);
        assertThat(fit.accuracy(gold(400))).isGreaterThan(0.95);
        assertThat(coin.accuracy(gold(400))).isGreaterThan(0.95);
        for (int l = 0; l < skills.length; l++)
            assertThat(coin.skills().get("w" + l)).isCloseTo(skills[l], within(0.06));
    }

    @Test
    void comesToTheSameInWhateverOrderItIsTold() {
        var told = drawn(new Random(2), 50, new double[] {0.9, 0.7, 0.6});
        var fit = DawidSkene.fit(Annotations.of(told), DawidSkene.Options.USUAL).consensus();
        for (long seed : new Random(3).longs(20).toArray()) {
            var other = new ArrayList<>(told);
            Collections.shuffle(other, new Random(seed));
            assertThat(DawidSkene.fit(Annotations.of(other), DawidSkene.Options.USUAL).consensus())
                    .as("seed %d", seed)
                    .isEqualTo(fit);
        }
    }

    @Test
    void theLikelihoodNeverFalls() {
        for (long seed : new Random(4).longs(20).toArray()) {
            var annotations =
                    Annotations.of(drawn(new Random(seed), 20, new double[] {0.8, 0.6, 0.5, 0.7}));
            double before = Double.NEGATIVE_INFINITY;
            for (int n = 0; n < 15; n++) {
                var options = new DawidSkene.Options(n, -1, 0, false, DawidSkene.Stop.LIKELIHOOD);
                double now = DawidSkene.fit(annotations, options).logLikelihood();
                assertThat(now).as("seed %d, round %d", seed, n).isGreaterThan(before - 1e-9);
                before = now;
            }
        }
    }

    @Test
    void aGoodModelSettlesWhatTwoLabelersCannot() {
        var labels = new int[60][2];
        var model = new double[60][2];
        var random = new Random(5);
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            int truth = i % 2;
            for (int l = 0; l < 2; l++)
                labels[i][l] = random.nextDouble() < 0.75 ? truth : 1 - truth;
            int said = random.nextDouble() < 0.95 ? truth : 1 - truth;
            model[i][said] = 0.9;
            model[i][1 - said] = 0.1;
        }
        var result = Crowdlab.consensus(labels, model);
        for (int i = 0; i < labels.length; i++) if (result.consensus()[i] == i % 2) right++;
        assertThat(right).isGreaterThanOrEqualTo(55);
        assertThatThrownBy(() -> Crowdlab.consensus(new int[][] {{0, -1}}, new double[][] {{1, 0}}))
                .hasMessageContaining("no item has two labels");
    }

    @Test
    void kappaOfTheTextbook() {
        // Two labelers, 50 items: 20 yes/yes, 15 no/no, 5 and 10 split.
        var pairs = new ConfusionMatrix.Builder();
        for (int i = 0; i < 20; i++) pairs.add("yes", "yes");
        for (int i = 0; i < 15; i++) pairs.add("no", "no");
        for (int i = 0; i < 5; i++) pairs.add("yes", "no");
        for (int i = 0; i < 10; i++) pairs.add("no", "yes");
        var kappa =
                Kappa.cohen(pairs.build(), Weighting.NONE, List.of("no", "yes"), Bootstrap.USUAL);
        assertThat(kappa.value().orElseThrow()).isCloseTo(0.40, within(1e-12));
        // Its large-sample error is 0.13 (Fleiss, Cohen and Everitt 1969).
        assertThat(kappa.interval().orElseThrow().low()).isCloseTo(0.15, within(0.04));
        assertThat(kappa.interval().orElseThrow().high()).isCloseTo(0.65, within(0.04));
    }

    @Test
    void whoSaysTheSameThroughoutAgrees() {
        var same = new ConfusionMatrix.Builder().add("yes", "yes").add("yes", "yes").build();
        assertThat(
                        Kappa.cohen(same, Weighting.LINEAR, List.of("no", "yes"), Bootstrap.USUAL)
                                .value())
                .hasValue(1);
        var units = List.of(List.of("yes", "yes"), List.of("yes", "yes"));
        assertThat(Kappa.fleiss(units, Bootstrap.USUAL).value()).hasValue(1);
        assertThat(
                        Krippendorff.of(units)
                                .alpha("nominal", Distance.nominal(), Bootstrap.USUAL)
                                .value())
                .isEmpty();
    }

    @Test
    void alphaIsNoughtByChanceAndItsIntervalSaysSo() {
        var random = new Random(6);
        var units = new ArrayList<List<String>>();
        for (int i = 0; i < 300; i++) {
            var unit = new ArrayList<String>();
            for (int l = 0; l < 2 + random.nextInt(3); l++) unit.add("" + random.nextInt(4));
            units.add(unit);
        }
        var alpha = Krippendorff.of(units).alpha("nominal", Distance.nominal(), Bootstrap.USUAL);
        assertThat(alpha.interval().orElseThrow().holds(0)).isTrue();
        assertThat(Kappa.fleiss(units, Bootstrap.USUAL).value()).isEmpty();
    }

    @Test
    void setsThatShareSomethingAreLessUnlike() {
        Distance<Set<String>> masi = Distance.masi();
        var over = masi.over(Map.of());
        assertThat(over.applyAsDouble(Set.of("a"), Set.of("a"))).isEqualTo(0);
        assertThat(over.applyAsDouble(Set.of("a", "b"), Set.of("a")))
                .isCloseTo(2.0 / 3, within(1e-12));
        assertThat(over.applyAsDouble(Set.of("a", "b"), Set.of("b", "c")))
                .isCloseTo(8.0 / 9, within(1e-12));
        assertThat(over.applyAsDouble(Set.of("a"), Set.of("b"))).isEqualTo(1);
    }
}
