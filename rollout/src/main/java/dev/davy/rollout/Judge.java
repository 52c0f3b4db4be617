package dev.davy.rollout;

import dev.davy.rollout.Evidence.Seen;
import dev.davy.stats.sequential.BeforeComparison;
import dev.davy.stats.sequential.Comparison;
import dev.davy.stats.sequential.Finding;
import dev.davy.stats.sequential.Interval;
import dev.davy.stats.sequential.LimitComparison;
import dev.davy.stats.sequential.QuantileComparison;
import dev.davy.stats.sequential.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the guards of a policy make of the evidence.
///
/// Alpha is shared: each guard, on the whole and on each slice, may call an equal candidate worse
/// with an equal part of it, over the whole rollout and however often it is asked. Beta is not: a
/// candidate is promoted only if all of them agree, so one that is harmful somewhere is promoted
/// only if the guard there errs, and each may err with all of beta (Berger 1982, intersection-union
/// tests).
///
/// In the bake there is no live arm of the same hour any more. What was known stays known, and what
/// comes is held against what live did before ([BeforeComparison]), with a part of alpha of its
/// own.
public final class Judge {
    /// Of each guard's alpha, where there is a bake.
    private static final double OF_BAKE = 0.1;

    private final Policy policy;
    private final double alpha;
    private final double alphaOfBake;

    public Judge(Policy policy) {
        this.policy = policy;
        double each = policy.falseRollback() / Math.max(1, stopping(policy));
        alphaOfBake = policy.bake().isZero() ? 0 : OF_BAKE * each;
        alpha = each - alphaOfBake;
    }

    private static long stopping(Policy policy) {
        return policy.guards().stream()
                .filter(each -> !each.observeOnly())
                .mapToLong(each -> 1 + each.slices().size())
                .sum();
    }

    /// Of each guard, with its interval; the whole before its slices.
    public List<Verdict> verdicts(Evidence evidence) {
        var all = new ArrayList<Verdict>();
        for (var guard : policy.guards())
            for (var watched : watched(guard)) all.add(verdict(guard, watched, evidence));
        return List.copyOf(all);
    }

    static List<Watched> watched(Guard guard) {
        var all = new ArrayList<Watched>();
        all.add(new Watched(guard.metric(), ""));
        for (var slice : guard.slices()) all.add(new Watched(guard.metric(), slice));
        return all;
    }

    private Verdict verdict(Guard guard, Watched watched, Evidence evidence) {
        double margin = margin(guard);
        var seen = evidence.seen().get(watched);
        if (seen == null)
            return new Verdict.TooEarly(
                    watched,
                    new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
                    margin,
                    Long.MAX_VALUE);
        var since = worseThanBefore(guard, seen);
        if (since.isPresent())
            return new Verdict.Worse(watched, since.get().harm(), since.get().allowed());
        return switch (finding(guard, margin, seen)) {
            case Finding.Worse(var harm) -> new Verdict.Worse(watched, harm, margin);
            case Finding.NoWorse(var harm) -> new Verdict.NoWorse(watched, harm, margin);
            case Finding.TooEarly(var harm, var needed) ->
                    new Verdict.TooEarly(watched, harm, margin, needed);
        };
    }

    private static double margin(Guard guard) {
        return switch (guard) {
            case Guard.Rate rate -> rate.margin();
            case Guard.Latency latency -> latency.margin();
            case Guard.Limit limit -> limit.limit();
            case Guard.Pairs pairs -> pairs.margin();
        };
    }

    /// Whether a guard that may stop it says worse, and which.
    public Optional<Watched> worse(Evidence evidence) {
        for (var guard : policy.guards())
            for (var watched : watched(guard))
                if (!guard.observeOnly() && isWorse(guard, watched, evidence))
                    return Optional.of(watched);
        return Optional.empty();
    }

    private boolean isWorse(Guard guard, Watched watched, Evidence evidence) {
        var seen = evidence.seen().get(watched);
        if (seen == null) return false;
        return known(guard, margin(guard), seen, true) || worseThanBefore(guard, seen).isPresent();
    }

    private Optional<BeforeComparison.Worse> worseThanBefore(Guard guard, Seen seen) {
        if (alphaOfBake == 0) return Optional.empty();
        if (guard instanceof Guard.Rate rate && seen instanceof Seen.Rates(var stretches))
            return new BeforeComparison(rate.margin(), alphaOfBake, rate.most()).worse(stretches);
        if (guard instanceof Guard.Latency latency && seen instanceof Seen.Latencies(var times))
            return BeforeComparison.ofQuantile(
                    latency.level(), latency.margin(), alphaOfBake, times);
        return Optional.empty();
    }

