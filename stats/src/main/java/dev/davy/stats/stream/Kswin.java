package dev.davy.stats.stream;

import dev.davy.stats.drift.RankTests;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/// The newest numbers of a window against a sample of the older ones, by Kolmogorov and Smirnov's
/// test: KSWIN (Raab, Heusinger and Schleif 2020, Reactive Soft Prototype Computing for Concept
/// Drift Streams).
///
/// The test is made at each number, so alpha is far from a rate of false alarms.
public final class Kswin implements Detector {
    /// Below this distance nothing is a change, whatever its p-value.
    private static final double DISTANCE_MIN = 0.1;

    /// @param alpha the p-value up to which it is a change
    /// @param window how many numbers are kept
    /// @param newest how many of them are the newest; as many are drawn from the others
    /// @param seed of the draws
    public record Settings(double alpha, int window, int newest, long seed) {
        public static final Settings DEFAULT = new Settings(0.005, 100, 30, 1);

        public Settings {
            if (!(alpha > 0 && alpha < 1) || newest < 1 || window < 2 * newest)
                throw new IllegalArgumentException(
                        "alpha %s, window %d, newest %d; the window must hold twice the newest"
                                .formatted(alpha, window, newest));
        }
    }

    private final Settings settings;
    private final ArrayDeque<Double> window = new ArrayDeque<>();
    private Random random;
    private boolean changed;

    public Kswin(Settings settings) {
        this.settings = settings;
        random = new Random(settings.seed);
    }

    @Override
    public Signal add(double number) {
        if (changed) {
            window.clear();
            random = new Random(settings.seed);
            changed = false;
        }
        window.addLast(number);
        if (window.size() < settings.window) return Signal.QUIET;
        if (window.size() > settings.window) window.removeFirst();
        var all = window.stream().mapToDouble(Double::doubleValue).toArray();
        int older = settings.window - settings.newest;
        var drawn = new double[settings.newest];
        for (int i = 0; i < settings.newest; i++) {
            int j = i + random.nextInt(older - i);
            drawn[i] = all[j];
            all[j] = all[i];
        }
        var newest = Arrays.copyOfRange(all, older, all.length);
        var test = RankTests.kolmogorovSmirnov(drawn, newest);
        changed = test.p() <= settings.alpha && test.value() > DISTANCE_MIN;
        return changed ? Signal.CHANGE : Signal.QUIET;
    }

    @Override
    public Map<String, Object> definition() {
        return Map.of(
                "detector", "KSWIN",
                "alpha", settings.alpha,
                "window", settings.window,
                "newest", settings.newest,
                "distance-min", DISTANCE_MIN,
                "seed", settings.seed);
    }
}
