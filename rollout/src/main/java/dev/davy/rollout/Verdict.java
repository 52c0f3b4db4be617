package dev.davy.rollout;

import dev.davy.stats.sequential.Interval;

/// What one guard says.
public sealed interface Verdict {
    Watched watched();

    /// Harm beyond the margin.
    record Worse(Watched watched, Interval harm, double margin) implements Verdict {}

    /// No harm beyond the margin.
    record NoWorse(Watched watched, Interval harm, double margin) implements Verdict {}

    /// @param needed more requests of the candidate, about
    record TooEarly(Watched watched, Interval harm, double margin, long needed)
            implements Verdict {}
}
