package dev.davy.stats.sequential;

/// What the bets on a stretch are: its share, what is expected of live, and the margin.
///
/// A unit of the candidate scores its harm beyond what the base rate and the margin let expect, one
/// of live the negative of its harm beyond the base rate, each divided by the probability of its
/// arm. The mean of that is the harm less the margin, whatever the base rate truly is: it was
/// guessed from earlier stretches, and only makes the bets better where it was guessed well.
///
/// @param expected harm per request of live
/// @param allowed harm per request of the candidate
/// @param most requests counted of one unit
/// @param largest harm that one unit can come to
record Odds(double share, double expected, double allowed, int most, double largest) {
    private static final double ALMOST_NOTHING = 1e-9;

    /// How the best stake is looked for: from the boldest down, in steps of a fifth.
    private static final double FINER = 0.8;

    private static final double FINEST = 1e-5;

    static Odds of(Comparison comparison, double margin, double share, double expected) {
        return new Odds(
                share, expected, expected + margin, comparison.most(), comparison.largest());
    }

    Stakes worse(Stakes stakes, Stretch stretch, double harm) {
        return stakes.after(lowest(true), bestStake(true, harm), stake -> gain(stretch, stake));
    }

    Stakes noWorse(Stakes stakes, Stretch stretch, double harm) {
        return stakes.after(lowest(false), bestStake(false, harm), stake -> gain(stretch, -stake));
    }

    private double lowest(boolean worse) {
        return worse ? lowestOfWorse() : lowestOfNoWorse();
    }

    private double lowestOfWorse() {
        return -Math.max(Math.max(allowed, ALMOST_NOTHING) * most / share, largest / (1 - share));
    }

    private double lowestOfNoWorse() {
        // A candidate that is allowed less than nothing scores even with no harm.
        double candidate = Math.max(largest - Math.min(allowed * most, allowed), ALMOST_NOTHING);
        return -Math.max(
                candidate / share, Math.max(expected, ALMOST_NOTHING) * most / (1 - share));
    }

    private double gain(Stretch stretch, double stake) {
        double candidate = stake / share;
        double live = stake / (1 - share);
        return stretch.candidate()
                        .sum((size, total) -> Math.log1p(candidate * (total - allowed * size)))
                + stretch.live()
                        .sum((size, total) -> Math.log1p(-live * (total - expected * size)));
    }

    /// How much the logarithm of the wealth grows per request of the candidate, with the best
    /// stake, if each request is a unit with harm 0 or 1.
    ///
    /// @param harm of the candidate beyond live's rate, which is as expected
    double growth(boolean worse, double harm) {
        return Math.max(0, growth(worse, harm, bestStake(worse, harm)));
    }

    private double bestStake(boolean worse, double harm) {
        double boldest = Stakes.boldest(lowest(worse));
        double best = boldest;
        double growth = growth(worse, harm, best);
        for (double stake = boldest * FINER; stake > boldest * FINEST; stake *= FINER) {
            double other = growth(worse, harm, stake);
            // As a function of the stake it has one top.
            if (other < growth) break;
            best = stake;
            growth = other;
        }
        return best;
    }

    private double growth(boolean worse, double harm, double size) {
        double stake = worse ? size : -size;
        double rate = Math.clamp(expected + harm, 0, 1);
        double candidate = mean(rate, stake / share * (1 - allowed), -stake / share * allowed);
        double live =
                mean(
                        expected,
                        -stake / (1 - share) * (1 - expected),
                        stake / (1 - share) * expected);
        return candidate + live * (1 - share) / share;
    }

    private static double mean(double rate, double withHarm, double without) {
        return rate * Math.log1p(withHarm) + (1 - rate) * Math.log1p(without);
    }
}
