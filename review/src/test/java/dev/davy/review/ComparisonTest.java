package dev.davy.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.davy.review.Comparison.Against;
import dev.davy.review.Comparison.Who;
import dev.davy.stats.quality.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void holdsEachCaseAgainstTheBestThatIsKnownOfIt() {
        var cases = new ArrayList<Judged>();
        // Ann is right in 9 of 10, Bob in 8, the model in 7; two of them disagree in 3.
        for (int i = 0; i < 10; i++)
            cases.add(
                    Cases.gold(
                            Cases.of(i < 7 ? "ok" : "scratch", 0.9, "ok"),
                            "ok",
                            Cases.blind("ann", i < 9 ? "ok" : "scratch"),
                            Cases.blind("bob", i < 2 ? "scratch" : "ok")));
        cases.add(
                new Judged(
                        Cases.of("ok", 0.9, "ok"),
                        Optional.empty(),
                        Optional.of("scratch"),
                        List.of(Cases.blind("ann", "scratch"))));
        cases.add(
                Cases.judged(
                        Cases.of("ok", 0.9, "ok"),
                        Cases.blind("ann", "ok"),
                        Cases.blind("bob", "ok"),
                        Cases.blind("cleo", "scratch")));
        var table = Comparison.of(cases, 0.95);
        assertThat(value(table, Against.GOLD, new Who.Model())).isEqualTo(0.7);
        assertThat(value(table, Against.GOLD, new Who.Person("ann"))).isEqualTo(0.9);
        assertThat(value(table, Against.GOLD, new Who.Person("bob"))).isEqualTo(0.8);
        // Together they say nothing where they disagree.
        var people = figure(table, Against.GOLD, new Who.People());
        assertThat(people.count()).isEqualTo(7);
        assertThat(people.value()).hasValue(1);
        // Clopper and Pearson, 7 of 10.
        var model = figure(table, Against.GOLD, new Who.Model()).interval().orElseThrow();
        assertThat(model.low()).isCloseTo(0.3475, within(1e-4));
        assertThat(model.high()).isCloseTo(0.9333, within(1e-4));
        assertThat(value(table, Against.TRUTH, new Who.Model())).isZero();
        assertThat(value(table, Against.TRUTH, new Who.Person("ann"))).isEqualTo(1);
        assertThat(value(table, Against.PEOPLE, new Who.Model())).isEqualTo(1);
        assertThat(value(table, Against.PEOPLE, new Who.Person("cleo"))).isZero();
        // Of Bob's view, Ann and Cleo disagree: that holds him against nothing.
        assertThat(table.figure("", Against.PEOPLE, new Who.Person("bob"))).isEmpty();
        assertThat(table.rows().getFirst().against().words()).isEqualTo("gold");
    }

    @Test
    void keepsThoseApartWhoHadSeenTheModelsAnswer() {
        var cases =
                List.of(
                        Cases.judged(Cases.of("ok", 0.9, "ok"), Cases.seeing("ann", "ok")),
                        Cases.judged(Cases.of("ok", 0.9, "ok"), Cases.blind("ann", "scratch")));
        var table = Comparison.of(cases, 0.95);
        assertThat(value(table, Against.PEOPLE, new Who.Model())).isZero();
        assertThat(value(table, Against.PEOPLE_WHO_SAW, new Who.Model())).isEqualTo(1);
    }

    @Test
    void weighsCasesByTheProbabilityWithWhichTheyWereSeen() {
        var cases = new ArrayList<Judged>();
        // 20 of 400 sure cases were seen, and all right; of 100 others, 50 are.
        for (int i = 0; i < 20; i++)
            cases.add(Cases.gold(Cases.seen("ok", 0.99, "ok", 0.05, 0.05), "ok"));
        for (int i = 0; i < 100; i++)
            cases.add(Cases.gold(Cases.seen(i < 50 ? "ok" : "scratch", 0.5, "ok", 1, 0.05), "ok"));
        var model = figure(Comparison.of(cases, 0.95), Against.GOLD, new Who.Model());
        assertThat(model.value().orElseThrow()).isCloseTo(0.9, within(1e-9));
        assertThat(model.interval().orElseThrow().low()).isBetween(0.7, 0.85);
        assertThat(model.definition()).contains("weighted");
    }

    @Test
    void saysWhereSomeCasesAreNeverSeen() {
        var cases = List.of(Cases.gold(Cases.seen("ok", 0.5, "ok", 1, 0), "ok"));
        assertThat(figure(Comparison.of(cases, 0.95), Against.GOLD, new Who.Model()).definition())
                .isEqualTo("on the cases that people see only");
    }

    @Test
    void hasRowsBySlice() {
        var sliced =
                new Case(
                        new UUID(1, 1),
                        "scratch/7",
                        "input.line = 'B'",
                        Optional.of("ok"),
                        OptionalDouble.of(0.5),
                        1,
                        1,
                        Optional.of("ok"),
                        false);
        var table =
                Comparison.of(
                        List.of(
                                Cases.gold(sliced, "scratch"),
                                Cases.gold(Cases.of("ok", 0.9, "ok"), "ok")),
                        0.95);
        assertThat(value(table, Against.GOLD, new Who.Model())).isEqualTo(0.5);
        assertThat(
                        table.figure("input.line = 'B'", Against.GOLD, new Who.Model())
                                .orElseThrow()
                                .value())
                .hasValue(0);
    }

    private static Figure figure(Comparison table, Against against, Who who) {
        return table.figure(Comparison.ALL, against, who).orElseThrow();
    }

    private static double value(Comparison table, Against against, Who who) {
        return figure(table, against, who).value().orElseThrow();
    }
}
