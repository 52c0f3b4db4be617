package dev.davy.runtime;

/// Where a model runs.
public enum Isolation {
    /// In this process, unless the value of an input can decide how much memory or time a run
    /// takes: then in a child.
    AUTO,
    /// In this process: fastest, but a model that crashes takes the server along.
    IN_PROCESS,
    /// In a child process with an address-space limit.
    CHILD
}
