package dev.davy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.serving.feedback.Feedback;
import dev.davy.stats.sequential.Tally;
import dev.davy.strict.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The evidence of a candidate where nothing is to be compared with: of a shadow beside a declared
/// answer or people, and of its time against a limit.
class StandingInTest {
    private static final Guard ERRORS = limit("errors", 0.01);
    private static final Guard ACCURACY = limit("quality.accuracy", 0.3);
    private static final Guard AGREEMENT =
            new Guard.Pairs("agreement", 0.2, 5, List.of("line=B"), false);

    private final InMemory log = new InMemory();

    private static Guard limit(String metric, double limit, String... slices) {
        return new Guard.Limit(metric, limit, 5, List.of(slices), false);
    }

    private static Gathering gathering(double share, Guard... guards) {
        var stages =
                List.of(Stage.shadow(Duration.ofHours(1)), Stage.percent(100, Duration.ZERO, 0));
        var gathering =
                new Gathering(
                        new Gathering.Aim(
                                "phones",
                                Policy.of(stages, List.of(guards)),
                                Logged.OUTPUTS,
                                Duration.ZERO,
                                Duration.ofMinutes(30)),
                        Logged::schema);
        gathering.era(7, share, 0, Logged.START);
        return gathering;
    }

    /// @param live what answered; empty: people have not yet
    private UUID shadowed(
            Gathering gathering, int second, Map<String, String> live, Optional<String> said) {
        var logged = new Logged(7, second, false);
        logged.line = second % 2 == 0 ? "A" : "B";
        var prediction = logged.prediction();
        log.predictions.put(prediction.id(), prediction);
        gathering.predicted(prediction);
        var pair =
                new Shadows.Pair(
                        prediction.id(),
                        prediction.received(),
                        Map.copyOf(live),
                        said.<Map<String, String>>map(label -> Map.of("label", label))
                                .orElse(Map.of()),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        said.isPresent() ? Optional.empty() : Optional.of("answer-not-finite"));
        log.shadows.put(prediction.id(), pair);
        gathering.shadowed(7, Optional.empty(), pair, log);
        return prediction.id();
    }

    private void told(Gathering gathering, UUID prediction, ObjectNode what) {
        var json = what.put("id", "f" + prediction + what).put("prediction", prediction.toString());
        gathering.told(Logged.START.plusSeconds(999), Feedback.read(json, "test"), log);
    }

    private static Tally tally(Gathering gathering, Guard guard, String slice) {
        var evidence = gathering.evidence(Logged.START.plusSeconds(999), List.of());
        var all = Tally.NONE;
        if (evidence.seen().get(new Watched(guard.metric(), slice))
                instanceof Evidence.Seen.Tallies(var tallies))
            for (var each : tallies) all = all.merge(each);
        return all;
    }

    @Test
    void aShadowIsHeldToLimitsByWhatItAnswersAndByTheTruth() {
        var gathering = gathering(0, ERRORS, ACCURACY);
        for (int i = 0; i < 40; i++) {
            var said = i < 4 ? Optional.<String>empty() : Optional.of(i < 12 ? "scratch" : "ok");
            var id = shadowed(gathering, i, Map.of("label", "ok"), said);
            told(gathering, id, Json.object().put("truth", "ok"));
        }
        assertThat(tally(gathering, ERRORS, "")).isEqualTo(Tally.ofRequests(40, 4));
        // What failed was not right either.
        assertThat(tally(gathering, ACCURACY, "")).isEqualTo(Tally.ofRequests(40, 12));
        var evidence = gathering.evidence(Logged.START.plusSeconds(999), List.of());
        assertThat(new Judge(gathering.aim().policy()).worse(evidence))
                .contains(new Watched("errors", ""));
    }

    @Test
    void besidePeopleAShadowAgreesWithWhatTheyJudge() {
        var gathering = gathering(0, ERRORS, AGREEMENT);
        for (int i = 0; i < 30; i++) {
            var id = shadowed(gathering, i, Map.of(), Optional.of(i < 6 ? "scratch" : "ok"));
            told(gathering, id, Json.object().put("judgement", "ok").put("by", "ann"));
            // Who had seen it is no second opinion.
            var seen = Json.object().put("judgement", "scratch").put("by", "bob");
            told(gathering, id, seen.put("saw-answer", true));
        }
        assertThat(tally(gathering, AGREEMENT, "")).isEqualTo(Tally.ofRequests(30, 6));
        assertThat(tally(gathering, AGREEMENT, "line=B")).isEqualTo(Tally.ofRequests(15, 3));
        assertThat(tally(gathering, ERRORS, "")).isEqualTo(Tally.ofRequests(30, 0));
        // Nothing is held against an answer that nobody gave.
        assertThat(gathering.summary().asked()).isZero();
        assertThat(gathering.counts().shadow()).isEqualTo(30);
        assertThat(gathering.besideCandidate().compared()).isEqualTo(30);
    }

    @Test
    void aJudgementMayComeBeforeTheShadow() {
        var gathering = gathering(0, AGREEMENT);
        var prediction = new Logged(7, 1, false).prediction();
        log.predictions.put(prediction.id(), prediction);
        gathering.predicted(prediction);
        told(gathering, prediction.id(), Json.object().put("judgement", "ok").put("by", "ann"));
        assertThat(tally(gathering, AGREEMENT, "").units()).isZero();
        shadowed(gathering, 1, Map.of(), Optional.of("ok"));
        assertThat(tally(gathering, AGREEMENT, "")).isEqualTo(Tally.ofRequests(1, 0));
    }

    @Test
    void timeIsHeldToALimitOnceTheCandidateIsWarm() {
        var guard = limit("latency.p99 within 5 ms", 0.01);
        var gathering = gathering(0.5, guard);
        for (int i = 0; i < Gathering.WARMING + 50; i++) {
            var each = new Logged(7, i, true);
            each.millis = i < Gathering.WARMING ? 100 : i % 10 == 0 ? 6 : 4;
            gathering.predicted(each.prediction());
        }
        assertThat(tally(gathering, guard, "")).isEqualTo(Tally.ofRequests(50, 5));
    }
}
