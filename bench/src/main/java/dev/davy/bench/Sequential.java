package dev.davy.bench;

import dev.davy.bench.SplitTraffic.Look;
import dev.davy.stats.sequential.Comparison;
import dev.davy.stats.sequential.Standing;
import dev.davy.stats.sequential.Stretch;
import dev.davy.stats.sequential.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// How often the comparison of two arms errs, looked at all the time, and how soon it finds harm.
final class Sequential implements Measurement {
    private static final double ALPHA = 0.05;
    private static final double BETA = 0.05;
    private static final double SHARE = 0.1;
    private static final double MARGIN = 0.005;

    @Override
    public String name() {
        return "sequential";
    }

    @Override
    public String about() {
        return "two arms compared all the time: false verdicts in many settings, and harm found";
    }

    @Override
    public List<Target> run(Place place) {
        int runs = place.quick() ? 60 : 700;
        var targets = new ArrayList<Target>();
        targets.addAll(errors(place, "rates and shares", runs, rates()));
        targets.addAll(errors(place, "unlike entities", runs, entities()));
        targets.addAll(errors(place, "drift and delay", runs / 2, drift()));
        targets.addAll(new OtherComparisons(runs).targets(place));
        targets.addAll(power(place, runs));
        return targets;
    }

    private static List<SplitTraffic> rates() {
        var all = new ArrayList<SplitTraffic>();
        for (double rate : List.of(0.001, 0.01, 0.05, 0.2, 0.5))
            for (double share : List.of(0.01, 0.1, 0.5))
                all.add(
                        SplitTraffic.independent(
                                "%s %%, share %s %%"
                                        .formatted(
                                                Target.number(rate * 100),
                                                Target.number(share * 100)),
                                rate,
                                share,
                                rate < 0.1 ? MARGIN : 0.02));
        return all;
    }

    private static List<SplitTraffic> entities() {
        var all = new ArrayList<SplitTraffic>();
        for (int count : List.of(20, 200, 2_000, 100_000))
            all.add(
                    SplitTraffic.entities(
                            "%,d entities, 5 ± 5 %%".formatted(count),
                            0.01,
                            120_000,
                            SplitTraffic.RAMP,
                            random -> Keys.equallyBusy(count, random)));
        all.add(
                SplitTraffic.entities(
                        "about 50 of 1,000 on the candidate",
                        0.01,
                        60_000,
                        List.of(0.05),
                        random -> Keys.equallyBusy(1_000, random)));
        for (int count : List.of(1_000, 20_000))
            all.add(
                    SplitTraffic.entities(
                            "%,d by Zipf(1.1), gamma".formatted(count),
                            0.01,
                            120_000,
                            SplitTraffic.RAMP,
                            random -> Keys.zipf(count, random)));
        return all;
    }

    private static List<SplitTraffic> drift() {
        return List.of(
                SplitTraffic.drifting(
                        "base 1 to 3 % over the ramp", at -> 0.01 + 0.02 * at / 2_000),
                SplitTraffic.drifting(
                        "day and night, 2 % ± 60 %",
                        at -> 0.02 * (1 + 0.6 * Math.sin(2 * Math.PI * at / 133))),
                SplitTraffic.delayed("errors known after 3 days", 3, 14),
                SplitTraffic.delayed("errors known after 8 days", 8, 30));
    }

    private static List<Target> errors(
            Place place, String what, int runs, List<SplitTraffic> settings) {
        var table =
                new Table(
                        what,
                        "equal: worse, %",
                        "at the margin: worse, %",
                        "at the margin: no worse, %",
                        "by request: worse, %",
                        "pooled: worse, %");
        double falseWorse = 0;
        double missed = 0;
        for (int i = 0; i < settings.size(); i++) {
            var setting = settings.get(i);
            place.progress(setting.name());
            var equal = outcomes(setting, 0, i, runs);
            var margin = outcomes(setting, setting.margin(), 1_000 + i, runs);
            for (var each : List.of(equal, margin))
                falseWorse = Math.max(falseWorse, Chance.lowerBound(each.worse(), runs));
            missed = Math.max(missed, Chance.lowerBound(margin.noWorse(), runs));
            table.row(
                    setting.name(),
                    100.0 * equal.worse() / runs,
                    100.0 * margin.worse() / runs,
                    100.0 * margin.noWorse() / runs,
                    100.0 * equal.byRequest() / runs,
                    100.0 * equal.pooled() / runs);
        }
        place.out().println(table);
        return List.of(
                Target.atMost(
                        what + ": false 'worse', highest 99.9 % lower bound", falseWorse, ALPHA),
                Target.atMost(what + ": missed harm, highest 99.9 % lower bound", missed, BETA));
    }

    /// How many of the runs came to which verdict.
    ///
    /// @param byRequest by the same comparison if each request counts as an entity
    /// @param pooled by one look at the end at all requests of both arms, steps thrown together
    private record Outcomes(int worse, int noWorse, int byRequest, int pooled) {}

