package dev.davy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.davy.rollout.Evidence.Seen;
import dev.davy.rollout.Rollout.State;
import dev.davy.stats.sequential.Stretch;
import dev.davy.stats.sequential.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RampTest {
    private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
    private static final Instant LATER = START.plus(Duration.ofHours(1));
    private static final Watched ERRORS = new Watched("errors", "");
    private static final Policy POLICY = Policy.of(Policy.Case.REPLACE);
    private static final Rollout AT_ONE_PERCENT =
            Rollout.begin("fraud", "fraud/6", "fraud/7", POLICY, "ada", START);

    @Test
    void holdsUntilTheStageHasHadItsTimeAndRequests() {
        var step = Ramp.next(AT_ONE_PERCENT, evidence(100, 0.01, 100, 1), START.plusSeconds(60));
        assertThat(step).isInstanceOf(Step.Hold.class);
        var hold = (Step.Hold) step;
        assertThat(hold.time()).isEqualTo(Duration.ofMinutes(9));
        assertThat(hold.requests()).isEqualTo(400);
    }

    @Test
    void goesOnWhenTheHarmAtTheNextShareIsWithinTheMargin() {
        // Half a point at all traffic is ten points at 5 %.
        var step = Ramp.next(AT_ONE_PERCENT, evidence(600, 0.01, 600, 6), LATER);
        assertThat(step).isEqualTo(new Step.Advance(1));
        var next = AT_ONE_PERCENT.after(step, "davy", LATER);
        assertThat(next.share()).isEqualTo(0.05);
        assertThat(next.revision()).isEqualTo(2);
        assertThat(next.history()).hasSize(2);
    }

    @Test
    void asksForNoWorseAtTheFullMarginBeforeTheLastStep() {
        var half = new State.Running(3, START, false);
        var rollout = new Rollout("fraud", "fraud/6", "fraud/7", POLICY, half, 4, List.of());
        var little = evidence(1_000, 0.5, 1_000, 10);
        assertThat(Ramp.next(rollout, little, LATER)).isInstanceOf(Step.Hold.class);
        var much = evidence(60_000, 0.5, 60_000, 600);
        assertThat(Ramp.next(rollout, much, LATER)).isEqualTo(new Step.Promote());
    }

    @Test
    void rollsBackAtOnceWhenAGuardSaysWorse() {
        var step = Ramp.next(AT_ONE_PERCENT, evidence(50, 0.01, 400, 40), START.plusSeconds(5));
        assertThat(step).isInstanceOf(Step.RollBack.class);
        var because = (Verdict.Worse) ((Step.RollBack) step).because().getFirst();
        assertThat(because.watched()).isEqualTo(ERRORS);
        assertThat(because.harm().lower()).isGreaterThanOrEqualTo(0.005);
        var over = AT_ONE_PERCENT.after(step, "davy", LATER);
        assertThat(over.over()).isTrue();
        assertThat(over.share()).isZero();
        assertThat(Ramp.next(over, evidence(50, 0.01, 400, 40), LATER))
                .isEqualTo(new Step.Nothing());
    }

    @Test
    void rollsBackFromTheBakeAndFromAPauseToo() {
        var bad = evidence(50, 0.01, 400, 40);
        for (var state :
                List.of(new State.Baking(START), new State.Paused(1, START, List.of("traffic")))) {
            var rollout = new Rollout("fraud", "fraud/6", "fraud/7", POLICY, state, 5, List.of());
            assertThat(Ramp.next(rollout, bad, LATER)).isInstanceOf(Step.RollBack.class);
        }
    }

    @Test
    void oneThatWasRolledBackSaysFromWhichStage() {
        var atFive = AT_ONE_PERCENT.after(new Step.Advance(1), "davy", LATER);
        var back = atFive.after(new Step.RollBack(List.of()), "davy", LATER);
        assertThat(back.over()).isTrue();
        assertThat(back.stage()).isEqualTo(1);
        var promoted = atFive.after(new Step.Promote(), "davy", LATER);
        assertThat(promoted.stage()).isEqualTo(POLICY.stages().size() - 1);
        assertThat(promoted.after(new Step.RollBack(List.of()), "davy", LATER).stage())
                .isEqualTo(POLICY.stages().size() - 1);
    }

    @Test
    void finishesWhenTheBakeIsOver() {
        var baking =
                new Rollout(
                        "fraud",
                        "fraud/6",
                        "fraud/7",
                        POLICY,
                        new State.Baking(START),
                        5,
                        List.of());
        assertThat(Ramp.next(baking, Evidence.NONE, LATER)).isInstanceOf(Step.Hold.class);
        assertThat(Ramp.next(baking, Evidence.NONE, START.plus(Duration.ofDays(1))))
                .isEqualTo(new Step.Finish());
    }

    @Test
    void pausesAtTheDeadlineAndSaysWhatIsMissing() {
        var late = START.plus(Duration.ofDays(8));
        var step = Ramp.next(AT_ONE_PERCENT, new Evidence(12, Map.of(), List.of()), late);
        assertThat(step)
                .isEqualTo(
                        new Step.Pause(
                                List.of(
                                        "488 more requests of the candidate",
                                        "any evidence on errors")));
        var broken = new Evidence(900, Map.of(), List.of("no feedback since Tuesday"));
        assertThat(((Step.Pause) Ramp.next(AT_ONE_PERCENT, broken, late)).missing())
                .contains("no feedback since Tuesday");
    }

    @Test
    void lackOfDataPromotesOnlyWhereThePolicySaysSoInWords() {
        var brave =
                new Policy(
                        POLICY.stages(),
                        POLICY.guards(),
                        0.05,
                        0.05,
                        Duration.ofDays(1),
                        Duration.ofDays(1),
                        true);
        var rollout = Rollout.begin("fraud", "fraud/6", "fraud/7", brave, "ada", START);
        var none = new Evidence(600, Map.of(), List.of());
        assertThat(Ramp.next(rollout, none, LATER)).isInstanceOf(Step.Hold.class);
        assertThat(Ramp.next(rollout, none, START.plus(Duration.ofDays(2))))
                .isEqualTo(new Step.Advance(1));
    }

    @Test
    void waitsForAPersonWhereThePolicyAsksForOne() {
        var stages =
                List.of(
                        Stage.percent(5, Duration.ZERO, 0).approved(),
                        Stage.percent(100, Duration.ZERO, 0));
        var policy = Policy.of(stages, List.of());
        var rollout = Rollout.begin("fraud", "fraud/6", "fraud/7", policy, "ada", START);
        assertThat(Ramp.next(rollout, Evidence.NONE, LATER)).isEqualTo(new Step.AskForApproval());
        var done = Command.APPROVE.on(rollout, 1, "grace", "looks well", LATER);
        var approved = ((Command.Outcome.Done) done).rollout();
        assertThat(Ramp.next(approved, Evidence.NONE, LATER)).isEqualTo(new Step.Promote());
    }

    @Test
    void aSliceThatBreaksRollsBackAndIsNamed() {
        var policy =
                Policy.of(
                        POLICY.stages(),
                        List.of(new Guard.Rate("errors", 0.01, 5, List.of("rate=8000"), false)));
        var rollout = Rollout.begin("speech", "vad/1", "vad/2", policy, "ada", START);
        var evidence =
                new Evidence(
                        600,
                        Map.of(
                                ERRORS,
                                new Seen.Rates(stretches(0.01, 6_000, 60)),
                                new Watched("errors", "rate=8000"),
                                new Seen.Rates(stretches(0.01, 60, 50))),
                        List.of());
        var because = ((Step.RollBack) Ramp.next(rollout, evidence, LATER)).because();
        assertThat(because).hasSize(1);
        assertThat(because.getFirst().watched()).hasToString("errors on rate=8000");
        assertThat(new Judge(policy).alpha()).isCloseTo(0.9 * 0.025, within(1e-12));
    }

    @Test
    void aGuardThatOnlyObservesNeverStops() {
        var policy =
                Policy.of(
                        POLICY.stages(),
                        List.of(new Guard.Rate("errors", 0.005, 5, List.of(), true)));
        var rollout = Rollout.begin("fraud", "fraud/6", "fraud/7", policy, "ada", START);
        assertThat(Ramp.next(rollout, evidence(600, 0.01, 400, 40), LATER))
                .isEqualTo(new Step.Advance(1));
    }

    @Test
    void ofTwoCommandsAtOnceOneWinsAndTheOtherHearsWhatHappened() {
        var first = Command.ROLL_BACK.on(AT_ONE_PERCENT, 1, "ada", "customers call", LATER);
        var rolledBack = ((Command.Outcome.Done) first).rollout();
        var second = Command.PROMOTE.on(rolledBack, 1, "grace", "looks well", LATER);
        assertThat(second).isInstanceOf(Command.Outcome.Refused.class);
        assertThat(((Command.Outcome.Refused) second).why())
                .contains("ada")
                .contains("customers call");
    }

    @Test
    void aPolicyThatGoesBackOrEndsBelowAllTrafficIsRefused() {
        var ten = Stage.percent(10, Duration.ZERO, 0);
        var five = Stage.percent(5, Duration.ZERO, 0);
        var all = Stage.percent(100, Duration.ZERO, 0);
        assertThatThrownBy(() -> Policy.of(List.of(ten), List.of()))
                .hasMessageContaining("all traffic");
        assertThatThrownBy(() -> Policy.of(List.of(ten, five, all), List.of()))
                .hasMessageContaining("stage 1 goes back");
    }

    @Test
    void saysBeforehandHowLongEachStepWillNeed() {
        var outlooks = Outlook.of(POLICY, 1.2, 0.008, 0.01);
        assertThat(outlooks).hasSize(4);
        var atOne = outlooks.getFirst().untilSeen().orElseThrow();
        var atTwentyFive = outlooks.get(2).untilSeen().orElseThrow();
        // About a day and a half at 1 %, a couple of hours at 25 %.
        assertThat(atOne).isBetween(Duration.ofHours(20), Duration.ofHours(80));
        assertThat(atTwentyFive).isBetween(Duration.ofHours(1), Duration.ofHours(4));
    }

    @Test
    void saysHowLongACaseWithNothingToCompareWithWillNeed() {
        var outlooks = Outlook.of(Policy.of(Policy.Case.NEW), 1.2, 0.001, 0.01);
        // Some thousand requests with no failure, at 0.012 a second; and a limit is held by what
        // the candidate does, whoever answers the rest.
        assertThat(outlooks.getFirst().untilNext().orElseThrow())
                .isBetween(Duration.ofHours(20), Duration.ofDays(4));
        assertThat(outlooks.getFirst().untilSeen().orElseThrow())
                .isBetween(Duration.ofHours(3), Duration.ofDays(2));
        // What fails too often already never gets on.
        assertThat(Outlook.of(Policy.of(Policy.Case.NEW), 1.2, 0.02, 0.01).getFirst().untilNext())
                .isEmpty();
    }

    private static Evidence evidence(
            long requests, double share, long candidate, long candidateErrors) {
        return new Evidence(
                requests,
                Map.of(ERRORS, new Seen.Rates(stretches(share, candidate, candidateErrors))),
                List.of());
    }

    /// Live at 1 %.
    private static List<Stretch> stretches(double share, long candidate, long candidateErrors) {
        long live = Math.round(candidate * (1 - share) / share);
        return List.of(
                Stretch.mature(0, Tally.ofRequests(20_000, 200), Tally.NONE),
                Stretch.mature(
                        share,
                        Tally.ofRequests(live, live / 100),
                        Tally.ofRequests(candidate, candidateErrors)));
    }
}
