package dev.davy.http.wire;

import dev.davy.strict.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/// Looks at all connections of one event loop every now and then. One clock reading per round
/// serves all of them, so that a request costs none; time-outs are late by a round at most.
final class Watchman implements Runnable {
    private static final long LONGEST_ROUND = Duration.ofSeconds(1).toNanos();
    private static final long SHORTEST_ROUND = Duration.ofMillis(10).toNanos();

    private final Set<Wire> wires = new HashSet<>();
    private long now = System.nanoTime();

    /// Nanoseconds between two rounds: an eighth of the shortest time-out, at most a second.
    long period(Limits limits) {
        long shortest =
                Stream.of(limits.headerTimeout(), limits.bodyTimeout(), limits.idleTimeout())
                        .mapToLong(Duration::toNanos)
                        .min()
                        .orElseThrow();
        return Math.clamp(shortest / 8, SHORTEST_ROUND, LONGEST_ROUND);
    }

    /// [System#nanoTime] as of the last round.
    long now() {
        return now;
    }

    void watch(Wire wire) {
        wires.add(wire);
    }

    void forget(Wire wire) {
        wires.remove(wire);
    }

    @Override
    public void run() {
        now = System.nanoTime();
        for (var wire : new ArrayList<>(wires)) wire.check(now);
    }
}
