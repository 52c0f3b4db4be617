package dev.davy.stats.sequential;

/// What can be said of a candidate now.
public sealed interface Finding {
    Interval harm();

    /// The harm is above the margin, or what happens with probability at most alpha has happened.
    record Worse(Interval harm) implements Finding {}

    /// The harm is below the margin, or what happens with probability at most beta has happened.
    record NoWorse(Interval harm) implements Finding {}

    /// Neither can be said yet.
    ///
    /// @param needed about how many more requests the candidate has to answer until an equal
    ///   candidate were known to be no worse; [Long#MAX_VALUE] where no number would do
    record TooEarly(Interval harm, long needed) implements Finding {}
}
