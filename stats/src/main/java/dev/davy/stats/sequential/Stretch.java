package dev.davy.stats.sequential;

/// What came of both arms while the traffic was split in one way.
///
/// Stretches are never pooled: each is judged by the share that was in force in it, so a base rate
/// that rises during a ramp speaks against no arm. Stretches next to each other with the same share
/// may be merged.
///
/// @param share the probability with which a new entity was assigned to the candidate, as it was
///   configured and not as it came out; 0 for traffic from before, which teaches the base rate only
/// @param live of the entities assigned to live, whoever answered them
/// @param candidate of the entities assigned to the candidate, whoever answered them
/// @param mature whether all truth that is going to be waited for has come. Harm that is known
///   already counts as harm at any age, with every request asked in the size; but that there is
///   none is only believed of a mature stretch
public record Stretch(double share, Tally live, Tally candidate, boolean mature) {
    public Stretch {
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("share is " + share);
        if (share == 0 && candidate.units() > 0)
            throw new IllegalArgumentException(
                    "a candidate with a share of 0 had %d units".formatted(candidate.units()));
    }

    public static Stretch mature(double share, Tally live, Tally candidate) {
        return new Stretch(share, live, candidate, true);
    }
}
