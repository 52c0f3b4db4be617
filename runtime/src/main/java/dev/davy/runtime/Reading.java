package dev.davy.runtime;

import java.util.List;

/// Reads a model's output tensors as answers, as the bundle says. Thread-safe.
@SuppressWarnings("DoNotCallSuggester")
public final class Reading {
    private Reading() {}

    public static Reading of(Bundle bundle) {
        throw new IllegalStateException("not there yet");
    }

    /// The answer to one row of the batch.
    public Answer read(List<Tensor> outputs, int index) {
        throw new IllegalStateException("not there yet");
    }
}
