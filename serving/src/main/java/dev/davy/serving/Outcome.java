package dev.davy.serving;

import dev.davy.strict.Problem;

/// What became of one row of several that were each asked by themselves.
public sealed interface Outcome {
    /// It was answered, and is in the log.
    record Answered(Predicted predicted) implements Outcome {}

    /// It was not. It is in the log where a model was asked and failed.
    record Refused(Problem problem) implements Outcome {}
}
