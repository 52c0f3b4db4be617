package dev.davy.stats.selective;

import java.util.UUID;

/// A sample in which each case is as likely, from cases that were looked at with unlike
/// probabilities.
///
/// While one rule says who is asked, every case is looked at with at least some probability: the
/// spot-check share, or 1 while people see all. Whoever was looked at with more is kept with the
/// ratio of the two. Samples of several such times may be put together, each with its own least
/// probability: all are drawn like what came in.
///
/// Kept is decided by the id, so it is the same each time, and nobody's answer can change it.
public final class Thinning {
    // Apart from whatever else is drawn by the same id, such as who is spot-checked.
    private static final long OWN = 0x7468696e6e696e67L;

    private Thinning() {}

    /// @param asked the probability with which this case was looked at
    /// @param least the smallest with which any case was, at that time; where it is 0 there are
    ///   cases that nobody sees, no sample stands for them, and nothing is kept
    public static boolean keeps(UUID id, double asked, double least) {
        if (!(least >= 0 && least <= asked && asked <= 1))
            throw new IllegalArgumentException(
                    "looked at with probability %s, the least being %s".formatted(asked, least));
        return uniform(id) * asked < least;
    }

    private static double uniform(UUID id) {
        long hash = mix(mix(OWN ^ id.getMostSignificantBits()) + id.getLeastSignificantBits());
        return (hash >>> 11) * 0x1.0p-53;
    }

    /// SplitMix64 (Steele, Lea and Flood 2014).
    private static long mix(long z) {
        z += 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
