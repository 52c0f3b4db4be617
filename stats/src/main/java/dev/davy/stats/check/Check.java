package dev.davy.stats.check;

/// What came of a known answer.
public sealed interface Check {
    /// All numbers are within the tolerance.
    record Passed() implements Check {}

    /// One number, text or length is not.
    ///
    /// @param at where, for instance `p_value` or `labels.t1`; empty where there is one value only
    record Failed(String at, String expected, String computed) implements Check {}

    /// Nothing was compared.
    record Skipped(String reason) implements Check {}
}
