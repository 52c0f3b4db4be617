package dev.davy.stats.sequential;

import java.util.List;

/// Whether a candidate does more harm than live, by more than a margin: error rates, the share of a
/// class, missed cases of those that should be found, or means of values between 0 and 1; weighted
/// too, if a unit's total is the sum of its weighted values and `largest` allows for the largest
/// weight.
///
/// Asked at any time and as often as one likes, it calls a candidate whose harm is within the
/// margin worse with probability at most alpha, and one whose harm is beyond it no worse with at
/// most beta (Ville 1939; Waudby-Smith and Ramdas 2024). This needs that an entity's arm is drawn
/// with the share that was in force and independently of what it does, and that entities are
/// independent; that the first few requests of one entity, which are one unit, hang together does
/// no harm. An entity that comes back in a later step with another share is counted as new, which
/// simulation finds harmless while few of its requests are counted in each ([Units#MOST]).
///
/// @param margin how much more harm per request is within what is allowed
/// @param alpha the probability of a false "worse"
/// @param beta the probability of a false "no worse"
/// @param most how many requests are counted of one unit
/// @param largest the most harm that one unit can come to
public record Comparison(double margin, double alpha, double beta, int most, double largest) {
    private static final int HALVINGS = 24;

    public Comparison {
        if (!(alpha > 0 && alpha < 1 && beta > 0 && beta < 1))
            throw new IllegalArgumentException("alpha %s, beta %s".formatted(alpha, beta));
        if (most < 1 || !(largest > 0) || !Double.isFinite(largest) || !Double.isFinite(margin))
            throw new IllegalArgumentException(
                    "margin %s, most %d, largest %s".formatted(margin, most, largest));
    }

    /// Of harm between 0 and 1 per request.
    public static Comparison ofRates(double margin, double alpha, double beta, int most) {
        return new Comparison(margin, alpha, beta, most, most);
    }

    /// Before anything was seen.
    public Standing begin() {
        return Standing.of(this);
    }

    /// @param stretches in the order of time
    public Finding judge(List<Stretch> stretches) {
        return standing(stretches).finding();
    }

    Standing standing(List<Stretch> stretches) {
        var standing = begin();
        for (var each : stretches) standing = standing.after(each);
        return standing;
    }

    /// About how many requests of the candidate it takes until something is known, each of them
    /// being an entity of its own: that it is worse, if its harm is above the margin, or that it is
    /// no worse, if below. That many on average. [Long#MAX_VALUE] where no number would do.
    ///
    /// @param base live's rate
    /// @param harm how much the candidate's rate is above it
    public long needed(double base, double share, double harm) {
        if (!(share > 0 && share < 1)) return Long.MAX_VALUE;
        boolean worse = harm > margin;
        double growth = Odds.of(this, margin, share, base).growth(worse, harm);
        // What the mixture costs: the best bettor held only a part of the wealth at the beginning.
        double paid = worse ? Math.log(Stakes.BETTORS / 2.0) : Math.log(2);
        double needed = (paid - Math.log(worse ? alpha : beta)) / growth;
        return needed < 1e15 ? (long) Math.ceil(needed) : Long.MAX_VALUE;
    }

    /// The harm that the favourite among the bettors on "worse" reckons with: what is allowed,
    /// doubled.
    double feared(double base) {
        return 2 * margin + base;
    }

    /// The harm that the favourite among the bettors on "no worse" reckons with: none, where the
    /// margin leaves room for that.
    double hoped(double base) {
        return margin > 0 ? 0 : 2 * margin - base / 2;
    }

    /// Where the margin would have to lie for neither answer to be known, found by halving.
    Interval harm(List<Stretch> stretches) {
        double most = largest;
        double lower = -most;
        double upper = most;
        double tooHigh = most;
        double tooLow = -most;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (lower + tooHigh) / 2;
            if (at(middle).standing(stretches).isWorse()) lower = middle;
            else tooHigh = middle;
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (upper + tooLow) / 2;
            if (at(middle).standing(stretches).isNoWorse()) upper = middle;
            else tooLow = middle;
        }
        return Interval.between(lower, upper);
    }

    private Comparison at(double otherMargin) {
        return new Comparison(otherMargin, alpha, beta, most, largest);
    }
}
