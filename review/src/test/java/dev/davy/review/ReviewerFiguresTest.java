package dev.davy.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReviewerFiguresTest {
    @Test
    void showHowMuchMoreOftenAPersonFollowsTheModelOnceTheySeeIt() {
        var cases = new ArrayList<Judged>();
        // Of Newcombe's 1998 paper: 56 of 70 and 48 of 80.
        for (int i = 0; i < 70; i++)
            cases.add(
                    Cases.judged(
                            Cases.of("ok", 0.9, "ok"),
                            Cases.seeing("ann", i < 56 ? "ok" : "scratch")));
        for (int i = 0; i < 80; i++)
            cases.add(
                    Cases.judged(
                            Cases.of("ok", 0.9, "ok"),
                            Cases.blind("ann", i < 48 ? "ok" : "scratch")));
        var ann = ReviewerFigures.of(cases, 0.95).getFirst();
        assertThat(ann.cases()).isEqualTo(150);
        assertThat(ann.withModelBefore().value()).hasValue(0.6);
        assertThat(ann.withModelAfter().value()).hasValue(0.8);
        var bias = ann.bias().orElseThrow();
        assertThat(bias.value()).isCloseTo(0.2, within(1e-9));
        assertThat(bias.interval().low()).isCloseTo(0.0524, within(5e-5));
        assertThat(bias.interval().high()).isCloseTo(0.3339, within(5e-5));
    }

    @Test
    void tellTheMiddleOfTheirTimesAndWhatTheyCouldNotTell() {
        var cases = new ArrayList<Judged>();
        for (double seconds : List.of(9.0, 1.0, 3.0, 5.0))
            cases.add(
                    Cases.judged(
                            Cases.of("ok", 0.9, "ok"),
                            new Opinion(
                                    "ann", Optional.of("ok"), false, OptionalDouble.of(seconds))));
        cases.add(
                Cases.judged(
                        Cases.of("ok", 0.9, "ok"),
                        new Opinion("ann", Optional.empty(), false, OptionalDouble.empty())));
        var ann = ReviewerFigures.of(cases, 0.95).getFirst();
        assertThat(ann.medianSeconds()).hasValue(4);
        assertThat(ann.cannotTell()).isEqualTo(1);
        assertThat(ann.withModelBefore().count()).isEqualTo(4);
        assertThat(ann.withOthers().value()).isEmpty();
        assertThat(ann.onGold().value()).isEmpty();
        assertThat(ann.bias()).isEmpty();
    }

    @Test
    void areByPersonAndHoldThemAgainstGoldAndTheOthers() {
        var cases = new ArrayList<Judged>();
        for (int i = 0; i < 10; i++)
            cases.add(
                    Cases.gold(
                            Cases.of("ok", 0.9, "ok"),
                            "ok",
                            Cases.blind("bob", i < 6 ? "ok" : "scratch"),
                            Cases.blind("ann", "ok")));
        var figures = ReviewerFigures.of(cases, 0.95);
        assertThat(figures).extracting(ReviewerFigures::reviewer).containsExactly("ann", "bob");
        assertThat(figures.getLast().onGold().value()).hasValue(0.6);
        assertThat(figures.getLast().withOthers().value()).hasValue(0.6);
        assertThat(figures.getFirst().onGold().value()).hasValue(1);
    }
}
