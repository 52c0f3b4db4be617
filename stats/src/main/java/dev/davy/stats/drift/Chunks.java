package dev.davy.stats.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// Rules over a series of values, one a chunk of rows.
public final class Chunks {
    private Chunks() {}

    /// A value of a series as [#online] judged it.
    ///
    /// @param mean of what came so far, this value among it
    /// @param deviation likewise, of the population
    public record Judged(double mean, double deviation, boolean anomaly) {}

    /// The sizes of chunks of rows, all n / parts long but for a rest, which is a chunk of its own
    /// (NannyML, with 10 parts). Of fewer rows than parts each is a chunk.
    public static List<Integer> sizes(int rows, int parts) {
        int size = Math.max(1, rows / parts);
        var sizes = new ArrayList<Integer>();
        for (int from = 0; from < rows; from += size) sizes.add(Math.min(size, rows - from));
        return sizes;
    }

    /// Values below the mean of what came before by more than `lower` deviations, or above it by
    /// more than `upper` (Deequ). The first values only teach.
    ///
    /// @param lower in deviations; empty for no bound
    /// @param skipped the share of the series that cannot be an anomaly, from its start
    /// @param excluded whether an anomaly is forgotten, so that it does not widen the bounds
    public static List<Judged> online(
            double[] series,
            OptionalDouble lower,
            OptionalDouble upper,
            double skipped,
            boolean excluded) {
        var judged = new ArrayList<Judged>();
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < series.length; i++) {
            double value = series[i];
            // By the value's place in the series, anomalies before it counted too, as Deequ does.
            double next = i == 0 ? value : mean + (value - mean) / (i + 1);
            double more = squares + (value - mean) * (value - next);
            double deviation = Math.sqrt(more / (i + 1));
            boolean high = upper.isPresent() && value > next + upper.getAsDouble() * deviation;
            boolean low = lower.isPresent() && value < next - lower.getAsDouble() * deviation;
            boolean anomaly = i >= series.length * skipped && (high || low);
            if (!(anomaly && excluded)) {
                mean = next;
                squares = more;
                judged.add(new Judged(next, deviation, anomaly));
            } else judged.add(new Judged(next, deviation, true));
        }
        return judged;
    }

    /// `from` less, or plus, so many standard deviations (of the population) of the values, without
    /// those that are NaN (NannyML's threshold, with 3).
    public static double threshold(double[] values, double from, double deviations) {
        var known = java.util.Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
        return from + deviations * Samples.deviation(known, 0);
    }
}
