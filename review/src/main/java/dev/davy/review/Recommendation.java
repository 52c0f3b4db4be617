package dev.davy.review;

import dev.davy.stats.quality.Figure;
import dev.davy.stats.selective.Choice;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Which level the evidence supports, and what is missing for the next.
///
/// @param why what supports it
/// @param missing for the next level, in plain words; empty at the highest
public record Recommendation(Level level, String why, List<String> missing) {
    /// How much less often than people the model may be right before a person sees its answers.
    private static final double MARGIN = 0.05;

    /// A share that is worth telling two kinds of cases apart for.
    private static final double WORTH_IT = 0.1;

    public Recommendation {
        missing = List.copyOf(missing);
    }

    /// What there is.
    ///
    /// @param loaded whether a model stands ready to answer
    /// @param slice of the table, [Comparison#ALL] for all cases
    /// @param threshold what the cases say of the target; empty where no target is declared
    /// @param spotCheck the share of what it decides alone that people see
    public record Evidence(
            boolean loaded,
            Comparison table,
            String slice,
            Optional<Threshold> threshold,
            double spotCheck) {}

    /// A level, and whether it is supported.
    private sealed interface Step {
        record Supported(String why) implements Step {}

        record Missing(String what) implements Step {}
    }

    /// What a model does where it is sure may be within the target though as a whole it is no match
    /// for people: so a level does not need the one below it, but for a model to be there at all.
    public static Recommendation of(Evidence evidence) {
        var loaded = shadow(evidence);
        if (loaded instanceof Step.Missing(var what))
            return new Recommendation(
                    Level.HUMAN_ONLY, "People decide; no model is needed for that.", List.of(what));
        var full = full(evidence);
        var partial = partial(evidence);
        var assist = assist(evidence);
        if (full instanceof Step.Supported(var why))
            return new Recommendation(Level.FULL, why, List.of());
        if (partial instanceof Step.Supported(var why))
            return new Recommendation(Level.PARTIAL, why, missing(full));
        if (assist instanceof Step.Supported(var why))
            return new Recommendation(Level.ASSIST, why, missing(partial));
        return new Recommendation(Level.SHADOW, why(loaded), missing(assist, partial));
    }

    private static List<String> missing(Step... steps) {
        return Arrays.stream(steps).map(Recommendation::why).toList();
    }

    private static String why(Step step) {
        return switch (step) {
            case Step.Supported(var why) -> why;
            case Step.Missing(var what) -> what;
        };
    }

    private static Step shadow(Evidence evidence) {
        return evidence.loaded()
                ? new Step.Supported("A model is loaded, and its answers harm nobody in the log.")
                : new Step.Missing("No model is loaded: the endpoint needs a version to answer.");
    }

    /// Not worse than people, as they are held against the same.
    private static Step assist(Evidence evidence) {
        for (var against :
                List.of(
                        Comparison.Against.GOLD,
                        Comparison.Against.TRUTH,
                        Comparison.Against.PEOPLE)) {
            var model = figure(evidence, against, new Comparison.Who.Model());
            var people = figure(evidence, against, new Comparison.Who.People());
            if (model.isEmpty() || people.isEmpty()) continue;
            var difference = Difference.of(model.get(), people.get());
            if (difference.isPresent())
                return assist(against, model.get(), people.get(), difference.get());
        }
        return new Step.Missing(
                "Nothing tells how the model compares with people: let two people judge the same"
                        + " cases without seeing its answer ('reviewers: 2'), or add cases whose"
                        + " answer is known.");
    }

    private static Optional<Figure> figure(
            Evidence evidence, Comparison.Against against, Comparison.Who who) {
        return evidence.table()
                .figure(evidence.slice(), against, who)
                .filter(each -> each.value().isPresent());
    }

    private static Step assist(
            Comparison.Against against, Figure model, Figure people, Difference difference) {
        var both =
                against == Comparison.Against.PEOPLE
                        ? "The model agrees with people in %s of %,d cases, people with each other in %s of %,d"
                        : "Against "
                                + against.words()
                                + " the model is right in %s of %,d cases, people in %s of %,d";
        var said =
                both.formatted(
                        Words.percent(model.value().orElseThrow()),
                        model.count(),
                        Words.percent(people.value().orElseThrow()),
                        people.count());
        double low = difference.interval().low();
        if (low >= -MARGIN)
            return new Step.Supported(
                    said + ": not worse by more than " + Words.percent(MARGIN) + ".");
        if (difference.interval().high() < 0)
            return new Step.Missing(said + ": it is worse. A better model is needed.");
        double needed =
                Math.pow((difference.value() - low) / (difference.value() + MARGIN), 2)
                        * Math.min(model.count(), people.count());
        long more = (long) Math.ceil(needed) - Math.min(model.count(), people.count());
        return new Step.Missing(
                difference.value() <= -MARGIN
                        ? said + ". Not enough evidence, and so far it looks worse."
                        : said
                                + ". Not enough evidence: about %,d more cases are needed to tell that it is not worse."
                                        .formatted(Math.max(1, more)));
    }

    private static Step partial(Evidence evidence) {
        if (evidence.threshold().isEmpty())
            return new Step.Missing(
                    "No target is declared: say what must hold of what the model decides alone, for"
                            + " instance 'alone-when: {target: error <= 1%}'.");
        var threshold = evidence.threshold().get();
        if (!(threshold.choice() instanceof Choice.Found found))
            return new Step.Missing(threshold.why());
        if (found.alone() < WORTH_IT)
            return new Step.Missing(
                    threshold.why() + " That is hardly worth it: more cases may allow more.");
        if (evidence.spotCheck() == 0)
            return new Step.Missing(
                    threshold.why()
                            + " Without spot-checks nobody would see when that is no longer so:"
                            + " declare 'spot-check: 2%'.");
        return new Step.Supported(threshold.why());
    }

    private static Step full(Evidence evidence) {
        if (!(partial(evidence) instanceof Step.Supported(var why))) return partial(evidence);
        var threshold = evidence.threshold().orElseThrow();
        if (threshold.choice() instanceof Choice.Found found && found.threshold() == 0)
            return new Step.Supported(why);
        return new Step.Missing(
                "%s is shown from its threshold on only: for full automation it must hold of all cases."
                        .formatted(threshold.target()));
    }
}
