package dev.davy.stats.selective;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/// A model of which everything is known: cases are evenly hard, from 0 to 1.
///
/// @param error how probably it is wrong on a case so hard
/// @param confidence what it says of itself there
record World(DoubleUnaryOperator error, DoubleUnaryOperator confidence) {
    private static final int FINE = 4_000;

    /// One that is right as often as it says.
    static World calibrated() {
        return new World(hard -> 0.5 * Math.pow(hard, 8), hard -> 1 - 0.5 * Math.pow(hard, 8));
    }

    /// One that claims to be wrong ten times less than it is.
    static World overconfident() {
        return new World(
                hard -> 0.004 + 0.4 * Math.pow(hard, 5), hard -> 1 - 0.04 * Math.pow(hard, 5));
    }

    static World constant(double error) {
        return new World(_ -> error, _ -> 0.9);
    }

    /// The same with confidences in steps of a hundredth.
    World rounded() {
        return new World(error, hard -> Math.rint(confidence.applyAsDouble(hard) * 100) / 100);
    }

    List<Checked> draw(int n, SplittableRandom random) {
        var cases = new ArrayList<Checked>(n);
        for (int i = 0; i < n; i++) {
            double hard = random.nextDouble();
            boolean wrong = random.nextDouble() < error.applyAsDouble(hard);
            cases.add(new Checked(confidence.applyAsDouble(hard), wrong ? "no" : "yes", "yes"));
        }
        return cases;
    }

    /// Of what is decided alone, the share that is wrong; 0 where nothing is.
    double wrong(double threshold) {
        double wrong = 0;
        int alone = 0;
        for (int i = 0; i < FINE; i++) {
            double hard = (i + 0.5) / FINE;
            if (confidence.applyAsDouble(hard) < threshold) continue;
            alone++;
            wrong += error.applyAsDouble(hard);
        }
        return alone == 0 ? 0 : wrong / alone;
    }

    double alone(double threshold) {
        int alone = 0;
        for (int i = 0; i < FINE; i++)
            if (confidence.applyAsDouble((i + 0.5) / FINE) >= threshold) alone++;
        return (double) alone / FINE;
    }

    /// The largest share that could be decided alone within the limit, if all were known.
    double best(double limit) {
        double best = 0;
        double wrong = 0;
        for (int i = 0; i < FINE; i++) {
            wrong += error.applyAsDouble((i + 0.5) / FINE);
            if (wrong / (i + 1) <= limit) best = (i + 1.0) / FINE;
        }
        return best;
    }

    /// How often something of this probability happens at most, but for one run in a thousand.
    static int most(int runs, double probability) {
        return BinomialDistribution.of(runs, probability).inverseSurvivalProbability(0.001);
    }
}
