package dev.davy.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Rollouts on a running server whose candidate is the same model as live, in another file, with
/// the guards that nobody asked for: how many of them are rolled back.
final class EqualRollouts implements Measurement {
    private static final int ENDPOINTS = 4;
    private static final double PER_SECOND = 300;
    private static final double ALPHA = 0.05;

    /// How surely a server that keeps alpha passes.
    private static final double SURELY = 0.99;

    private static final Duration MOST = Duration.ofMinutes(3);
    private static final String SHORT =
            """
            steps: [50%, 100%]
            each-step: {at-least: 1s, requests: 50}
            bake: 1s
            """;

    private final Map<String, Integer> ends = new ConcurrentHashMap<>();
    private final Map<String, Integer> reasons = new ConcurrentHashMap<>();
    private final Samples samples = new Samples();

    @Override
    public String name() {
        return "aa";
    }

    @Override
    public String about() {
        return "rollouts of the same model on a running server: how many are rolled back";
    }

    @Override
    public List<Target> run(Place place) throws Exception {
        int rollouts = place.quick() ? 10 : 200;
        long failures;
        try (var server = Switches.start(place)) {
            try (var calls = RolloutCalls.at(server.port(), endpoint(0))) {
                calls.push(place);
            }
            failures = roll(place, server, rollouts);
        }
        int back = ends.getOrDefault("rolled-back", 0);
        var table = new Table("ended as", "rollouts", "seconds, median", "longest");
        for (var each : new TreeMap<>(ends).entrySet())
            table.row(
                    each.getKey(),
                    each.getValue(),
                    samples.median(each.getKey()),
                    samples.max(each.getKey()));
        place.out().println(table);
        for (var each : new TreeMap<>(reasons).entrySet())
            place.out().printf("rolled back, %d times: %s%n", each.getValue(), each.getKey());
        if (place.quick()) place.out().println("This is the quick run: ten rollouts say little.");
        place.out().println();
        return List.of(
                Target.atLeast("rollouts", ends.values().stream().mapToInt(i -> i).sum(), rollouts),
                Target.atLeast("finished", ends.getOrDefault("finished", 0), 1),
                Target.atMost(
                        "rolled back, of %d with alpha %.2f".formatted(rollouts, ALPHA),
                        back,
                        most(rollouts)),
                Target.atMost("failed requests", (double) failures, 0));
    }

    private long roll(Place place, ServerProcess server, int rollouts)
            throws InterruptedException, ExecutionException {
        var left = new AtomicInteger(rollouts);
        var all = new ArrayList<Future<Long>>();
        try (var threads = Executors.newFixedThreadPool(ENDPOINTS)) {
            for (int i = 0; i < ENDPOINTS; i++) {
                var name = endpoint(i);
                all.add(threads.submit(() -> roll(place, server, name, left)));
            }
            long failures = 0;
            for (var each : all) failures += each.get();
            return failures;
        }
    }

    private static String endpoint(int number) {
        return "same-" + number;
    }

    /// One endpoint: one rollout after the other, to and fro, under its own traffic.
    private long roll(Place place, ServerProcess server, String endpoint, AtomicInteger left)
            throws IOException, InterruptedException {
        try (var calls = RolloutCalls.at(server.port(), endpoint)) {
            calls.declare(1, SHORT);
            var load =
                    OpenLoop.start(
                            server.port(),
                            Requests.mlpJson(endpoint),
                            8,
                            PER_SECOND,
                            Duration.ofHours(2),
                            (_, _, _, _) -> {});
            // So that there is something to learn the base rates from.
            Thread.sleep(3_000);
            int live = 1;
            for (int now = left.getAndDecrement(); now > 0; now = left.getAndDecrement()) {
                if (now % 10 == 0) place.progress("%d rollouts to go".formatted(now));
                long began = System.nanoTime();
                calls.begin(3 - live);
                var over = calls.awaitOver(MOST);
                var state = RolloutCalls.state(over);
                ended(state, (System.nanoTime() - began) / 1e9);
                switch (state) {
                    case "finished" -> live = 3 - live;
                    case "rolled-back" -> {
                        var history = over.path("history");
                        var why = history.path(history.size() - 1).path("why").asString("");
                        reasons.merge(why, 1, Integer::sum);
                    }
                    default -> {
                        place.progress("still " + state + ": " + over.path("next"));
                        calls.rollBack();
                    }
                }
            }
            return load.stop().failures();
        }
    }

    private synchronized void ended(String state, double seconds) {
        ends.merge(state, 1, Integer::sum);
        samples.add(state, seconds);
    }

    /// The fewest of n that a binomial variable with probability alpha surely does not exceed.
    private static int most(int n) {
        double one = Math.pow(1 - ALPHA, n);
        double sum = one;
        int most = 0;
        while (sum < SURELY) {
            one = one * (n - most) / (most + 1) * ALPHA / (1 - ALPHA);
            sum += one;
            most++;
        }
        return most;
    }
}
