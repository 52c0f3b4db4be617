package dev.davy.runtime;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a child takes of the processors, looked at while it runs; past its limit it is killed.
///
/// The clock alone would not do: on a busy machine a child that gives way may get a tenth of a
/// processor, and a good model would look slow.
final class ProcessorTime implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final Duration most;
    private @Nullable Process process;
    private @Nullable Thread watcher;
    private Duration used = Duration.ZERO;
    private boolean over;

    ProcessorTime(Duration most) {
        this.most = most;
    }

    /// Begins to watch a process, until it has ended.
    synchronized void of(Process process) {
        this.process = process;
        watcher = Thread.ofPlatform().daemon().name("davy-child-time").start(() -> watch(process));
    }

    private void watch(Process process) {
        try {
            while (process.isAlive()) {
                look(process);
                Thread.sleep(BETWEEN);
            }
        } catch (InterruptedException closed) {
            // Nobody wants to know any more.
        }
    }

    private void look(Process process) {
        var now = process.info().totalCpuDuration();
        if (now.isEmpty()) return;
        synchronized (this) {
            used = now.get();
            if (used.compareTo(most) <= 0) return;
            over = true;
        }
        process.destroyForcibly();
    }

    /// Kills the process if it still runs.
    synchronized void kill() {
        if (process != null) process.destroyForcibly();
    }

    /// So much as was seen; zero where the system does not tell.
    synchronized Duration used() {
        return used;
    }

    /// Whether it took more than it may, and was killed.
    synchronized boolean isOver() {
        return over;
    }

    @Override
    public synchronized void close() {
        if (watcher != null) watcher.interrupt();
    }
}
