package dev.davy.rollout;

import dev.davy.stats.sequential.Comparison;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How long each stage of a policy will need, said beforehand.
///
/// @param stage by its place in the policy
/// @param share the candidate's
/// @param untilNext until a candidate that is like live may go on, about; empty where no time would
///   do
/// @param untilSeen until the harm asked about is seen, about; empty where no time would do
public record Outlook(
        int stage, double share, Optional<Duration> untilNext, Optional<Duration> untilSeen) {
    /// @param perSecond requests of the endpoint
    /// @param base live's rate, the same for all guards of rates and limits
    /// @param beyond harm beyond the margin that is asked about, 0.01 for a point
    public static List<Outlook> of(Policy policy, double perSecond, double base, double beyond) {
        if (!(perSecond > 0)) throw new IllegalArgumentException("per second is " + perSecond);
        var all = new ArrayList<Outlook>();
        double alpha = new Judge(policy).alpha();
        for (int i = 0; i + 1 < policy.stages().size(); i++) {
            var stage = policy.stages().get(i);
            double next = policy.stages().get(i + 1).share();
            long onward = stage.requests();
            long seen = 0;
            for (var guard : policy.guards()) {
                if (guard.observeOnly()) continue;
                if (guard instanceof Guard.Rate rate) {
                    onward = Math.max(onward, toGoOn(rate, policy, alpha, base, stage, next));
                    seen =
                            Math.max(
                                    seen,
                                    comparison(rate, rate.margin(), alpha, policy)
                                            .needed(base, stage.share(), rate.margin() + beyond));
                }
                if (guard instanceof Guard.Limit limit && stage.share() > 0) {
                    var comparison = Judge.limit(limit, alpha, policy);
                    onward =
                            Math.max(
                                    onward,
                                    base < limit.limit()
                                            ? comparison.needed(base)
                                            : Long.MAX_VALUE);
                    seen = Math.max(seen, comparison.needed(limit.limit() + beyond));
                }
            }
            double rate = perSecond * stage.share();
            all.add(
                    new Outlook(
                            i,
                            stage.share(),
                            stage.share() == 0
                                    ? Optional.of(stage.atLeast())
                                    : time(onward, rate, stage.atLeast()),
                            time(seen, rate, Duration.ZERO)));
        }
        return List.copyOf(all);
    }

    private static long toGoOn(
            Guard.Rate rate, Policy policy, double alpha, double base, Stage stage, double next) {
        double margin = rate.margin() / next;
        if (stage.share() == 0 || margin >= 1) return 0;
        return comparison(rate, margin, alpha, policy).needed(base, stage.share(), 0);
    }

    private static Comparison comparison(
            Guard.Rate rate, double margin, double alpha, Policy policy) {
        return Comparison.ofRates(margin, alpha, policy.missedHarm(), rate.most());
    }

    private static Optional<Duration> time(long requests, double perSecond, Duration atLeast) {
        if (requests == Long.MAX_VALUE || perSecond == 0) return Optional.empty();
        var time = Duration.ofSeconds((long) Math.ceil(requests / perSecond));
        return Optional.of(time.compareTo(atLeast) > 0 ? time : atLeast);
    }
}
