package dev.davy.bench;

import dev.davy.stats.sequential.Comparison;
import dev.davy.stats.sequential.Durations;
import dev.davy.stats.sequential.Finding;
import dev.davy.stats.sequential.LimitComparison;
import dev.davy.stats.sequential.QuantileComparison;
import dev.davy.stats.sequential.QuantileComparison.Times;
import dev.davy.stats.sequential.Stretch;
import dev.davy.stats.sequential.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// The comparisons that are not of error rates: how often they err, at harm exactly the margin.
///
/// Each run is looked at ten times, at ever longer distances.
record OtherComparisons(int runs) {
    private static final double ALPHA = 0.05;

    /// One way to compare, drawn and judged at each look.
    private interface Kind {
        List<Finding> findings(RandomGenerator random);
    }

    List<Target> targets(Place place) {
        var table = new Table("harm at the margin", "worse, %", "no worse, %");
        double highest = 0;
        var names =
                List.of(
                        "means of values from 0 to 1",
                        "truth of selected cases, weighted",
                        "pairs of a shadow",
                        "a fixed limit of 5 %",
                        "p99 of lognormal latencies, +20 ms",
                        "the same by a clock that ticks every 20 ms");
        var kinds =
                List.<Kind>of(
                        OtherComparisons::means,
                        OtherComparisons::weighted,
                        OtherComparisons::pairs,
                        OtherComparisons::limit,
                        random -> latencies(random, 0),
                        random -> latencies(random, 20));
        for (int k = 0; k < kinds.size(); k++) {
            place.progress(names.get(k));
            var kind = kinds.get(k);
            int number = 9_000 + k;
            var all =
                    IntStream.range(0, runs)
                            .parallel()
                            .mapToObj(run -> kind.findings(Chance.of(number, run)))
                            .toList();
            int worse = count(all, Finding.Worse.class);
            int noWorse = count(all, Finding.NoWorse.class);
            for (int wrong : List.of(worse, noWorse))
                highest = Math.max(highest, Chance.lowerBound(wrong, runs));
            table.row(names.get(k), 100.0 * worse / runs, 100.0 * noWorse / runs);
        }
        place.out().println(table);
        return List.of(
                Target.atMost(
                        "other comparisons: false verdicts, highest 99.9 % lower bound",
                        highest, ALPHA));
    }

    private static int count(List<List<Finding>> all, Class<? extends Finding> kind) {
        return (int) all.stream().filter(each -> each.stream().anyMatch(kind::isInstance)).count();
    }

    /// Beta(2, 6), moved up by 0.02 at the candidate.
    private static List<Finding> means(RandomGenerator random) {
        var comparison = Comparison.ofRates(0.02, ALPHA, ALPHA, 1);
        var standing = comparison.begin();
        var findings = new ArrayList<Finding>();
        for (int look = 0; look <= 10; look++) {
            double share = look == 0 ? 0 : 0.2;
            int requests = 200 << Math.min(look, 5);
            var live = Tally.NONE;
            var candidate = Tally.NONE;
            for (int i = 0; i < requests; i++) {
                double value = Chance.beta(random, 2, 6);
                if (random.nextDouble() < share)
                    candidate = candidate.merge(Tally.of(1, Math.min(1, value + 0.02), 1));
                else live = live.merge(Tally.of(1, value, 1));
            }
            standing = standing.after(Stretch.mature(share, live, candidate));
            findings.add(standing.finding());
        }
        return findings;
    }

    /// Errors at 4 and 6 %; what the model doubts is always looked at, the rest in one case of five
    /// and counts fivefold. Half of the errors are among the doubted tenth.
    private static List<Finding> weighted(RandomGenerator random) {
        var comparison = new Comparison(0.02, ALPHA, ALPHA, 1, 5);
        var standing = comparison.begin();
        var findings = new ArrayList<Finding>();
        for (int look = 0; look <= 10; look++) {
            double share = look == 0 ? 0 : 0.2;
            int requests = 200 << Math.min(look, 6);
            int candidates = Chance.binomial(random, requests, share);
            standing =
                    standing.after(
                            Stretch.mature(
                                    share,
                                    looked(random, requests - candidates, 0.04),
                                    looked(random, candidates, 0.06)));
            findings.add(standing.finding());
        }
        return findings;
    }

    private static Tally looked(RandomGenerator random, int requests, double rate) {
        int errors = Chance.binomial(random, requests, rate);
        int doubted = Chance.binomial(random, errors, 0.5);
        int fivefold = Chance.binomial(random, errors - doubted, 0.2);
        return Tally.of(1, 1, doubted)
                .merge(Tally.of(1, 5, fivefold))
                .merge(Tally.of(1, 0, requests - doubted - fivefold));
    }

    /// 3 % of requests are wrong with the candidate only, 2 % with live only.
    private static List<Finding> pairs(RandomGenerator random) {
        return limited(random, LimitComparison.ofPairs(0.01, ALPHA, ALPHA, 1), 0.03, 0.02);
    }

    private static List<Finding> limit(RandomGenerator random) {
        return limited(random, LimitComparison.ofRate(0.05, ALPHA, ALPHA, 1), 0.05, 0);
    }

    private static List<Finding> limited(
            RandomGenerator random, LimitComparison comparison, double more, double less) {
        var findings = new ArrayList<Finding>();
        var tallies = new ArrayList<Tally>();
        for (int look = 0; look < 10; look++) {
            int requests = 100 << Math.min(look, 7);
            int up = Chance.binomial(random, requests, more);
            int down = Chance.binomial(random, requests - up, less / (1 - more));
            tallies.add(
                    Tally.of(1, 1, up)
                            .merge(Tally.of(1, -1, down))
                            .merge(Tally.of(1, 0, requests - up - down)));
            findings.add(comparison.judge(tallies));
        }
        return findings;
    }

    /// The hour makes everything up to twice as slow, and the candidate 20 ms slower.
    ///
    /// @param tick times are seen as the next multiple of it; 0: as they are
    private static List<Finding> latencies(RandomGenerator random, double tick) {
        var comparison = new QuantileComparison(0.99, 20, ALPHA, ALPHA);
        var times = new ArrayList<Times>();
        var findings = new ArrayList<Finding>();
        for (int look = 0; look <= 10; look++) {
            double share = look == 0 ? 0 : 0.2;
            double hour = 50 * (1.5 + 0.5 * Math.sin(look));
            var live = new ArrayList<Double>();
            var candidate = new ArrayList<Double>();
            for (int i = 0; i < 4_000; i++) {
                double millis = hour * Math.exp(0.5 * random.nextGaussian());
                if (tick > 0) millis = Math.ceil(millis / tick) * tick;
                if (random.nextDouble() < share) candidate.add(millis + 20);
                else live.add(millis);
            }
            times.add(new Times(share, Durations.of(live), Durations.of(candidate)));
            findings.add(comparison.judge(times));
        }
        return findings;
    }
}
