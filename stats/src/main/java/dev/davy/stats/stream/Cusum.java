package dev.davy.stats.stream;

import java.util.Map;

/// The cumulated sum of deviations from a known mean, both ways (Page 1954). Where the numbers have
/// the standard deviation 1, slack 0.5 and limit 5 see a shift by 1 after about 10 numbers, and
/// give a false alarm in about 465 (Montgomery, Introduction to Statistical Quality Control).
public final class Cusum implements Detector {
    private final double mean;
    private final double slack;
    private final double limit;
    private double high;
    private double low;
    private boolean changed;

    /// @param mean what the numbers should be around
    /// @param slack what each number may be off for nothing, in their unit
    /// @param limit what the sum may reach
    public Cusum(double mean, double slack, double limit) {
        if (!(slack >= 0 && limit > 0) || !Double.isFinite(mean))
            throw new IllegalArgumentException(
                    "mean %s, slack %s, limit %s".formatted(mean, slack, limit));
        this.mean = mean;
        this.slack = slack;
        this.limit = limit;
    }

    @Override
    public Signal add(double number) {
        if (changed) {
            high = 0;
            low = 0;
        }
        high = Math.max(0, high + number - mean - slack);
        low = Math.max(0, low + mean - number - slack);
        changed = high > limit || low > limit;
        return changed ? Signal.CHANGE : Signal.QUIET;
    }

    /// How far above the mean the numbers have added up to.
    public double high() {
        return high;
    }

    /// How far below.
    public double low() {
        return low;
    }

    @Override
    public Map<String, Object> definition() {
        return Map.of("detector", "CUSUM", "mean", mean, "slack", slack, "limit", limit);
    }
}
