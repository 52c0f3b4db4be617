package dev.davy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.runtime.TinyOnnx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Promotions and rollbacks over HTTP under traffic: the small form of `bench/run switch`.
class SwitchTest {
    private static final long SEED = 20_261_121;
    private static final int ROUNDS = 4;
    private static final int CALLERS = 3;

    private final Server server;
    private final Caller caller;
    private final Random random = new Random(SEED);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    SwitchTest(@TempDir Path folder) {
        server = Server.start(Settings.of(folder).port(0));
        caller = Caller.of(server);
    }

    /// An answer, and the nanoseconds between which it was asked for and given.
    private record Answer(String version, double value, long from, long to) {}

    /// A version may have answered from one moment to another.
    private record Span(String version, long from, long to) {}

    @AfterEach
    void end() {
        server.close();
    }

    private static TinyOnnx plus(float added) {
        return new TinyOnnx()
                .input("x", TinyOnnx.FLOAT, "N", 2)
                .output("y", TinyOnnx.FLOAT, "N", 2)
                .weights(TinyOnnx.floats("a", new long[] {1}, added))
                .add("Add", "x a", "y");
    }

    @Test
    void everyAnswerIsOfAVersionThatStoodInTheTable() throws InterruptedException {
        caller.push("plus", plus(1).bytes());
        caller.push("plus", plus(2).bytes());
        caller.apply(
                """
                kind: Endpoint
                name: plus
                model: plus/1
                rollout:
                  steps: [50% for 24h, 100%]
                  guards: [{watch: errors}]
                """);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < CALLERS; i++) threads.add(Thread.ofPlatform().start(this::ask));
        var spans = new ArrayList<Span>();
        long liveSince = System.nanoTime() - 1_000_000_000L;
        for (int round = 0; round < ROUNDS; round++) {
            long begun = System.nanoTime();
            caller.post(
                            "/api/v1/endpoints/plus/rollout",
                            "{\"to\":\"plus/2\",\"retry\":true,\"why\":\"a test\"}")
                    .is(201);
            pause();
            command("promote");
            spans.add(new Span("plus/1", liveSince, System.nanoTime()));
            pause();
            liveSince = System.nanoTime();
            command("rollback");
            spans.add(new Span("plus/2", begun, System.nanoTime()));
        }
        spans.add(new Span("plus/1", liveSince, Long.MAX_VALUE));
        stop.set(true);
        for (var each : threads) each.join();
        assertThat(failures).isEmpty();
        assertThat(answers).extracting(Answer::version).contains("plus/1", "plus/2");
        for (var answer : answers) {
            assertThat(answer.value()).isEqualTo(answer.version().equals("plus/1") ? 2 : 3);
            assertThat(stood(spans, answer)).as("seed %d: %s", SEED, answer).isTrue();
        }
    }

    private static boolean stood(List<Span> spans, Answer answer) {
        return spans.stream()
                .anyMatch(span ->
                        span.version().equals(answer.version())
                                && span.from() <= answer.to()
                                && answer.from() <= span.to());
    }

    private void command(String verb) {
        caller.post("/api/v1/endpoints/plus/rollout/" + verb, "{\"why\":\"a test\"}").is(200);
    }

    private void pause() throws InterruptedException {
        Thread.sleep(random.nextInt(20, 120));
    }

    private void ask() {
        var asking = Caller.of(server);
        var body =
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,0]}]}";
        while (!stop.get())
            try {
                long from = System.nanoTime();
                var said =
                        asking.send(
                                        "POST",
                                        "/v2/models/plus/infer",
                                        Caller.utf8(body),
                                        "Content-Type",
                                        "application/json")
                                .is(200);
                answers.add(
                        new Answer(
                                said.header("davy-version"),
                                said.json().at("/outputs/0/data/0").asDouble(),
                                from,
                                System.nanoTime()));
            } catch (AssertionError | RuntimeException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
    }
}
