package dev.davy.monitoring;

import java.util.OptionalDouble;

/// What a monitor says of a window.
public sealed interface Judgement {
    /// @param value of the window; empty where a whole column is watched and has none
    /// @param what part of a column moved; empty for limits
    /// @param effect by how much: of numbers in deviations of the reference, of shares as a
    ///   difference, of limits how far beyond
    /// @param low end of the effect's 95 % interval; equal to it where there is none
    /// @param high end of it
    /// @param why in a sentence, with numbers
    /// @param news values that were never seen before, where they are what moved
    record Bad(
            OptionalDouble value,
            String what,
            double effect,
            double low,
            double high,
            String why,
            Newcomers news)
            implements Judgement {
        Bad(OptionalDouble value, String what, double effect, double low, double high, String why) {
            this(value, what, effect, low, high, why, Newcomers.NONE);
        }
    }

    record Fine(OptionalDouble value) implements Judgement {}

    /// @param why what is missing, in a sentence
    record TooEarly(String why) implements Judgement {}
}
