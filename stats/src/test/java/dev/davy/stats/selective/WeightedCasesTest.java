package dev.davy.stats.selective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.davy.stats.quality.Proportion;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WeightedCasesTest {
    @Test
    void isClopperAndPearsonsIntervalWhereAllWeighTheSame() {
        for (int of : List.of(0, 1, 7, 20)) {
            var share = WeightedShare.NONE;
            for (int i = 0; i < 20; i++) share = share.plus(i < of, 3);
            var exact = Proportion.clopperPearson(of, 20, 0.95);
            assertThat(share.interval(0.95, 3).low()).isCloseTo(exact.low(), within(1e-9));
            assertThat(share.interval(0.95, 3).high()).isCloseTo(exact.high(), within(1e-9));
        }
    }

    @Test
    void allowsForAHeavyCaseThatNobodyHasSeen() {
        var share = WeightedShare.NONE;
        for (int i = 0; i < 300; i++) share = share.plus(true, 1);
        assertThat(share.share()).isEqualTo(1);
        assertThat(share.interval(0.95, 1).low()).isCloseTo(0.9878, within(1e-4));
        // At a spot-check of 2 %, up to 184 misses may be there of which none was seen: 300 of 484.
        assertThat(share.interval(0.95, 50).low()).isBetween(0.5, 0.65);
    }

    @Test
    void saysNothingOfNoCases() {
        assertThat(WeightedShare.NONE.figure("recall", 0.95, 1, "of none").value()).isEmpty();
    }

    @Test
    void holdsTheRecallOfEverythingAtLeastAsOftenAsItSays() {
        int runs = 2_000;
        for (double spotCheck : List.of(0.02, 0.1, 0.5))
            for (int n : List.of(300, 3_000)) {
                var random = new SplittableRandom(n);
                int outside = 0;
                for (int run = 0; run < runs; run++) {
                    var share = WeightedShare.NONE;
                    for (int i = 0; i < n; i++) {
                        if (random.nextDouble() > 0.1) continue;
                        double sure = random.nextDouble();
                        boolean right = random.nextDouble() < 0.8 + 0.19 * sure;
                        double asked = sure > 0.5 ? spotCheck : 1;
                        if (random.nextDouble() < asked) share = share.plus(right, 1 / asked);
                    }
                    // Its mean is 0.8 + 0.19 / 2.
                    if (share.weight() > 0 && !share.interval(0.95, 1 / spotCheck).holds(0.895))
                        outside++;
                }
                assertThat(outside)
                        .as("%s of %d", spotCheck, n)
                        .isLessThanOrEqualTo(World.most(runs, 0.05));
            }
    }

    @Test
    void keepsTheRatioOfTheTwoProbabilitiesAlwaysTheSameWay() {
        var random = new SplittableRandom(1);
        int kept = 0;
        for (int i = 0; i < 20_000; i++) {
            var id = new UUID(random.nextLong(), random.nextLong());
            boolean keeps = Thinning.keeps(id, 1, 0.2);
            assertThat(Thinning.keeps(id, 1, 0.2)).isEqualTo(keeps);
            // Whoever stays in a small sample stays in a larger one.
            if (keeps) assertThat(Thinning.keeps(id, 1, 0.3)).isTrue();
            assertThat(Thinning.keeps(id, 0.2, 0.2)).isTrue();
            assertThat(Thinning.keeps(id, 0.2, 0)).isFalse();
            if (keeps) kept++;
        }
        assertThat(kept).isBetween(3_800, 4_200);
        assertThatThrownBy(() -> Thinning.keeps(new UUID(1, 1), 0.1, 0.2))
                .hasMessageContaining("0.1");
    }

    @Test
    void theThresholdHoldsOnCasesThatWereSeenWithUnlikeProbabilities() {
        int runs = 1_000;
        int exceeded = 0;
        int exceededUnthinned = 0;
        double least = 0.1;
        // Wrong seldom where it is sure, and people see a tenth of that: untouched, the cases make
        // it look worse than it is, and a world upside down makes it look better.
        var world = new World(hard -> hard < 0.6 ? 0.03 : 0.005, hard -> 1 - hard);
        for (int run = 0; run < runs; run++) {
            var random = new SplittableRandom(run);
            var thinned = new ArrayList<>(world.draw(150, random));
            var unthinned = new ArrayList<>(thinned);
            for (var each : world.draw(3_000, random)) {
                double asked = each.confidence() >= 0.4 ? least : 1;
                if (random.nextDouble() >= asked) continue;
                unthinned.add(each);
                var id = new UUID(random.nextLong(), random.nextLong());
                if (Thinning.keeps(id, asked, least)) thinned.add(each);
            }
            var risk = new Risk.Wrong(0.0198);
            if (exceeds(world, risk, thinned)) exceeded++;
            if (exceeds(world, risk, unthinned)) exceededUnthinned++;
        }
        assertThat(exceeded).isLessThanOrEqualTo(World.most(runs, 0.05));
        assertThat(exceededUnthinned).isGreaterThan(runs / 5);
    }

    private static boolean exceeds(World world, Risk risk, List<Checked> cases) {
        return RiskControl.choose(risk, cases, 0.95) instanceof Choice.Found found
                && world.wrong(found.threshold()) > risk.limit();
    }

    @Test
    void showsWhatEachThresholdWouldDo() {
        var cases = new ArrayList<Checked>();
        for (int i = 0; i < 100; i++)
            cases.add(new Checked((i + 0.5) / 100, i % 10 == 0 ? "no" : "yes", "yes"));
        var curve = Curve.of(new Risk.Wrong(0.01), cases, 10, 0.95).points();
        assertThat(curve).hasSize(10);
        assertThat(curve.getFirst().alone()).isEqualTo(0.1);
        assertThat(curve.getFirst().threshold()).isEqualTo(Math.nextUp(0.895));
        assertThat(curve.getFirst().risk()).isEqualTo(0.1);
        assertThat(curve.getLast().threshold()).isZero();
        assertThat(curve.getLast().alone()).isEqualTo(1);
        assertThat(curve.getLast().interval()).isEqualTo(Proportion.clopperPearson(10, 100, 0.95));
        var lost = Curve.of(new Risk.Missed("yes", 0.01), cases, 2, 0.95).points();
        assertThat(lost.getFirst().risk()).isEqualTo(0.05);
        assertThat(lost.getFirst().cases()).isEqualTo(100);
    }

    @Test
    void aCurveOfEqualConfidencesIsOnePoint() {
        var cases = World.constant(0.5).draw(50, new SplittableRandom(3));
        assertThat(Curve.of(new Risk.Wrong(0.01), cases, 20, 0.95).points()).hasSize(1);
        assertThat(Curve.of(new Risk.Wrong(0.01), List.of(), 20, 0.95).points()).isEmpty();
    }
}
