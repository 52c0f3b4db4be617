package dev.davy.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.stats.selective.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ThresholdsTest {
    private static final List<Output> LABEL =
            List.of(new Output("label", new OutputKind.Category(List.of("ok", "scratch"))));
    private static final Target ONE_PERCENT = Target.of("error <= 1%", LABEL);

    @Test
    void sayHowManyCasesAreMissing() {
        var threshold = Thresholds.choose(cases(67, 5), ONE_PERCENT, 0.95);
        assertThat(threshold.threshold()).isEmpty();
        assertThat(threshold.why())
                .isEqualTo(
                        "Not enough evidence for error <= 1%: at least 232 more reviewed cases are"
                                + " needed, besides 67.");
        assertThat(threshold.detail().get("more").longValue()).isEqualTo(232);
        var recall =
                Thresholds.choose(cases(67, 5), Target.of("recall(scratch) >= 99%", LABEL), 0.95);
        assertThat(recall.why()).contains("294 more reviewed cases of 'scratch'");
    }

    @Test
    void areChosenFromCasesThatTellSomething() {
        var cases = new ArrayList<>(cases(1_000, 20));
        var threshold = Thresholds.choose(cases, ONE_PERCENT, 0.95);
        assertThat(threshold.threshold().orElseThrow()).isBetween(0.01, 0.2);
        assertThat(threshold.why()).contains("From confidence 0.").contains("it was wrong in");
        cases.add(
                new Case(
                        UUID.randomUUID(),
                        "scratch/7",
                        "",
                        Optional.empty(),
                        OptionalDouble.empty(),
                        1,
                        1,
                        Optional.of("ok"),
                        false));
        assertThat(Thresholds.choose(cases, ONE_PERCENT, 0.95)).isEqualTo(threshold);
    }

    @Test
    void countCasesThatWereSeenMoreOftenOnlyAsOftenAsTheOthers() {
        var cases = new ArrayList<Case>();
        // Of 20,000 cases people saw a tenth of the sure ones and all of the others.
        for (int i = 0; i < 1_000; i++) cases.add(Cases.seen("ok", 0.99, "ok", 0.1, 0.1));
        for (int i = 0; i < 10_000; i++) cases.add(Cases.seen("ok", 0.5, "scratch", 1, 0.1));
        var threshold = Thresholds.choose(cases, ONE_PERCENT, 0.95);
        assertThat(threshold.reviewed()).isEqualTo(11_000);
        assertThat(threshold.sampled()).isBetween(1_900L, 2_100L);
        var found = (Choice.Found) threshold.choice();
        assertThat(found.cases()).isEqualTo(1_000);
        assertThat(found.alone()).isBetween(0.47, 0.53);
    }

    @Test
    void sayNothingOfWhatNobodySees() {
        var cases = new ArrayList<Case>();
        for (int i = 0; i < 1_000; i++) cases.add(Cases.seen("ok", 0.5, "ok", 1, 0));
        assertThat(Thresholds.choose(cases, ONE_PERCENT, 0.95).sampled()).isZero();
    }

    @Test
    void haveACurve() {
        var points = Thresholds.curve(cases(1_000, 20), ONE_PERCENT, 20).points();
        assertThat(points).hasSize(20);
        assertThat(points.getFirst().risk()).isZero();
        assertThat(points.getLast().risk()).isEqualTo(0.02);
    }

    private static List<Case> cases(int n, int wrong) {
        var cases = new ArrayList<Case>();
        for (int i = 0; i < n; i++)
            cases.add(Cases.of("ok", (i + 0.5) / n, i < wrong ? "scratch" : "ok"));
        return cases;
    }
}
