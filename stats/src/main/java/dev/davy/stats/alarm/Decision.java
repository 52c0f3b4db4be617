package dev.davy.stats.alarm;

/// What a watch says of a column after a window.
public sealed interface Decision {
    /// Nothing that is worth waking somebody for would have stayed hidden, and nothing was seen.
    record Quiet() implements Decision {}

    /// @param what the part of the column that moved
    /// @param effect by how much: of numbers in deviations of the reference, of shares as a
    ///   difference
    /// @param lower end of the effect's 95 % interval, which holds for this window and not for all
    /// @param upper end of it
    record Drifted(String what, double effect, double lower, double upper) implements Decision {}

    /// @param needed how many more rows
    record TooEarly(long needed) implements Decision {}
}
