package dev.davy.stats.stream;

import java.util.Map;

/// How far apart a model's errors come, against the farthest that they did: EDDM (Baena-García et
/// al. 2006, Early Drift Detection Method). It sees slow changes sooner than [Ddm].
public final class Eddm implements Detector {
    /// @param warmStart how many errors only teach
    /// @param warning the share of the farthest distance below which it warns
    /// @param change likewise, no greater
    public record Settings(int warmStart, double warning, double change) {
        public static final Settings DEFAULT = new Settings(30, 0.95, 0.9);

        public Settings {
            if (warmStart < 0 || !(warning >= change && change > 0))
                throw new IllegalArgumentException(
                        "warm start %d, warning %s, change %s"
                                .formatted(warmStart, warning, change));
        }
    }

    private final Settings settings;
    private long count;
    private long lastError;
    private long errors;
    private double mean;
    private double squares;
    private double farthest;
    private Signal signal = Signal.QUIET;

    public Eddm(Settings settings) {
        this.settings = settings;
        begin();
    }

    private void begin() {
        count = 0;
        lastError = 0;
        errors = 0;
        mean = 0;
        squares = 0;
        farthest = -1;
        signal = Signal.QUIET;
    }

    @Override
    public Signal add(double error) {
        if (signal == Signal.CHANGE) begin();
        count++;
        if (error != 1) return signal;
        errors++;
        double distance = count - lastError;
        lastError = count;
        double gap = distance - mean;
        mean += gap / errors;
        squares += gap * (distance - mean);
        if (count <= settings.warmStart) return signal;
        double deviation = errors > 1 ? Math.sqrt(squares / (errors - 1)) : 0;
        double far = mean + 2 * deviation;
        if (far > farthest) farthest = far;
        else if (errors > settings.warmStart) {
            double level = far / farthest;
            signal =
                    level < settings.change
                            ? Signal.CHANGE
                            : level < settings.warning ? Signal.WARNING : Signal.QUIET;
        }
        return signal;
    }

    @Override
    public Map<String, Object> definition() {
        return Map.of(
                "detector", "EDDM",
                "warm-start", settings.warmStart,
                "warning", settings.warning,
                "change", settings.change);
    }
}
