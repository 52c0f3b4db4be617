package dev.davy.stats.sequential;

import java.util.Arrays;
import java.util.TreeMap;

/// What came of one arm in one stretch of time: how many units there were of each size and total.
///
/// A unit is one entity, of which a few requests are counted ([Units]); its size is how many were
/// asked, its total how much harm they came to: errors, or the sum of values between 0 and 1.
/// Tallies of several nodes merge exactly, in any order.
public final class Tally {
    /// Of no units.
    public static final Tally NONE = new Tally(new double[0], new double[0], new long[0]);

    /// Totals that are not whole are rounded to this, so that few different ones are kept.
    public static final double GRID = 1.0 / 256;

    private final double[] sizes;
    private final double[] totals;
    private final long[] counts;

    private Tally(double[] sizes, double[] totals, long[] counts) {
        this.sizes = sizes;
        this.totals = totals;
        this.counts = counts;
    }

    /// Requests that are units of their own, of which some were errors.
    public static Tally ofRequests(long requests, long errors) {
        if (errors < 0 || errors > requests)
            throw new IllegalArgumentException(errors + " errors in " + requests + " requests");
        return of(1, 1, errors).merge(of(1, 0, requests - errors));
    }

    /// A number of units, all of one size and total.
    ///
    /// @param size how many requests were asked of each; at least 1
    /// @param total rounded to [#GRID]; below 0 in a paired comparison only
    public static Tally of(int size, double total, long count) {
        if (size < 1 || !Double.isFinite(total) || count < 0)
            throw new IllegalArgumentException(
                    "size %d, total %s, count %d".formatted(size, total, count));
        return count == 0
                ? NONE
                : new Tally(
                        new double[] {size},
                        new double[] {Math.rint(total / GRID) * GRID + 0.0},
                        new long[] {count});
    }

    /// So many of these.
    Tally times(long factor) {
        return new Tally(sizes, totals, Arrays.stream(counts).map(each -> each * factor).toArray());
    }

    /// Both as one.
    public Tally merge(Tally other) {
        if (counts.length == 0) return other;
        if (other.counts.length == 0) return this;
        int most = counts.length + other.counts.length;
        var size = new double[most];
        var total = new double[most];
        var count = new long[most];
        int all = 0;
        for (int i = 0, j = 0; i < counts.length || j < other.counts.length; all++) {
            int order = order(i, other, j);
            var from = order <= 0 ? this : other;
            int at = order <= 0 ? i : j;
            size[all] = from.sizes[at];
            total[all] = from.totals[at];
            count[all] = from.counts[at] + (order == 0 ? other.counts[j] : 0);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        return new Tally(
                Arrays.copyOf(size, all), Arrays.copyOf(total, all), Arrays.copyOf(count, all));
    }

    private int order(int i, Tally other, int j) {
        if (i == counts.length) return 1;
        if (j == other.counts.length) return -1;
        int bySize = Double.compare(sizes[i], other.sizes[j]);
        return bySize != 0 ? bySize : Double.compare(totals[i], other.totals[j]);
    }

    /// How many units.
    public long units() {
        return Arrays.stream(counts).sum();
    }

    /// How many requests were asked of them.
    public double size() {
        double size = 0;
        for (int i = 0; i < counts.length; i++) size += sizes[i] * counts[i];
        return size;
    }

    /// How much harm they came to.
    public double total() {
        double total = 0;
        for (int i = 0; i < counts.length; i++) total += totals[i] * counts[i];
        return total;
    }

    /// The sum over all units of a function of their size and total.
    double sum(Score score) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) sum += counts[i] * score.of(sizes[i], totals[i]);
        return sum;
    }

    @FunctionalInterface
    interface Score {
        double of(double size, double total);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tally tally
                && Arrays.equals(sizes, tally.sizes)
                && Arrays.equals(totals, tally.totals)
                && Arrays.equals(counts, tally.counts);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(sizes) + Arrays.hashCode(totals))
                + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        var sorted = new TreeMap<String, Long>();
        for (int i = 0; i < counts.length; i++)
            sorted.put("%.0f:%s".formatted(sizes[i], totals[i]), counts[i]);
        return sorted.toString();
    }
}