    /// Whether it is known that a candidate is worse, or that it is not: without the interval,
    /// which takes long.
    private boolean known(Guard guard, double margin, Seen seen, boolean worse) {
        double beta = policy.missedHarm();
        if (guard instanceof Guard.Rate rate && seen instanceof Seen.Rates rates) {
            var standing = standing(rate, margin, rates);
            return worse ? standing.isWorse() : standing.isNoWorse();
        }
        if (guard instanceof Guard.Latency latency && seen instanceof Seen.Latencies(var times)) {
            var comparison = new QuantileComparison(latency.level(), margin, alpha, beta);
            return worse ? comparison.isWorse(times) : comparison.isNoWorse(times);
        }
        if (seen instanceof Seen.Tallies(var tallies)) {
            var comparison = limit(guard, margin);
            return worse ? comparison.isWorse(tallies) : comparison.isNoWorse(tallies);
        }
        throw mismatch(guard, seen);
    }

    private LimitComparison limit(Guard guard, double margin) {
        return switch (guard) {
            case Guard.Limit limit -> limit(limit, alpha, policy);
            case Guard.Pairs pairs ->
                    LimitComparison.ofPairs(margin, alpha, policy.missedHarm(), pairs.most());
            case Guard.Rate _, Guard.Latency _ ->
                    throw new IllegalStateException("no limit: " + guard);
        };
    }

    static LimitComparison limit(Guard.Limit guard, double alpha, Policy policy) {
        return LimitComparison.ofRate(guard.limit(), alpha, policy.missedHarm(), guard.most());
    }

    private static IllegalStateException mismatch(Guard guard, Seen seen) {
        return new IllegalStateException("%s can't read %s".formatted(guard, seen));
    }

    /// The guards that don't allow a share yet: the upper bound of their harm, times the share, is
    /// not known to be within the margin.
    ///
    /// @param now share of the stage that the rollout is at; at 0 there is nothing to compare with
    ///   live, so only what a shadow tells is asked for, as far as there is one
    /// @param next share; at 1 nothing but "no worse" at the full margin will do
    public List<Watched> against(double now, double next, Evidence evidence) {
        var all = new ArrayList<Watched>();
        for (var guard : policy.guards())
            for (var watched : watched(guard))
                if (!guard.observeOnly() && !allows(guard, watched, now, next, evidence))
                    all.add(watched);
        return List.copyOf(all);
    }

    private boolean allows(
            Guard guard, Watched watched, double now, double next, Evidence evidence) {
        boolean compares = guard instanceof Guard.Rate || guard instanceof Guard.Latency;
        if (now == 0 && compares) return true;
        var seen = evidence.seen().get(watched);
        // What was never a shadow has no pairs, and what is only loaded has nothing at all.
        if (seen == null) return now == 0 || guard instanceof Guard.Pairs;
        return switch (guard) {
            case Guard.Rate rate when seen instanceof Seen.Rates rates -> {
                double margin = rate.margin() / next;
                yield margin >= 1 || standing(rate, margin, rates).isNoWorse();
            }
            case Guard.Latency latency -> known(latency, latency.margin() / next, seen, false);
            // A limit is one whoever answers the rest, and a shadow has shown all it will.
            case Guard.Limit _, Guard.Pairs _, Guard.Rate _ ->
                    known(guard, margin(guard), seen, false);
        };
    }

    private Standing standing(Guard.Rate rate, double margin, Seen.Rates rates) {
        var standing = Comparison.ofRates(margin, alpha, policy.missedHarm(), rate.most()).begin();
        for (var each : rates.stretches()) standing = standing.after(each);
        return standing;
    }

    private Finding finding(Guard guard, double margin, Seen seen) {
        double beta = policy.missedHarm();
        if (guard instanceof Guard.Rate rate && seen instanceof Seen.Rates rates)
            return standing(rate, margin, rates).finding();
        if (guard instanceof Guard.Latency latency && seen instanceof Seen.Latencies latencies)
            return new QuantileComparison(latency.level(), margin, alpha, beta)
                    .judge(latencies.times());
        if (seen instanceof Seen.Tallies(var tallies)) return limit(guard, margin).judge(tallies);
        throw mismatch(guard, seen);
    }

    /// The part of alpha that each guard has until the promotion.
    public double alpha() {
        return alpha;
    }
}
