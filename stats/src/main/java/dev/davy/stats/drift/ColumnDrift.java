package dev.davy.stats.drift;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// How one column of the current table differs from the reference's: how much, how surely, and
/// where. Missing values are a value like others here; what is missing can be seen apart.
///
/// @param cells the reference's deciles or the categories, and the missing values; a number that a
///   tenth of the reference is has a cell of its own
/// @param size how many of the rows would have to lie elsewhere: total variation over the cells, 0
///   to 1
/// @param test how likely such a difference is by chance: of numbers Kolmogorov and Smirnov's, of
///   categories Pearson's of independence, the rarest cells together until 5 are expected in each
/// @param missing whether the shares of missing values differ: Fisher's exact test where few are
///   missing, else z; empty where none are
/// @param others the same difference by other measures
public record ColumnDrift(
        Cells cells, double size, Drift test, List<Drift> missing, List<Drift> others) {
    private static final int BINS = 10;
    private static final double EXPECTED_MIN = 5;

    /// Up to how many pairs of numbers Kolmogorov and Smirnov's p-value is exact: its time grows
    /// with them.
    private static final double EXACT_PAIRS = 4_000_000;

    /// Up to how many missing values Fisher's test is asked.
    private static final double FEW = 1_000;

    public ColumnDrift {
        missing = List.copyOf(missing);
        others = List.copyOf(others);
    }

    /// The p-value of both tests, for the better of the two: twice the smaller (Bonferroni).
    public OptionalDouble pValue() {
        if (missing.isEmpty()) return test.pValue();
        double other = missing.getFirst().pValue().orElse(1);
        return test.pValue().isEmpty()
                ? OptionalDouble.of(other)
                : OptionalDouble.of(Math.min(1, 2 * Math.min(other, test.p())));
    }

    /// Of a column of numbers, at least one in each sample.
    ///
    /// @param reference finite numbers
    /// @param referenceMissing how many rows have none
    public static ColumnDrift ofNumbers(
            double[] reference, long referenceMissing, double[] current, long currentMissing) {
        return ofNumbers(
                Drawn.all(reference), referenceMissing, Drawn.all(current), currentMissing);
    }

    /// Of a column of numbers, too many to be held: some of them stand for all, which the
    /// definition of every result tells. What is missing is counted exactly.
    ///
    /// @param reference finite numbers, at least one
    /// @param referenceMissing of all rows
    public static ColumnDrift ofNumbers(
            Drawn reference, long referenceMissing, Drawn current, long currentMissing) {
        var drift =
                ofNumbers(
                        reference.values(),
                        reference.each(),
                        referenceMissing,
                        current.values(),
                        current.each(),
                        currentMissing);
        var drawn = Drawn.definition(reference, current);
        return drawn.isEmpty()
                ? drift
                : new ColumnDrift(
                        drift.cells(),
                        drift.size(),
                        drift.test().with(drawn),
                        drift.missing(),
                        drift.others().stream().map(each -> each.with(drawn)).toList());
    }

    private static ColumnDrift ofNumbers(
            double[] reference,
            double referenceEach,
            long referenceMissing,
            double[] current,
            double currentEach,
            long currentMissing) {
        // Beyond the reference's ends is in no bin, and that is where much of a drift goes.
        var cells =
                Cells.deciles(reference, current, BINS)
                        .times(referenceEach, currentEach)
                        .with(Cells.MISSING, (double) referenceMissing, (double) currentMissing);
        return of(
                cells,
                RankTests.kolmogorovSmirnov(
                        reference, current, RankTests.Side.EITHER, method(reference, current)),
                referenceMissing,
                currentMissing,
                List.of(
                        Samples.wassersteinOverDeviation(reference, current, 1e-12),
                        Distances.psi(cells, Zeros.usual()),
                        Distances.jensenShannonDistance(cells, 2)));
    }

    /// Exact where that takes no longer than reading the numbers did.
    private static RankTests.Method method(double[] reference, double[] current) {
        return (double) reference.length * current.length <= EXACT_PAIRS
                ? RankTests.Method.EXACT
                : RankTests.Method.ASYMPTOTIC;
    }

    /// Of a column of categories.
    public static ColumnDrift ofCategories(
            Map<String, Long> reference,
            long referenceMissing,
            Map<String, Long> current,
            long currentMissing) {
        var present = Cells.of(reference, current);
        var cells = present.with(Cells.MISSING, (double) referenceMissing, (double) currentMissing);
        return of(
                cells,
                CountTests.independence(together(present), false),
                referenceMissing,
                currentMissing,
                List.of(
                        CountTests.cramersV(cells),
                        Distances.psi(cells, Zeros.usual()),
                        Distances.jensenShannonDistance(cells, 2)));
    }

    private static ColumnDrift of(
            Cells cells,
            Drift test,
            long referenceMissing,
            long currentMissing,
            List<Drift> others) {
        return new ColumnDrift(
                cells,
                Distances.totalVariation(cells).value(),
                test,
                missing(cells, referenceMissing, currentMissing),
                others);
    }

    private static List<Drift> missing(Cells cells, long inReference, long inCurrent) {
        if (inReference + inCurrent == 0) return List.of();
        var shares = new LinkedHashMap<String, Long>();
        shares.put("missing", inReference);
        shares.put("there", Math.round(cells.referenceTotal()) - inReference);
        var current = new LinkedHashMap<String, Long>();
        current.put("missing", inCurrent);
        current.put("there", Math.round(cells.currentTotal()) - inCurrent);
        var both = Cells.of(shares, current);
        return List.of(
                inReference + inCurrent <= FEW ? CountTests.fisher(both) : CountTests.z(both, 0));
    }

    /// The rarest categories as one, until 5 are expected of each in either sample.
    private static Cells together(Cells cells) {
        double n = cells.referenceTotal();
        double m = cells.currentTotal();
        double least = EXPECTED_MIN * (n + m) / Math.min(n, m);
        var rare =
                IntStream.range(0, cells.size())
                        .filter(i -> cells.reference(i) + cells.current(i) < least)
                        .toArray();
        if (rare.length < 2) return cells;
        var reference = new LinkedHashMap<String, Double>();
        var current = new LinkedHashMap<String, Double>();
        for (int i = 0; i < cells.size(); i++) {
            boolean isRare = cells.reference(i) + cells.current(i) < least;
            var name = isRare ? "(rare)" : cells.names().get(i);
            reference.merge(name, cells.reference(i), Double::sum);
            current.merge(name, cells.current(i), Double::sum);
        }
        return Cells.of(reference, current);
    }
}
