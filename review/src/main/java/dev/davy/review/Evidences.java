package dev.davy.review;

import dev.davy.stats.selective.Curve;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What reviewed cases say of one version of a model, and of the people.
///
/// @param version whose cases these are; empty where nothing is loaded
/// @param curve what each threshold would do; empty where no target is declared
/// @param threshold what the cases of no slice say of the target
/// @param target of the curve
record Evidences(
        String version,
        int cases,
        Optional<Target> target,
        Optional<Curve> curve,
        Optional<Threshold> threshold,
        Comparison table,
        List<ReviewerFigures> people,
        Recommendation recommendation) {
    private static final int POINTS = 40;
    private static final double CONFIDENCE = 0.95;

    static Evidences of(
            String version,
            Policy policy,
            Collection<Review> reviews,
            Collection<Judgement> judgements) {
        var judged = Reviewed.judged(reviews, judgements, version);
        var cases = judged.stream().map(Judged::of).toList();
        var table = Comparison.of(judged, CONFIDENCE);
        Optional<Target> target = Optional.empty();
        Optional<Threshold> threshold = Optional.empty();
        if (policy.alone() instanceof Policy.Alone.Reaching(var what, var certainty)) {
            target = Optional.of(what);
            threshold = Optional.of(Thresholds.choose(cases, what, certainty));
        }
        var recommendation =
                Recommendation.of(
                        new Recommendation.Evidence(
                                !version.isEmpty(),
                                table,
                                Comparison.ALL,
                                threshold,
                                policy.spotCheck()));
        return new Evidences(
                version,
                cases.size(),
                target,
                target.map(what -> Thresholds.curve(cases, what, POINTS)),
                threshold,
                table,
                ReviewerFigures.of(judged, CONFIDENCE),
                recommendation);
    }
}
