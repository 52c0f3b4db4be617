package dev.davy.monitoring.pipeline;

import dev.davy.stats.drift.Cells;
import dev.davy.stats.drift.CountTests;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/// Says from the evidence alone what became other. Pure.
///
/// Three questions are asked, each with its part of [#LEVEL], the probability that anything is
/// found where nothing changed and rows come independently: did the input move, did a component
/// change, are the answers others for no reason that is known. Within a question the tests share
/// its part.
final class Judge {
    /// In all: one false verdict in a hundred.
    static final double LEVEL = 0.01;

    private static final double OF_INPUT = 0.6 * LEVEL;
    private static final double OF_COMPONENTS = 0.2 * LEVEL;
    private static final double OF_UNEXPLAINED = 0.2 * LEVEL;

    /// A shift of so many deviations must not stay hidden, or it is too early for "nothing".
    private static final double NOT_TO_BE_MISSED = 0.5;

    /// Rows of the reference on which a component has to repeat itself to be held to its word.
    private static final int REPEATS = 20;

    private static final Comparator<Moved> MOST_FIRST =
            Comparator.comparing(Moved::drifted).thenComparingDouble(Moved::size).reversed();

    private Judge() {}

    /// @param most rows that are asked again at most, so that no more are ever needed
    static Finding judge(Evidence evidence, int most) {
        var parts = evidence.parts().stream().map(each -> part(evidence, each)).toList();
        // Where every component repeats what was logged, the log itself is what the reference's
        // components say, and it has more rows.
        boolean repeated =
                evidence.parts().stream()
                        .allMatch(each -> each.then().whole() && each.now().whole());
        var inputs = Drifts.pairs(evidence.then().inputs(), evidence.now().inputs());
        var again =
                repeated
                        ? Drifts.pairs(evidence.then().logged(), evidence.now().logged())
                        : Drifts.pairs(evidence.then().again(), evidence.now().again());
        var all = Stream.concat(inputs.stream(), again.stream()).toList();
        var moved = Drifts.moved(all, OF_INPUT);
        var ofInputs = inputs.stream().map(Drifts.Pair::what).toList();
        boolean none = evidence.then().inputs().rows() == 0 || evidence.now().inputs().rows() == 0;
        int first = none ? 0 : ofInputs.size();
        int needed = Math.min(most, needed(Math.max(1, all.size())));
        return new Finding(
                verdict(evidence, moved, parts, needed),
                moved.subList(0, first).stream().sorted(MOST_FIRST).toList(),
                moved.subList(first, moved.size()).stream().sorted(MOST_FIRST).toList(),
                parts,
                needed);
    }

    private static Finding.Part part(Evidence evidence, Evidence.Part part) {
        var said =
                Drifts.pairs(evidence.then().logged(), evidence.now().logged()).stream()
                        .filter(each -> each.what().startsWith(part.name() + "."))
                        .toList();
        return new Finding.Part(
                part,
                changed(part, evidence.parts().size()),
                Drifts.moved(said, OF_INPUT).stream().sorted(MOST_FIRST).toList());
    }

    private static Verdict verdict(
            Evidence evidence, List<Moved> moved, List<Finding.Part> parts, int needed) {
        var found = new ArrayList<Verdict>();
        var drifted = moved.stream().filter(Moved::drifted).sorted(MOST_FIRST).toList();
        if (!drifted.isEmpty()) found.add(new Verdict.InputDrifted(drifted));
        for (var part : parts)
            if (part.changed())
                found.add(
                        new Verdict.ComponentChanged(
                                part.of().name(),
                                how(part.of()),
                                part.of().then(),
                                part.of().now()));
        if (found.size() > 1) return new Verdict.Several(found);
        if (found.size() == 1) return found.getFirst();
        int rows = Math.min(evidence.then().asked(), evidence.now().asked());
        return unexplained(evidence)
                .orElseGet(() ->
                        rows < needed
                                ? new Verdict.TooEarly(needed - rows)
                                : new Verdict.Nothing(rows));
    }

    /// Whether a component answers the same inputs otherwise than it did.
    ///
    /// One that repeats itself exactly and has another version or declaration is another one with
    /// the first row that it answers otherwise: that is no chance. Whether one that always had the
    /// same name is another one, or one that never repeats itself quite, is a matter of how often.
    private static boolean changed(Evidence.Part part, int parts) {
        if (!part.stayed()) return true;
        if (part.renamed() && part.then().whole() && part.then().of() >= REPEATS)
            return part.now().differing() > 0;
        return p(part.then(), part.now()) <= OF_COMPONENTS / parts;
    }

    /// Fisher's exact test of two shares.
    private static double p(Agreement then, Agreement now) {
        return CountTests.fisher(
                        Cells.of(
                                List.of("agreed", "differing"),
                                new double[] {then.agreed(), then.differing()},
                                new double[] {now.agreed(), now.differing()}))
                .pValue()
                .orElse(1);
    }

    private static String how(Evidence.Part part) {
        if (part.versionThen().isEmpty()) return "it was not there in the reference";
        if (part.versionNow().isEmpty()) return "it is not there any more";
        if (!part.versionThen().equals(part.versionNow()))
            return "it runs %s instead of %s".formatted(part.versionNow(), part.versionThen());
        if (part.declaredOtherwise()) return "it is declared otherwise";
        if (part.remote() && part.then().share() < part.now().share())
            return "its server answers the reference's inputs otherwise than it did then";
        return "it has the same name and version, and answers otherwise";
    }

    private static Optional<Verdict> unexplained(Evidence evidence) {
        var then = evidence.then().whole();
        var now = evidence.now().whole();
        if (p(then, now) <= OF_UNEXPLAINED / 2)
            return Optional.of(
                    new Verdict.Unexplained(
                            ("The reference's pipeline comes to the logged answer on %d of %d rows,"
                                            + " and came to it on %d of %d in the reference; no"
                                            + " component alone accounts for it.")
                                    .formatted(now.agreed(), now.of(), then.agreed(), then.of())));
        var logged = Drifts.pairs(evidence.then().logged(), evidence.now().logged());
        var moved =
                Drifts.moved(logged, OF_UNEXPLAINED / 2).stream()
                        .filter(Moved::drifted)
                        .max(Comparator.comparingDouble(Moved::size));
        return moved.map(each ->
                new Verdict.Unexplained(
                        ("%s moved from %s to %s, and what the reference's components say of the"
                                        + " same inputs did not; some of them do not repeat"
                                        + " themselves.")
                                .formatted(each.what(), each.before(), each.now())));
    }

    /// So that a shift that must not be missed is seen in nine of ten samples of that size.
    private static int needed(int tests) {
        var normal = NormalDistribution.of(0, 1);
        double z =
                normal.inverseSurvivalProbability(OF_INPUT / tests / 2)
                        + normal.inverseSurvivalProbability(0.1);
        return (int) Math.ceil(2 * Math.pow(z / NOT_TO_BE_MISSED, 2));
    }
}
