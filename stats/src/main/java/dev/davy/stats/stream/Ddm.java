package dev.davy.stats.stream;

import java.util.Map;

/// A model's error rate against the best that it had: DDM (Gama, Medas, Castillo and Rodrigues
/// 2004, Learning with Drift Detection).
public final class Ddm implements Detector {
    /// @param warmStart how many numbers only teach
    /// @param warning in standard deviations above the best rate
    /// @param change likewise
    public record Settings(int warmStart, double warning, double change) {
        public static final Settings DEFAULT = new Settings(30, 2, 3);

        public Settings {
            if (warmStart < 0 || !(warning > 0 && change > 0))
                throw new IllegalArgumentException(
                        "warm start %d, warning %s, change %s"
                                .formatted(warmStart, warning, change));
        }
    }

    private final Settings settings;
    private long count;
    private double rate;
    private double bestRate;
    private double bestDeviation;
    private boolean changed;

    public Ddm(Settings settings) {
        this.settings = settings;
        begin();
    }

    private void begin() {
        count = 0;
        rate = 0;
        bestRate = Double.POSITIVE_INFINITY;
        bestDeviation = Double.POSITIVE_INFINITY;
        changed = false;
    }

    @Override
    public Signal add(double error) {
        if (changed) begin();
        count++;
        rate += (error - rate) / count;
        double deviation = Math.sqrt(Math.max(0, rate * (1 - rate)) / count);
        if (count <= settings.warmStart) return Signal.QUIET;
        double now = rate + deviation;
        if (now <= bestRate + bestDeviation) {
            bestRate = rate;
            bestDeviation = deviation;
        }
        changed = now > bestRate + settings.change * bestDeviation;
        if (changed) return Signal.CHANGE;
        return now > bestRate + settings.warning * bestDeviation ? Signal.WARNING : Signal.QUIET;
    }

    @Override
    public Map<String, Object> definition() {
        return Map.of(
                "detector", "DDM",
                "warm-start", settings.warmStart,
                "warning", settings.warning,
                "change", settings.change);
    }
}
