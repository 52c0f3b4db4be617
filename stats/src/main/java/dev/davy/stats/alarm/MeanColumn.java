package dev.davy.stats.alarm;

import java.util.List;

/// A column of which only the mean is known, such as an error or what a prediction was worth.
///
/// The mean of a window is taken to be near to normal. That holds for bounded numbers and some
/// hundred rows; numbers of which one in thousands is huge ring more often than is paid for.
public final class MeanColumn implements Column {
    private final Baseline baseline;
    private final Side side;

    private MeanColumn(Baseline baseline, Side side) {
        this.baseline = baseline;
        this.side = side;
    }

    /// @param size rows of the reference, at least 2
    /// @param variance from row to row
    /// @param side on which it is harm
    public static MeanColumn of(long size, double mean, double variance, Side side) {
        if (size < 2 || !Double.isFinite(mean) || !(variance >= 0))
            throw new IllegalArgumentException(
                    "%d rows of mean %s and variance %s".formatted(size, mean, variance));
        return new MeanColumn(
                new Baseline(mean, Math.max(variance, 1e-12), size, Wobble.NONE), side);
    }

    /// What a window tells.
    ///
    /// @param sum of its numbers
    public Evidence evidence(long rows, double sum) {
        return new Evidence(rows, 0, new double[] {sum});
    }

    @Override
    public List<Departure> tests(Pool pool) {
        if (pool.present() == 0) return List.of();
        return List.of(Departure.ofMean("mean", pool, 0, baseline, 1, LEAST_SHIFT).to(side));
    }

    @Override
    public MeanColumn withHistory(List<Window> windows) {
        return new MeanColumn(NumberColumn.learned(baseline, windows, 0), side);
    }

    @Override
    public long size() {
        return baseline.size();
    }
}
