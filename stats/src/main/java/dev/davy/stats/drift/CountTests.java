package dev.davy.stats.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.inference.FisherExactTest;

/// Whether two sets of counts come from one source.
public final class CountTests {
    private static final String DF = "degrees of freedom";

    /// Below this many cells Cochran's rule is asked for, above it Yates'.
    private static final int FEW = 2;

    private CountTests() {}

    /// Pearson's test of goodness of fit: the reference's shares taken as known (Pearson 1900). A
    /// category that the reference never had is impossible, so the statistic is infinite.
    ///
    /// @param ddof how many degrees of freedom are taken off k − 1, k the number of cells
    public static Drift goodnessOfFit(Cells cells, int ddof) {
        return goodnessOfFit(cells, cells.currentTotal() / cells.referenceTotal(), ddof);
    }

    /// @param scale by which the reference's counts become the expected ones
    private static Drift goodnessOfFit(Cells cells, double scale, int ddof) {
        double sum = 0;
        int used = 0;
        for (int i = 0; i < cells.size(); i++) {
            double expected = cells.reference(i) * scale;
            double observed = cells.current(i);
            if (expected == 0 && observed == 0) continue;
            used++;
            sum +=
                    expected == 0
                            ? Double.POSITIVE_INFINITY
                            : (observed - expected) * (observed - expected) / expected;
        }
        int df = used - 1 - ddof;
        return Drift.test(
                "chi-square-fit",
                sum,
                chiSquare(sum, df),
                cells,
                Map.of(DF, df, "expected", "reference counts scaled to the current size"));
    }

    /// Pearson's test of independence of the two rows of counts, both taken as samples.
    ///
    /// @param yates whether 2 × 2 tables are corrected for continuity (Yates 1934)
    public static Drift independence(Cells cells, boolean yates) {
        double n = cells.referenceTotal();
        double m = cells.currentTotal();
        var used = new ArrayList<Integer>();
        for (int i = 0; i < cells.size(); i++)
            if (cells.reference(i) + cells.current(i) > 0) used.add(i);
        boolean corrected = yates && used.size() == 2;
        double sum = 0;
        for (int i : used) {
            double column = cells.reference(i) + cells.current(i);
            sum += term(cells.reference(i), column * n / (n + m), corrected);
            sum += term(cells.current(i), column * m / (n + m), corrected);
        }
        int df = used.size() - 1;
        return Drift.test(
                "chi-square-independence",
                sum,
                chiSquare(sum, df),
                cells,
                Map.of(DF, df, "yates", corrected));
    }

    private static double term(double observed, double expected, boolean corrected) {
        double gap = Math.abs(observed - expected);
        if (corrected) gap -= Math.min(0.5, gap);
        return gap * gap / expected;
    }

    /// [#goodnessOfFit] after the rarest cells were put together until the expected counts are
    /// large enough: of two cells both at least `cochranMin` (Cochran 1952), of more at most a
    /// share of the cells below `yatesMin` (Moore and McCabe 1999). Only current counts of cells
    /// that the reference has are scaled to; a current cell that it has not counts nowhere (Deequ).
    public static Drift regrouped(
            Cells cells, double yatesMin, double yatesShare, double cochranMin) {
        double known = 0;
        for (int i = 0; i < cells.size(); i++)
            if (cells.reference(i) > 0) known += cells.current(i);
        double scale = known / cells.referenceTotal();
        var expected = new ArrayList<Double>();
        var observed = new ArrayList<Double>();
        for (int i = 0; i < cells.size(); i++) {
            if (cells.reference(i) == 0) continue;
            expected.add(cells.reference(i) * scale);
            observed.add(cells.current(i));
        }
        while (tooFew(expected, yatesMin, yatesShare, cochranMin)) {
            int least = least(expected);
            double e = expected.remove(least);
            double o = observed.remove(least);
            int next = least(expected);
            expected.set(next, expected.get(next) + e);
            observed.set(next, observed.get(next) + o);
        }
        double sum = Double.NaN;
        int df = expected.size() - 1;
        if (df >= 1) {
            sum = 0;
            for (int i = 0; i <= df; i++) {
                double gap = observed.get(i) - expected.get(i);
                sum += gap * gap / expected.get(i);
            }
        }
        return Drift.test(
                "chi-square-regrouped",
                sum,
                df >= 1 ? chiSquare(sum, df) : Double.NaN,
                cells,
                Map.of(
                        DF,
                        df,
                        "least expected",
                        yatesMin,
                        "share that may have less",
                        yatesShare,
                        "least expected of two",
                        cochranMin));
    }

    private static boolean tooFew(
            List<Double> expected, double yatesMin, double yatesShare, double cochranMin) {
        if (expected.size() < FEW) return false;
        boolean two = expected.size() == FEW;
        double min = two ? cochranMin : yatesMin;
        int allowed = two ? 0 : (int) (yatesShare * expected.size());
        return expected.stream().filter(each -> each < min).count() > allowed;
    }

    private static int least(List<Double> values) {
        int least = 0;
        for (int i = 1; i < values.size(); i++) if (values.get(i) < values.get(least)) least = i;
        return least;
    }

