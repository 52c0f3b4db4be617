package dev.davy.stats.stream;

import java.util.Map;

/// How far a stream has wandered from its own mean, all distances added up (Page 1954; Hinkley
/// 1971), older ones fading.
public final class PageHinkley implements Detector {
    /// Which way the mean may move.
    public enum Direction {
        UP,
        DOWN,
        BOTH,
        /// Up, by the sum that never falls below 0: river's before 0.9.
        UP_FROM_ZERO
    }

    /// @param countMin how many numbers must have come
    /// @param delta how far each number may be off for nothing
    /// @param threshold how large the sum may grow
    /// @param alpha by what the sum fades with each number; 1 for never
    public record Settings(
            int countMin, double delta, double threshold, double alpha, Direction direction) {
        public static final Settings DEFAULT = new Settings(30, 0.005, 50, 0.9999, Direction.BOTH);

        public Settings {
            if (countMin < 0 || !(delta >= 0 && threshold > 0 && alpha > 0 && alpha <= 1))
                throw new IllegalArgumentException(
                        "count %d, delta %s, threshold %s, alpha %s"
                                .formatted(countMin, delta, threshold, alpha));
        }
    }

    private final Settings settings;
    private long count;
    private double mean;
    private double up;
    private double upMin;
    private double down;
    private double downMax;
    private boolean changed;

    public PageHinkley(Settings settings) {
        this.settings = settings;
        begin();
    }

    private void begin() {
        count = 0;
        mean = 0;
        up = 0;
        down = 0;
        upMin = Double.POSITIVE_INFINITY;
        downMax = Double.NEGATIVE_INFINITY;
        changed = false;
    }

    @Override
    public Signal add(double number) {
        if (changed) begin();
        count++;
        mean += (number - mean) / count;
        double gap = number - mean;
        if (settings.direction == Direction.UP_FROM_ZERO) {
            up = Math.max(0, settings.alpha * up + gap - settings.delta);
            // It began to count at 1.
            changed = count + 1 >= settings.countMin && up >= settings.threshold;
            return changed ? Signal.CHANGE : Signal.QUIET;
        }
        up = settings.alpha * up + gap - settings.delta;
        down = settings.alpha * down + gap + settings.delta;
        upMin = Math.min(upMin, up);
        downMax = Math.max(downMax, down);
        if (count >= settings.countMin) {
            boolean rose = up - upMin > settings.threshold;
            boolean fell = downMax - down > settings.threshold;
            changed =
                    switch (settings.direction) {
                        case UP, UP_FROM_ZERO -> rose;
                        case DOWN -> fell;
                        case BOTH -> rose || fell;
                    };
        }
        return changed ? Signal.CHANGE : Signal.QUIET;
    }

    @Override
    public Map<String, Object> definition() {
        return Map.of(
                "detector", "Page-Hinkley",
                "count-min", settings.countMin,
                "delta", settings.delta,
                "threshold", settings.threshold,
                "alpha", settings.alpha,
                "direction", settings.direction);
    }
}
