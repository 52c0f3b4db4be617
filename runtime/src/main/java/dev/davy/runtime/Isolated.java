package dev.davy.runtime;

/// A model in a child process: when it crashes, hangs or takes too much memory, the caller gets a
/// problem and the child is replaced.
@SuppressWarnings("DoNotCallSuggester")
public final class Isolated implements Model {
    private Isolated() {}

    public static Isolated open(Bundle bundle, Trial.Report report) {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public Signature signature() {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public Session open() {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public boolean batches() {
        throw new IllegalStateException("not there yet");
    }

    @Override
    public void close() {}
}
