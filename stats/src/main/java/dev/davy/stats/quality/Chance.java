package dev.davy.stats.quality;

import java.util.random.RandomGenerator;

/// Draws that bootstraps need; the generator is given, so the same seed gives the same draws.
final class Chance {
    private Chance() {}

    // Above it the normal distribution is nearer than a bootstrap's own noise.
    private static final double LARGE = 50;

    /// A number of events of which so many are expected.
    static double poisson(double mean, RandomGenerator random) {
        if (mean > LARGE)
            return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
        double product = random.nextDouble();
        double limit = Math.exp(-mean);
        int events = 0;
        while (product > limit) {
            product *= random.nextDouble();
            events++;
        }
        return events;
    }

    /// The same three numbers always give the same one, evenly over all numbers: SplitMix64
    /// (Steele, Lea and Flood 2014) over each in turn.
    static long hash(long seed, long row, long replicate) {
        return mix(mix(mix(seed) + row) + replicate);
    }

    private static long mix(long z) {
        z += 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /// How often a row comes in a resample: Poisson with mean 1, from a hash of 64 bits.
    static int timesOfOne(long hash) {
        double uniform = (hash >>> 11) * 0x1.0p-53;
        double share = Math.exp(-1);
        double below = share;
        int times = 0;
        while (uniform >= below && times < 20) {
            times++;
            share /= times;
            below += share;
        }
        return times;
    }
}
