package dev.davy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.serving.Prediction;
import dev.davy.serving.feedback.Feedback;
import dev.davy.stats.quality.McNemar;
import dev.davy.strict.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// A shadow beside live, and both beside people: by slice, by the truth, and by what people
/// thought.
class BesideTest {
    private static final Watched AGREEMENT_ON_B = new Watched("agreement", "line=B");

    private final InMemory log = new InMemory();
    private final Gathering gathering = gathering();

    private static Gathering gathering() {
        var stages =
                List.of(Stage.shadow(Duration.ofHours(1)), Stage.percent(100, Duration.ZERO, 0));
        var guard = new Guard.Pairs("agreement", 0.05, 5, List.of("line=A", "line=B"), false);
        var gathering =
                new Gathering(
                        new Gathering.Aim(
                                "phones",
                                Policy.of(stages, List.of(guard)),
                                Logged.OUTPUTS,
                                Duration.ZERO,
                                Duration.ofMinutes(30)),
                        Logged::schema);
        gathering.era(7, 0, 0, Logged.START);
        return gathering;
    }

    private Prediction asked(int second, String line, String live) {
        var each = new Logged(7, second, false);
        each.line = line;
        each.label = live;
        var prediction = each.prediction();
        log.predictions.put(prediction.id(), prediction);
        gathering.predicted(prediction);
        return prediction;
    }

    private void shadowed(Prediction prediction, String said) {
        var pair =
                new Shadows.Pair(
                        prediction.id(),
                        prediction.received(),
                        prediction.decision().outputs(),
                        Map.of("label", said),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Optional.empty());
        log.shadows.put(prediction.id(), pair);
        gathering.shadowed(7, Optional.empty(), pair, log);
    }

    private void told(UUID prediction, ObjectNode what) {
        var json = what.put("id", "f" + prediction + what).put("prediction", prediction.toString());
        gathering.told(Logged.START.plusSeconds(99), Feedback.read(json, "test"), log);
    }

    private static ObjectNode truth(String label) {
        return Json.object().put("truth", label);
    }

    private static ObjectNode judgement(String label, String by, boolean saw) {
        return Json.object().put("judgement", label).put("by", by).put("saw-answer", saw);
    }

    @Test
    void agreementIsCountedByDeclaredSlice() {
        for (int i = 0; i < 600; i++) {
            boolean b = i % 3 == 0;
            shadowed(asked(i, b ? "B" : "A", "ok"), b ? "scratch" : "ok");
        }
        assertThat(gathering.summary().bySlice())
                .isEqualTo(
                        Map.of(
                                "line=A", new Shadows.Agreed(400, 400),
                                "line=B", new Shadows.Agreed(200, 0)));
        var evidence = gathering.evidence(Logged.START.plusSeconds(99), List.of());
        assertThat(new Judge(gathering.aim().policy()).verdicts(evidence))
                .anyMatch(each ->
                        each instanceof Verdict.Worse && each.watched().equals(AGREEMENT_ON_B));
    }

    @Test
    void theSliceOfWhatWasForgottenIsLookedUp() {
        var prediction = asked(1, "B", "ok");
        var again =
                GatheringBytes.read(GatheringBytes.of(gathering), gathering.aim(), Logged::schema);
        again.shadowed(
                7,
                Optional.empty(),
                new Shadows.Pair(
                        prediction.id(),
                        prediction.received(),
                        Map.of("label", "ok"),
                        Map.of("label", "ok"),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Optional.empty()),
                log);
        assertThat(again.summary().bySlice()).containsKey("line=B");
    }

    /// Right by both 1, by live alone 2, by the shadow alone 3, by neither 4: whether the truth or
    /// the shadow comes first.
    @Test
    void theTruthSaysWhomItProvesRight() {
        int second = 0;
        for (var late : List.of(true, false))
            for (var each :
                    List.of(
                            List.of("ok", "ok", 1),
                            List.of("ok", "scratch", 2),
                            List.of("scratch", "ok", 3),
                            List.of("scratch", "scratch", 4)))
                for (int i = 0; i < (int) each.get(2); i++) {
                    var prediction = asked(second++, "A", (String) each.get(0));
                    if (!late) told(prediction.id(), truth("ok"));
                    shadowed(prediction, (String) each.get(1));
                    if (late) told(prediction.id(), truth("ok"));
                }
        var right = gathering.summary().right();
        assertThat(right).isEqualTo(new McNemar(2, 4, 6, 8));
        var again =
                GatheringBytes.read(GatheringBytes.of(gathering), gathering.aim(), Logged::schema);
        assertThat(again.summary()).isEqualTo(gathering.summary());
    }

    /// Two labelers, 50 items, 20 yes and yes, 15 no and no, 5 and 10 split: kappa 0.40.
    @Test
    void judgementsAreComparedWithWhatTheModelSaid() {
        int second = 0;
        for (var each :
                List.of(
                        List.of("scratch", "scratch", 20),
                        List.of("ok", "ok", 15),
                        List.of("scratch", "ok", 5),
                        List.of("ok", "scratch", 10)))
            for (int i = 0; i < (int) each.get(2); i++) {
                var prediction = asked(second++, "A", "ok");
                shadowed(prediction, (String) each.get(1));
                told(prediction.id(), judgement((String) each.get(0), "ann", false));
                // The same person again is no other opinion.
                told(prediction.id(), judgement("ok", "ann", false));
                if (i == 0) told(prediction.id(), judgement("ok", "bob", true));
            }
        var people = gathering.besideCandidate();
        assertThat(people.compared()).isEqualTo(50);
        assertThat(people.agreed()).isEqualTo(35);
        assertThat(people.sawAnswer()).isEqualTo(4);
        assertThat(people.said().get("ok")).isEqualTo(Map.of("ok", 15L, "scratch", 10L));
        var kappa =
                people.figures().stream()
                        .filter(figure -> figure.name().equals("cohen_kappa"))
                        .findFirst()
                        .orElseThrow();
        assertThat(kappa.value().orElseThrow())
                .isCloseTo(0.4, org.assertj.core.data.Offset.offset(1e-12));
        var interval = kappa.interval().orElseThrow();
        assertThat(0.4).isBetween(interval.low(), interval.high());
        assertThat(gathering.besideLive().compared()).isEqualTo(50);
        // What people think moves no guard.
        assertThat(gathering.summary().right()).isEqualTo(McNemar.NONE);
        var again =
                GatheringBytes.read(GatheringBytes.of(gathering), gathering.aim(), Logged::schema);
        assertThat(again.besideCandidate()).isEqualTo(people);
    }
}
