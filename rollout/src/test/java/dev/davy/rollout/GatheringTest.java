package dev.davy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.rollout.Evidence.Seen;
import dev.davy.serving.Origin;
import dev.davy.serving.Prediction;
import dev.davy.serving.feedback.Feedback;
import dev.davy.stats.sequential.QuantileComparison;
import dev.davy.stats.sequential.Stretch;
import dev.davy.stats.sequential.Tally;
import dev.davy.strict.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private static final Watched ERRORS = new Watched("errors", "");
    private static final String RECALL = "quality.recall(scratch)";

    private final InMemory log = new InMemory();

    private static Guard rate(String metric, String... slices) {
        return new Guard.Rate(metric, 0.01, 5, List.of(slices), false);
    }

    private static Gathering gathering(Duration truthWithin, Guard... guards) {
        var stages = Policy.of(Policy.Case.REPLACE).stages();
        return new Gathering(
                new Gathering.Aim(
                        "phones",
                        Policy.of(stages, List.of(guards)),
                        Logged.OUTPUTS,
                        truthWithin,
                        Duration.ofMinutes(30)),
                Logged::schema);
    }

    private static Gathering atTenPercent(Guard... guards) {
        var gathering = gathering(Duration.ZERO, guards);
        gathering.before(before());
        gathering.era(7, 0.1, 0, Logged.START);
        return gathering;
    }

    private static List<Prediction> before() {
        var all = new ArrayList<Prediction>();
        for (int i = 0; i < 200; i++) all.add(new Logged(3, i - 300, false).prediction());
        return all;
    }

    private void give(Gathering gathering, Logged logged) {
        var prediction = logged.prediction();
        log.predictions.put(prediction.id(), prediction);
        gathering.predicted(prediction);
    }

    private static @Nullable Seen seen(Gathering gathering, Watched watched) {
        return gathering.evidence(Logged.START.plusSeconds(9_000), List.of()).seen().get(watched);
    }

    private static Tally candidate(Gathering gathering, String metric, String slice) {
        var all = Tally.NONE;
        if (seen(gathering, new Watched(metric, slice)) instanceof Seen.Rates(var stretches))
            for (var each : stretches) all = all.merge(each.candidate());
        return all;
    }

    private static Tally live(Gathering gathering, String metric, String slice) {
        var all = Tally.NONE;
        if (seen(gathering, new Watched(metric, slice)) instanceof Seen.Rates(var stretches))
            for (var each : stretches) if (each.share() > 0) all = all.merge(each.live());
        return all;
    }

    @Test
    void countsByTheArmAssignedWhoeverAnswered() {
        var gathering = atTenPercent(rate("errors"));
        for (int i = 0; i < 90; i++) give(gathering, new Logged(7, i, false));
        for (int i = 0; i < 10; i++) {
            var each = new Logged(7, i, true);
            if (i < 3) each.extra = Map.of("candidate-failure", "deadline-passed");
            give(gathering, each);
        }
        assertThat(candidate(gathering, "errors", "")).isEqualTo(Tally.ofRequests(10, 3));
        assertThat(live(gathering, "errors", "")).isEqualTo(Tally.ofRequests(90, 0));
        assertThat(gathering.counts()).isEqualTo(new Gathering.Counts(90, 10, 0, 3, 0));
        var rates = (Seen.Rates) java.util.Objects.requireNonNull(seen(gathering, ERRORS));
        assertThat(rates.stretches().getFirst().share()).isZero();
        assertThat(rates.stretches().getFirst().live()).isEqualTo(Tally.ofRequests(200, 0));
        assertThat(rates.stretches()).hasSize(2);
    }

    @Test
    void leavesOutWhatIsNoEvidence() {
        var gathering = atTenPercent(rate("errors"));
        var pinned = new Logged(7, 1, true);
        pinned.extra = Map.of("pinned", "true");
        give(gathering, pinned);
        var batch = new Logged(7, 2, true);
        batch.origin = Origin.BATCH;
        give(gathering, batch);
        give(gathering, new Logged(8, 3, true));
        assertThat(candidate(gathering, "errors", "")).isEqualTo(Tally.NONE);
        assertThat(gathering.counts().left()).isEqualTo(1);
        assertThat(gathering.knows(8)).isFalse();
        assertThat(gathering.knows(6)).isTrue();
    }

    @Test
    void countsTheFirstFewRequestsOfAnEntityAsOne() {
        var gathering = atTenPercent(rate("errors"));
        for (int i = 0; i < 50; i++) {
            var each = new Logged(7, i, true);
            each.entity = "busy";
            each.failure = "model-failed";
            give(gathering, each);
        }
        assertThat(candidate(gathering, "errors", "")).isEqualTo(Tally.of(5, 5, 1));
        // With the next share it counts anew.
        gathering.era(8, 0.5, 1, Logged.START.plusSeconds(100));
        var again = new Logged(8, 101, true);
        again.entity = "busy";
        give(gathering, again);
        assertThat(candidate(gathering, "errors", ""))
                .isEqualTo(Tally.of(5, 5, 1).merge(Tally.of(1, 0, 1)));
        assertThat(gathering.evidence(Logged.START, List.of()).requests()).isEqualTo(1);
    }

    @Test
    void learnsTheBaseRateFirstWhereNothingIsKnownFromBefore() {
        var gathering = gathering(Duration.ZERO, rate("errors"));
        gathering.era(7, 0.5, 0, Logged.START);
        for (int i = 0; i < 40; i++) give(gathering, new Logged(7, i, i % 2 == 1));
        var rates = (Seen.Rates) java.util.Objects.requireNonNull(seen(gathering, ERRORS));
        // Live's twentieth is request 38, so of the candidate's only the last one counts.
        assertThat(rates.stretches())
                .containsExactly(
                        Stretch.mature(0, Tally.ofRequests(Harms.TEACHING, 0), Tally.NONE),
                        Stretch.mature(0.5, Tally.NONE, Tally.ofRequests(1, 0)));
    }

    private Feedback truth(UUID prediction, String label) {
        return Feedback.read(
                Json.object()
                        .put("id", "f" + prediction)
                        .put("prediction", prediction.toString())
                        .put("truth", label),
                "feedback");
    }

    @Test
    void recallCountsWhatTrulyIsOfTheClassAndKnowsItsSlices() {
        var gathering = atTenPercent(rate(RECALL, "line=A", "line=B", "input.age > 40"));
        for (int i = 0; i < 60; i++) {
            var each = new Logged(7, i, false);
            each.line = i % 2 == 0 ? "A" : "B";
            give(gathering, each);
        }
        for (int i = 0; i < 12; i++) {
            var each = new Logged(7, i, true);
            each.line = i % 2 == 0 ? "A" : "B";
            // Line B's scratches are missed.
            each.label = i % 2 == 0 ? "scratch" : "ok";
            give(gathering, each);
        }
        // Each is told twice, and counts once; of what is no scratch it says nothing.
        for (var each : log.predictions.values())
            for (int times = 0; times < 2; times++)
                gathering.told(Logged.START, truth(each.id(), "scratch"), log);
        give(gathering, new Logged(7, 99, true));
        var last = new Logged(7, 99, true).prediction().id();
        gathering.told(Logged.START, truth(last, "ok"), log);
        assertThat(candidate(gathering, RECALL, "")).isEqualTo(Tally.ofRequests(12, 6));
        assertThat(candidate(gathering, RECALL, "line=A")).isEqualTo(Tally.ofRequests(6, 0));
        assertThat(candidate(gathering, RECALL, "line=B")).isEqualTo(Tally.ofRequests(6, 6));
        assertThat(candidate(gathering, RECALL, "input.age > 40")).isEqualTo(Tally.NONE);
    }

    @Test
    void waitsForTruthAsLongAsWasDeclared() {
        var gathering = gathering(Duration.ofHours(1), rate("quality.accuracy"));
        gathering.before(before());
        gathering.era(7, 0.1, 0, Logged.START);
        for (int i = 0; i < 7_200; i += 10) give(gathering, new Logged(7, i, i % 100 == 0));
        for (var each : log.predictions.values())
            gathering.told(Logged.START, truth(each.id(), "ok"), log);
        var evidence = gathering.evidence(Logged.START.plusSeconds(7_200), List.of());
        var rates =
                (Seen.Rates)
                        java.util.Objects.requireNonNull(
                                evidence.seen().get(new Watched("quality.accuracy", "")));
        assertThat(rates.stretches().getFirst().mature()).isTrue();
        assertThat(rates.stretches().getLast().mature()).isFalse();
        // What is old enough is one stretch behind the one that taught.
        assertThat(rates.stretches().stream().filter(each -> each.mature()).count()).isEqualTo(2);
    }

    @Test
    void leavesOutTheFirstTimesAfterALoad() {
        var latency = new Guard.Latency("latency.p99", 0.99, 5, List.of(), false);
        var gathering = atTenPercent(latency);
        for (int i = 0; i < Gathering.WARMING + 5; i++) {
            give(gathering, new Logged(7, i, false));
            var each = new Logged(7, i, true);
            each.millis = i < Gathering.WARMING ? 500 : 2;
            give(gathering, each);
        }
        var seen =
                (Seen.Latencies)
                        java.util.Objects.requireNonNull(
                                seen(gathering, new Watched("latency.p99", "")));
        var candidate = seen.times().getLast().candidate();
        assertThat(candidate.count()).isEqualTo(5);
        assertThat(candidate.quantile(1).getAsDouble()).isLessThan(2.1);
    }

    /// Or many requests of live, whose times have changed since it taught, would stand against none
    /// of the candidate's, which looks as if it were worse.
    @Test
    void countsNoTimesUntilBothArmsAreWarm() {
        var gathering = atTenPercent(new Guard.Latency("latency.p99", 0.99, 5, List.of(), false));
        for (int i = 0; i < Gathering.WARMING; i++) give(gathering, new Logged(7, i, true));
        for (int i = 0; i < 2_000; i++) give(gathering, new Logged(7, i, false));
        assertThat(compared(gathering)).isEmpty();
        give(gathering, new Logged(7, 2_000, true));
        give(gathering, new Logged(7, 2_000, false));
        var both = compared(gathering).getFirst();
        assertThat(both.live().count()).isOne();
        assertThat(both.candidate().count()).isOne();
    }

    private static List<QuantileComparison.Times> compared(Gathering gathering) {
        return seen(gathering, new Watched("latency.p99", "")) instanceof Seen.Latencies(var times)
                ? times.stream().filter(each -> each.share() > 0).toList()
                : List.of();
    }

    @Test
    void anEventIsHarmOfTheLastRequestOfItsEntity() {
        var gathering = atTenPercent(rate("event.redo"));
        for (var name : List.of("ann", "bob")) {
            var each = new Logged(7, 10, true);
            each.entity = name;
            give(gathering, each);
        }
        var redo =
                Json.object()
                        .put("id", "1")
                        .put("endpoint", "phones")
                        .put("entity", "ann")
                        .put("event", "redo");
        gathering.told(
                Logged.START.plusSeconds(20), Feedback.read(redo, "feedback"), new InMemory());
        assertThat(candidate(gathering, "event.redo", "")).isEqualTo(Tally.ofRequests(2, 1));
        gathering.told(
                Logged.START.plusSeconds(9_000),
                Feedback.read(redo.put("id", "2").put("entity", "bob"), "feedback"),
                new InMemory());
        assertThat(candidate(gathering, "event.redo", "").total()).isEqualTo(1);
    }

    @Test
    void aShadowIsComparedAnswerByAnswer() {
        var agreement = new Guard.Pairs("agreement", 0.05, 5, List.of(), false);
        var gathering = gathering(Duration.ZERO, agreement);
        gathering.era(7, 0, 0, Logged.START);
        for (int i = 0; i < 10; i++)
            gathering.shadowed(
                    7,
                    Optional.empty(),
                    new Shadows.Pair(
                            new UUID(1, i),
                            Logged.START,
                            Map.of("label", "ok"),
                            Map.of("label", i < 7 ? "ok" : "scratch"),
                            OptionalDouble.of(0.8),
                            OptionalDouble.of(0.9),
                            Optional.empty()),
                    new InMemory());
        assertThat(seen(gathering, new Watched("agreement", "")))
                .isEqualTo(new Seen.Tallies(List.of(Tally.ofRequests(10, 3))));
        var summary = gathering.summary();
        assertThat(summary.agreed()).isEqualTo(7);
        assertThat(summary.said()).isEqualTo(Map.of("ok", Map.of("ok", 7L, "scratch", 3L)));
        assertThat(summary.last().getFirst().prediction()).isEqualTo(new UUID(1, 9));
        assertThat(gathering.evidence(Logged.START, List.of()).requests()).isEqualTo(10);
    }

    @Test
    void goesOnFromItsBytesAsIfNothingHadHappened() {
        for (int seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            var guards =
                    new Guard[] {
                        rate("errors", "line=A"),
                        rate(RECALL),
                        rate("confidence"),
                        new Guard.Latency("latency.p99", 0.99, 5, List.of(), false)
                    };
            var whole = gathering(Duration.ofMinutes(5), guards);
            whole.before(before());
            whole.era(7, 0.3, 0, Logged.START);
            var broken = GatheringBytes.read(GatheringBytes.of(whole), whole.aim(), Logged::schema);
            for (int i = 0; i < 600; i++) {
                if (i == 300) {
                    whole.era(8, 0.6, 1, at(i));
                    broken.era(8, 0.6, 1, at(i));
                }
                var entity = random.nextInt(150);
                var each = new Logged(i < 300 ? 7 : 8, i, entity % 10 < (i < 300 ? 3 : 6));
                each.entity = "e" + entity;
                each.line = random.nextBoolean() ? "A" : "B";
                each.label = random.nextInt(4) == 0 ? "scratch" : "ok";
                if (random.nextInt(20) == 0) each.failure = "model-failed";
                give(whole, each);
                broken.predicted(each.prediction());
                var told = truth(each.prediction().id(), "scratch");
                whole.told(at(i), told, log);
                broken.told(at(i), told, log);
                if (random.nextInt(50) == 0)
                    broken =
                            GatheringBytes.read(
                                    GatheringBytes.of(broken), broken.aim(), Logged::schema);
            }
            assertThat(broken.evidence(at(900), List.of()))
                    .as("seed %d", seed)
                    .isEqualTo(whole.evidence(at(900), List.of()));
            assertThat(broken.counts()).isEqualTo(whole.counts());
        }
    }

    private static Instant at(int second) {
        return Logged.START.plusSeconds(second);
    }
}
