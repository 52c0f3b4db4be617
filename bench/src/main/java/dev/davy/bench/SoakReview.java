package dev.davy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// People at an endpoint where they decide: one caller, and reviewers who judge and now and then
/// die with a case before them.
final class SoakReview implements AutoCloseable {
    private static final String KIND = "asked of people";
    private static final int REVIEWERS = 2;

    private final Whereabouts where;
    private final Ledger ledger;
    private final Tally tally;
    private final ReviewDesk desk;
    private final Map<UUID, String> truths = new ConcurrentHashMap<>();

    SoakReview(Whereabouts where, Ledger ledger, Tally tally) {
        this.where = where;
        this.ledger = ledger;
        this.tally = tally;
        desk =
                new ReviewDesk(
                        () -> new ReviewCalls(new Client(where::port, tally.of("review"))),
                        SoakModels.JUDGED,
                        "label",
                        LogRequests.CLASSES,
                        truths,
                        0.02,
                        false);
    }

    static void declare(int port) throws IOException {
        try (var calls = new ReviewCalls(() -> port)) {
            calls.apply(
                    """
                    kind: Endpoint
                    name: %s
                    model: %s/1
                    automation:
                      level: assist
                      while-in-review: {answer: {label: "%s"}}
                      queue: {at-most: 100000, when-full: refuse}
                    """
                            .formatted(SoakModels.JUDGED, SoakModels.NAME, SoakModels.MEANWHILE));
        }
    }

    void start(Crew crew, double perSecond, long seed) {
        for (int i = 0; i < REVIEWERS; i++) desk.sits(0.05, i + 1);
        var random = new Random(seed);
        var client = new Client(where::port, tally.of(KIND));
        crew.start(
                KIND,
                () -> {
                    where.every(
                            Duration.ofNanos((long) (1e9 / perSecond)), () -> ask(client, random));
                    client.close();
                });
    }

    private void ask(Client client, Random random) {
        int request = random.nextInt(LogRequests.COUNT);
        var row = Arrays.toString(LogRequests.values(request));
        var body = ("{\"rows\":[{\"x\":" + row + "}]}").getBytes(StandardCharsets.US_ASCII);
        try {
            var path = "/api/v1/endpoints/" + SoakModels.JUDGED + "/predict";
            var reply = client.post(path, "application/json", body);
            if (reply.status() >= 500) return;
            if (reply.status() != 200) {
                tally.wrong(KIND, reply.text());
                return;
            }
            var id = LogLoad.predictionId(reply);
            ledger.predicted(id, SoakModels.judged(request));
            truths.put(id, random.nextBoolean() ? "yes" : "no");
        } catch (IOException broken) {
            // Whoever witnessed it has counted it.
        }
    }

    void check() {
        desk.check();
    }

    /// The judgements that were acknowledged, as the ledger names them.
    Set<String> kept() {
        return desk.kept.keySet();
    }

    /// Reviewers who died with a case before them.
    long deaths() {
        return desk.died.sum();
    }

    @Override
    public void close() throws InterruptedException {
        desk.close();
    }
}
