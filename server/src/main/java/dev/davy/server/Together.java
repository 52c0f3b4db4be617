package dev.davy.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Things begun at the same time, so that a start takes as long as the longest of them. Platform
/// threads: most of these load native libraries, which would hold a virtual thread's carrier.
final class Together implements AutoCloseable {
    private final List<Part<?>> begun = new ArrayList<>();

    /// What was begun.
    static final class Part<T> {
        private final CompletableFuture<T> result = new CompletableFuture<>();

        /// Waits for it.
        T join() {
            try {
                return result.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException reason) throw reason;
                if (e.getCause() instanceof Error reason) throw reason;
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    <T> Part<T> begin(Callable<T> work) {
        var part = new Part<T>();
        begun.add(part);
        Thread.ofPlatform()
                .daemon()
                .name("davy-start-" + begun.size())
                .start(() -> {
                    try {
                        part.result.complete(work.call());
                    } catch (Throwable failure) {
                        part.result.completeExceptionally(failure);
                    }
                });
        return part;
    }

    /// Waits until none of them runs any more, however it ended.
    @Override
    public void close() {
        for (var part : begun) part.result.handle((_, _) -> true).join();
    }
}
