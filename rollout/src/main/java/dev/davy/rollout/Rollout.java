package dev.davy.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A candidate on its way to live: what was asked for, where it is, and all that happened.
///
/// @param endpoint where
/// @param live version that answers so far, as `fraud/7`
/// @param candidate version that is to answer
/// @param revision raised by each transition; a command names the one it saw, so of two that come
///   at once one wins
public record Rollout(
        String endpoint,
        String live,
        String candidate,
        Policy policy,
        State state,
        int revision,
        List<Transition> history) {

    public Rollout {
        history = List.copyOf(history);
    }

    /// Where a rollout is.
    public sealed interface State {
        /// @param stage by its place in the policy
        /// @param approved whether a person has said that it may go on from this stage
        record Running(int stage, Instant since, boolean approved) implements State {}

        /// Traffic stays as it is, and guards go on watching.
        record Paused(int stage, Instant since, List<String> missing) implements State {
            public Paused {
                missing = List.copyOf(missing);
            }
        }

        /// The candidate has all traffic, and what was live before is still warm.
        record Baking(Instant since) implements State {}

        record Finished(Instant at) implements State {}

        record RolledBack(Instant at) implements State {}
    }

    /// What happened: who, when, and why, with the numbers.
    public record Transition(Instant at, String by, State to, String why) {}

    public static Rollout begin(
            String endpoint, String live, String candidate, Policy policy, String by, Instant at) {
        var state = new State.Running(0, at, false);
        return new Rollout(
                endpoint,
                live,
                candidate,
                policy,
                state,
                1,
                List.of(new Transition(at, by, state, "started")));
    }

    /// The same, begun for a reason that somebody gave.
    Rollout becauseOf(String reason) {
        if (reason.isEmpty()) return this;
        var first = history.getFirst();
        var told = new ArrayList<>(history);
        told.set(0, new Transition(first.at(), first.by(), first.to(), "started: " + reason));
        return new Rollout(endpoint, live, candidate, policy, state, revision, told);
    }

    /// The same, held by another policy.
    Rollout with(Policy other) {
        return new Rollout(endpoint, live, candidate, other, state, revision, history);
    }

    /// The candidate's share of traffic now.
    public double share() {
        return switch (state) {
            case State.Running running -> policy.stages().get(running.stage()).share();
            case State.Paused paused -> policy.stages().get(paused.stage()).share();
            case State.Baking _, State.Finished _ -> 1;
            case State.RolledBack _ -> 0;
        };
    }

    public boolean over() {
        return switch (state) {
            case State.Finished _, State.RolledBack _ -> true;
            case State.Running _, State.Paused _, State.Baking _ -> false;
        };
    }

    /// The rollout after a step was carried out; the same where nothing changes.
    public Rollout after(Step step, String by, Instant at) {
        return switch (step) {
            case Step.Nothing _, Step.Hold _, Step.AskForApproval _ -> this;
            case Step.Advance(var stage) ->
                    to(
                            new State.Running(stage, at, false),
                            by,
                            at,
                            "no guard is worse, and their harm at the next share is within the margin");
            case Step.Promote _ ->
                    to(new State.Baking(at), by, at, "all guards are no worse at their margin");
            case Step.Finish _ -> to(new State.Finished(at), by, at, "nothing came up in the bake");
            case Step.RollBack(var because) -> to(new State.RolledBack(at), by, at, said(because));
            case Step.Pause(var missing) ->
                    to(
                            new State.Paused(stage(), at, missing),
                            by,
                            at,
                            "the deadline has passed: " + String.join(", ", missing));
        };
    }

    private String said(List<Verdict> because) {
        var parts = new ArrayList<String>();
        for (var each : because) if (each instanceof Verdict.Worse worse) parts.add(said(worse));
        return String.join("; ", parts);
    }

    private String said(Verdict.Worse worse) {
        var metric = worse.watched().metric();
        boolean limit =
                policy.guards().stream()
                        .anyMatch(each ->
                                each instanceof Guard.Limit && each.metric().equals(metric));
        boolean time = metric.startsWith("latency.") && !limit;
        double scale = time ? 1 : 100;
        return (limit
                        ? "%s does harm in %.3g to %.3g %%, and %.3g %% are allowed"
                        : time
                                ? "%s is worse by %.3g to %.3g ms, and %.3g are allowed"
                                : "%s is worse by %.3g to %.3g points, and %.3g are allowed")
                .formatted(
                        worse.watched(),
                        scale * worse.harm().lower(),
                        scale * worse.harm().upper(),
                        scale * worse.margin());
    }

    /// The stage that it is at, or was when it was rolled back; the last one when it has all
    /// traffic.
    int stage() {
        for (var each : history.reversed())
            if (state instanceof State.RolledBack && !(each.to() instanceof State.RolledBack))
                return stage(each.to());
        return stage(state);
    }

    private int stage(State of) {
        return switch (of) {
            case State.Running running -> running.stage();
            case State.Paused paused -> paused.stage();
            case State.Baking _, State.Finished _, State.RolledBack _ -> policy.stages().size() - 1;
        };
    }

    Rollout to(State next, String by, Instant at, String why) {
        var more = new ArrayList<>(history);
        more.add(new Transition(at, by, next, why));
        return new Rollout(endpoint, live, candidate, policy, next, revision + 1, more);
    }
}
