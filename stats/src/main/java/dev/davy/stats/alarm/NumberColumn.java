package dev.davy.stats.alarm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/// A column of numbers.
///
/// Of each number counts its place among the reference's, not its size: so the tests keep their
/// level whatever the distribution is, lognormal too, where Welch's test at the levels that are
/// needed here is off by a factor of hundreds. Three scores: the rank (Wilcoxon 1945, Mann and
/// Whitney 1947), the rank as a normal number (van der Waerden 1952), which sees a shift of a
/// normal distribution as well as the t-test does, and the squared distance of the rank from the
/// middle (Mood 1954), which sees numbers spread out or draw together.
public final class NumberColumn implements Column {
    private static final int RANK = 0;
    private static final int NORMAL = 1;
    private static final int SPREAD = 2;
    private static final int USUAL = 3;

    /// Rank and normal score are correlated by 0.977 whatever the distribution, so at the levels
    /// needed either of them is that improbable 1.3 times as often as one alone, not twice.
    private static final double OF_SHIFT = 0.7 / 1.3;

    private static final double OF_SPREAD = 0.15;

    /// Where fewer rows than this are expected to differ from the usual value, they are counted.
    private static final int FEW = 30;

    // The reference's numbers, each once, ascending; and how many of all are smaller than each. The
    // last of these, one more than there are numbers, is how many there are.
    private final double[] numbers;
    private final long[] below;
    private final double usual;
    private final List<Baseline> baselines;
    private final Baseline missing;

    private NumberColumn(
            double[] numbers,
            long[] below,
            double usual,
            List<Baseline> baselines,
            Baseline missing) {
        this.numbers = numbers;
        this.below = below;
        this.usual = usual;
        this.baselines = baselines;
        this.missing = missing;
    }

    /// @param reference NaN where a row has no value
    public static NumberColumn of(double[] reference) {
        var sorted =
                Arrays.stream(reference).filter(each -> !Double.isNaN(each)).sorted().toArray();
        var numbers = new double[sorted.length];
        var counts = new long[sorted.length];
        int size = 0;
        for (double each : sorted) {
            if (size == 0 || numbers[size - 1] != each) numbers[size++] = each;
            counts[size - 1]++;
        }
        return of(
                Arrays.copyOf(numbers, size),
                Arrays.copyOf(counts, size),
                reference.length - sorted.length);
    }

    /// Of numbers that were counted. Numbers that were put together into ranges before, always the
    /// same ones, are ties: the tests keep their level, and see a little less.
    ///
    /// @param numbers ascending, each once
    /// @param counts how often each came, at least once
    /// @param absent rows without a value
    public static NumberColumn of(double[] numbers, long[] counts, long absent) {
        var below = new long[numbers.length + 1];
        for (int i = 0; i < numbers.length; i++) {
            if (i > 0 && !(numbers[i] > numbers[i - 1]) || counts[i] < 1)
                throw new IllegalArgumentException(
                        "%s, %d times, after %s".formatted(numbers[i], counts[i], numbers[i - 1]));
            below[i + 1] = below[i] + counts[i];
        }
        long size = below[numbers.length];
        if (size < 2)
            throw new IllegalArgumentException(
                    "a reference of %d numbers tells nothing".formatted(size));
        var bare =
                new NumberColumn(
                        numbers.clone(), below, mostOften(numbers, counts), List.of(), none(size));
        var baselines = new ArrayList<Baseline>();
        for (int score = RANK; score <= USUAL; score++) baselines.add(bare.baseline(score));
        double share = (double) absent / (size + absent);
        return new NumberColumn(
                bare.numbers,
                below,
                bare.usual,
                List.copyOf(baselines),
                new Baseline(share, share * (1 - share), size + absent, Wobble.NONE));
    }

    private static Baseline none(long size) {
        return new Baseline(0, 0, size, Wobble.NONE);
    }

    private static double mostOften(double[] numbers, long[] counts) {
        int best = 0;
        for (int i = 1; i < numbers.length; i++) if (counts[i] > counts[best]) best = i;
        return numbers[best];
    }

