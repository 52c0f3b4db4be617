package dev.davy.server;

import dev.davy.strict.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Callers of an endpoint, over HTTP, who tell a moment later what was true, and remember what they
/// should not have seen.
public abstract class Crowd implements AutoCloseable {
    /// Truths that are told together.
    private static final int TOGETHER = 25;

    private final Caller caller;
    private final List<Thread> callers = new ArrayList<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ConcurrentHashMap<String, Integer> arms = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Integer> wrong = new ConcurrentHashMap<>();

    Crowd(Caller caller) {
        this.caller = caller;
    }

    /// Asks once, and adds the truth of the answer.
    abstract void one(String endpoint, ArrayNode truths);

    /// What the endpoint says of a row.
    final JsonNode answered(String endpoint, ObjectNode row) {
        var body = Json.object();
        body.putArray("rows").add(row);
        var said =
                caller.post("/api/v1/endpoints/" + endpoint + "/predict", Json.text(body)).is(200);
        arms.merge(said.header("davy-arm"), 1, Integer::sum);
        return said.json().at("/predictions/0");
    }

    /// Asks the endpoint one thing after the other from now on, and tells the truth of each answer.
    public final void ask(String endpoint, int manyAtOnce) {
        for (int i = 0; i < manyAtOnce; i++)
            callers.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!stop.get()) some(endpoint);
                            }));
    }

    /// So many, one after the other.
    public final void askOnly(String endpoint, int many) {
        for (int i = 0; i < many; i += TOGETHER) some(endpoint);
    }

    private void some(String endpoint) {
        var truths = Json.array();
        for (int i = 0; i < TOGETHER && !stop.get(); i++)
            try {
                one(endpoint, truths);
                Thread.sleep(Duration.ofMillis(1));
            } catch (AssertionError | RuntimeException e) {
                wrong.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
            } catch (InterruptedException e) {
                return;
            }
        var kept = caller.post("/api/v1/feedback", Json.text(truths));
        if (kept.status() != 200 || kept.json().path("refused").size() > 0)
            wrong.merge(kept.text(), 1, Integer::sum);
    }

    /// Nobody asks any more when this returns.
    public final void hush() throws InterruptedException {
        stop.set(true);
        for (var each : callers) each.join();
        callers.clear();
        stop.set(false);
    }

    /// What callers should not have seen, and how often.
    public final Map<String, Integer> wrong() {
        return Map.copyOf(wrong);
    }

    /// Answers by arm.
    public final Map<String, Integer> arms() {
        return Map.copyOf(arms);
    }

    /// Waits until the endpoint's rollout is over or stands still.
    public final JsonNode over(String endpoint, Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            var now = caller.get("/api/v1/endpoints/" + endpoint + "/rollout").is(200).json();
            var state = now.at("/state/is").asString();
            if (List.of("finished", "rolled-back", "paused").contains(state)
                    || System.nanoTime() > until) return now;
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    @Override
    public final void close() throws InterruptedException {
        hush();
    }
}
