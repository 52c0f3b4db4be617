package dev.davy.monitoring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.serving.Prediction.ComponentAnswer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// What is said of a pipeline of two: `first` measures its input, `second` calls it high or low.
class JudgeTest {
    private static final Agreement ALL = new Agreement(200, 200);

    private static Columns said(long seed, int rows, double shift, DoubleUnaryOperator first) {
        var random = new Random(seed);
        var columns = new Columns();
        for (int i = 0; i < rows; i++) {
            double number = first.applyAsDouble(random.nextGaussian() + shift);
            columns.said(
                    List.of(
                            answer("first", Map.of("number", number)),
                            answer("second", Map.of("word", number > 0 ? "high" : "low"))));
        }
        return columns;
    }

    private static ComponentAnswer answer(String component, Map<String, Object> values) {
        return new ComponentAnswer(
                component,
                component + "/1",
                0,
                0,
                values,
                Map.of(),
                OptionalDouble.empty(),
                false,
                Optional.empty());
    }

    private static Evidence.Side side(long seed, double shift, Agreement whole) {
        var said = said(seed, 200, shift, x -> x);
        return new Evidence.Side(new Columns(), said, said, whole);
    }

    private static Evidence.Part part(String name, Agreement then, Agreement now) {
        return new Evidence.Part(name, name + "/1", name + "/1", false, false, 200, then, now);
    }

    private static Verdict verdict(Evidence.Side then, Evidence.Side now, Evidence.Part... parts) {
        return Judge.judge(new Evidence(then, now, List.of(parts)), 200).verdict();
    }

    @Test
    void nobodyIsBlamedWhereNothingChanged() {
        int wrong = 0;
        for (int seed = 0; seed < 400; seed++) {
            var verdict =
                    verdict(
                            side(2L * seed, 0, ALL),
                            side(2L * seed + 1, 0, ALL),
                            part("first", ALL, ALL),
                            part("second", ALL, ALL));
            if (!(verdict instanceof Verdict.Nothing)) wrong++;
        }
        // One in a hundred is what is paid for; 11 of 400 come once in a thousand runs.
        assertThat(wrong).isLessThanOrEqualTo(10);
    }

    @Test
    void aShiftOfHalfADeviationIsTheInputs() {
        int found = 0;
        for (int seed = 0; seed < 100; seed++)
            if (verdict(
                            side(2L * seed, 0, ALL),
                            side(2L * seed + 1, 0.5, ALL),
                            part("first", ALL, ALL),
                            part("second", ALL, ALL))
                    instanceof Verdict.InputDrifted) found++;
        assertThat(found).isGreaterThanOrEqualTo(85);
    }

    @Test
    void aComponentOfTheSameNameIsToldByItsAnswers() {
        var verdict =
                verdict(
                        side(1, 0, ALL),
                        side(2, 0, new Agreement(150, 200)),
                        part("first", ALL, ALL),
                        part("second", ALL, new Agreement(150, 200)));
        assertThat(verdict)
                .isEqualTo(
                        new Verdict.ComponentChanged(
                                "second",
                                "it has the same name and version, and answers otherwise",
                                ALL,
                                new Agreement(150, 200)));
    }

    @Test
    void oneRowIsEnoughWhereAnotherVersionRuns() {
        var now = new Agreement(199, 200);
        var other =
                new Evidence.Part("second", "second/1", "second/2", false, false, 200, ALL, now);
        var verdict = verdict(side(1, 0, ALL), side(2, 0, now), part("first", ALL, ALL), other);
        assertThat(verdict)
                .isEqualTo(
                        new Verdict.ComponentChanged(
                                "second", "it runs second/2 instead of second/1", ALL, now));
    }

