package dev.davy.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Comparison HALF_A_POINT = Comparison.ofRates(0.005, 0.05, 0.05, 1);

    @Test
    void saysThatItIsTooEarlyAndHowManyAreNeeded() {
        var finding = HALF_A_POINT.judge(List.of(before(0.01), stretch(0.1, 900, 9, 100, 1)));
        assertThat(finding).isInstanceOf(Finding.TooEarly.class);
        assertThat(((Finding.TooEarly) finding).needed()).isBetween(2_000L, 8_000L);
        assertThat(finding.harm().lower()).isLessThan(0);
        assertThat(finding.harm().upper()).isGreaterThan(0.005);
    }

    @Test
    void findsFivePointsOfHarmInAFewHundredRequests() {
        var finding = HALF_A_POINT.judge(List.of(before(0.01), stretch(0.1, 2_700, 27, 300, 18)));
        assertThat(finding).isInstanceOf(Finding.Worse.class);
        assertThat(finding.harm().lower()).isBetween(0.005, 0.05);
    }

    @Test
    void believesThatAnEqualCandidateIsNoWorseAfterEnoughOfThem() {
        var finding =
                HALF_A_POINT.judge(List.of(before(0.01), stretch(0.1, 90_000, 900, 10_000, 100)));
        assertThat(finding).isInstanceOf(Finding.NoWorse.class);
        assertThat(finding.harm().upper()).isLessThan(0.005);
    }

    @Test
    void errorsThatAreKnownAlreadySpeakButTheirAbsenceDoesNotYet() {
        var live = Tally.ofRequests(90_000, 900);
        var good = Tally.ofRequests(10_000, 100);
        var bad = Tally.ofRequests(10_000, 600);
        assertThat(HALF_A_POINT.judge(List.of(before(0.01), new Stretch(0.1, live, good, false))))
                .isInstanceOf(Finding.TooEarly.class);
        assertThat(HALF_A_POINT.judge(List.of(before(0.01), new Stretch(0.1, live, bad, false))))
                .isInstanceOf(Finding.Worse.class);
    }

    @Test
    void aBaseRateThatRisesWithTheShareIsNoHarm() {
        // Thrown together: 1.6 % of live's and 2.6 % of the candidate's requests are errors.
        var stretches = new ArrayList<>(List.of(before(0.01)));
        stretches.add(stretch(0.01, 9_900, 99, 100, 1));
        stretches.add(stretch(0.1, 9_000, 180, 1_000, 20));
        stretches.add(stretch(0.5, 5_000, 150, 5_000, 150));
        assertThat(HALF_A_POINT.judge(stretches)).isNotInstanceOf(Finding.Worse.class);
        assertThat(HALF_A_POINT.judge(stretches).harm().lower()).isLessThan(0);
    }

    @Test
    void anEqualCandidateIsRarelyCalledWorseHoweverOftenOneLooks() {
        int wrong = 0;
        for (long seed = 0; seed < 300; seed++) {
            var run = new Run(seed, 0.02, 0.2, 0.005);
            wrong += run.worse ? 1 : 0;
        }
        // At most 5 % of 300, and three standard deviations.
        assertThat(wrong).isLessThanOrEqualTo(26);
    }

    @Test
    void aCandidateAtTheMarginIsRarelyCalledNoWorse() {
        int wrong = 0;
        for (long seed = 1_000; seed < 1_300; seed++) {
            var run = new Run(seed, 0.02, 0.2, 0.005);
            wrong += run.noWorse ? 1 : 0;
        }
        assertThat(wrong).isLessThanOrEqualTo(26);
    }

    @Test
    void busyEntitiesWithRatesOfTheirOwnDoNotMakeAnEqualCandidateWorse() {
        int wrong = 0;
        int wrongByRequest = 0;
        for (long seed = 0; seed < 100; seed++) {
            var random = new SplittableRandom(seed);
            var counted = Comparison.ofRates(0.005, 0.05, 0.05, Units.MOST).begin();
            var byRequest = HALF_A_POINT.begin();
            var rates = new double[50];
            for (int i = 0; i < rates.length; i++) rates[i] = random.nextInt(5) == 0 ? 0.25 : 0;
            for (int step = 0; step < 6; step++) {
                double share = step == 0 ? 0 : 0.1 * step;
                var units = new Units(Units.MOST, 1_000);
                var all = new long[4];
                for (int i = 0; i < 8_000; i++) {
                    int key = (int) (rates.length * Math.pow(random.nextDouble(), 4));
                    boolean candidate =
                            new SplittableRandom(seed * 1_000 + key).nextDouble() < share;
                    boolean error = random.nextDouble() < rates[key];
                    all[candidate ? 2 : 0]++;
                    if (error) all[candidate ? 3 : 1]++;
                    if (units.asked(key, candidate) && error) units.harmed(key, 1);
                }
                counted = counted.after(units.stretch(share, true));
                byRequest = byRequest.after(stretch(share, all[0], all[1], all[2], all[3]));
            }
            if (counted.isWorse()) wrong++;
            if (byRequest.isWorse()) wrongByRequest++;
        }
        assertThat(wrong).isLessThanOrEqualTo(12);
        assertThat(wrongByRequest).isGreaterThan(20);
    }

    @Test
    void needsAboutAsManyRequestsAsItSaidBeforehand() {
        double sum = 0;
        for (long seed = 2_000; seed < 2_100; seed++) sum += new Run(seed, 0.01, 0.1, 0.025).seen;
        double said = HALF_A_POINT.needed(0.01, 0.1, 0.025);
        assertThat(sum / 100).isCloseTo(said, within(said * 0.35));
        assertThat(HALF_A_POINT.needed(0.01, 0.1, 0.005)).isEqualTo(Long.MAX_VALUE);
        assertThat(HALF_A_POINT.needed(0.01, 0, 0.1)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theIntervalHoldsTheHarmInNearlyAllRuns() {
        int outside = 0;
        for (long seed = 3_000; seed < 3_060; seed++) {
            var random = new SplittableRandom(seed);
            var stretches = new ArrayList<>(List.of(before(0.05)));
            for (int i = 0; i < 5; i++)
                stretches.add(
                        stretch(
                                0.3,
                                1_400,
                                errors(random, 1_400, 0.05),
                                600,
                                errors(random, 600, 0.08)));
            var harm = HALF_A_POINT.judge(stretches).harm();
            if (harm.lower() > 0.03 || harm.upper() < 0.03) outside++;
            assertThat(harm.upper() - harm.lower()).isLessThan(0.15);
        }
        assertThat(outside).isLessThanOrEqualTo(6);
    }

    /// A rollout at one share, with a look every 20 requests of the candidate.
    private static final class Run {
        private boolean worse;
        private boolean noWorse;
        private long seen;

        Run(long seed, double base, double share, double harm) {
            var random = new SplittableRandom(seed);
            var standing = HALF_A_POINT.begin().after(before(base));
            while (seen < 12_000 && !worse) {
                int candidate = (int) Math.max(20, seen / 20);
                int live = (int) (candidate * (1 - share) / share);
                standing =
                        standing.after(
                                stretch(
                                        share,
                                        live,
                                        errors(random, live, base),
                                        candidate,
                                        errors(random, candidate, base + harm)));
                seen += candidate;
                worse = standing.isWorse();
                noWorse |= standing.isNoWorse();
            }
        }
    }

    private static Stretch before(double rate) {
        return stretch(0, 20_000, Math.round(20_000 * rate), 0, 0);
    }

    private static Stretch stretch(
            double share, long live, long errors, long candidate, long candidateErrors) {
        return Stretch.mature(
                share,
                Tally.ofRequests(live, errors),
                Tally.ofRequests(candidate, candidateErrors));
    }

    private static int errors(RandomGenerator random, int requests, double rate) {
        int errors = 0;
        for (int i = 0; i < requests; i++) if (random.nextDouble() < rate) errors++;
        return errors;
    }
}