    private Baseline baseline(int score) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < numbers.length; i++) {
            double at = score(score, numbers[i]);
            long times = below[i + 1] - below[i];
            sum += at * times;
            squares += at * at * times;
        }
        double size = size();
        double mean = sum / size;
        // The variance of a population that this is a sample of, which ties make smaller.
        double variance = (squares / size - mean * mean) * size / (size - 1);
        return new Baseline(mean, Math.max(variance, 1e-12), size(), Wobble.NONE);
    }

    private double score(int score, double value) {
        double rank = rank(value);
        return switch (score) {
            case RANK -> rank;
            case NORMAL -> normal(rank);
            case SPREAD -> (rank - 0.5) * (rank - 0.5);
            default -> value == usual ? 1 : 0;
        };
    }

    /// The share of the reference that is smaller, equal numbers half: between 0 and 1.
    private double rank(double value) {
        int at = Arrays.binarySearch(numbers, value);
        if (at < 0) return (double) below[-at - 1] / size();
        return (below[at] + below[at + 1]) / 2.0 / size();
    }

    private double normal(double rank) {
        // Beyond the reference's ends a number counts as the end.
        double within = Math.clamp(rank, 0.5 / size(), 1 - 0.5 / size());
        return Normal.at(within);
    }

    /// What a window tells.
    ///
    /// @param values NaN where a row has no value
    public Evidence evidence(double[] values) {
        var sums = new double[USUAL + 1];
        long absent = 0;
        for (double value : values) {
            if (Double.isNaN(value)) absent++;
            else add(sums, value, 1);
        }
        return new Evidence(values.length, absent, sums);
    }

    /// The same of numbers that were counted.
    ///
    /// @param values each once, put together into the same ranges as the reference
    /// @param absent rows without a value
    public Evidence evidence(double[] values, long[] counts, long absent) {
        var sums = new double[USUAL + 1];
        long present = 0;
        for (int i = 0; i < values.length; i++) {
            add(sums, values[i], counts[i]);
            present += counts[i];
        }
        return new Evidence(present + absent, absent, sums);
    }

    private void add(double[] sums, double value, long times) {
        double rank = rank(value);
        sums[RANK] += times * rank;
        sums[NORMAL] += times * normal(rank);
        sums[SPREAD] += times * ((rank - 0.5) * (rank - 0.5));
        if (value == usual) sums[USUAL] += times;
    }

    @Override
    public List<Departure> tests(Pool pool) {
        var tests = new ArrayList<Departure>();
        tests.add(Departure.ofMissing(pool, missing));
        if (pool.present() == 0) return tests;
        double otherThanUsual = (1 - baselines.get(USUAL).mean()) * pool.present();
        if (otherThanUsual < FEW && baselines.get(USUAL).mean() > 0.5) {
            tests.add(
                    Departure.ofCount(
                            "the usual value",
                            (long) pool.evidence().sum(USUAL),
                            pool.present(),
                            pool,
                            baselines.get(USUAL),
                            1 - OF_MISSING,
                            LEAST_CHANGE));
            return tests;
        }
        tests.add(mean("level", pool, NORMAL, OF_SHIFT));
        tests.add(mean("rank", pool, RANK, OF_SHIFT));
        tests.add(mean("spread", pool, SPREAD, OF_SPREAD));
        return tests;
    }

    private Departure mean(String what, Pool pool, int score, double part) {
        return Departure.ofMean(what, pool, score, baselines.get(score), part, LEAST_SHIFT);
    }

    @Override
    public NumberColumn withHistory(List<Window> windows) {
        var learned = new ArrayList<Baseline>();
        for (int score = RANK; score <= USUAL; score++)
            learned.add(learned(baselines.get(score), windows, score));
        return new NumberColumn(
                numbers, below, usual, List.copyOf(learned), learned(missing, windows, -1));
    }

    static Baseline learned(Baseline baseline, List<Window> windows, int score) {
        return new Baseline(
                baseline.mean(),
                baseline.variance(),
                baseline.size(),
                Wobble.learned(windows, score, baseline.variance()));
    }

    @Override
    public long size() {
        return below[numbers.length];
    }

    /// Quantiles of the normal distribution, which take long to compute, between points of a grid.
    private static final class Normal {
        private static final int POINTS = 1 << 14;
        private static final double[] GRID = new double[POINTS + 1];

        static {
            var normal = NormalDistribution.of(0, 1);
            for (int i = 0; i <= POINTS; i++)
                GRID[i] =
                        normal.inverseCumulativeProbability(
                                Math.clamp((double) i / POINTS, 0.25 / POINTS, 1 - 0.25 / POINTS));
        }

        static double at(double share) {
            double place = share * POINTS;
            int below = Math.min((int) place, POINTS - 1);
            return GRID[below] + (place - below) * (GRID[below + 1] - GRID[below]);
        }
    }
}
