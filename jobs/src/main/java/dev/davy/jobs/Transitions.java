package dev.davy.jobs;

import dev.davy.jobs.Job.State;
import dev.davy.strict.Problem;

/// What becomes of a job when something happens to it: pure functions.
final class Transitions {
    /// A job that took the process with it so often without getting any further will do so again.
    static final int INTERRUPTIONS_MAX = 3;

    private Transitions() {}

    /// What to do about a request.
    sealed interface Step {
        /// Nothing: it is so already.
        record Already() implements Step {}

        record To(State state) implements Step {}
    }

    /// Somebody wants it to end.
    ///
    /// @throws Problem CONFLICT `job-over`
    static Step cancel(Job job) {
        return switch (job.state()) {
            case WAITING -> new Step.To(State.CANCELLED);
            case RUNNING -> new Step.To(State.STOPPING);
            case STOPPING, CANCELLED -> new Step.Already();
            case DONE, FAILED -> throw over(job, "cancelled", "There is nothing left to stop.");
        };
    }

    /// Somebody wants it to go on.
    ///
    /// @throws Problem CONFLICT `job-over`, `job-stopping`
    static Step resume(Job job) {
        return switch (job.state()) {
            case WAITING, RUNNING -> new Step.Already();
            case FAILED, CANCELLED -> new Step.To(State.WAITING);
            case DONE -> throw over(job, "resumed", "Ask for a new one, to have it done again.");
            case STOPPING ->
                    throw new Problem(
                            Problem.Kind.CONFLICT,
                            "job-stopping",
                            "Job " + job.id() + " can't be resumed yet.",
                            "It was told to stop and has not stopped yet.",
                            "Try again in a moment.");
        };
    }

    /// The process that ran it is gone, and another has started.
    static State afterRestart(State state, int interruptions) {
        return switch (state) {
            case RUNNING -> interruptions >= INTERRUPTIONS_MAX ? State.FAILED : State.WAITING;
            case STOPPING -> State.CANCELLED;
            case WAITING, DONE, FAILED, CANCELLED -> state;
        };
    }

    /// Deaths of the process in a row without progress, this one included.
    static int interruptions(Job job) {
        return job.progress().done() > job.startedDone() ? 1 : job.interruptions() + 1;
    }

    private static Problem over(Job job, String verb, String todo) {
        return new Problem(
                Problem.Kind.CONFLICT,
                "job-over",
                "Job " + job.id() + " can't be " + verb + ".",
                "It is " + job.state().word() + " already.",
                todo);
    }
}
