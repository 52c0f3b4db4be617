package dev.davy.stats.sequential;

import java.util.List;
import java.util.function.Predicate;

/// Whether a mean is above a limit that is fixed: the harm of a candidate that there is nothing to
/// compare with, or, of a shadow, its harm less live's on the same requests.
///
/// For a pair, the total of a unit is the sum of the differences, between -1 and 1 each; those that
/// agree cancel out, as in McNemar's test (1947). A wealth bets on the units' mean being above the
/// limit, another on it being below (Ville 1939; Waudby-Smith and Ramdas 2024). Nothing is assumed
/// of the values but their range, and that of each next unit the mean, given all before, is on one
/// side of the limit.
///
/// @param limit the mean per request that is still allowed
/// @param most how many requests are counted of one unit
/// @param lowest the least that one request can come to: 0, or -1 for pairs
/// @param highest the most that one request can come to
public record LimitComparison(
        double limit, double alpha, double beta, int most, double lowest, double highest) {
    private static final int HALVINGS = 24;

    public LimitComparison {
        if (!(alpha > 0 && alpha < 1 && beta > 0 && beta < 1))
            throw new IllegalArgumentException("alpha %s, beta %s".formatted(alpha, beta));
        if (most < 1 || !(lowest <= 0 && lowest < highest) || !Double.isFinite(limit))
            throw new IllegalArgumentException(
                    "limit %s, most %d, from %s to %s".formatted(limit, most, lowest, highest));
    }

    /// Of a rate.
    public static LimitComparison ofRate(double limit, double alpha, double beta, int most) {
        return new LimitComparison(limit, alpha, beta, most, 0, 1);
    }

    /// Of pairs: the candidate's harm less live's.
    public static LimitComparison ofPairs(double margin, double alpha, double beta, int most) {
        return new LimitComparison(margin, alpha, beta, most, -1, 1);
    }

    /// @param tallies in the order of time, one a look
    public Finding judge(List<Tally> tallies) {
        double lower = edge(each -> isWorse(each, tallies), lowest, highest);
        double upper = edge(each -> isNoWorse(each, tallies), highest, lowest);
        var mean = Interval.between(lower, upper);
        if (isWorse(limit, tallies)) return new Finding.Worse(mean.above(limit));
        if (isNoWorse(limit, tallies)) return new Finding.NoWorse(mean.below(limit));
        return new Finding.TooEarly(mean, needed(tallies));
    }

    /// Whether the mean is known to be above the limit; without the interval, much faster.
    public boolean isWorse(List<Tally> tallies) {
        return isWorse(limit, tallies);
    }

    /// Whether the mean is known to be below the limit.
    public boolean isNoWorse(List<Tally> tallies) {
        return isNoWorse(limit, tallies);
    }

    /// The last value for which an answer is known, on the way from one for which it surely is.
    private static double edge(Predicate<Double> known, double from, double to) {
        double inside = from;
        double outside = to;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (inside + outside) / 2;
            if (known.test(middle)) inside = middle;
            else outside = middle;
        }
        return inside;
    }

    private boolean isWorse(double mean, List<Tally> tallies) {
        double floor = (lowest - mean) * most;
        return floor >= 0 || wealth(floor, 1, mean, tallies).reached(alpha);
    }

    private boolean isNoWorse(double mean, List<Tally> tallies) {
        double floor = (mean - highest) * most;
        return floor >= 0 || wealth(floor, -1, mean, tallies).reached(beta);
    }

    private static Stakes wealth(double floor, int side, double mean, List<Tally> tallies) {
        var stakes = Stakes.NONE;
        for (var tally : tallies)
            stakes =
                    stakes.after(
                            floor,
                            Stakes.boldest(floor) / 2,
                            stake ->
                                    tally.sum((size, total) ->
                                            Math.log1p(side * stake * (total - mean * size))));
        return stakes;
    }

    /// About how many requests it takes until something is known, each of them 0 or 1 and an entity
    /// of its own: that the mean is above the limit, or that it is below. [Long#MAX_VALUE] where no
    /// number would do.
    ///
    /// @param mean per request
    public long needed(double mean) {
        boolean worse = mean > limit;
        int side = worse ? 1 : -1;
        double boldest = Stakes.boldest(worse ? (lowest - limit) * most : (limit - highest) * most);
        double wanted = -Math.log(worse ? alpha : beta);
        // The favourite held half of the wealth at the beginning, the others shared the rest.
        double needed = (wanted + Math.log(2)) / growth(side * boldest / 2, mean);
        double each = wanted + Math.log(2.0 * Stakes.BETTORS);
        for (int i = 0; i < Stakes.BETTORS; i++)
            needed = Math.min(needed, each / growth(side * boldest / (1L << i), mean));
        return needed < 1e15 ? (long) Math.ceil(needed) : Long.MAX_VALUE;
    }

    /// Of the logarithm of the wealth, by a request; 0 for one who loses.
    private double growth(double stake, double mean) {
        double won = mean * Math.log1p(stake * (1 - limit));
        return Math.max(0, won + (1 - mean) * Math.log1p(-stake * limit));
    }

    /// From how fast the better of the two wealths grew so far.
    private long needed(List<Tally> tallies) {
        double size = tallies.stream().mapToDouble(Tally::size).sum();
        double worse = wealth((lowest - limit) * most, 1, limit, tallies).highest();
        double noWorse = wealth((limit - highest) * most, -1, limit, tallies).highest();
        double shareOfWay = Math.max(worse / -Math.log(alpha), noWorse / -Math.log(beta));
        double needed = size / shareOfWay - size;
        return needed < 1e15 ? (long) Math.ceil(needed) : Long.MAX_VALUE;
    }
}
