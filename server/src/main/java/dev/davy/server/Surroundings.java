package dev.davy.server;

import dev.davy.monitoring.Alarm;
import dev.davy.monitoring.Monitors;
import dev.davy.monitoring.Novelty;
import dev.davy.monitoring.Watching;
import dev.davy.review.Outside;
import dev.davy.serving.Automation;
import dev.davy.serving.Endpoints;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What monitoring knows, for the rule that decides who decides: looked up every second beside the
/// calls, so that none of them waits for a database.
final class Surroundings implements Outside, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Surroundings.class);
    private static final int ALARMS_MOST = 1_000;

    /// Looks between two at what is normal, which hardly changes.
    private static final int LOOKS_OF_NORMAL = 60;

    private final Monitors monitors;
    private final Watching watching;
    private final Endpoints endpoints;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("davy-surroundings").factory());
    private int looks;

    private volatile Map<String, Set<String>> ringing = Map.of();
    private volatile Map<String, Novelty> normal = Map.of();

    Surroundings(Monitors monitors, Watching watching, Endpoints endpoints) {
        this.monitors = monitors;
        this.watching = watching;
        this.endpoints = endpoints;
    }

    void start() {
        var _ = thread.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            var now = new HashMap<String, Set<String>>();
            for (var state : new Alarm.State[] {Alarm.State.FIRING, Alarm.State.ACKNOWLEDGED})
                for (var alarm : monitors.list(Optional.empty(), Optional.of(state), ALARMS_MOST))
                    now.computeIfAbsent(alarm.endpoint(), _ -> new HashSet<>()).add(alarm.watch());
            ringing = Map.copyOf(now);
            if (looks++ % LOOKS_OF_NORMAL == 0) lookAtNormal();
        } catch (RuntimeException e) {
            // The next look tries again; until then what was seen last holds.
            LOGGER.warn("what monitoring knows can't be looked up", e);
        }
    }

    /// Only of endpoints whose conditions speak of novelty: it reads a whole reference.
    private void lookAtNormal() {
        var now = new HashMap<String, Novelty>();
        for (var routing : endpoints.table().routes().values()) {
            var declared = routing.endpoint().source().get("automation");
            if (declared == null || !declared.toString().contains("novelty")) continue;
            var name = routing.endpoint().name();
            watching.novelty(name).ifPresent(novelty -> now.put(name, novelty));
        }
        normal = Map.copyOf(now);
    }

    @Override
    public Set<String> ringing(String endpoint) {
        return ringing.getOrDefault(endpoint, Set.of());
    }

    @Override
    public OptionalDouble novelty(String endpoint, Automation.Asking row) {
        var known = normal.get(endpoint);
        return known == null
                ? OptionalDouble.empty()
                : known.of(column -> row.at("input." + column));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
