package dev.davy.stats.selective;

import java.util.Optional;

/// What can be said of a threshold from the cases there are.
public sealed interface Choice {
    /// A model that decides alone from here on keeps within the limit, unless what happens with
    /// probability at most 1 - certainty has happened.
    ///
    /// @param threshold of the confidence, itself included; 0 where the model may decide everything
    /// @param cases that it was tested on: those at or above it, or those of the class
    /// @param wrong how many of them are what the risk counts
    /// @param upper the bound of the risk by which it was accepted, at most the limit
    /// @param alone the share of all cases that the model would decide
    record Found(double threshold, long cases, long wrong, double upper, double alone)
            implements Choice {}

    /// There may be a threshold, but too few cases to believe it.
    ///
    /// @param cases how many there are, of the class where there is one
    /// @param more at least so many more, if they turn out as those so far
    /// @param of the class they have to be of; empty where any will do
    record NotEnough(long cases, long more, Optional<String> of) implements Choice {}

    /// Even where it is surest, the model is wrong more often than is allowed: more cases of the
    /// same kind would not help, a better model or another limit would.
    ///
    /// @param cases where the model did best
    /// @param wrong how many of them are what the risk counts
    record OutOfReach(long cases, long wrong) implements Choice {}
}
