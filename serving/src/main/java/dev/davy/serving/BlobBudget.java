package dev.davy.serving;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Decides which large inputs are kept, so that an endpoint stays within its bytes a second.
///
/// Each is kept with a probability that follows the load of the moment before, and that probability
/// goes into the log: a figure made from what was kept can be weighted by it.
final class BlobBudget {

    private static final long WINDOW_NANOS = 200_000_000L;

    private final long bytesPerWindow;
    private final AtomicLong windowStart;
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private volatile float probability = 1;

    BlobBudget(long bytesPerSecond, long nowNanos) {
        bytesPerWindow = Math.max(1, bytesPerSecond / (1_000_000_000L / WINDOW_NANOS));
        if (bytesPerSecond == 0) probability = 0;
        windowStart = new AtomicLong(nowNanos);
    }

    /// The probability with which the next one is kept.
    float probability(long nowNanos) {
        long start = windowStart.get();
        if (nowNanos - start >= WINDOW_NANOS && windowStart.compareAndSet(start, nowNanos)) {
            double windows = (double) (nowNanos - start) / WINDOW_NANOS;
            double rate = offered.getAndSet(0) / windows;
            taken.set(0);
            if (bytesPerWindow > 1)
                probability = rate <= bytesPerWindow ? 1 : (float) (bytesPerWindow / rate);
        }
        return probability;
    }

    /// Whether to keep one of so many bytes, given the probability that was just asked for.
    ///
    /// A burst that comes faster than the probability can follow is stopped at twice the budget of
    /// a window.
    boolean keep(long bytes, float probability) {
        offered.addAndGet(bytes);
        if (probability < 1 && ThreadLocalRandom.current().nextFloat() >= probability) return false;
        return taken.addAndGet(bytes) - bytes < 2 * bytesPerWindow;
    }
}
