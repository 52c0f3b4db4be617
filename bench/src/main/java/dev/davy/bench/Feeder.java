package dev.davy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Tells the truth about predictions, in lists, and sends each list again until it is acknowledged;
/// now and then once more than that.
final class Feeder {
    private static final int LIST_MAX = 500;

    /// After a call that broke.
    private static final Duration AGAIN = Duration.ofMillis(5);

    /// Of the lists of feedback that were acknowledged, every so many is sent once more.
    private static final int AGAIN_EVERY = 10;

    private final Ledger ledger;
    private final Whereabouts where;
    private final Client client;
    private final BlockingQueue<UUID> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger due = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger retried = new AtomicInteger();

    Feeder(Crew crew, Ledger ledger, Whereabouts where, Client.Witness witness) {
        this.ledger = ledger;
        this.where = where;
        client = new Client(where::port, witness);
        crew.start("feedback", this::feed);
    }

    /// The truth about this prediction has come to be known.
    void about(UUID prediction) {
        due.incrementAndGet();
        waiting.add(prediction);
    }

    /// Feedback that was begun and is not acknowledged yet.
    int open() {
        return due.get() - ledger.feedbacks();
    }

    /// Lists that were answered with anything but success.
    int refused() {
        return refused.get();
    }

    /// Items that were sent more than once.
    int retried() {
        return retried.get();
    }

    private void feed() throws InterruptedException {
        int next = 0;
        int lists = 0;
        var about = new ArrayList<UUID>();
        while (true) {
            about.clear();
            var first = waiting.poll(10, TimeUnit.MILLISECONDS);
            if (first == null) {
                if (where.isOver()) return;
                continue;
            }
            about.add(first);
            waiting.drainTo(about, LIST_MAX - 1);
            var items = new ArrayList<String>();
            for (int i = 0; i < about.size(); i++)
                items.add(LogRequests.feedback(next + i, about.get(i)));
            var body = ("[" + String.join(",", items) + "]").getBytes(StandardCharsets.US_ASCII);
            if (!untilAcknowledged(body, about.size())) return;
            for (int i = 0; i < about.size(); i++) ledger.fed(next + i);
            next += about.size();
            if (++lists % AGAIN_EVERY == 0) {
                retried.addAndGet(about.size());
                if (!untilAcknowledged(body, about.size())) return;
            }
        }
    }

    private boolean untilAcknowledged(byte[] body, int items) throws InterruptedException {
        while (where.await(true))
            try {
                var reply = client.post("/api/v1/feedback", "application/json", body);
                if (reply.status() == 200) return true;
                refused.incrementAndGet();
                if (reply.status() / 100 == 4)
                    throw new Unmeasurable("Davy refused feedback: " + reply.text());
            } catch (IOException killed) {
                retried.addAndGet(items);
                where.rest(AGAIN);
            }
        client.close();
        return false;
    }
}
