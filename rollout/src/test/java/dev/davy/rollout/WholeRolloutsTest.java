package dev.davy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.rollout.Evidence.Seen;
import dev.davy.rollout.Rollout.State;
import dev.davy.stats.sequential.Stretch;
import dev.davy.stats.sequential.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Whole rollouts with a seed, looked at every ten minutes; `bench/run rollouts` runs many more.
class WholeRolloutsTest {
    private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
    private static final int RUNS = 120;
    private static final int REQUESTS = 3_000;
    private static final Policy POLICY =
            Policy.of(
                    Policy.of(Policy.Case.REPLACE).stages(),
                    List.of(new Guard.Rate("errors", 0.01, 1, List.of(), false)));

    @Test
    void anEqualCandidateIsRarelyRolledBackAndNearlyAlwaysPromoted() {
        int rolledBack = 0;
        int promoted = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            var end = run(new SplittableRandom(seed), 0);
            if (end instanceof State.RolledBack) rolledBack++;
            if (end instanceof State.Finished) promoted++;
        }
        // 5 % of 120, and three standard deviations.
        assertThat(rolledBack).isLessThanOrEqualTo(13);
        assertThat(promoted).isGreaterThanOrEqualTo(RUNS - 13);
    }

    @Test
    void harmBeyondTheMarginIsRarelyPromoted() {
        int promoted = 0;
        int rolledBack = 0;
        for (int seed = 1_000; seed < 1_000 + RUNS; seed++) {
            var end = run(new SplittableRandom(seed), 0.02);
            if (end instanceof State.Finished) promoted++;
            if (end instanceof State.RolledBack) rolledBack++;
        }
        assertThat(promoted).isLessThanOrEqualTo(13);
        assertThat(rolledBack).isGreaterThanOrEqualTo(RUNS - 13);
    }

    @Test
    void whatBreaksAnHourAfterItsPromotionGoesBack() {
        for (int seed = 2_000; seed < 2_020; seed++)
            assertThat(run(new SplittableRandom(seed), 0, 0.2))
                    .isInstanceOf(State.RolledBack.class);
    }

    private static State run(RandomGenerator random, double harm) {
        return run(random, harm, 0);
    }

    /// The base rate rises from 1 to 3 % meanwhile, the bake included.
    ///
    /// @param later harm that begins an hour after the promotion
    private static State run(RandomGenerator random, double harm, double later) {
        var rollout = Rollout.begin("fraud", "fraud/6", "fraud/7", POLICY, "ada", START);
        var stretches = new ArrayList<Stretch>();
        stretches.add(
                Stretch.mature(
                        0, Tally.ofRequests(20_000, errors(random, 20_000, 0.01)), Tally.NONE));
        long requests = 0;
        for (int look = 1; look < 1_500 && !rollout.over(); look++) {
            var now = START.plus(Duration.ofMinutes(10L * look));
            double share = rollout.share();
            int candidate = errors(random, REQUESTS, share);
            double base = 0.01 + 0.02 * Math.min(1, look / 30.0);
            boolean hourAfter =
                    rollout.state() instanceof State.Baking(var since)
                            && now.isAfter(since.plus(Duration.ofHours(1)));
            double rate = base + harm + (hourAfter ? later : 0);
            int live = REQUESTS - candidate;
            stretches.add(
                    Stretch.mature(
                            share,
                            Tally.ofRequests(live, errors(random, live, base)),
                            Tally.ofRequests(candidate, errors(random, candidate, rate))));
            requests += candidate;
            var evidence =
                    new Evidence(
                            requests,
                            Map.of(new Watched("errors", ""), new Seen.Rates(stretches)),
                            List.of());
            var next = rollout.after(Ramp.next(rollout, evidence, now), "davy", now);
            if (next.share() != share) requests = 0;
            rollout = next;
        }
        return rollout.state();
    }

    private static int errors(RandomGenerator random, int requests, double rate) {
        int errors = 0;
        for (int i = 0; i < requests; i++) if (random.nextDouble() < rate) errors++;
        return errors;
    }
}
