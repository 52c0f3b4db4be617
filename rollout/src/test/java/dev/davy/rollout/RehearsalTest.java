package dev.davy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.rollout.Rollout.State;
import dev.davy.serving.Apart;
import dev.davy.serving.Assignment;
import dev.davy.serving.feedback.Feedback;
import dev.davy.serving.feedback.Feedbacks.Later;
import dev.davy.serving.past.Logged;
import dev.davy.strict.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private static final int SECONDS = 6 * 3_600;
    private static final int TRUTH_AFTER = 60;
    private static final Instant UNTIL = start().plusSeconds(SECONDS);

    private static Instant start() {
        return dev.davy.rollout.Logged.START;
    }

    private final Random random = new Random(20_261_121);
    private final Set<String> asked = new HashSet<>();
    private double wrong;
    private double failing;
    private int kept = Integer.MAX_VALUE;

    private static Course drawn(List<Stage> stages, List<Guard> guards) {
        var policy =
                Rehearsal.watchable(
                        new Policy(
                                stages,
                                guards,
                                0.05,
                                0.05,
                                Duration.ofHours(3),
                                Duration.ofMinutes(10),
                                false));
        var live = Map.of("model", "phones/1");
        var candidate = Map.of("model", "phones/2");
        return new Course(
                new UUID(1, 1),
                Rollout.begin("phones", "phones/1", "phones/2", policy, "ann", start()),
                live,
                candidate,
                new Course.Settings(
                        Policy.Case.REPLACE,
                        Plan.Strategy.CANARY,
                        dev.davy.rollout.Logged.OUTPUTS,
                        1,
                        Duration.ZERO,
                        Duration.ofMinutes(30),
                        true),
                List.of(),
                start());
    }

    private static List<Stage> ramp() {
        return List.of(
                Stage.shadow(Duration.ofMinutes(10)),
                Stage.percent(10, Duration.ofMinutes(10), 100),
                Stage.percent(50, Duration.ofMinutes(10), 100),
                Stage.percent(100, Duration.ZERO, 0));
    }

    private static List<Guard> guards() {
        return List.of(
                Guard.errors(0.02),
                new Guard.Rate("quality.accuracy", 0.1, 1, List.of("line=A"), false),
                new Guard.Latency("latency.p99", 0.99, 5, List.of(), false));
    }

    /// A request a second; live is wrong in a tenth of them, and its truth comes a minute later.
    private Rehearsal rehearsed(Course drawn) {
        var rehearsal =
                new Rehearsal(
                        drawn, List.of(), UNTIL, dev.davy.rollout.Logged::schema, this::candidate);
        for (int second = 1; second < SECONDS && !rehearsal.over(); second++) {
            var each = new dev.davy.rollout.Logged(9, second, false);
            each.entity = "e" + second;
            each.line = second % 3 == 0 ? "B" : "A";
            boolean scratched = random.nextDouble() < 0.3;
            each.label = scratched == random.nextDouble() >= 0.1 ? "scratch" : "ok";
            var prediction = each.prediction();
            truths.put(prediction.id(), scratched ? "scratch" : "ok");
            rehearsal.take(
                    new Logged(prediction, List.of("line", "age"), Map.of()),
                    List.of(truth(prediction.id(), second, scratched ? "scratch" : "ok")));
        }
        rehearsal.end(UNTIL);
        return rehearsal;
    }

    private final Map<UUID, String> truths = new HashMap<>();

    private static Later truth(UUID of, int second, String label) {
        var feedback =
                Feedback.read(
                        Json.object()
                                .put("id", "t" + second)
                                .put("prediction", of.toString())
                                .put("truth", label),
                        "test");
        return new Later(start().plusSeconds(second + TRUTH_AFTER), feedback);
    }

    private Optional<java.util.function.Supplier<Apart.Said>> candidate(Logged logged) {
        var prediction = logged.prediction();
        if (kept-- <= 0) return Optional.empty();
        return Optional.of(() -> {
            asked.add(prediction.entity().orElseThrow());
            var truth = truths.get(prediction.id());
            boolean fails = random.nextDouble() < failing;
            var label =
                    (random.nextDouble() >= wrong) == "scratch".equals(truth) ? "scratch" : "ok";
            return new Apart.Said(
                    fails ? Map.of() : Map.of("label", label),
                    OptionalDouble.of(0.75),
                    1_000_000,
                    fails ? Optional.of("answer-not-finite") : Optional.empty());
        });
    }

    private static List<String> states(Rehearsal rehearsal) {
        var states = new ArrayList<String>();
        for (var each : rehearsal.moments())
            states.add(PolicyJson.state(each.transition().to()).path("is").asString());
        return states;
    }

    @Test
    void aGoodOneWouldHaveComeLiveStepByStepInTheTimeOfTheLog() {
        wrong = 0.1;
        var rehearsal = rehearsed(drawn(ramp(), guards()));
        assertThat(states(rehearsal))
                .containsExactly("running", "running", "running", "baking", "finished");
        var moments = rehearsal.moments();
        for (int i = 1; i < moments.size(); i++)
            assertThat(moments.get(i).transition().at())
                    .isAfter(moments.get(i - 1).transition().at())
                    .isBefore(UNTIL);
        assertThat(moments.get(1).transition().at())
                .isAfterOrEqualTo(start().plus(Duration.ofMinutes(10)));
        var counts = rehearsal.counts();
        assertThat(counts.shadow()).isBetween(550L, 650L);
        assertThat(counts.live() + counts.candidate()).isEqualTo(counts.seen());
        assertThat(counts.told()).isPositive();
    }

    @Test
    void aWorseOneWouldHaveGoneBackByTheGuardThatSeesIt() {
        wrong = 0.6;
        var rehearsal = rehearsed(drawn(ramp(), guards()));
        assertThat(states(rehearsal)).endsWith("rolled-back");
        var last = rehearsal.moments().getLast();
        assertThat(last.transition().why()).contains("quality.accuracy");
        assertThat(last.verdicts())
                .anyMatch(each ->
                        each instanceof Verdict.Worse
                                && each.watched().metric().equals("quality.accuracy"));
    }

    @Test
    void oneThatFailsWouldHaveGoneBackByItsErrors() {
        wrong = 0.1;
        failing = 0.5;
        var rehearsal = rehearsed(drawn(ramp(), guards()));
        assertThat(rehearsal.course().rollout().state()).isInstanceOf(State.RolledBack.class);
        assertThat(rehearsal.moments().getLast().transition().why()).contains("errors");
        assertThat(rehearsal.counts().failed()).isPositive();
    }

    /// Before it has all traffic, those are asked of the candidate whose keys would have been its
    /// own, and a share that rises keeps them.
    @Test
    void assignsByTheHashAsItWouldHaveBeen() {
        wrong = 0.1;
        var stages =
                List.of(
                        Stage.percent(10, Duration.ofDays(1), 0),
                        Stage.percent(100, Duration.ZERO, 0));
        rehearsed(drawn(stages, guards()));
        for (int second = 1; second < SECONDS; second++) {
            var entity = "e" + second;
            assertThat(asked.contains(entity))
                    .as(entity)
                    .isEqualTo(Assignment.bucket("phones", entity) < 1_000);
        }
    }

    @Test
    void whatHasNoTruthWaitsPausesAndSaysForWhat() {
        wrong = 0.1;
        var guards =
                List.<Guard>of(
                        new Guard.Rate("quality.recall(scratch)", 0.001, 1, List.of(), false));
        var rehearsal = rehearsed(drawn(ramp(), guards));
        assertThat(states(rehearsal)).endsWith("paused");
        assertThat(rehearsal.moments().getLast().transition().why())
                .contains("the deadline has passed", "quality.recall(scratch)");
    }

    @Test
    void aShadowIsHeldAgainstLiveOnDeclaredSlicesToo() {
        wrong = 0.1;
        var guards = new ArrayList<>(guards());
        guards.add(new Guard.Pairs("agreement", 0.3, 1, List.of("line=B"), true));
        var rehearsal = rehearsed(drawn(ramp(), guards));
        var bySlice = rehearsal.gathering().summary().bySlice();
        assertThat(bySlice).containsOnlyKeys("line=A", "line=B");
        for (var each : bySlice.values()) assertThat(each.asked()).isGreaterThan(150);
    }

    @Test
    void anApprovalIsTakenAsGivenAndSaidSo() {
        wrong = 0.1;
        var stages = new ArrayList<>(ramp());
        stages.set(1, stages.get(1).approved());
        var rehearsal = rehearsed(drawn(stages, guards()));
        assertThat(rehearsal.moments()).anyMatch(each -> each.waits().contains("approval"));
        assertThat(states(rehearsal)).endsWith("finished");
    }

    @Test
    void whatWasNotKeptIsLeftOutOfBothArms() {
        wrong = 0.1;
        kept = 1_000;
        var rehearsal = rehearsed(drawn(ramp(), guards()));
        var counts = rehearsal.counts();
        assertThat(counts.live() + counts.candidate()).isEqualTo(1_000);
        assertThat(counts.notKept()).isEqualTo(counts.seen() - 1_000);
    }

    @Test
    void whatALogCantTellIsWatchedByNobodyAndTheOthersKeepTheirShare() {
        var all =
                new Policy(ramp(), guards(), 0.04, 0.05, Duration.ofDays(1), Duration.ZERO, false);
        var watchable = Rehearsal.watchable(all);
        assertThat(watchable.guards()).extracting(Guard::metric).doesNotContain("latency.p99");
        assertThat(new Judge(watchable).alpha()).isEqualTo(new Judge(all).alpha());
    }
}
