package dev.davy.rollout;

import dev.davy.rollout.Rollout.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Decides what a rollout does next.
public final class Ramp {
    private Ramp() {}

    /// @param evidence of the whole rollout
    public static Step next(Rollout rollout, Evidence evidence, Instant now) {
        if (rollout.over()) return new Step.Nothing();
        var judge = new Judge(rollout.policy());
        // Before everything else, in every state: harm stops it.
        if (judge.worse(evidence).isPresent()) return rollBack(judge, evidence);
        return switch (rollout.state()) {
            case State.Running running -> running(rollout, running, judge, evidence, now);
            case State.Paused _ -> hold(Duration.ZERO, 0, List.of());
            case State.Baking(var since) -> {
                var left = left(since, rollout.policy().bake(), now);
                yield left.isZero() ? new Step.Finish() : hold(left, 0, List.of());
            }
            case State.Finished _, State.RolledBack _ -> new Step.Nothing();
        };
    }

    private static Step rollBack(Judge judge, Evidence evidence) {
        return new Step.RollBack(
                judge.verdicts(evidence).stream().filter(Verdict.Worse.class::isInstance).toList());
    }

    private static Step running(
            Rollout rollout, State.Running at, Judge judge, Evidence evidence, Instant now) {
        var policy = rollout.policy();
        var stage = policy.stages().get(at.stage());
        boolean last = at.stage() == policy.stages().size() - 1;
        var time = left(at.since(), stage.atLeast(), now);
        long requests = Math.max(0, stage.requests() - evidence.requests());
        double next = last ? 1 : policy.stages().get(at.stage() + 1).share();
        // A share of nothing hurts nobody.
        var against = next == 0 ? List.<Watched>of() : judge.against(stage.share(), next, evidence);
        boolean met = time.isZero() && requests == 0 && evidence.broken().isEmpty();
        if (met && against.isEmpty()) return onward(stage, at, last, next);
        boolean late = left(at.since(), policy.deadline(), now).isZero();
        if (!late) return hold(time, requests, against);
        if (met && policy.withoutProof()) return onward(stage, at, last, next);
        return new Step.Pause(missing(requests, against, evidence));
    }

    private static Step onward(Stage stage, State.Running at, boolean last, double next) {
        if (stage.approve() && !at.approved()) return new Step.AskForApproval();
        return last || next == 1 ? new Step.Promote() : new Step.Advance(at.stage() + 1);
    }

    private static List<String> missing(long requests, List<Watched> against, Evidence evidence) {
        var missing = new ArrayList<>(evidence.broken());
        if (requests > 0) missing.add("%,d more requests of the candidate".formatted(requests));
        for (var each : against)
            missing.add(
                    evidence.seen().containsKey(each)
                            ? "more evidence on " + each
                            : "any evidence on " + each);
        return List.copyOf(missing);
    }

    private static Step hold(Duration time, long requests, List<Watched> guards) {
        return new Step.Hold(time, requests, List.copyOf(guards));
    }

    private static Duration left(Instant since, Duration all, Instant now) {
        var left = Duration.between(now, since.plus(all));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
