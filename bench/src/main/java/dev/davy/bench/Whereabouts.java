package dev.davy.bench;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where the server is that clients talk to: it is killed, and comes back on another port.
final class Whereabouts {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private int port;
    private boolean paused;
    private boolean over;

    /// The server is ready there; 0: there is none.
    synchronized void serverAt(int port) {
        this.port = port;
        notifyAll();
    }

    /// Clients ask for nothing new; what was begun is brought to its end.
    synchronized void pause() {
        paused = true;
        notifyAll();
    }

    /// It is all over: whoever waits for a server is let go.
    synchronized void over() {
        over = true;
        notifyAll();
    }

    synchronized boolean isOver() {
        return over;
    }

    synchronized int port() {
        return port;
    }

    synchronized boolean asking() {
        return !over && !paused;
    }

    /// Waits until there is a server; false when it is all over.
    synchronized boolean await(boolean evenWhenPaused) throws InterruptedException {
        while (!over && (port == 0 || paused && !evenWhenPaused)) wait();
        return !over;
    }

    /// Work that is due again and again while there is a server; what came late is not caught up.
    interface Due {
        void once() throws InterruptedException;
    }

    /// Does it at this pace until it is all over, and not while clients are paused.
    void every(Duration between, Due work) throws InterruptedException {
        long due = System.nanoTime();
        while (await(false)) {
            work.once();
            due = Math.max(due + between.toNanos(), System.nanoTime());
            rest(due);
        }
    }

    private synchronized void rest(long until) throws InterruptedException {
        while (!over) {
            long left = until - System.nanoTime();
            if (left <= 0) return;
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
    }

    /// Waits so long, or until it is all over.
    void rest(Duration most) throws InterruptedException {
        rest(System.nanoTime() + most.toNanos());
    }

    /// A connection as soon as there is a server; null when it is all over.
    @Nullable Wire connect(boolean evenWhenPaused) throws InterruptedException {
        while (await(evenWhenPaused)) {
            int to = port();
            try {
                return Wire.connect(to, PATIENCE);
            } catch (IOException down) {
                // It was killed between the two; whoever killed it says where the next one is.
                synchronized (this) {
                    if (port == to && !over) wait(5);
                }
            }
        }
        return null;
    }
}
