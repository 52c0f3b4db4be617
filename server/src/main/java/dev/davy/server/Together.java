package dev.davy.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Things begun at the same time, so that a start takes as long as the longest of them. Platform
/// threads: most of these load native libraries, which would hold a virtual thread's carrier.
final class Together implements AutoCloseable {
    private final List<CompletableFuture<?>> begun = new ArrayList<>();

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
        begun.add(part.result);
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

    /// Waits for all; what was opened when another part failed is closed.
    @Override
    public void close() {
        boolean failed = false;
        for (var part : begun) {
            part.handle((_, _) -> true).join();
            failed |= part.isCompletedExceptionally();
        }
        if (failed)
            for (var part : begun)
                if (!part.isCompletedExceptionally() && part.join() instanceof AutoCloseable opened)
                    try {
                        opened.close();
                    } catch (Exception ignored) {
                        // the failure that brought us here is the one to tell
                    }
    }
}
