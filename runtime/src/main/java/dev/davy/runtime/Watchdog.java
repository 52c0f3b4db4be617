package dev.davy.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Looks after all running sessions every 5 ms, in one thread, and ends those whose deadline has
/// passed. A run announces its deadline by one atomic write, which is cheaper than any timer.
final class Watchdog {
    private static final long LOOK_EVERY_NANOS = 5_000_000;

    private static final Set<Watched> ALL = ConcurrentHashMap.newKeySet();
    private static @Nullable Thread thread;

    private Watchdog() {}

    /// Something with a deadline.
    interface Watched {
        /// Ends what runs, if its deadline is before this moment. Must not block.
        void look(long nowNanos);
    }

    static void watch(Watched watched) {
        synchronized (ALL) {
            ALL.add(watched);
            if (thread == null)
                thread = Thread.ofPlatform().daemon().name("davy-watchdog").start(Watchdog::run);
        }
    }

    static void forget(Watched watched) {
        ALL.remove(watched);
    }

    private static void run() {
        while (true) {
            synchronized (ALL) {
                if (ALL.isEmpty()) {
                    thread = null;
                    return;
                }
            }
            long now = System.nanoTime();
            for (var each : ALL) each.look(now);
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }
}
