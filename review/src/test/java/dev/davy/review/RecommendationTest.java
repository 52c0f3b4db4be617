package dev.davy.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.stats.selective.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecommendationTest {
    private static final Target ONE_PERCENT =
            Target.of(
                    "error <= 1%",
                    List.of(
                            new Output(
                                    "label", new OutputKind.Category(List.of("ok", "scratch")))));

    @Test
    void isHumanOnlyWithoutAModel() {
        var recommendation = of(false, List.of(), Optional.empty());
        assertThat(recommendation.level()).isEqualTo(Level.HUMAN_ONLY);
        assertThat(recommendation.missing().getFirst()).contains("No model is loaded");
    }

    @Test
    void isShadowWhileNothingComparesTheModelWithPeople() {
        var recommendation = of(true, gold(20, 20, 19).subList(0, 0), Optional.empty());
        assertThat(recommendation.level()).isEqualTo(Level.SHADOW);
        assertThat(recommendation.missing().getFirst()).contains("reviewers: 2");
    }

    @Test
    void isShadowWhileTheEvidenceIsThinAndSaysHowMuchIsMissing() {
        var recommendation = of(true, gold(30, 27, 27), Optional.empty());
        assertThat(recommendation.level()).isEqualTo(Level.SHADOW);
        assertThat(recommendation.missing().getFirst())
                .startsWith(
                        "Against gold the model is right in 90% of 30 cases, people in 90% of 30.")
                .containsPattern("about [0-9]+ more cases");
    }

    @Test
    void isShadowWhereTheModelIsWorseThanPeople() {
        var recommendation = of(true, gold(400, 300, 390), Optional.empty());
        assertThat(recommendation.level()).isEqualTo(Level.SHADOW);
        assertThat(recommendation.missing().getFirst()).contains("it is worse");
    }

    @Test
    void isAssistWhereTheModelIsNotWorse() {
        var recommendation = of(true, gold(1_000, 960, 950), Optional.empty());
        assertThat(recommendation.level()).isEqualTo(Level.ASSIST);
        assertThat(recommendation.why()).contains("not worse by more than 5%");
        assertThat(recommendation.missing().getFirst()).contains("No target is declared");
    }

    @Test
    void isAssistWhereItAgreesWithPeopleAsTheyDoWithEachOther() {
        var cases = new ArrayList<Judged>();
        for (int i = 0; i < 1_000; i++)
            cases.add(
                    Cases.judged(
                            Cases.of(i % 20 == 0 ? "scratch" : "ok", 0.9, "ok"),
                            Cases.blind("ann", "ok"),
                            Cases.blind("bob", i % 10 == 1 ? "scratch" : "ok")));
        var recommendation = of(true, cases, Optional.empty());
        assertThat(recommendation.level()).isEqualTo(Level.ASSIST);
        assertThat(recommendation.why())
                .startsWith(
                        "The model agrees with people in 94.4% of 900 cases, people with each"
                                + " other in 90% of 1,000");
    }

    @Test
    void isPartialWhereAThresholdIsWorthIt() {
        var good = gold(1_000, 960, 950);
        var few = threshold(new Choice.NotEnough(200, 99, Optional.empty()));
        assertThat(of(true, good, few).missing().getFirst()).contains("at least 99 more");
        var far = threshold(new Choice.OutOfReach(900, 90));
        assertThat(of(true, good, far).missing().getFirst()).contains("out of reach");
        var little = threshold(new Choice.Found(0.99, 300, 0, 0.0099, 0.03));
        assertThat(of(true, good, little).missing().getFirst()).contains("hardly worth it");
        var found = threshold(new Choice.Found(0.9, 900, 3, 0.0086, 0.7));
        var recommendation = of(true, good, found);
        assertThat(recommendation.level()).isEqualTo(Level.PARTIAL);
        assertThat(recommendation.why())
                .isEqualTo(
                        "From confidence 0.9000 on the model would decide 70% of all cases; it was"
                                + " wrong in 3 of 900, at most 0.86% with 95% certainty.");
        assertThat(recommendation.missing().getFirst()).contains("must hold of all cases");
        assertThat(of(true, good, found, 0).missing().getFirst()).contains("spot-check: 2%");
    }

    @Test
    void isPartialWhereTheModelIsWorseThanPeopleButNotWhereItIsSure() {
        var found = threshold(new Choice.Found(0.9, 900, 3, 0.0086, 0.7));
        assertThat(of(true, gold(400, 300, 390), found).level()).isEqualTo(Level.PARTIAL);
        var few = threshold(new Choice.NotEnough(67, 232, Optional.empty()));
        var recommendation = of(true, gold(400, 300, 390), few);
        assertThat(recommendation.level()).isEqualTo(Level.SHADOW);
        assertThat(recommendation.missing().getFirst()).contains("it is worse");
        assertThat(recommendation.missing().getLast()).contains("at least 232 more");
    }

    @Test
    void isFullWhereTheTargetHoldsOfEverything() {
        var all = threshold(new Choice.Found(0, 1_000, 3, 0.0077, 1));
        var recommendation = of(true, gold(1_000, 996, 990), all);
        assertThat(recommendation.level()).isEqualTo(Level.FULL);
        assertThat(recommendation.missing()).isEmpty();
    }

    private static Optional<Threshold> threshold(Choice choice) {
        return Optional.of(new Threshold(ONE_PERCENT, 0.95, choice, 1_000, 1_000));
    }

    /// Gold cases, in so many of which the model and a person are right.
    private static List<Judged> gold(int n, int model, int person) {
        var cases = new ArrayList<Judged>();
        for (int i = 0; i < n; i++)
            cases.add(
                    Cases.gold(
                            Cases.of(i < model ? "ok" : "scratch", 0.9, "ok"),
                            "ok",
                            Cases.blind("ann", i < person ? "ok" : "scratch")));
        return cases;
    }

    private static Recommendation of(
            boolean loaded, List<Judged> cases, Optional<Threshold> threshold) {
        return of(loaded, cases, threshold, 0.02);
    }

    private static Recommendation of(
            boolean loaded, List<Judged> cases, Optional<Threshold> threshold, double spotCheck) {
        return Recommendation.of(
                new Recommendation.Evidence(
                        loaded, Comparison.of(cases, 0.95), Comparison.ALL, threshold, spotCheck));
    }
}
