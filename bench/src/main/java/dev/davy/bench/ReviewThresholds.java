package dev.davy.bench;

import dev.davy.review.Case;
import dev.davy.review.Thresholds;
import dev.davy.stats.selective.Risk;
import dev.davy.stats.selective.WeightedShare;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/// Choosing thresholds again and again from cases drawn of a data set whose truth is known: first
/// people see all, then a person sees what the model is not sure of, and some of the rest.
final class ReviewThresholds {
    private static final double CERTAINTY = 0.95;
    private static final double SPOT_CHECK = 0.05;

    private static final double SHARE_LEAST = 0.8;

    /// How surely what keeps its level passes.
    private static final double SURELY = 0.999;

    private final List<Answered> all;
    private final dev.davy.review.Target target;
    private final String recallOf;
    private final int runs;
    private final int cases;
    private final double best;
    private final double recall;

    private int found;
    private int exceeded;
    private int exceededLater;
    private double alone;
    private double aloneLater;
    private double seen;
    private int recalls;
    private int covered;

    /// A case of the data set: what the model said, and what is true.
    record Answered(String answer, double confidence, String truth) {}

    /// @param cases that people see of each of the two times
    ReviewThresholds(
            List<Answered> all,
            dev.davy.review.Target target,
            String recallOf,
            int runs,
            int cases) {
        this.all =
                all.stream()
                        .sorted(Comparator.comparingDouble(Answered::confidence).reversed())
                        .toList();
        this.target = target;
        this.recallOf = recallOf;
        this.runs = runs;
        this.cases = cases;
        best = best();
        long of = all.stream().filter(each -> each.truth().equals(recallOf)).count();
        recall =
                (double)
                                all.stream()
                                        .filter(each ->
                                                each.truth().equals(recallOf)
                                                        && each.answer().equals(recallOf))
                                        .count()
                        / of;
    }

    ReviewThresholds run(long setting) {
        for (int run = 0; run < runs; run++) one(Chance.of(setting, run));
        return this;
    }

    private void one(RandomGenerator random) {
        var known = new ArrayList<Case>();
        for (int i = 0; i < cases; i++) known.add(seen(drawn(random), 1, 1, random));
        var first = Thresholds.choose(known, target, CERTAINTY).threshold();
        if (first.isPresent()) {
            found++;
            alone += alone(first.getAsDouble());
            if (risk(first.getAsDouble()) > target.risk().limit() + 1e-12) exceeded++;
        }
        double from = first.orElse(Double.POSITIVE_INFINITY);
        var recalled = WeightedShare.NONE;
        for (int i = 0; i < cases; i++) {
            var each = drawn(random);
            double asked = each.confidence() >= from ? SPOT_CHECK : 1;
            if (random.nextDouble() >= asked) continue;
            known.add(seen(each, asked, first.isPresent() ? SPOT_CHECK : 1, random));
            seen += 1.0 / cases / runs;
            if (each.truth().equals(recallOf))
                recalled = recalled.plus(each.answer().equals(recallOf), 1 / asked);
        }
        var later = Thresholds.choose(known, target, CERTAINTY).threshold();
        if (later.isPresent()) {
            aloneLater += alone(later.getAsDouble());
            if (risk(later.getAsDouble()) > target.risk().limit() + 1e-12) exceededLater++;
        }
        if (recalled.weight() == 0) return;
        recalls++;
        if (recalled.interval(CERTAINTY, 1 / SPOT_CHECK).holds(recall)) covered++;
    }

    private Answered drawn(RandomGenerator random) {
        return all.get(random.nextInt(all.size()));
    }

    private static Case seen(Answered each, double asked, double least, RandomGenerator random) {
        return new Case(
                new UUID(random.nextLong(), random.nextLong()),
                "model/1",
                "",
                Optional.of(each.answer()),
                OptionalDouble.of(each.confidence()),
                asked,
                least,
                Optional.of(each.truth()),
                asked < 1);
    }

    // ---- what is true

    private double alone(double threshold) {
        return (double) reaching(threshold) / all.size();
    }

    private int reaching(double threshold) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).confidence() >= threshold) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private double risk(double threshold) {
        return risk(reaching(threshold));
    }

    /// Of the model, were it to decide so many of the surest.
    private double risk(int surest) {
        long counted = 0;
        for (var each : all.subList(0, surest)) if (counts(each)) counted++;
        return switch (target.risk()) {
            case Risk.Wrong _ -> surest == 0 ? 0 : (double) counted / surest;
            case Risk.Missed(var of, _) ->
                    (double) counted / all.stream().filter(each -> each.truth().equals(of)).count();
        };
    }

    private boolean counts(Answered each) {
        return !each.answer().equals(each.truth())
                && switch (target.risk()) {
                    case Risk.Wrong _ -> true;
                    case Risk.Missed(var of, _) -> each.truth().equals(of);
                };
    }

    /// The largest share that a threshold could leave to the model within the target.
    private double best() {
        long counted = 0;
        int best = 0;
        long ofClass =
                target.risk() instanceof Risk.Missed(var of, _)
                        ? all.stream().filter(each -> each.truth().equals(of)).count()
                        : 0;
        for (int i = 0; i < all.size(); i++) {
            if (counts(all.get(i))) counted++;
            boolean parts =
                    i + 1 == all.size() || all.get(i + 1).confidence() < all.get(i).confidence();
            double risk = (double) counted / (ofClass > 0 ? ofClass : i + 1);
            if (parts && risk <= target.risk().limit()) best = i + 1;
        }
        return (double) best / all.size();
    }

    // ---- what came out

    static Table table() {
        return new Table(
                "target",
                "cases",
                "runs",
                "found, %",
                "exceeded, %",
                "later, %",
                "best share, %",
                "share of it",
                "later",
                "seen by people later, %",
                "recall covered, %");
    }

    void row(Table table, String name) {
        table.row(
                name + ": " + target,
                cases,
                runs,
                100.0 * found / runs,
                100.0 * exceeded / runs,
                100.0 * exceededLater / runs,
                100 * best,
                alone / runs / best,
                aloneLater / runs / best,
                100 * seen,
                recalls == 0 ? Double.NaN : 100.0 * covered / recalls);
    }

    List<Target> targets(String name) {
        var of = name + ", " + target + ": ";
        int most =
                BinomialDistribution.of(runs, 1 - CERTAINTY).inverseSurvivalProbability(1 - SURELY);
        int fewest =
                recalls == 0
                        ? 1
                        : BinomialDistribution.of(recalls, CERTAINTY)
                                .inverseCumulativeProbability(1 - SURELY);
        return List.of(
                Target.atMost(of + "thresholds that exceed it, of " + runs, exceeded, most),
                Target.atMost(of + "later, of " + runs, exceededLater, most),
                Target.atLeast(
                        of + "share decided alone over the best in hindsight",
                        alone / runs / best,
                        SHARE_LEAST),
                Target.atLeast(
                        of + "intervals that hold the recall, of " + recalls, covered, fewest));
    }
}
