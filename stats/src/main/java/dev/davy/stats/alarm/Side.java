package dev.davy.stats.alarm;

/// To which side a figure has to move for an alarm. Where only one is harm, all of the price is
/// spent on that one: half the probability, and no alarm for the better.
public enum Side {
    EITHER,
    /// Harm is less than normal: answers that are right.
    BELOW,
    /// Harm is more than normal: errors.
    ABOVE
}
