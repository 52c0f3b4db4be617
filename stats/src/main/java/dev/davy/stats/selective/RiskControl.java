package dev.davy.stats.selective;

import dev.davy.stats.Interval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/// From which confidence on a model may decide alone, so that with a given certainty the risk of
/// what it then does is within its limit (selective classification with guaranteed risk, Geifman
/// and El-Yaniv 2017).
///
/// Each threshold is a hypothesis, "here the risk is above the limit", tested exactly with the
/// binomial distribution; thresholds are tested from the surest down, so that they share one
/// certainty (Learn then Test, fixed sequence: Angelopoulos, Bates, Candès, Jordan and Lei 2021).
/// Which thresholds are tested depends on the confidences alone, never on what was wrong.
///
/// The cases must be a sample in which each case is as likely ([Thinning] makes one), drawn like
/// what the model will decide.
public final class RiskControl {
    // Each threshold is reached by so many more cases than the one before. Finer costs chances to
    // fail, coarser costs cases that could be decided.
    private static final double STEP = 1.05;

    // Cases in a quarter, as many times as the first threshold needs: then it pays to begin twice.
    private static final int QUARTER_WORTH = 2;

    private RiskControl() {}

    public static Choice choose(Risk risk, Collection<Checked> cases, double certainty) {
        Interval.confident(certainty);
        var sorted = Sorted.of(cases, risk);
        return switch (risk) {
            case Risk.Wrong(double limit) -> wrong(sorted, limit, certainty);
            case Risk.Missed missed -> missed(sorted, missed, cases, certainty);
        };
    }

    /// A threshold that is tested.
    ///
    /// @param above how many cases reach it
    /// @param level the chance of being wrong that is its own
    private record Test(int above, double level) {}

    /// One failure would end a plain sequence, also where a model that is seldom wrong was wrong
    /// once among its surest 300. So the chance of being wrong is parted: half is for the first
    /// threshold that can pass at all, a quarter each for the surest quarter and for all; who
    /// passes hands what it had on to the next (fallback procedure, Wiens 2003).
    private static Choice wrong(Sorted sorted, double limit, double certainty) {
        double level = 1 - certainty;
        int all = sorted.size();
        if (all < Bounds.fewest(limit, level))
            return new Choice.NotEnough(all, Bounds.fewest(limit, level) - all, Optional.empty());
        double handed = 0;
        Optional<Choice.Found> found = Optional.empty();
        var tests = tests(sorted, limit, level);
        for (var test : tests) {
            double here = test.level() + handed;
            int happened = sorted.counted(test.above());
            boolean passes = here > 0 && Bounds.below(limit, happened, test.above(), here);
            handed = passes ? here : 0;
            if (passes)
                found =
                        Optional.of(
                                new Choice.Found(
                                        sorted.threshold(test.above()),
                                        test.above(),
                                        happened,
                                        Bounds.upper(happened, test.above(), 1 - here),
                                        (double) test.above() / all));
        }
        return found.<Choice>map(each -> each)
                .orElseGet(() -> more(sorted, tests, limit, certainty));
    }

    private static List<Test> tests(Sorted sorted, double limit, double level) {
        int all = sorted.size();
        int first = Bounds.fewest(limit, level / 2);
        boolean parted = all / 4 >= QUARTER_WORTH * first;
        if (!parted) first = Bounds.fewest(limit, level);
        var tests = new ArrayList<Test>();
        double own = parted ? level / 2 : level;
        boolean quarter = parted;
        int before = 0;
        for (double rank = first; ; rank = Math.max(rank + 1, rank * STEP)) {
            int above = sorted.above((int) Math.min(rank, all));
            boolean last = above == all;
            if (quarter && rank >= all / 4.0) {
                own += level / 4;
                quarter = false;
            }
            if (last) {
                tests.add(
                        new Test(all, own + (quarter ? level / 4 : 0) + (parted ? level / 4 : 0)));
                return tests;
            }
            // Equal confidences: fewer are above than could pass, or no others than before.
            if (above < first || above == before) continue;
            tests.add(new Test(above, own));
            before = above;
            own = 0;
        }
    }

    /// Where none passed: how many more cases it takes where the model has done best.
    private static Choice more(Sorted sorted, List<Test> tests, double limit, double certainty) {
        double least = Double.POSITIVE_INFINITY;
        var best = tests.getLast();
        double bestRate = 1;
        // From the largest: with fewer cases only a lower rate can need fewer in all.
        for (var test : tests.reversed()) {
            double rate = (double) sorted.counted(test.above()) / test.above();
            if (rate >= bestRate) continue;
            bestRate = rate;
            best = test;
            double needed = Bounds.needed(rate, limit, certainty);
            least = Math.min(least, needed * sorted.size() / test.above());
        }
        if (Double.isInfinite(least))
            return new Choice.OutOfReach(best.above(), sorted.counted(best.above()));
        return new Choice.NotEnough(
                sorted.size(),
                Math.max(1, (long) Math.ceil(least) - sorted.size()),
                Optional.empty());
    }

    /// What is missed only grows as the threshold falls, among cases whose number stays the same:
    /// the tests are nested, so no grid is needed, and the threshold lies above the first miss that
    /// would be one too many (a tolerance limit, Wilks 1941).
    private static Choice missed(
            Sorted sorted, Risk.Missed risk, Collection<Checked> cases, double certainty) {
        double level = 1 - certainty;
        var of = Optional.of(risk.of());
        int ofClass =
                (int) cases.stream().filter(each -> each.reference().equals(risk.of())).count();
        int fewest = Bounds.fewest(risk.limit(), level);
        if (ofClass < fewest) return new Choice.NotEnough(ofClass, fewest - ofClass, of);
        int most = mostMissed(risk.limit(), ofClass, level);
        int above = sorted.above(Math.min(sorted.rankOf(most + 1) - 1, sorted.size()));
        if (above > 0) {
            int missed = sorted.counted(above);
            return new Choice.Found(
                    sorted.threshold(above),
                    ofClass,
                    missed,
                    Bounds.upper(missed, ofClass, certainty),
                    (double) above / sorted.size());
        }
        // All misses are as sure as the surest: the least that could be decided alone.
        int missed = sorted.counted(sorted.surest());
        double needed = Bounds.needed((double) missed / ofClass, risk.limit(), certainty);
        if (Double.isInfinite(needed)) return new Choice.OutOfReach(ofClass, missed);
        return new Choice.NotEnough(ofClass, Math.max(1, (long) needed - ofClass), of);
    }

    private static int mostMissed(double limit, int of, double level) {
        var missed = BinomialDistribution.of(of, limit);
        int most = 0;
        while (missed.cumulativeProbability(most + 1) <= level) most++;
        return most;
    }
}