    /// The likelihood-ratio test: 2 Σ observed ln(observed / expected) (Wilks 1938; Sokal and Rohlf
    /// 1981).
    ///
    /// @param scaled whether the reference's counts are scaled to the current size first, as they
    ///   should be; Evidently does not, which is right for equal sizes only
    public static Drift g(Cells cells, boolean scaled) {
        double scale = scaled ? cells.currentTotal() / cells.referenceTotal() : 1;
        double sum = 0;
        int used = 0;
        for (int i = 0; i < cells.size(); i++) {
            double expected = cells.reference(i) * scale;
            double observed = cells.current(i);
            if (expected == 0 && observed == 0) continue;
            used++;
            if (observed > 0) sum += observed * Math.log(observed / expected);
        }
        int df = used - 1;
        return Drift.test(
                "g", 2 * sum, chiSquare(2 * sum, df), cells, Map.of(DF, df, "scaled", scaled));
    }

    /// Fisher's exact test of a 2 × 2 table: the probability of all tables with the same margins
    /// that are no more likely (Fisher 1922). The statistic is the odds ratio ad / bc.
    public static Drift fisher(Cells cells) {
        if (cells.size() != 2)
            throw new IllegalArgumentException(
                    "Fisher's test takes 2 categories, not " + cells.size());
        return fisher(
                new int[][] {
                    {whole(cells.current(0)), whole(cells.current(1))},
                    {whole(cells.reference(0)), whole(cells.reference(1))}
                });
    }

    /// @param table 2 × 2
    static Drift fisher(int[][] table) {
        int current = table[0][0] + table[0][1];
        int reference = table[1][0] + table[1][1];
        double odds = (double) table[0][0] * table[1][1] / ((double) table[0][1] * table[1][0]);
        // With an empty row or column there is one table only.
        boolean one =
                current == 0
                        || reference == 0
                        || table[0][0] + table[1][0] == 0
                        || table[0][1] + table[1][1] == 0;
        double p = one ? 1 : FisherExactTest.withDefaults().test(table).getPValue();
        return Drift.test("fisher", odds, p, reference, current, Map.of("sides", "two"));
    }

    private static int whole(double count) {
        if (count != Math.rint(count) || count > Integer.MAX_VALUE)
            throw new IllegalArgumentException("an exact test takes whole counts, not " + count);
        return (int) count;
    }

    /// Whether two shares are equal: their difference over its standard deviation under one common
    /// share (pooled, two sides).
    ///
    /// @param cell whose share
    public static Drift z(Cells cells, int cell) {
        double n = cells.referenceTotal();
        double m = cells.currentTotal();
        double common = (cells.reference(cell) + cells.current(cell)) / (n + m);
        double spread = Math.sqrt(common * (1 - common) * (1 / n + 1 / m));
        double gap = cells.referenceShare(cell) - cells.currentShare(cell);
        double z = spread == 0 ? 0 : gap / spread;
        return Drift.test(
                "z-of-shares",
                z,
                twoSided(z),
                cells,
                Map.of("variance", "pooled", "sides", "two", "share of", cells.names().get(cell)));
    }

    /// Cramér's V corrected for bias: 0 to 1 (Bergsma 2013). The larger sample is scaled down to
    /// the smaller one's size first, rounded to whole counts, so that the size does not matter
    /// (Deepchecks).
    public static Drift cramersV(Cells cells) {
        double n = cells.referenceTotal();
        double m = cells.currentTotal();
        double size = Math.min(n, m);
        var reference = new double[cells.size()];
        var current = new double[cells.size()];
        for (int i = 0; i < cells.size(); i++) {
            reference[i] = n > size ? Math.rint(cells.reference(i) * size / n) : cells.reference(i);
            current[i] = m > size ? Math.rint(cells.current(i) * size / m) : cells.current(i);
        }
        var scaled = Cells.of(cells.names(), reference, current);
        double total = scaled.referenceTotal() + scaled.currentTotal();
        int k = 0;
        for (int i = 0; i < scaled.size(); i++)
            if (scaled.reference(i) + scaled.current(i) > 0) k++;
        double value = 0;
        if (k > 1) {
            double phi = independence(scaled, true).value() / total;
            double corrected = Math.max(0, phi - (k - 1) / (total - 1));
            double columns = k - (k - 1.0) * (k - 1.0) / (total - 1);
            double rows = 2 - 1 / (total - 1);
            value = Math.sqrt(corrected / Math.min(columns - 1, rows - 1));
        }
        return Drift.distance(
                "cramers-v", value, cells, Map.of("correction", "Bergsma", "yates", k == 2));
    }

    static double chiSquare(double statistic, double df) {
        if (!(df > 0)) return Double.NaN;
        if (statistic == Double.POSITIVE_INFINITY) return 0;
        return ChiSquaredDistribution.of(df).survivalProbability(statistic);
    }

    static double twoSided(double z) {
        return Math.min(1, 2 * NormalDistribution.of(0, 1).survivalProbability(Math.abs(z)));
    }
}
