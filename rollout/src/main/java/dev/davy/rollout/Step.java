package dev.davy.rollout;

import java.time.Duration;
import java.util.List;

/// What to do with a rollout now.
public sealed interface Step {
    /// Nothing: it is over.
    record Nothing() implements Step {}

    /// Go on as it is, and ask again.
    ///
    /// @param time that the stage must still take at least
    /// @param requests that the candidate must still be given
    /// @param guards that are not content yet
    record Hold(Duration time, long requests, List<Watched> guards) implements Step {}

    /// All is well, and a person must say so before it goes on.
    record AskForApproval() implements Step {}

    /// Give the candidate a larger share.
    ///
    /// @param stage by its place in the policy
    record Advance(int stage) implements Step {}

    /// All traffic to the candidate, for good unless a guard speaks while it bakes.
    record Promote() implements Step {}

    /// The bake is over: what was live may go cold.
    record Finish() implements Step {}

    /// All traffic back to live, at once.
    record RollBack(List<Verdict> because) implements Step {}

    /// The deadline of the stage has passed: a person must look.
    ///
    /// @param missing in words: traffic, truth, a source that is broken
    record Pause(List<String> missing) implements Step {}
}
