package dev.davy.storage;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Where readers wait for the log to grow. Whoever appends pays one read while nobody waits.
final class Wakeups {
    private record Waiter(Thread thread, @Nullable Waiter next) {}

    private final AtomicReference<@Nullable Waiter> waiting = new AtomicReference<>();

    /// Wakes all who wait now.
    void wake() {
        if (waiting.get() == null) return;
        for (var waiter = waiting.getAndSet(null); waiter != null; waiter = waiter.next)
            LockSupport.unpark(waiter.thread);
    }

    /// Waits until the condition holds, or until the time is over. The condition is asked again
    /// after each [#wake].
    boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (true) {
            enlist();
            if (condition.getAsBoolean()) return true;
            long left = deadline - System.nanoTime();
            if (left <= 0) return false;
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) throw new InterruptedException();
        }
    }

    private void enlist() {
        var me = Thread.currentThread();
        while (true) {
            var first = waiting.get();
            if (holds(first, me) || waiting.compareAndSet(first, new Waiter(me, first))) return;
        }
    }

    /// A thread that woke by itself is still in the list, and need not be there twice.
    private static boolean holds(@Nullable Waiter first, Thread thread) {
        for (var waiter = first; waiter != null; waiter = waiter.next)
            if (waiter.thread.equals(thread)) return true;
        return false;
    }
}
