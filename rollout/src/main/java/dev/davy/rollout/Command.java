package dev.davy.rollout;

import dev.davy.rollout.Rollout.State;
import java.time.Instant;
import java.util.List;

/// What a person may ask of a rollout that is under way.
public enum Command {
    /// Go on from a stage that asks for it.
    APPROVE,
    PAUSE,
    RESUME,
    /// All traffic to the candidate now, whatever is still unknown.
    PROMOTE,
    ROLL_BACK;

    /// What came of a command.
    public sealed interface Outcome {
        record Done(Rollout rollout) implements Outcome {}

        /// It came too late or makes no sense where the rollout is.
        ///
        /// @param why in a sentence, with what happened meanwhile
        record Refused(String why) implements Outcome {}
    }

    /// @param seen revision of the rollout that the person looked at
    /// @param why their reason
    public Outcome on(Rollout rollout, int seen, String by, String why, Instant at) {
        if (seen != rollout.revision()) {
            var last = rollout.history().getLast();
            return new Outcome.Refused(
                    "Meanwhile, at %s, %s made it %s: %s."
                            .formatted(last.at(), last.by(), last.to(), last.why()));
        }
        return switch (rollout.state()) {
            case State.Finished _, State.RolledBack _ ->
                    new Outcome.Refused("The rollout is over: " + rollout.state() + ".");
            case State.Running running -> onRunning(rollout, running, by, why, at);
            case State.Paused paused -> onPaused(rollout, paused, by, why, at);
            case State.Baking _ ->
                    this == ROLL_BACK
                            ? done(rollout, new State.RolledBack(at), by, why, at)
                            : new Outcome.Refused(
                                    "It is promoted already; it can only be rolled back.");
        };
    }

    private Outcome onRunning(
            Rollout rollout, State.Running running, String by, String why, Instant at) {
        return switch (this) {
            case APPROVE ->
                    done(
                            rollout,
                            new State.Running(running.stage(), running.since(), true),
                            by,
                            why,
                            at);
            case PAUSE ->
                    done(rollout, new State.Paused(running.stage(), at, List.of(why)), by, why, at);
            case RESUME -> new Outcome.Refused("It is running.");
            case PROMOTE -> done(rollout, new State.Baking(at), by, why, at);
            case ROLL_BACK -> done(rollout, new State.RolledBack(at), by, why, at);
        };
    }

    private Outcome onPaused(
            Rollout rollout, State.Paused paused, String by, String why, Instant at) {
        return switch (this) {
            // The time of the stage begins anew, and with it the deadline.
            case APPROVE, RESUME ->
                    done(
                            rollout,
                            new State.Running(paused.stage(), at, this == APPROVE),
                            by,
                            why,
                            at);
            case PAUSE -> new Outcome.Refused("It is paused.");
            case PROMOTE -> done(rollout, new State.Baking(at), by, why, at);
            case ROLL_BACK -> done(rollout, new State.RolledBack(at), by, why, at);
        };
    }

    private static Outcome done(Rollout rollout, State next, String by, String why, Instant at) {
        return new Outcome.Done(rollout.to(next, by, at, why));
    }
}
