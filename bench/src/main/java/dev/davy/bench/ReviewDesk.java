package dev.davy.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Simulated reviewers, each a client with a connection of its own: they are given cases, know what
/// is true, and are wrong as often as is said. Some die at their work.
final class ReviewDesk implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(30);

    /// So many times is asked what is true of a case.
    private static final int PATIENCE = 50;

    private final Supplier<ReviewCalls> connected;
    private final String endpoint;
    private final String output;
    private final List<String> classes;
    private final Map<UUID, String> truths;
    private final double deaths;
    private final boolean sameName;
    private final List<Thread> people = new ArrayList<>();
    private final AtomicInteger names = new AtomicInteger();

    /// How often each judgement was acknowledged as a new one, by case and reviewer.
    final Map<String, AtomicInteger> kept = new ConcurrentHashMap<>();

    final LongAdder judged = new LongAdder();
    final LongAdder died = new LongAdder();

    /// Answers that told of a failure of the server.
    final LongAdder refused = new LongAdder();

    /// Cases that were shown with the model's answer, by case.
    final Map<UUID, Boolean> shown = new ConcurrentHashMap<>();

    private volatile boolean over;
    private volatile @Nullable Throwable failed;

    /// @param connected a connection of one reviewer
    /// @param truths of the predictions there are; a case that is not yet among them is left
    /// @param deaths how probably a reviewer dies at a case
    /// @param sameName whether who died comes back under the same name; else the cases before them
    ///   stay there until their lease is over
    ReviewDesk(
            Supplier<ReviewCalls> connected,
            String endpoint,
            String output,
            List<String> classes,
            Map<UUID, String> truths,
            double deaths,
            boolean sameName) {
        this.connected = connected;
        this.endpoint = endpoint;
        this.output = output;
        this.classes = List.copyOf(classes);
        this.truths = truths;
        this.deaths = deaths;
        this.sameName = sameName;
    }

    /// One more reviewer.
    ReviewDesk sits(double wrong, long seed) {
        var random = Chance.of(8_113, seed);
        people.add(
                Thread.ofPlatform()
                        .name("reviewer-" + seed)
                        .uncaughtExceptionHandler((_, thrown) -> failed = thrown)
                        .start(() -> {
                            try {
                                work(wrong, random);
                            } catch (InterruptedException stop) {
                                Thread.currentThread().interrupt();
                            }
                        }));
        return this;
    }

    /// Fails where a reviewer has failed.
    void check() {
        var why = failed;
        if (why != null) throw new IllegalStateException("a reviewer failed", why);
    }

    private String name() {
        return "reviewer-" + names.incrementAndGet();
    }

    private void work(double wrong, RandomGenerator random) throws InterruptedException {
        var name = name();
        var calls = connected.get();
        while (!over)
            try {
                var said = calls.next(endpoint, name, 1);
                if (said.status() >= 500) {
                    refused.increment();
                    Thread.sleep(POLL);
                    continue;
                }
                var reviews = said.expect(200).path("reviews");
                if (reviews.isEmpty()) {
                    Thread.sleep(POLL);
                    continue;
                }
                var review = reviews.get(0);
                var id = UUID.fromString(review.path("prediction").asString(""));
                if (random.nextDouble() < deaths) {
                    died.increment();
                    calls.close();
                    if (!sameName) name = name();
                    continue;
                }
                if (review.has("answer")) shown.put(id, true);
                judge(calls, id, name, answer(truth(id), wrong, random));
            } catch (IOException broken) {
                Thread.sleep(POLL);
            }
        calls.close();
    }

    /// A case may be here before its caller has heard of it. Where the caller never does, because
    /// the server was killed in between, nobody knows what was sent.
    private String truth(UUID id) throws InterruptedException {
        for (int i = 0; i < PATIENCE; i++) {
            var truth = truths.get(id);
            if (truth != null) return truth;
            Thread.sleep(POLL);
        }
        return classes.getFirst();
    }

    private void judge(ReviewCalls calls, UUID id, String name, String answer) throws IOException {
        var said = calls.judge(id.toString(), name, output, answer);
        // The lease may be over, or enough others have judged meanwhile.
        if (said.status() == 409 || said.status() == 404) return;
        if (said.status() >= 500) {
            refused.increment();
            return;
        }
        said.expect(200, 201);
        if (said.json().path("result").asString("").equals("kept")) {
            judged.increment();
            kept.computeIfAbsent(Ledger.judgementKey(id.toString(), name), _ -> new AtomicInteger())
                    .incrementAndGet();
        }
    }

    private String answer(String truth, double wrong, RandomGenerator random) {
        if (random.nextDouble() >= wrong) return truth;
        var other = classes.get(random.nextInt(classes.size()));
        return other.equals(truth)
                ? classes.get((classes.indexOf(truth) + 1) % classes.size())
                : other;
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        for (var each : people) each.join();
    }
}
