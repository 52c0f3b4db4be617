package dev.davy.monitoring;

import java.util.Locale;
import java.util.OptionalDouble;

/// A metric, and what of it rings.
///
/// @param name `input.age`, unique in its endpoint
/// @param windows how many in a row must be bad before it rings
/// @param declared whether a person wrote it; else it is there by itself
public record Monitor(
        String name, Metric watch, Rule rule, int windows, Severity severity, boolean declared) {

    /// What is bad.
    public sealed interface Rule {
        /// A number outside of limits.
        ///
        /// @param least empty: as low as it likes
        record Limits(OptionalDouble least, OptionalDouble most) implements Rule {}

        /// More than a part away from the reference.
        ///
        /// @param by 0.2 for a fifth, up or down
        record Away(double by) implements Rule {}

        /// A departure from the reference that chance and season don't explain, at the endpoint's
        /// price of false alarms.
        ///
        /// @param ignoreBelow of numbers in deviations of the reference, of shares as a difference
        record Drift(double ignoreBelow) implements Rule {}
    }

    /// How bad it is.
    public enum Severity {
        INFO,
        WARNING,
        CRITICAL;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
