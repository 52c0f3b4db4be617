package dev.davy.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.stats.sequential.QuantileComparison.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OtherComparisonsTest {
    @Test
    void pairsThatAgreeCancelOut() {
        var comparison = LimitComparison.ofPairs(0.01, 0.05, 0.05, 1);
        var worse = Tally.of(1, 1, 60).merge(Tally.of(1, -1, 5)).merge(Tally.of(1, 0, 935));
        var equal = Tally.of(1, 1, 60).merge(Tally.of(1, -1, 60)).merge(Tally.of(1, 0, 99_880));
        assertThat(comparison.judge(List.of(worse))).isInstanceOf(Finding.Worse.class);
        assertThat(comparison.judge(List.of(equal))).isInstanceOf(Finding.NoWorse.class);
        assertThat(comparison.judge(List.of())).isInstanceOf(Finding.TooEarly.class);
    }

    @Test
    void aLimitIsHeldWithNothingToCompareWith() {
        var limit = LimitComparison.ofRate(0.05, 0.05, 0.05, 1);
        assertThat(limit.judge(List.of(Tally.ofRequests(500, 60))))
                .isInstanceOf(Finding.Worse.class);
        assertThat(limit.judge(List.of(Tally.ofRequests(2_000, 40))))
                .isInstanceOf(Finding.NoWorse.class);
        assertThat(limit.judge(List.of(Tally.ofRequests(100, 5))))
                .isInstanceOf(Finding.TooEarly.class);
    }

    @Test
    void saysBeforehandHowManyRequestsALimitNeeds() {
        for (int most : new int[] {1, 5})
            for (double limit : new double[] {0.01, 0.05, 0.1}) {
                var comparison = LimitComparison.ofRate(limit, 0.05, 0.05, most);
                for (double mean : new double[] {0, limit / 4, 2 * limit, 4 * limit}) {
                    long said = comparison.needed(mean);
                    long took = 1;
                    while (comparison.judge(List.of(expected(took, mean)))
                            instanceof Finding.TooEarly) took += Math.max(1, took / 50);
                    assertThat(said / (double) took)
                            .as("limit %s, mean %s, most %d, took %d", limit, mean, most, took)
                            .isBetween(0.7, 1.5);
                }
            }
        assertThat(LimitComparison.ofRate(0.01, 0.05, 0.05, 1).needed(0.01))
                .isEqualTo(Long.MAX_VALUE);
    }

    /// So many requests with exactly this mean, as far as a whole number allows it.
    private static Tally expected(long requests, double mean) {
        return Tally.ofRequests(requests, Math.round(requests * mean));
    }

    @Test
    void aSlowerTailIsFoundAndAnEqualOneIsNot() {
        var p99 = new QuantileComparison(0.99, 20, 0.05, 0.05);
        assertThat(p99.judge(times(1, 100))).isInstanceOf(Finding.Worse.class);
        assertThat(p99.judge(times(2, 0))).isNotInstanceOf(Finding.Worse.class);
        var early = p99.judge(times(3, 0).subList(0, 2));
        assertThat(early).isInstanceOf(Finding.TooEarly.class);
        assertThat(((Finding.TooEarly) early).needed()).isBetween(100L, 100_000L);
    }

    @Test
    void aTailThatSlowsDownWithTheHourIsNoHarm() {
        int wrong = 0;
        for (int seed = 0; seed < 40; seed++) {
            var p99 = new QuantileComparison(0.99, 0, 0.05, 0.05);
            if (p99.judge(times(100 + seed, 0)) instanceof Finding.Worse) wrong++;
        }
        assertThat(wrong).isLessThanOrEqualTo(5);
    }

    /// A clock that ticks each millisecond: of live's requests 3 % take 2 ms, and none longer.
    @Test
    void timesThatAreAlikeAreComparedAtTheirLevel() {
        var p99 = new QuantileComparison(0.99, 5, 0.05, 0.05);
        assertThat(p99.judge(ticking(1, 2))).isInstanceOf(Finding.NoWorse.class);
        // Of the candidate's 3 % take longer than is allowed: its p99 does.
        assertThat(p99.judge(ticking(2, 9))).isInstanceOf(Finding.Worse.class);
        // Of these half a percent does, and so its p99 does not.
        var random = new Random(3);
        var rare = new ArrayList<Times>();
        for (var each : ticking(3, 2)) {
            var slow = new ArrayList<Double>();
            for (long i = each.candidate().count() / 200; i > 0; i--)
                slow.add(20.0 + random.nextInt(5));
            rare.add(
                    new Times(
                            each.share(), each.live(), each.candidate().merge(Durations.of(slow))));
        }
        assertThat(p99.judge(rare)).isNotInstanceOf(Finding.Worse.class);
    }

    private static List<Times> ticking(int seed, double slow) {
        var random = new Random(seed);
        var all = new ArrayList<Times>();
        for (int hour = 0; hour < 6; hour++) {
            double share = hour == 0 ? 0 : 0.3;
            var live = new ArrayList<Double>();
            var candidate = new ArrayList<Double>();
            for (int i = 0; i < 4_000; i++) {
                boolean tail = random.nextDouble() < 0.03;
                if (random.nextDouble() < share) candidate.add(tail ? slow : 1);
                else live.add(tail ? 2.0 : 1);
            }
            all.add(new Times(share, Durations.of(live), Durations.of(candidate)));
        }
        return all;
    }

    private static List<Times> times(int seed, double slower) {
        var random = new Random(seed);
        var all = new ArrayList<Times>();
        for (int hour = 0; hour < 6; hour++) {
            double share = hour == 0 ? 0 : 0.1 * hour;
            var live = new ArrayList<Double>();
            var candidate = new ArrayList<Double>();
            for (int i = 0; i < 2_000; i++) {
                double millis = (50 + 20 * hour) * Math.exp(0.5 * random.nextGaussian());
                if (random.nextDouble() < share) candidate.add(millis + slower);
                else live.add(millis);
            }
            all.add(new Times(share, Durations.of(live), Durations.of(candidate)));
        }
        return all;
    }

    @Test
    void durationsMergeExactly() {
        for (long seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var one = new ArrayList<Double>();
            var other = new ArrayList<Double>();
            for (int i = 0; i < 300; i++)
                (random.nextBoolean() ? one : other).add(Math.exp(random.nextGaussian()));
            var both = new ArrayList<>(one);
            both.addAll(other);
            assertThat(Durations.of(one).merge(Durations.of(other)))
                    .as("seed %d", seed)
                    .isEqualTo(Durations.of(both));
        }
    }
}
