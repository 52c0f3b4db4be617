package dev.davy.stats.check;

/// A formula by its name in a file of known answers.
@FunctionalInterface
public interface Statistic {
    /// The value: a number, a text, a boolean, a list, or a map from text to these. A map may hold
    /// more than anybody asks for.
    ///
    /// @throws NotOffered where the parameters ask for a variant that we deliberately do not have
    /// @throws IllegalArgumentException where an input is missing or of another kind
    Object compute(Inputs params, Inputs inputs);
}
