package dev.davy.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Threads that work until they are done; the first failure of one is kept for who looks.
final class Crew {
    private final List<Thread> threads = new ArrayList<>();
    private volatile @Nullable Throwable failed;

    interface Work {
        void run() throws InterruptedException;
    }

    synchronized void start(String name, Work work) {
        threads.add(
                Thread.ofPlatform()
                        .name(name)
                        .uncaughtExceptionHandler((_, thrown) -> failed = thrown)
                        .start(() -> {
                            try {
                                work.run();
                            } catch (InterruptedException stop) {
                                Thread.currentThread().interrupt();
                            }
                        }));
    }

    /// Throws what ended one of them early, if something did.
    void check() {
        var why = failed;
        if (why instanceof Unmeasurable unmeasurable) throw unmeasurable;
        if (why != null) throw new IllegalStateException("a client failed", why);
    }

    /// Waits until all are done.
    void join() throws InterruptedException {
        List<Thread> all;
        synchronized (this) {
            all = List.copyOf(threads);
        }
        for (var each : all) each.join();
    }
}
