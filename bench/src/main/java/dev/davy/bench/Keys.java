package dev.davy.bench;

import java.util.random.RandomGenerator;

/// Entities that come again and again, each with an error rate and an arm of its own.
final class Keys {
    private final double[] rates;
    private final double[] upTo;
    private final double[] places;

    private Keys(double[] rates, double[] weights, RandomGenerator random) {
        this.rates = rates;
        this.upTo = new double[weights.length];
        this.places = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            upTo[i] = sum;
            places[i] = random.nextDouble();
        }
        for (int i = 0; i < weights.length; i++) upTo[i] /= sum;
    }

    /// Equally busy; rates with mean 5 % and a deviation of 5 points.
    static Keys equallyBusy(int count, RandomGenerator random) {
        var rates = new double[count];
        var weights = new double[count];
        for (int i = 0; i < count; i++) {
            // Beta(0.9, 17.1) has that mean and deviation.
            rates[i] = Chance.beta(random, 0.9, 17.1);
            weights[i] = 1;
        }
        return new Keys(rates, weights, random);
    }

    /// Busy by Zipf's law with exponent 1.1; rates by a gamma distribution of mean 2 % and shape 1.
    static Keys zipf(int count, RandomGenerator random) {
        var rates = new double[count];
        var weights = new double[count];
        for (int i = 0; i < count; i++) {
            rates[i] = Math.min(0.9, 0.02 * Chance.gamma(random, 1));
            weights[i] = Math.pow(i + 1, -1.1);
        }
        return new Keys(rates, weights, random);
    }

    /// Whose request is next.
    int next(RandomGenerator random) {
        double at = random.nextDouble();
        int low = 0;
        int high = upTo.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (upTo[middle] > at) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// Whoever is assigned to the candidate stays there while the share rises.
    boolean onCandidate(int key, double share) {
        return places[key] < share;
    }

    double rate(int key) {
        return rates[key];
    }
}