    private static Outcomes outcomes(SplitTraffic setting, double harm, int number, int runs) {
        var all =
                IntStream.range(0, runs)
                        .parallel()
                        .mapToObj(run -> new Watch(setting, harm, Chance.of(number, run)))
                        .toList();
        return new Outcomes(
                count(all, each -> each.worse),
                count(all, each -> each.noWorse),
                count(all, each -> each.byRequest),
                count(all, each -> each.pooled()));
    }

    private static int count(List<Watch> all, Predicate<Watch> what) {
        return (int) all.stream().filter(what).count();
    }

    /// One run, and what each of the ways to look at it said.
    private static final class Watch {
        private final Comparison comparison;
        private Standing standing;
        private Standing requests;
        private boolean worse;
        private boolean noWorse;
        private boolean byRequest;
        private final long[] sums = new long[4];

        Watch(SplitTraffic setting, double harm, RandomGenerator random) {
            comparison = Comparison.ofRates(setting.margin(), ALPHA, BETA, setting.most());
            standing = comparison.begin();
            requests = Comparison.ofRates(setting.margin(), ALPHA, BETA, 1).begin();
            boolean clustered = setting.most() > 1;
            setting.looks()
                    .run(
                            random,
                            harm,
                            look -> {
                                see(look, clustered);
                                // What is printed of the other ways needs the whole run.
                                return worse && noWorse || worse && !clustered && !look.anew();
                            });
        }

        private void see(Look look, boolean clustered) {
            var last = look.stretches().getLast();
            var all = look.requests();
            sums[0] += all.live();
            sums[1] += all.liveErrors();
            sums[2] += all.candidate();
            sums[3] += all.candidateErrors();
            if (look.anew()) standing = comparison.begin();
            for (var each : look.stretches()) standing = standing.after(each);
            worse |= standing.isWorse();
            noWorse |= standing.isNoWorse();
            if (clustered) {
                requests =
                        requests.after(
                                Stretch.mature(
                                        last.share(),
                                        Tally.ofRequests(all.live(), all.liveErrors()),
                                        Tally.ofRequests(all.candidate(), all.candidateErrors())));
                byRequest |= requests.isWorse();
            } else byRequest = worse;
        }

        private boolean pooled() {
            double live = (double) sums[1] / sums[0];
            double candidate = (double) sums[3] / sums[2];
            double both = (double) (sums[1] + sums[3]) / (sums[0] + sums[2]);
            double deviation = Math.sqrt(both * (1 - both) * (1.0 / sums[0] + 1.0 / sums[2]));
            return (candidate - live) / deviation > 1.645;
        }
    }

    private static List<Target> power(Place place, int runs) {
        var table =
                new Table(
                        "base, harm beyond the margin of 0.5 points",
                        "ours, mean",
                        "ours, median",
                        "per 100",
                        "per 300",
                        "per 1,000",
                        "ours / best",
                        "picked in hindsight");
        double rare = 0;
        double common = 0;
        for (double base : List.of(0.001, 0.01, 0.05)) {
            place.progress("harm at a base rate of " + base);
            int horizon = (int) Math.min(1_000_000, 10_000 / base);
            var setting = SplitTraffic.independent("", base, SHARE, MARGIN);
            int wrong = outcomes(setting, MARGIN, 5_000, runs).worse();
            double falseAlarms = Math.max(1, wrong) / (double) runs;
            for (double beyond : List.of(0.005, 0.01, 0.02, 0.05)) {
                var ours = needed(setting, MARGIN + beyond, runs);
                var theirs = new double[3];
                double hindsight = Double.POSITIVE_INFINITY;
                int at = 0;
                for (int interval : List.of(100, 300, 1_000, 30, 3_000, 10_000)) {
                    var rule = new FixedThreshold(interval, SHARE);
                    double threshold = rule.tuned(base, MARGIN, falseAlarms, horizon);
                    double found = rule.needed(base, MARGIN + beyond, threshold);
                    if (at < 3) theirs[at++] = found;
                    hindsight = Math.min(hindsight, found);
                }
                double mean = Arrays.stream(ours).average().orElseThrow();
                double ratio = mean / Arrays.stream(theirs).min().orElseThrow();
                if (beyond >= 0.01 && base <= 0.01) rare = Math.max(rare, ratio);
                if (beyond >= 0.01 && base > 0.01) common = Math.max(common, ratio);
                table.row(
                        "%s %%, +%s points"
                                .formatted(Target.number(base * 100), Target.number(beyond * 100)),
                        mean,
                        ours[ours.length / 2],
                        theirs[0],
                        theirs[1],
                        theirs[2],
                        ratio,
                        hindsight);
            }
        }
        place.out().println(table);
        return List.of(
                Target.atMost(
                        "candidate requests to find +1 point and more, base up to 1 %, ours / best of"
                                + " 100, 300, 1,000",
                        rare, 0.55),
                Target.atMost("the same at base 5 %", common, 0.75));
    }

    /// Candidate requests until "worse", of each run, sorted.
    private static double[] needed(SplitTraffic setting, double harm, int runs) {
        return IntStream.range(0, runs)
                .parallel()
                .mapToDouble(run -> {
                    var watch = new Watch(setting, harm, Chance.of(6_000, run));
                    return watch.sums[2];
                })
                .sorted()
                .toArray();
    }
}
