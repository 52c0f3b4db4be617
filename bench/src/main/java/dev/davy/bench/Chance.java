package dev.davy.bench;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.GammaDistribution;

/// What simulations draw.
final class Chance {
    private Chance() {}

    /// A generator of its own for each run, the same each time.
    static RandomGenerator of(long setting, long run) {
        return new SplittableRandom(setting * 1_000_003L + run * 7_919L + 20_261_121L);
    }

    /// How many of n happen that each happen with probability p.
    static int binomial(RandomGenerator random, int n, double p) {
        if (p > 0.5) return n - binomial(random, n, 1 - p);
        if (p <= 0 || n == 0) return 0;
        // Far from both ends a rounded normal number is the same to the eye of any test.
        double mean = n * p;
        if (mean > 2_000)
            return Math.clamp(
                    Math.round(random.nextGaussian(mean, Math.sqrt(mean * (1 - p)))), 0, n);
        double log = Math.log1p(-p);
        int happened = 0;
        for (double at = -1; ; happened++) {
            at += 1 + Math.floor(Math.log(1 - random.nextDouble()) / log);
            if (at >= n) return happened;
        }
    }

    /// Marsaglia and Tsang 2000.
    static double gamma(RandomGenerator random, double shape) {
        if (shape < 1)
            return gamma(random, shape + 1) * Math.pow(1 - random.nextDouble(), 1 / shape);
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = Math.pow(1 + c * x, 3);
            if (v > 0
                    && Math.log(1 - random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v))
                return d * v;
        }
    }

    static double beta(RandomGenerator random, double a, double b) {
        double x = gamma(random, a);
        return x / (x + gamma(random, b));
    }

    /// The lower end of the 99.9 % interval of a probability: Wilson 1927, one-sided.
    static double lowerBound(int happened, int runs) {
        double z = 3.0902;
        double share = (double) happened / runs;
        double squared = z * z / runs;
        double half = z * Math.sqrt(share * (1 - share) / runs + squared / runs / 4);
        return Math.max(0, (share + squared / 2 - half) / (1 + squared));
    }

    /// The lower end of the 99.9 % interval of how often something happens in a unit of time, of
    /// which so much was looked at: exact for Poisson's law (Garwood 1936), one-sided.
    static double rateLowerBound(long happened, double exposure) {
        if (happened == 0) return 0;
        return GammaDistribution.of((double) happened, 1).inverseCumulativeProbability(0.001)
                / exposure;
    }
}
