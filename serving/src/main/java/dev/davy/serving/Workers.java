package dev.davy.serving;

import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The platform threads on which models run that are too slow for an event loop, and all work in
/// rows. Bounded: a native call pins a virtual thread's carrier, so they would starve everything
/// else.
public final class Workers implements AutoCloseable {

    private final ThreadPoolExecutor threads;

    /// @param queue how many tasks may wait; past it callers are told to come back
    public Workers(int threadCount, int queue) {
        threads =
                new ThreadPoolExecutor(
                        threadCount,
                        threadCount,
                        30,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(queue),
                        Thread.ofPlatform().daemon().name("davy-worker-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// Runs a task on a worker.
    ///
    /// @throws Problem OVERLOADED `too-busy` when too many wait already
    public void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException full) {
            throw busy();
        }
    }

    /// Runs a task on a worker and waits for what it gives; for callers that may block.
    public <T> T call(Supplier<T> task) {
        var result = new CompletableFuture<T>();
        execute(() -> {
            try {
                result.complete(task.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            if (e.getCause() instanceof Error cause) throw cause;
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a worker answers", e);
        }
    }

    static Problem busy() {
        return new Problem(
                Problem.Kind.OVERLOADED,
                "too-busy",
                "The server is busy.",
                "More requests wait for a model than its queue holds.",
                "Try again in a moment.");
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(Duration.ofSeconds(30).toMillis(), TimeUnit.MILLISECONDS))
                threads.shutdownNow();
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