    @Test
    void anotherVersionThatAnswersAlikeIsNoChange() {
        var other =
                new Evidence.Part("second", "second/1", "second/2", false, false, 200, ALL, ALL);
        var verdict = verdict(side(1, 0, ALL), side(2, 0, ALL), part("first", ALL, ALL), other);
        assertThat(verdict).isEqualTo(new Verdict.Nothing(200));
    }

    /// It throws dice: its answers are others each time, then as now.
    @Test
    void aComponentThatNeverRepeatsItselfIsNotBlamedForThat() {
        var then = new Agreement(104, 200);
        var now = new Agreement(96, 200);
        var verdict =
                verdict(
                        side(1, 0, then),
                        side(2, 0, now),
                        part("first", ALL, ALL),
                        part("second", then, now));
        assertThat(verdict).isEqualTo(new Verdict.Nothing(200));
    }

    @Test
    void aRemoteOneThatDoesNotRepeatTheReferenceHasChangedSince() {
        var then = new Agreement(20, 200);
        var remote = new Evidence.Part("second", "there", "there", false, true, 200, then, ALL);
        var verdict = verdict(side(1, 0, then), side(2, 0, ALL), part("first", ALL, ALL), remote);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.ComponentChanged.class,
                        changed -> assertThat(changed.how()).contains("than it did then"));
    }

    @Test
    void bothAreToldWhereBothAreToBlame() {
        var now = new Agreement(3, 200);
        var verdict =
                verdict(
                        side(1, 0, ALL),
                        side(2, 1, now),
                        part("first", ALL, ALL),
                        part("second", ALL, now));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Several.class,
                        several ->
                                assertThat(several.all())
                                        .hasExactlyElementsOfTypes(
                                                Verdict.InputDrifted.class,
                                                Verdict.ComponentChanged.class));
    }

    /// What was logged moved; what the reference's components say of the same inputs did not, and
    /// which component made the difference can't be told.
    @Test
    void answersThatMovedForNoKnownReasonAreUnexplained() {
        var doubtful = new Agreement(190, 200);
        var now =
                new Evidence.Side(
                        new Columns(),
                        said(2, 1_000, 0.6, x -> x),
                        said(3, 200, 0, x -> x),
                        doubtful);
        var verdict =
                verdict(
                        side(1, 0, doubtful),
                        now,
                        part("first", doubtful, doubtful),
                        part("second", doubtful, doubtful));
        assertThat(verdict).isInstanceOf(Verdict.Unexplained.class);
    }

    @Test
    void nothingCanBeSaidOfAFew() {
        var few = said(1, 30, 0, x -> x);
        var agreed = new Agreement(30, 30);
        var side = new Evidence.Side(new Columns(), few, few, agreed);
        assertThat(verdict(side, side, part("first", agreed, agreed)))
                .isInstanceOfSatisfying(
                        Verdict.TooEarly.class,
                        early -> assertThat(early.needed()).isBetween(100, 170));
    }

    /// The detector is deaf but for one row: the recogniser hardly says anything any more.
    @Test
    void aSingleNumberIsComparedAsWhatItIs() {
        var then = new Columns();
        var now = new Columns();
        for (int i = 0; i < 200; i++) {
            var said = List.of(answer("first", Map.of("number", i / 200.0)));
            then.said(said);
            now.said(i == 0 ? said : List.of());
        }
        assertThat(Drifts.moved(Drifts.pairs(then, now), 0.01))
                .singleElement()
                .matches(Moved::drifted);
        assertThat(Drifts.moved(Drifts.pairs(now, then), 0.01))
                .singleElement()
                .matches(Moved::drifted);
    }

    @Test
    void aComponentThatIsGoneHasChanged() {
        var gone = new Evidence.Part("first", "first/1", "", true, false, 0, ALL, Agreement.NONE);
        assertThat(verdict(side(1, 0, ALL), side(2, 0, ALL), gone))
                .isInstanceOfSatisfying(
                        Verdict.ComponentChanged.class,
                        changed -> assertThat(changed.how()).contains("not there any more"));
    }
}
