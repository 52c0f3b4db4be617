package dev.davy.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Ends the runs whose deadline has passed, in one thread that sleeps until the next one does.
///
/// A run announces its deadline by one atomic write and reads one number: when this thread wakes
/// next. Only one that has less time than that wakes it, which is rare, since deadlines mostly come
/// in the order of the runs: so a process that nobody asks anything uses no time at all.
final class Watchdog {
    private static final Set<Watched> ALL = ConcurrentHashMap.newKeySet();

    /// In the nanoseconds of [System#nanoTime]; [Long#MAX_VALUE]: when somebody says so.
    private static final AtomicLong WAKES_AT = new AtomicLong(Long.MAX_VALUE);

    private static volatile @Nullable Thread thread;

    private Watchdog() {}

    /// Something with a deadline.
    interface Watched {
        /// Ends what runs, if its deadline is before this moment. Must not block.
        ///
        /// @return the deadline of what runs on; [Long#MAX_VALUE] where nothing does, or it has
        ///   none
        long look(long nowNanos);
    }

    static void watch(Watched watched) {
        ALL.add(watched);
        if (thread == null) start();
    }

    private static synchronized void start() {
        if (thread == null)
            thread = Thread.ofPlatform().daemon().name("davy-watchdog").start(Watchdog::run);
    }

    static void forget(Watched watched) {
        ALL.remove(watched);
    }

    /// Something that is watched may run until then, from now on. Called after it has written that
    /// down, so that whoever looks now sees it.
    static void until(long deadlineNanos) {
        if (!isSooner(deadlineNanos, WAKES_AT.get())) return;
        wakeAt(deadlineNanos);
        LockSupport.unpark(thread);
    }

    private static boolean isSooner(long one, long other) {
        if (one == Long.MAX_VALUE) return false;
        return other == Long.MAX_VALUE || one - other < 0;
    }

    private static void wakeAt(long nanos) {
        for (long now = WAKES_AT.get(); isSooner(nanos, now); now = WAKES_AT.get())
            if (WAKES_AT.compareAndSet(now, nanos)) return;
    }

    private static void run() {
        while (true) {
            // First this, then the look: a run that begins after the look finds it, and says so.
            WAKES_AT.set(Long.MAX_VALUE);
            long now = System.nanoTime();
            for (var each : ALL) wakeAt(each.look(now));
            long next = WAKES_AT.get();
            long left = next == Long.MAX_VALUE ? next : next - System.nanoTime();
            if (left > 0) LockSupport.parkNanos(left);
        }
    }
}
