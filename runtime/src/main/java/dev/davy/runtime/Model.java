package dev.davy.runtime;

/// A model as a function from tensors to tensors, wherever it runs.
///
/// A model may be shared between threads; each opens a [Session] of its own.
public interface Model extends AutoCloseable {
    /// Inputs and outputs, in the order in which [Session#run] takes and gives them.
    Signature signature();

    /// A way to call the model, for one thread at a time.
    Session open();

    /// Whether several callers' rows may share one run: the leading axis varies and each row's
    /// answer was found not to depend on its neighbours.
    boolean batches();

    /// Ends the model and its sessions; calls under way fail.
    @Override
    void close();
}
