package dev.davy.stats.sequential;

import java.util.Arrays;

/// The wealth of bettors who stake more and less; together, a mixture (Robbins 1970).
///
/// Each stakes half of what the one before stakes, the first nearly all that can be staked without
/// ever losing everything: whatever the right stake is, one of them is near it.
final class Stakes {
    static final int BETTORS = 12;

    /// Nobody stakes all, so that no single unit ends the game.
    private static final double BOLDEST = 0.9;

    /// One more bettor, who holds half of the wealth and stakes what is best against one expected
    /// alternative.
    private static final double OF_FAVOURITE = 0.5;

    static final Stakes NONE = new Stakes(new double[BETTORS + 1], 0);

    private final double[] logs;
    private final double highest;

    private Stakes(double[] logs, double highest) {
        this.logs = logs;
        this.highest = highest;
    }

    /// After a bet in which a unit with score z multiplies the wealth of a bettor by 1 + stake × z.
    ///
    /// @param lowest the lowest score that any unit could have had; below 0
    /// @param favourite what the favourite stakes
    Stakes after(double lowest, double favourite, Bet bet) {
        var next = logs.clone();
        double stake = boldest(lowest);
        for (int i = 0; i < BETTORS; i++, stake /= 2) next[i] += bet.gain(stake);
        next[BETTORS] += bet.gain(favourite);
        return new Stakes(next, Math.max(highest, mixture(next)));
    }

    static double boldest(double lowest) {
        return BOLDEST / -lowest;
    }

    /// The logarithm of the highest wealth that they ever had together; at least 0.
    double highest() {
        return highest;
    }

    /// Whether their wealth together has ever reached 1 / alpha, which it does with probability at
    /// most alpha where the odds were fair (Ville 1939).
    boolean reached(double alpha) {
        return highest >= -Math.log(alpha);
    }

    private static double mixture(double[] logs) {
        double max = Arrays.stream(logs).max().orElseThrow();
        double sum = 0;
        for (int i = 0; i < BETTORS; i++)
            sum += (1 - OF_FAVOURITE) / BETTORS * Math.exp(logs[i] - max);
        return max + Math.log(sum + OF_FAVOURITE * Math.exp(logs[BETTORS] - max));
    }

    /// The logarithm of what a stake gains over all units of a stretch.
    @FunctionalInterface
    interface Bet {
        double gain(double stake);
    }
}
