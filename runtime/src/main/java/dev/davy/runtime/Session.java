package dev.davy.runtime;

import java.util.List;

/// A way to call a [Model], for one thread at a time.
public interface Session extends AutoCloseable {
    /// Runs the model once.
    ///
    /// @param inputs in the order of the signature; calling again with the same [Tensor] objects is
    ///   fastest, because what belongs to them is prepared once
    /// @param deadlineNanos when to give up, on the scale of [System#nanoTime()]; [Long#MAX_VALUE]
    ///   for never
    /// @return outputs in the order of the signature; they are the session's and are valid until
    ///   its next run
    /// @throws dev.davy.strict.Problem `MODEL_FAILED` with code `model-failed` when the model
    ///   raised an error and `model-broke-contract` when it returned another shape or type than it
    ///   declared; `DEADLINE` with code `deadline-exceeded`; `MALFORMED` when the inputs do not fit
    ///   the signature; `UNAVAILABLE` when a child or remote server is away
    List<Tensor> run(List<Tensor> inputs, long deadlineNanos);

    /// How long all runs so far were on their way to another process and back, without the time in
    /// the model itself. Without it a model in a child would look slower than the same in here.
    ///
    /// @return nanoseconds; 0 for a model in this process
    default long wayNanos() {
        return 0;
    }

    /// From the next run on, the model gives way to all that is more urgent on this machine, where
    /// it runs in a child process. A thread of this process does so by itself.
    default void giveWay() {}

    @Override
    void close();
}
