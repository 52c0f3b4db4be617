package dev.davy.bench;

import java.io.IOException;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients that go on through crashes: each asks for predictions one after the other and writes
/// down what was acknowledged; a tenth of that gets feedback, which is sent again until it is
/// acknowledged.
final class LogLoad implements AutoCloseable {
    private static final int CLIENTS = 16;
    private static final int FEEDBACK_EVERY = 10;

    private final Ledger ledger;
    private final LogRequests requests;
    private final Crew crew = new Crew();
    private final Whereabouts where = new Whereabouts();
    private final Feeder feeder;
    private final AtomicInteger refused = new AtomicInteger();

    LogLoad(Ledger ledger, LogRequests requests, long seed) {
        this.ledger = ledger;
        this.requests = requests;
        for (int i = 0; i < CLIENTS; i++) {
            var random = new Random(seed + i);
            crew.start("client-" + i, () -> ask(random));
        }
        feeder = new Feeder(crew, ledger, where, Client.Witness.NONE);
    }

    /// Throws what ended a client early, if something did.
    void check() {
        crew.check();
    }

    /// The server is ready there; 0: there is none.
    void serverAt(int port) {
        where.serverAt(port);
    }

    /// No more predictions are asked for; feedback goes on until all is acknowledged.
    void pause() {
        where.pause();
    }

    /// Feedback that was begun and is not acknowledged yet.
    int feedbackOpen() {
        return feeder.open();
    }

    /// Requests that were answered with anything but success.
    int refused() {
        return refused.get() + feeder.refused();
    }

    /// Items of feedback that were sent more than once.
    int retried() {
        return feeder.retried();
    }

    @Override
    public void close() throws InterruptedException {
        where.over();
        crew.join();
    }

    private void ask(Random random) throws InterruptedException {
        while (true)
            try (var wire = where.connect(false)) {
                if (wire == null) return;
                while (where.asking())
                    askOnce(
                            wire,
                            random.nextInt(LogRequests.COUNT),
                            random.nextInt(FEEDBACK_EVERY) == 0);
            } catch (IOException killed) {
                // Not acknowledged, so not counted: it may or may not be in the log.
            }
    }

    private void askOnce(Wire wire, int request, boolean withFeedback) throws IOException {
        var reply = wire.call(requests.request(request));
        if (reply.status() != 200) {
            refused.incrementAndGet();
            return;
        }
        var id = predictionId(reply);
        ledger.predicted(id, request);
        if (withFeedback) feeder.about(id);
    }

    static UUID predictionId(Wire.Reply reply) {
        return UUID.fromString(
                reply.header("davy-prediction-id")
                        .orElseThrow(() ->
                                new Unmeasurable(
                                        "An answer has no davy-prediction-id: " + reply.text())));
    }
}
