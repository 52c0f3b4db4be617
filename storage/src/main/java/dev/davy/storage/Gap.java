package dev.davy.storage;

/// A stretch of a node's log that a reader did not get and never will. What is counted over it is
/// incomplete.
///
/// @param from the first place that is missing
/// @param to where the reader goes on
public record Gap(Position from, Position to, Cause cause) {
    /// Why it is missing.
    public enum Cause {
        /// Retention deleted it before it was read.
        RETENTION,
        /// It was damaged on disk, or a power loss took it.
        DAMAGE
    }
}
