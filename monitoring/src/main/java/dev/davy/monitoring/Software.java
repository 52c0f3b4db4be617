package dev.davy.monitoring;

import dev.davy.runtime.Background;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Origin;
import dev.davy.serving.Routing;
import dev.davy.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps how busy the machine, this process and each endpoint's models were, in windows as all else
/// is kept. It looks every [#EVERY] at what is counted anyway, on a thread that gives way; what was
/// looked at since the last [#COMMIT_EVERY] is lost when the process is killed.
public final class Software implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Software.class);

    static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(30);
    private static final Duration TIDY_EVERY = Duration.ofHours(1);

    /// Windows that wait for the database; more are thrown away.
    private static final int WAITING_MOST = 10_000;

    private static final int VERSION = 1;

    /// The process and its machine, which belong to no endpoint.
    private static final String MACHINE = "";

    /// Not empty: of it minutes are forgotten.
    private static final String PART = "software";

    private static final Kept<Window> WINDOWS =
            new Kept<>(
                    "software_windows",
                    VERSION,
                    Window.EMPTY,
                    Window::merge,
                    Window::read,
                    Window::bytes);

    private final Database database;
    private final Endpoints endpoints;
    private final ToLongFunction<Routing> waiting;
    private final int node;
    private final InstantSource clock;
    private final Map<String, Counted> before = new HashMap<>();
    private final Map<Kept.Key, Window.Builder> fresh = new LinkedHashMap<>();
    private Instant committed = Instant.EPOCH;
    private Instant tidied = Instant.EPOCH;
    private volatile Map<String, Double> now = Map.of();
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    /// @param waiting rows that wait for the models of an endpoint
    public Software(
            Database database,
            Endpoints endpoints,
            ToLongFunction<Routing> waiting,
            int node,
            InstantSource clock) {
        this.database = database;
        this.endpoints = endpoints;
        this.waiting = waiting;
        this.node = node;
        this.clock = clock;
    }

    /// Looks from now on.
    public void start() {
        thread = Thread.ofPlatform().name("davy-software").daemon().start(this::run);
    }

    private void run() {
        Background.giveWay();
        while (!closed)
            try {
                look();
                Thread.sleep(EVERY);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (closed) return;
                LOGGER.warn("how busy this machine is can't be kept just now: {}", e.toString());
                if (!rest()) return;
            }
    }

    private static boolean rest() {
        try {
            Thread.sleep(EVERY);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /// Looks once, and keeps what was seen when its time has come.
    synchronized void look() {
        var at = clock.instant();
        var gauges = Gauges.now();
        now = gauges;
        var machine = window(MACHINE, at);
        gauges.forEach((name, value) -> machine.component(name).number(value));
        var routes = endpoints.table().routes();
        routes.forEach((name, routing) -> endpoint(name, routing, at));
        before.keySet().retainAll(routes.keySet());
        if (Duration.between(committed, at).compareTo(COMMIT_EVERY) >= 0) commit(at);
    }

    /// Of an endpoint that nobody asks there is nothing to keep.
    private void endpoint(String name, Routing routing, Instant at) {
        var counted = Counted.of(routing.statistics());
        var had = before.put(name, counted);
        long rows = waiting.applyAsLong(routing);
        boolean idle = counted.equals(had) || had == null && counted.waits() == 0;
        if (idle && rows == 0) return;
        var window = window(name, at);
        counted.since(had == null ? Counted.nothing() : had, window);
        window.component(Load.QUEUE).number((double) rows);
    }

    private Window.Builder window(String endpoint, Instant at) {
        // The database has been away for long.
        if (fresh.size() >= WAITING_MOST) fresh.clear();
        return fresh.computeIfAbsent(
                Kept.Key.minute(endpoint, Origin.LIVE, PART, node, at), _ -> new Window.Builder());
    }

    private void commit(Instant at) {
        var whole = new LinkedHashMap<Kept.Key, Window>();
        fresh.forEach((minute, builder) -> {
            var window = builder.build();
            for (var span : Span.values()) whole.merge(minute.in(span), window, Window::merge);
        });
        boolean tidy = Duration.between(tidied, at).compareTo(TIDY_EVERY) > 0;
        database.write(handle -> {
            WINDOWS.get(handle, whole.keySet())
                    .forEach((key, stored) ->
                            whole.computeIfPresent(key, (_, more) -> stored.merge(more)));
            WINDOWS.put(handle, whole);
            if (tidy) WINDOWS.forgetMinutes(handle, Windows.MINUTES_KEPT);
            return true;
        });
        fresh.clear();
        committed = at;
        if (tidy) tidied = at;
    }

    /// Looks once more and keeps it, whatever the time: for those who want to see it now.
    public synchronized void keep() {
        look();
        if (!fresh.isEmpty()) commit(clock.instant());
    }

    /// Rows that wait for an endpoint's models now.
    long waiting(Routing routing) {
        return waiting.applyAsLong(routing);
    }

    /// What the process and its machine said last, by the names of [Load]; empty before the first
    /// look.
    Map<String, Double> now() {
        return now;
    }

    /// How busy an endpoint, this process and its machine were, by the windows' starts: columns of
    /// [Window#components].
    public SortedMap<Instant, Window> series(String endpoint, Span span, Instant from, Instant to) {
        return database.read(handle -> {
            var all = new TreeMap<Instant, Window>();
            for (var of : List.of(MACHINE, endpoint))
                WINDOWS.series(handle, of, Origin.LIVE, "", span, span.start(from), to)
                        .forEach((start, window) -> all.merge(start, window, Window::merge));
            return all;
        });
    }

    /// All that can be shown of it, in the order of a page.
    public static List<String> names() {
        var names = new ArrayList<>(Load.OF_ENDPOINT);
        names.addAll(Load.OF_MACHINE);
        return names;
    }

    @Override
    public void close() {
        closed = true;
        var running = thread;
        if (running == null) return;
        running.interrupt();
        boolean interrupted = false;
        while (running.isAlive())
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
