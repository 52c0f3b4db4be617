package dev.davy.stats.drift;

import java.util.Map;

/// How far two sets of shares lie apart. Distances have no p-value: how large one is by chance
/// depends on the sizes of the samples and the number of cells.
public final class Distances {
    private static final String BASE = "base";
    private static final String ZEROS = "zeros";

    private Distances() {}

    /// Population stability index: the sum of (p − q) ln(p / q), of the reference's shares p and
    /// the current ones q (Lewis 1994, An Introduction to Credit Scoring). It is the symmetric form
    /// of Kullback and Leibler.
    public static Drift psi(Cells cells, Zeros zeros) {
        var p = zeros.applied(cells.referenceShares());
        var q = zeros.applied(cells.currentShares());
        double sum = 0;
        for (int i = 0; i < p.length; i++)
            if (p[i] != q[i]) sum += (p[i] - q[i]) * Math.log(p[i] / q[i]);
        return Drift.distance("psi", sum, cells, Map.of(BASE, "e", ZEROS, zeros.words()));
    }

    /// Kullback-Leibler divergence of the current shares from the reference's: the sum of p log(p /
    /// q), both scaled to the sum 1 after the rule for zeros (Kullback and Leibler 1951).
    ///
    /// @param base of the logarithm: 2 for bits, `Math.E` for nats
    public static Drift kullbackLeibler(Cells cells, Zeros zeros, double base) {
        var p = scaled(zeros.applied(cells.referenceShares()));
        var q = scaled(zeros.applied(cells.currentShares()));
        return Drift.distance(
                "kullback-leibler",
                divergence(p, q) / Math.log(base),
                cells,
                Map.of(
                        BASE,
                        name(base),
                        ZEROS,
                        zeros.words(),
                        "direction",
                        "reference to current"));
    }

    /// Jensen-Shannon divergence: the mean divergence of both from their mixture; 0 to 1 in base 2
    /// (Lin 1991).
    public static Drift jensenShannonDivergence(Cells cells, double base) {
        return Drift.distance(
                "jensen-shannon-divergence",
                jensenShannon(cells) / Math.log(base),
                cells,
                Map.of(BASE, name(base), ZEROS, "none needed"));
    }

    /// The square root of [#jensenShannonDivergence], which is a metric (Endres and Schindelin
    /// 2003). Tools call either of them Jensen-Shannon.
    public static Drift jensenShannonDistance(Cells cells, double base) {
        return Drift.distance(
                "jensen-shannon-distance",
                Math.sqrt(jensenShannon(cells) / Math.log(base)),
                cells,
                Map.of(BASE, name(base), ZEROS, "none needed"));
    }

    /// Hellinger's distance: sqrt(1 − Σ sqrt(p q)), 0 to 1 (Hellinger 1909).
    public static Drift hellinger(Cells cells) {
        var p = cells.referenceShares();
        var q = cells.currentShares();
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double gap = Math.sqrt(p[i]) - Math.sqrt(q[i]);
            sum += gap * gap;
        }
        // Of the sum of gaps: 1 - Σ sqrt(p q) loses all digits where they are nearly equal.
        return Drift.distance("hellinger", Math.sqrt(sum / 2), cells, Map.of());
    }

    /// Total variation: half of the sum of |p − q|, the share of rows that would have to change.
    public static Drift totalVariation(Cells cells) {
        double sum = 0;
        for (int i = 0; i < cells.size(); i++)
            sum += Math.abs(cells.referenceShare(i) - cells.currentShare(i));
        return Drift.distance("total-variation", sum / 2, cells, Map.of());
    }

    /// The largest |p − q| (Breck et al. 2019, Data Validation for Machine Learning).
    public static Drift lInfinity(Cells cells) {
        return Drift.distance("l-infinity", largest(cells), cells, Map.of());
    }

    /// [#lInfinity] less what chance makes of samples of these sizes: c sqrt((n + m) / (n m)), not
    /// below 0 (Deequ).
    ///
    /// @param c 1.8 by Deequ's default, or [#critical]
    public static Drift lInfinityRobust(Cells cells, double c) {
        double n = cells.referenceTotal();
        double m = cells.currentTotal();
        return Drift.distance(
                "l-infinity-robust",
                Math.max(0, largest(cells) - c * Math.sqrt((n + m) / (n * m))),
                cells,
                Map.of("c", c));
    }

    /// c of Kolmogorov and Smirnov's two-sample bound: sqrt(−ln(α / 2) / 2).
    public static double critical(double alpha) {
        return Math.sqrt(-Math.log(alpha / 2) / 2);
    }

    /// The largest difference of the amounts themselves, over the sum of all amounts (TensorFlow
    /// Data Validation).
    public static Drift normalisedDifference(Cells cells) {
        double largest = 0;
        for (int i = 0; i < cells.size(); i++)
            largest = Math.max(largest, Math.abs(cells.reference(i) - cells.current(i)));
        double total = cells.referenceTotal() + cells.currentTotal();
        return Drift.distance(
                "normalised-difference",
                largest / total,
                cells,
                Map.of("denominator", "sum of both totals"));
    }

    private static double largest(Cells cells) {
        double largest = 0;
        for (int i = 0; i < cells.size(); i++)
            largest = Math.max(largest, Math.abs(cells.referenceShare(i) - cells.currentShare(i)));
        return largest;
    }

    static double jensenShannon(Cells cells) {
        return jensenShannon(cells.referenceShares(), cells.currentShares());
    }

    /// In nats.
    static double jensenShannon(double[] p, double[] q) {
        var mixed = new double[p.length];
        for (int i = 0; i < p.length; i++) mixed[i] = (p[i] + q[i]) / 2;
        return Math.max(0, (divergence(p, mixed) + divergence(q, mixed)) / 2);
    }

    private static double divergence(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) if (p[i] > 0) sum += p[i] * Math.log(p[i] / q[i]);
        return sum;
    }

    private static double[] scaled(double[] shares) {
        double sum = 0;
        for (double share : shares) sum += share;
        var scaled = new double[shares.length];
        for (int i = 0; i < shares.length; i++) scaled[i] = shares[i] / sum;
        return scaled;
    }

    private static String name(double base) {
        return base == Math.E ? "e" : base == Math.rint(base) ? "" + (long) base : "" + base;
    }
}
