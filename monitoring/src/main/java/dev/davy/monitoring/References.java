package dev.davy.monitoring;

import dev.davy.serving.Origin;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Finds what is normal for an endpoint, and keeps it until its windows have changed. For many
/// threads: those who judge and those who look share what is known.
final class References {
    /// A reference that is not whole yet is good enough from so many windows on.
    static final int WINDOWS_LEAST = 24;

    /// Of an endpoint: what is judged, of all and of the live arm, and what is looked at. While a
    /// reference still grows these are not the same.
    private static final int STRETCHES_MOST = 4;

    /// Of live traffic truth drops in all the time; it is taken into account so often.
    private static final Duration LIVE_EVERY = Duration.ofMinutes(1);

    private final History history;
    private final Changes changes;
    private final InstantSource clock;
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();

    private record Key(Plan plan, String part, Instant from, Instant to) {}

    /// @param turn of the changes when it was read
    private record Known(Normal normal, long turn, Instant read) {}

    /// What is kept of an endpoint.
    private static final class Shelf {
        final ReentrantLock lock = new ReentrantLock();
        final Map<Key, Known> known =
                new LinkedHashMap<>(8, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
                        return size() > STRETCHES_MOST;
                    }
                };
    }

    References(History history, Changes changes, InstantSource clock) {
        this.history = history;
        this.changes = changes;
        this.clock = clock;
    }

    /// Forgets all other endpoints.
    void keep(Set<String> endpoints) {
        shelves.keySet().retainAll(endpoints);
    }

    /// A stretch that is normal.
    ///
    /// @param from when what can be judged begins: nothing before is
    record Stretch(Instant begin, Instant end, Instant from) {}

    /// The stretch by which a window is judged; empty while there is none.
    ///
    /// @param at when the window begins
    Optional<Stretch> stretch(String endpoint, Plan plan, Instant at) {
        return stretch(endpoint, plan, "", at);
    }

    /// The same of a part: another version of a model answers otherwise from its first day, which
    /// is normal for it.
    Optional<Stretch> stretch(String endpoint, Plan plan, String part, Instant at) {
        var oldest = history.oldest(endpoint, plan, part);
        if (oldest.isEmpty()) return Optional.empty();
        return switch (plan.reference()) {
            case Plan.Reference.First(var length) -> first(plan, oldest.get(), length, at);
            case Plan.Reference.Between(var from, var to) ->
                    oldest.get().isBefore(to)
                            ? Optional.of(
                                    new Stretch(
                                            plan.start(from),
                                            plan.start(to),
                                            plan.start(oldest.get())))
                            : first(
                                    plan,
                                    oldest.get(),
                                    plan.window().multipliedBy(WINDOWS_LEAST),
                                    at);
            case Plan.Reference.Season(int weeks) -> season(plan, oldest.get(), weeks, at);
        };
    }

    private static Optional<Stretch> first(Plan plan, Instant oldest, Duration length, Instant at) {
        var end = ceiling(plan, oldest.plus(length));
        var enough = oldest.plus(plan.window().multipliedBy(WINDOWS_LEAST));
        var from = enough.isBefore(end) ? enough : end;
        if (at.isBefore(from)) return Optional.empty();
        return Optional.of(new Stretch(oldest, at.isBefore(end) ? at : end, from));
    }

    /// Up to the day before, so that a day that goes wrong is not its own norm.
    private static Optional<Stretch> season(Plan plan, Instant oldest, int weeks, Instant at) {
        var end = plan.start(Span.DAY.start(at).minus(Duration.ofDays(1)));
        var begin = plan.start(end.minus(Duration.ofDays(7L * weeks)));
        var week = plan.start(oldest.plus(Duration.ofDays(8)));
        if (at.isBefore(week)) return Optional.empty();
        return Optional.of(new Stretch(begin.isBefore(oldest) ? oldest : begin, end, week));
    }

    private static Instant ceiling(Plan plan, Instant moment) {
        var start = plan.start(moment);
        return start.equals(moment) ? start : start.plus(plan.window());
    }

    /// What is normal in a stretch; empty where nothing was predicted in it.
    Optional<Normal> normal(String endpoint, Plan plan, Stretch stretch) {
        return normal(endpoint, plan, "", stretch);
    }

    /// The same of a part.
    Optional<Normal> normal(String endpoint, Plan plan, String part, Stretch stretch) {
        var key = new Key(plan, part, stretch.begin(), stretch.end());
        var shelf = shelves.computeIfAbsent(endpoint, _ -> new Shelf());
        // Who comes while another reads the same waits for it: reading may be 10,000 windows.
        shelf.lock.lock();
        try {
            var had = shelf.known.get(key);
            if (had != null && !isStale(endpoint, key, had)) return Optional.of(had.normal);
            long turn = changes.turn();
            var windows = windows(endpoint, key);
            if (windows.isEmpty()) {
                shelf.known.remove(key);
                return Optional.empty();
            }
            var normal = new Normal(windows);
            shelf.known.put(key, new Known(normal, turn, clock.instant()));
            return Optional.of(normal);
        } finally {
            shelf.lock.unlock();
        }
    }

    private boolean isStale(String endpoint, Key key, Known known) {
        if (!changes.since(known.turn, endpoint, key.plan.origin(), key.from, key.to)) return false;
        return key.plan.origin() != Origin.LIVE
                || Duration.between(known.read, clock.instant()).compareTo(LIVE_EVERY) >= 0;
    }

    private List<Seen> windows(String endpoint, Key key) {
        var windows = history.windows(endpoint, key.plan, key.part, key.from, key.to);
        return windows.isEmpty()
                ? history.hours(endpoint, key.plan, key.part, key.from, key.to)
                : windows;
    }
}
