package dev.davy.runtime;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Whether something runs, until when it may, and whether it has been ended: one number, so that a
/// run costs two atomic steps.
///
/// The run's own thread begins and finishes; the watchdog ends it when its deadline has passed; any
/// thread may close. Ending is done exactly once and never hits the run after.
final class Guard implements Watchdog.Watched {
    private static final long IDLE = Long.MIN_VALUE;
    private static final long CLOSED = Long.MIN_VALUE + 1;
    private static final long ENDING = Long.MIN_VALUE + 2;
    private static final long ENDED = Long.MIN_VALUE + 3;
    private static final long FIRST_DEADLINE = Long.MIN_VALUE + 4;

    private static final long CLOSE_LOOK_NANOS = 100_000;

    private final AtomicLong state = new AtomicLong(IDLE);
    private final Runnable end;

    /// @param end ends the run under way; called from another thread while it runs
    Guard(Runnable end) {
        this.end = end;
    }

    /// Begins a run; false when this is closed.
    boolean begin(long deadlineNanos) {
        long deadline = Math.max(deadlineNanos, FIRST_DEADLINE);
        if (state.compareAndSet(IDLE, deadline)) {
            Watchdog.until(deadline);
            return true;
        }
        if (state.get() == CLOSED) return false;
        throw new IllegalStateException("two threads run one session at once");
    }

    /// Finishes the run; true when it was ended before.
    boolean finish() {
        long deadline = state.get();
        if (deadline >= FIRST_DEADLINE && state.compareAndSet(deadline, IDLE)) return false;
        // Somebody is about to end it: wait until that has happened, or it would hit the next run.
        while (state.get() == ENDING) Thread.onSpinWait();
        state.set(IDLE);
        return true;
    }

    @Override
    public long look(long nowNanos) {
        long deadline = state.get();
        if (deadline < FIRST_DEADLINE || deadline == Long.MAX_VALUE) return Long.MAX_VALUE;
        if (nowNanos - deadline < 0) return deadline;
        end(deadline);
        return Long.MAX_VALUE;
    }

    private void end(long deadline) {
        if (!state.compareAndSet(deadline, ENDING)) return;
        try {
            end.run();
        } finally {
            state.set(ENDED);
        }
    }

    /// Closes: ends the run under way and waits for it. True for the one call that closed.
    boolean close() {
        while (true) {
            long now = state.get();
            if (now == CLOSED) return false;
            if (now == IDLE) {
                if (state.compareAndSet(IDLE, CLOSED)) return true;
            } else {
                if (now >= FIRST_DEADLINE) end(now);
                LockSupport.parkNanos(CLOSE_LOOK_NANOS);
            }
        }
    }
}
