package dev.davy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// Whole rollouts by the thousand: how many of them end wrongly, and how soon harm ends one.
final class Rollouts implements Measurement {
    private static final double ALPHA = 0.05;
    private static final double BETA = 0.05;
    private static final double MARGIN = 0.01;

    @Override
    public String name() {
        return "rollouts";
    }

    @Override
    public String about() {
        return "whole rollouts, simulated: false rollbacks, promoted harm, requests until harm is found";
    }

    private static List<RolloutWorld> worlds() {
        return List.of(
                RolloutWorld.steady("20 a second, 1 %", 20, _ -> 0.01),
                RolloutWorld.steady("1 a second, 1 %", 1, _ -> 0.01),
                RolloutWorld.steady("20 a second, 5 %", 20, _ -> 0.05),
                RolloutWorld.steady(
                        "5 a second, base 1 to 3 % in a day",
                        5, hours -> 0.01 + 0.02 * Math.min(1, hours / 24)),
                RolloutWorld.steady(
                        "5 a second, day and night, 2 % ± 60 %",
                        5, hours -> 0.02 * (1 + 0.6 * Math.sin(2 * Math.PI * hours / 24))),
                RolloutWorld.steady("5 a second, 2 %, wrong answers known after 6 h", 5, _ -> 0.02)
                        .lateTruth(6, 30),
                RolloutWorld.of(
                        "2 a second, 2,000 entities, 5 ± 5 %",
                        2, random -> Keys.equallyBusy(2_000, random)),
                RolloutWorld.of(
                        "2 a second, 20,000 by Zipf(1.1), gamma",
                        2,
                        random -> Keys.zipf(20_000, random)));
    }

    @Override
    public List<Target> run(Place place) {
        int all = place.quick() ? 360 : 10_000;
        int cells = worlds().size() * 3;
        int runs = (all + cells - 1) / cells;
        var table =
                new Table(
                        "margin 1 point",
                        "harm, points",
                        "rolled back, %",
                        "promoted, %",
                        "paused, %",
                        "candidate requests, mean");
        double rolledBack = 0;
        double promoted = 0;
        var worlds = worlds();
        for (int w = 0; w < worlds.size(); w++) {
            place.progress(worlds.get(w).name());
            // Within the margin, at it, and beyond it.
            for (double harm : List.of(0.0, MARGIN, MARGIN + 0.01)) {
                var ends = ends(worlds.get(w), harm, 20_000 + w, runs);
                if (harm <= MARGIN)
                    rolledBack =
                            Math.max(
                                    rolledBack,
                                    Chance.lowerBound(count(ends, End::rolledBack), runs));
                if (harm >= MARGIN)
                    promoted =
                            Math.max(promoted, Chance.lowerBound(count(ends, End::promoted), runs));
                table.row(
                        worlds.get(w).name(),
                        harm * 100,
                        100.0 * count(ends, End::rolledBack) / runs,
                        100.0 * count(ends, End::promoted) / runs,
                        100.0 * count(ends, End::paused) / runs,
                        ends.stream().mapToLong(End::requests).average().orElseThrow());
            }
        }
        place.out().println(table);
        var targets = new ArrayList<Target>();
        targets.add(
                Target.atMost(
                        "harm within the margin: rolled back, highest 99.9 % lower bound",
                        rolledBack, ALPHA));
        targets.add(
                Target.atMost(
                        "harm at the margin or beyond: promoted, highest 99.9 % lower bound",
                        promoted, BETA));
        targets.addAll(found(place, Math.max(30, runs)));
        return targets;
    }

    /// How a rollout ended.
    private record End(boolean rolledBack, boolean promoted, boolean paused, long requests) {}

    private static List<End> ends(RolloutWorld world, double harm, int number, int runs) {
        return IntStream.range(0, runs)
                .parallel()
                .mapToObj(i -> {
                    long setting = number + Math.round(harm * 1e6);
                    var run = new RolloutRun(world, harm, Chance.of(setting, i));
                    return new End(
                            run.rolledBack(),
                            run.promoted(),
                            run.paused(),
                            run.candidateRequests());
                })
                .toList();
    }

    private static int count(List<End> ends, Predicate<End> what) {
        return (int) ends.stream().filter(what).count();
    }

    /// Beside fixed thresholds with the same false rollbacks over the requests of a rollout.
    private static List<Target> found(Place place, int runs) {
        var table =
                new Table(
                        "base, harm beyond the margin of 1 point",
                        "ours, mean",
                        "per 100",
                        "per 300",
                        "per 1,000",
                        "ours / best");
        double rare = 0;
        double common = 0;
        for (double base : List.of(0.01, 0.05)) {
            place.progress("harm at a base rate of " + base);
            // A few requests a look, so that the looks don't decide how many are needed.
            var world = RolloutWorld.steady("", 1, _ -> base);
            var atMargin = ends(world, MARGIN, 30_000, runs);
            double wrong = Math.max(1, count(atMargin, End::rolledBack)) / (double) runs;
            int horizon = (int) atMargin.stream().mapToLong(End::requests).average().orElseThrow();
            for (double beyond : List.of(0.01, 0.02, 0.05)) {
                double ours =
                        ends(world, MARGIN + beyond, 31_000, runs).stream()
                                .mapToLong(End::requests)
                                .average()
                                .orElseThrow();
                var theirs = new ArrayList<Double>();
                for (int interval : List.of(100, 300, 1_000)) {
                    var rule = new FixedThreshold(interval, 0.05);
                    double threshold = rule.tuned(base, MARGIN, wrong, horizon);
                    theirs.add(rule.needed(base, MARGIN + beyond, threshold));
                }
                double ratio = ours / theirs.stream().mapToDouble(each -> each).min().orElseThrow();
                if (base <= 0.01) rare = Math.max(rare, ratio);
                else common = Math.max(common, ratio);
                table.row(
                        "%s %%, +%s points"
                                .formatted(Target.number(base * 100), Target.number(beyond * 100)),
                        ours,
                        theirs.get(0),
                        theirs.get(1),
                        theirs.get(2),
                        ratio);
            }
        }
        place.out().println(table);
        return List.of(
                Target.atMost(
                        "candidate requests until rollback at base 1 %, ours / best of 100, 300,"
                                + " 1,000",
                        rare, 0.55),
                Target.atMost("the same at base 5 %", common, 0.75));
    }
}
