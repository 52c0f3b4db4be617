package dev.davy.server;

import java.util.ArrayDeque;
import java.util.Deque;

/// What was opened, to be closed in the opposite order, all of it, whatever goes wrong on the way.
final class Opened implements AutoCloseable {
    private final Deque<AutoCloseable> all = new ArrayDeque<>();

    synchronized <T extends AutoCloseable> T add(T opened) {
        all.push(opened);
        return opened;
    }

    @Override
    public synchronized void close() {
        RuntimeException first = null;
        while (!all.isEmpty())
            try {
                all.pop().close();
            } catch (Exception e) {
                var failure =
                        e instanceof RuntimeException known ? known : new IllegalStateException(e);
                if (first == null) first = failure;
                else first.addSuppressed(failure);
            }
        if (first != null) throw first;
    }
}
