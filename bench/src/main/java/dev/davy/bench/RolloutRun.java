package dev.davy.bench;

import dev.davy.rollout.Evidence;
import dev.davy.rollout.Evidence.Seen;
import dev.davy.rollout.Guard;
import dev.davy.rollout.Policy;
import dev.davy.rollout.Ramp;
import dev.davy.rollout.Rollout;
import dev.davy.rollout.Rollout.State;
import dev.davy.rollout.Watched;
import dev.davy.stats.sequential.Stretch;
import dev.davy.stats.sequential.Tally;
import dev.davy.stats.sequential.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One whole rollout, from its start to promotion and bake, rollback or pause; looked at every half
/// hour.
final class RolloutRun {
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration LOOK = Duration.ofMinutes(30);
    private static final Watched ERRORS = new Watched("errors", "");
    private static final Watched QUALITY = new Watched("quality", "");

    private final RolloutWorld world;
    private final RandomGenerator random;
    private final double harm;
    private final Optional<Keys> keys;
    private final List<Cohort> cohorts = new ArrayList<>();
    private final List<Stretch> settledErrors = new ArrayList<>();
    private final List<Stretch> settledQuality = new ArrayList<>();
    private Map<Integer, Integer> counted = new HashMap<>();
    private Rollout rollout;
    private long candidateRequests;
    private long stageRequests;
    private boolean promoted;

    /// @param harm added to the candidate's rate of errors and of wrong answers
    RolloutRun(RolloutWorld world, double harm, RandomGenerator random) {
        this.world = world;
        this.random = random;
        this.harm = harm;
        this.keys = world.keys().map(each -> each.apply(random));
        var policy =
                Policy.of(
                        Policy.of(Policy.Case.REPLACE).stages(),
                        List.of(
                                new Guard.Rate("errors", 0.01, most(), List.of(), false),
                                new Guard.Rate("quality", 0.01, most(), List.of(), false)));
        rollout = Rollout.begin("credit", "credit/1", "credit/2", policy, "bench", START);
        cohorts.add(cohort(0, 0));
        run();
    }

    private int most() {
        return keys.isPresent() ? Units.MOST : 1;
    }

    boolean rolledBack() {
        return rollout.state() instanceof State.RolledBack;
    }

    boolean promoted() {
        return promoted;
    }

    boolean paused() {
        return rollout.state() instanceof State.Paused;
    }

    /// That the candidate had been given when the rollout ended.
    long candidateRequests() {
        return candidateRequests;
    }

    private void run() {
        // A person would come at a pause; here it is the end. The limit is never reached otherwise.
        for (int look = 1; look < 3_000 && !rollout.over() && !paused(); look++) {
            var now = START.plus(LOOK.multipliedBy(look));
            var cohort = cohort(look, rollout.share());
            cohorts.add(cohort);
            stageRequests += cohort.asked[1];
            if (!(rollout.state() instanceof State.Baking)) candidateRequests += cohort.asked[1];
            for (var each : cohorts) each.learn(look, world, random);
            settle(look);
            var evidence =
                    new Evidence(
                            stageRequests,
                            Map.of(ERRORS, seen(look, false), QUALITY, seen(look, true)),
                            List.of());
            var next = rollout.after(Ramp.next(rollout, evidence, now), "bench", now);
            if (next.share() != rollout.share()) {
                counted = new HashMap<>();
                stageRequests = 0;
            }
            rollout = next;
            promoted |= rollout.state() instanceof State.Baking;
        }
    }

    /// Stretches of one share as one, those whose truth is still coming apart.
    private Seen seen(int look, boolean quality) {
        var all = new ArrayList<>(quality ? settledQuality : settledErrors);
        for (var each : cohorts)
            add(all, each.stretch(quality, !quality || each.settled(look, world)));
        return new Seen.Rates(all);
    }

    /// What will not change any more is kept as few stretches.
    private void settle(int look) {
        while (!cohorts.isEmpty() && cohorts.getFirst().settled(look, world)) {
            var old = cohorts.removeFirst();
            add(settledErrors, old.stretch(false, true));
            add(settledQuality, old.stretch(true, true));
        }
    }

    private static void add(List<Stretch> all, Stretch stretch) {
        // The first is from before, and teaches the base rate to all that follow.
        boolean same =
                all.size() > 1
                        && all.getLast().share() == stretch.share()
                        && all.getLast().mature() == stretch.mature();
        if (!same) {
            all.add(stretch);
            return;
        }
        var last = all.removeLast();
        all.add(
                new Stretch(
                        stretch.share(),
                        last.live().merge(stretch.live()),
                        last.candidate().merge(stretch.candidate()),
                        stretch.mature()));
    }

    private Cohort cohort(int look, double share) {
        int requests =
                look == 0 ? Math.max(5_000, world.requestsPerLook()) : world.requestsPerLook();
        var cohort = new Cohort(look, share);
        if (keys.isEmpty()) {
            int candidate = Chance.binomial(random, requests, share);
            double rate = world.base().applyAsDouble(look / 2.0);
            cohort.asked[0] = requests - candidate;
            cohort.asked[1] = candidate;
            for (int metric = 0; metric < 2; metric++) {
                cohort.bad[metric][0] = Chance.binomial(random, cohort.asked[0], rate);
                cohort.bad[metric][1] = Chance.binomial(random, candidate, rate + harm);
            }
            return cohort;
        }
        var people = keys.orElseThrow();
        for (int i = 0; i < requests; i++) {
            int key = people.next(random);
            int arm = people.onCandidate(key, share) ? 1 : 0;
            cohort.asked[arm]++;
            if (counted.merge(key, 1, Integer::sum) > Units.MOST) continue;
            cohort.errors.asked(key, arm == 1);
            cohort.wrong.asked(key, arm == 1);
            double rate = people.rate(key) + arm * harm;
            if (random.nextDouble() < rate) cohort.errors.harmed(key, 1);
            if (random.nextDouble() < rate) cohort.wrong.harmed(key, 1);
        }
        cohort.close();
        return cohort;
    }

    /// What was asked between two looks; of each arm, live first.
    private static final class Cohort {
        private final int look;
        private final double share;
        private final int[] asked = new int[2];
        private final int[][] bad = new int[2][2];
        private final int[] known = new int[2];
        private final Units errors = new Units(Units.MOST, Integer.MAX_VALUE);
        private final Units wrong = new Units(Units.MOST, Integer.MAX_VALUE);
        private Optional<List<Stretch>> closed = Optional.empty();

        Cohort(int look, double share) {
            this.look = look;
            this.share = share;
        }

        void close() {
            closed = Optional.of(List.of(errors.stretch(share, true), wrong.stretch(share, true)));
        }

        void learn(int now, RolloutWorld world, RandomGenerator random) {
            boolean old = look == 0 || world.truthHours() == 0;
            if (!old && now - look > 2 * world.matureHours()) return;
            double share = old ? 1 : 1 - Math.exp(-0.5 / world.truthHours());
            for (int arm = 0; arm < 2; arm++)
                known[arm] += Chance.binomial(random, bad[1][arm] - known[arm], share);
        }

        /// Whether all truth that is waited for has come.
        boolean settled(int now, RolloutWorld world) {
            return look == 0 || now - look >= 2 * world.matureHours();
        }

        Stretch stretch(boolean quality, boolean mature) {
            if (closed.isPresent()) return closed.orElseThrow().get(quality ? 1 : 0);
            var harmed = quality ? known : bad[0];
            return new Stretch(
                    share,
                    Tally.ofRequests(asked[0], harmed[0]),
                    Tally.ofRequests(asked[1], harmed[1]),
                    mature);
        }
    }
}
