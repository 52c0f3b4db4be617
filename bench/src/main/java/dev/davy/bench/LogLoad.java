package dev.davy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Clients that go on through crashes: each asks for predictions one after the other and writes
/// down what was acknowledged; a tenth of that gets feedback, which is sent again until it is
/// acknowledged.
final class LogLoad implements AutoCloseable {
    private static final int CLIENTS = 16;
    private static final int FEEDBACK_EVERY = 10;
    private static final int FEEDBACK_LIST_MAX = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Of the lists of feedback that were acknowledged, every so many is sent once more.
    private static final int AGAIN_EVERY = 10;

    private final Ledger ledger;
    private final LogRequests requests;
    private final BlockingQueue<UUID> waiting = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger feedbackDue = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger retried = new AtomicInteger();
    private @Nullable Throwable failed;
    private int port;
    private boolean paused;
    private boolean over;

    LogLoad(Ledger ledger, LogRequests requests, long seed) {
        this.ledger = ledger;
        this.requests = requests;
        for (int i = 0; i < CLIENTS; i++) {
            var random = new Random(seed + i);
            start("client-" + i, () -> ask(random));
        }
        start("feedback", this::feed);
    }

    private void start(String name, Runnable client) {
        threads.add(
                Thread.ofPlatform()
                        .name(name)
                        .uncaughtExceptionHandler((_, thrown) -> fail(thrown))
                        .start(client));
    }

    private synchronized void fail(Throwable thrown) {
        if (failed == null) failed = thrown;
    }

    /// Throws what ended a client early, if something did.
    synchronized void check() {
        if (failed instanceof Unmeasurable why) throw why;
        if (failed != null) throw new IllegalStateException("a client failed", failed);
    }

    /// The server is ready there; 0: there is none.
    synchronized void serverAt(int port) {
        this.port = port;
        notifyAll();
    }

    /// No more predictions are asked for; feedback goes on until all is acknowledged.
    synchronized void pause() {
        paused = true;
        notifyAll();
    }

    /// Feedback that was begun and is not acknowledged yet.
    int feedbackOpen() {
        return feedbackDue.get() - ledger.feedbacks();
    }

    /// Requests that were answered with anything but success.
    int refused() {
        return refused.get();
    }

    /// Items of feedback that were sent more than once.
    int retried() {
        return retried.get();
    }

    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            over = true;
            notifyAll();
        }
        for (var thread : threads) thread.join();
    }

    /// A connection as soon as there is a server; null when it is all over.
    private @Nullable Wire connect(boolean evenWhenPaused) throws InterruptedException {
        while (true) {
            int to;
            synchronized (this) {
                while (!over && (port == 0 || paused && !evenWhenPaused)) wait();
                if (over) return null;
                to = port;
            }
            try {
                return Wire.connect(to, PATIENCE);
            } catch (IOException down) {
                // It was killed between the two; whoever killed it says where the next one is.
                synchronized (this) {
                    if (port == to && !over) wait(5);
                }
            }
        }
    }

    private synchronized boolean asking() {
        return !over && !paused;
    }

    private void ask(Random random) {
        try {
            while (true)
                try (var wire = connect(false)) {
                    if (wire == null) return;
                    while (asking())
                        askOnce(
                                wire,
                                random.nextInt(LogRequests.COUNT),
                                random.nextInt(FEEDBACK_EVERY) == 0);
                } catch (IOException killed) {
                    // Not acknowledged, so not counted: it may or may not be in the log.
                }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void askOnce(Wire wire, int request, boolean withFeedback) throws IOException {
        var reply = wire.call(requests.request(request));
        if (reply.status() != 200) {
            refused.incrementAndGet();
            return;
        }
        var id =
                UUID.fromString(
                        reply.header("davy-prediction-id")
                                .orElseThrow(() ->
                                        new Unmeasurable(
                                                "An answer has no davy-prediction-id: " + reply)));
        ledger.predicted(id, request);
        if (withFeedback) {
            feedbackDue.incrementAndGet();
            waiting.add(id);
        }
    }

    private void feed() {
        int next = 0;
        int lists = 0;
        try {
            var about = new ArrayList<UUID>();
            while (true) {
                about.clear();
                var first = waiting.poll(10, TimeUnit.MILLISECONDS);
                if (first == null) {
                    synchronized (this) {
                        if (over) return;
                    }
                    continue;
                }
                about.add(first);
                waiting.drainTo(about, FEEDBACK_LIST_MAX - 1);
                var items = new ArrayList<String>();
                for (int i = 0; i < about.size(); i++)
                    items.add(LogRequests.feedback(next + i, about.get(i)));
                var body =
                        ("[" + String.join(",", items) + "]").getBytes(StandardCharsets.US_ASCII);
                if (!feedUntilAcknowledged(body, about.size())) return;
                for (int i = 0; i < about.size(); i++) ledger.fed(next + i);
                next += about.size();
                if (++lists % AGAIN_EVERY == 0) {
                    retried.addAndGet(about.size());
                    if (!feedUntilAcknowledged(body, about.size())) return;
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean feedUntilAcknowledged(byte[] body, int items) throws InterruptedException {
        while (true)
            try (var wire = connect(true)) {
                if (wire == null) return false;
                var reply = wire.post("/api/v1/feedback", "application/json", body);
                if (reply.status() == 200) return true;
                refused.incrementAndGet();
                if (reply.status() / 100 == 4)
                    throw new Unmeasurable("Davy refused feedback: " + reply.text());
            } catch (IOException killed) {
                retried.addAndGet(items);
            }
    }
}
