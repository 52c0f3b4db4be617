package dev.davy.stats.sequential;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// How many of one arm's requests took how long, or were how large: counts in ranges that grow by 1
/// %, so they merge exactly. Of each entity the first request of the stretch counts, and no other.
public final class Durations {
    /// Of nothing.
    public static final Durations NONE = new Durations(new TreeMap<>());

    private static final double LOG_WIDTH = Math.log(1.01);

    private final NavigableMap<Integer, Long> counts;

    private Durations(NavigableMap<Integer, Long> counts) {
        this.counts = counts;
    }

    /// @param values in any unit, above 0
    public static Durations of(Collection<Double> values) {
        var counts = new TreeMap<Integer, Long>();
        for (double value : values) counts.merge(range(value), 1L, Long::sum);
        return new Durations(counts);
    }

    /// The same again.
    ///
    /// @param counts by [#range], as [#counts] gives them
    public static Durations ofCounts(Map<Integer, Long> counts) {
        for (long count : counts.values())
            if (count < 0) throw new IllegalArgumentException("counts are " + counts);
        return new Durations(new TreeMap<>(counts));
    }

    /// How many there are in each [#range].
    public NavigableMap<Integer, Long> counts() {
        return Collections.unmodifiableNavigableMap(counts);
    }

    /// The range that a value falls into.
    public static int range(double value) {
        if (!(value > 0) || Double.isInfinite(value))
            throw new IllegalArgumentException("value is " + value + "; it must be above 0");
        return (int) Math.floor(Math.log(value) / LOG_WIDTH);
    }

    /// Both as one.
    public Durations merge(Durations other) {
        var both = new TreeMap<>(counts);
        for (var each : other.counts.entrySet())
            both.merge(each.getKey(), each.getValue(), Long::sum);
        return new Durations(both);
    }

    public long count() {
        return sum(counts);
    }

    /// The value below which a share of them lies, rounded up by at most 1 %; empty where there are
    /// none.
    public OptionalDouble quantile(double share) {
        double rank = share * count();
        long below = 0;
        for (var each : counts.entrySet()) {
            below += each.getValue();
            if (below >= rank) return OptionalDouble.of(Math.exp((each.getKey() + 1) * LOG_WIDTH));
        }
        return OptionalDouble.empty();
    }

    /// Beyond which a share of the values lies, exactly: values in the range where it lies count in
    /// part, as many as it takes. Where many values are alike, nothing that counts them wholly or
    /// not at all lies at that level.
    ///
    /// @param part of the values in the range that count
    record Threshold(int range, double part) {
        double value() {
            return Math.exp((range + 1) * LOG_WIDTH);
        }
    }

    /// Where the share of the values that lie beyond is one less the level.
    Optional<Threshold> threshold(double level) {
        long all = count();
        long upTo = 0;
        for (var each : counts.entrySet()) {
            upTo += each.getValue();
            if (upTo < level * all) continue;
            double part = ((1 - level) * all - (all - upTo)) / each.getValue();
            return Optional.of(new Threshold(each.getKey(), Math.clamp(part, 0, 1)));
        }
        return Optional.empty();
    }

    /// How much of them lies beyond a threshold, as a rate.
    Tally beyond(Threshold threshold) {
        long above = sum(counts.tailMap(threshold.range(), false));
        long at = counts.getOrDefault(threshold.range(), 0L);
        return Tally.ofRequests(count() - at, above).merge(Tally.of(1, threshold.part(), at));
    }

    /// How many were longer, as a rate.
    ///
    /// @param value moved by less than 1 % to the end of its range
    /// @param up to the upper end or to the lower one
    Tally longerThan(double value, boolean up) {
        // A value that was an end of a range stays it, whatever its last digit.
        double range = Math.log(value) / LOG_WIDTH;
        double end = up ? Math.ceil(range - 1e-6) : Math.floor(range + 1e-6);
        return Tally.ofRequests(count(), sum(counts.tailMap((int) end, true)));
    }

    private static long sum(Map<Integer, Long> counts) {
        long sum = 0;
        for (long each : counts.values()) sum += each;
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Durations durations && counts.equals(durations.counts);
    }

    @Override
    public int hashCode() {
        return counts.hashCode();
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
