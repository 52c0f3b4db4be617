package dev.davy.monitoring;

import dev.davy.schema.Schema;
import dev.davy.serving.Cases;
import dev.davy.serving.Origin;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.feedback.Feedback;
import dev.davy.serving.reading.Entry;
import dev.davy.serving.reading.Follower;
import dev.davy.storage.Gap;
import dev.davy.storage.Log;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Makes windows of the log. What was taken since the last commit is counted in windows of its own,
/// which are merged into the stored ones in the transaction that moves the cursor; so nothing
/// counts twice, whatever is taken again, and late events find the windows of their time.
final class WindowFollower implements Follower {
    private static final long COMMIT_EVERY = Duration.ofSeconds(1).toNanos();
    private static final int ENTRIES_MOST = 50_000;

    /// Of event times all over the calendar, which would make a window each.
    private static final int WINDOWS_MOST = 2_000;

    /// An event time that is further off is a mistake of the caller's clock: the prediction counts
    /// when it was received.
    private static final Duration EARLIEST = Duration.ofDays(3660);

    private static final Duration LATEST = Duration.ofDays(1);

    private static final Duration TIDY_EVERY = Duration.ofHours(1);

    private static final int ORIGINS = 16_384;

    private static final class Delta {
        final Window.Builder window = new Window.Builder();
        Window more = Window.EMPTY;
        final long[] latency = new long[Totals.boundsMillis().length + 1];
        double latencyMillis;

        Window built() {
            return more.isEmpty() ? window.build() : window.build().merge(more);
        }
    }

    private static final class Lost {
        final Gap gap;
        final @Nullable Instant since;
        @Nullable Instant until;

        Lost(Gap gap, @Nullable Instant since) {
            this.gap = gap;
            this.since = since;
        }
    }

    private final Log log;
    private final LongFunction<Optional<Schema>> schemas;
    private final InstantSource clock;
    private final Consumer<Collection<Kept.Key>> changed;
    private final Declared declared;
    private final Map<String, Customs> customs = new HashMap<>();
    private final Map<String, Slices> slices = new HashMap<>();
    private final SliceValues values = new SliceValues();

    /// Feedback often comes soon: of these it is known without the log.
    private final Map<UUID, Totals.Of> origins =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<UUID, Totals.Of> eldest) {
                    return size() > ORIGINS;
                }
            };

    private final Map<Kept.Key, Delta> deltas = new LinkedHashMap<>();
    private final Map<Long, Optional<Schema>> known = new HashMap<>();
    private final Map<String, ArrayDeque<Prediction>> last = new HashMap<>();
    private final Set<String> touched = new HashSet<>();
    private final Map<Integer, Instant> seen = new HashMap<>();
    private final List<Lost> lost = new ArrayList<>();
    private final Map<Kept.Key, Window> built = new LinkedHashMap<>();
    private int entries;
    private long committedAt = System.nanoTime() - COMMIT_EVERY;
    private Instant tidied = Instant.EPOCH;

    private volatile Map<String, List<Prediction>> recent = Map.of();
    private volatile Map<Totals.Of, Totals> totals = Map.of();

    WindowFollower(
            Log log,
            LongFunction<Optional<Schema>> schemas,
            InstantSource clock,
            Declared declared,
            Consumer<Collection<Kept.Key>> changed) {
        this.log = log;
        this.schemas = schemas;
        this.clock = clock;
        this.declared = declared;
        this.changed = changed;
    }

    List<Prediction> recent(String endpoint) {
        return recent.getOrDefault(endpoint, List.of());
    }

    Map<Totals.Of, Totals> totals() {
        return totals;
    }

    @Override
    public String name() {
        return "windows";
    }

    @Override
    public int version() {
        return Windows.VERSION;
    }

    @Override
    public void take(Entry entry) {
        entries++;
        int node = entry.at().node();
        switch (entry) {
            case Entry.Predicted(var _, var prediction) -> {
                seen(node, prediction.received());
                predicted(node, prediction);
            }
            case Entry.Told(var _, var received, var feedback) -> {
                seen(node, received);
                told(node, received, feedback);
            }
            case Entry.Blob blob -> seen(node, blob.received());
            // A window is of what counted.
            case Entry.Shadowed(var _, var shadow) -> seen(node, shadow.received());
            case Entry.Missing(var _, var gap) -> lost.add(new Lost(gap, seen.get(node)));
        }
    }

    private void seen(int node, Instant received) {
        seen.put(node, received);
        if (lost.isEmpty()) return;
        for (var each : lost)
            if (each.until == null && each.gap.from().node() == node) each.until = received;
    }

    private void predicted(int node, Prediction prediction) {
        var at = at(prediction);
        var schema = schema(prediction.schema());
        var delta =
                delta(prediction.endpoint(), prediction.origin(), Part.arm(prediction), node, at);
        Counting.count(delta.window, prediction, schema);
        var customs = customs(prediction.endpoint());
        customs.count(delta.window, prediction, schema);
        for (var slice : slices(prediction.endpoint()).of(prediction, schema)) {
            var part = delta(prediction, slice, node, at).window;
            Counting.count(part, prediction, schema);
            customs.count(part, prediction, schema);
        }
        double millis = prediction.nanos() / 1e6;
        delta.latency[Totals.bucket(millis)]++;
        delta.latencyMillis += millis;
        remember(prediction);
        origins.put(prediction.id(), of(prediction));
    }

    private Delta delta(Prediction prediction, Slices.In slice, int node, Instant at) {
        var own =
                Kept.Key.minute(prediction.endpoint(), prediction.origin(), slice.part(), node, at);
        if (slice.of().isEmpty()) return delta(own);
        var place = values.place(own, slice.of().get());
        var gone = place.displaced().map(deltas::remove);
        if (gone.isPresent()) {
            var others = delta(place.others());
            others.more = others.more.merge(gone.get().built());
        }
        return delta(place.in());
    }

    private Customs customs(String endpoint) {
        return customs.computeIfAbsent(
                endpoint, of -> new Customs(declared.metrics(of), declared.outputs(of)));
    }

    private Slices slices(String endpoint) {
        return slices.computeIfAbsent(endpoint, of -> new Slices(declared.slices(of)));
    }

    /// The event time by which a prediction counts.
    static Instant at(Prediction prediction) {
        return at(prediction.origin(), prediction.eventTime(), prediction.received());
    }

    /// What is replayed happened whenever it says, and what was reported at any time past; a live
    /// prediction of long ago has a wrong clock.
    private static Instant at(Origin origin, Instant event, Instant received) {
        return switch (origin) {
            case REPLAY, REHEARSAL -> event;
            case EXTERNAL -> event.isBefore(received.plus(LATEST)) ? event : received;
            case LIVE, BATCH, EDGE -> sane(event, received);
        };
    }

    private static Instant sane(Instant event, Instant received) {
        boolean possible =
                event.isAfter(received.minus(EARLIEST)) && event.isBefore(received.plus(LATEST));
        return possible ? event : received;
    }

    private void remember(Prediction prediction) {
        var ring = last.computeIfAbsent(prediction.endpoint(), _ -> new ArrayDeque<>());
        ring.addFirst(prediction);
        if (ring.size() > Windows.RECENT) forgetOne(ring);
        touched.add(prediction.endpoint());
    }

    /// The oldest goes, but for the last of each answer: among many "ok" the one "scratch" is what
    /// people look for.
    private static void forgetOne(ArrayDeque<Prediction> ring) {
        var times = new HashMap<String, Integer>();
        for (var each : ring) times.merge(said(each), 1, Integer::sum);
        boolean few = times.size() <= Windows.RECENT / 2;
        for (var oldest = ring.descendingIterator(); few && oldest.hasNext(); )
            if (times.getOrDefault(said(oldest.next()), 0) > 1) {
                oldest.remove();
                return;
            }
        ring.removeLast();
    }

    /// The class that was answered; empty where an answer is no class.
    private static String said(Prediction prediction) {
        for (var output : Cases.answer(prediction).values())
            if (output instanceof String said) return said;
        return "";
    }

    private void told(int node, Instant received, Feedback feedback) {
        var about =
                switch (feedback.about()) {
                    case Feedback.About.OfEntity(var of, var _) -> Optional.of(usual(of));
                    case Feedback.About.OfPrediction(var id, var of) ->
                            predicted(id).or(() -> of.map(this::usual));
                };
        // An orphan: its prediction is not known here, or not any more.
        if (about.isEmpty()) return;
        var origin = about.get().origin();
        var at = at(origin, feedback.at().orElse(received), received);
        Counting.count(delta(about.get().endpoint(), origin, "", node, at).window, feedback);
    }

    /// What an endpoint's monitors read.
    private Totals.Of usual(String endpoint) {
        var plan = declared.plans().get(endpoint);
        return new Totals.Of(endpoint, plan == null ? Origin.LIVE : plan.origin());
    }

    private Optional<Totals.Of> predicted(UUID id) {
        return Optional.ofNullable(origins.get(id))
                .or(() ->
                        log.find(id, PredictionReader::isPrediction)
                                .map(PredictionReader::read)
                                .map(WindowFollower::of));
    }

    private static Totals.Of of(Prediction prediction) {
        return new Totals.Of(prediction.endpoint(), prediction.origin());
    }

    private Delta delta(String endpoint, Origin origin, String part, int node, Instant at) {
        return delta(Kept.Key.minute(endpoint, origin, part, node, at));
    }

    private Delta delta(Kept.Key minute) {
        return deltas.computeIfAbsent(minute, _ -> new Delta());
    }

    private Optional<Schema> schema(long hash) {
        return known.computeIfAbsent(hash, schemas::apply);
    }

    @Override
    public boolean due() {
        return System.nanoTime() - committedAt > COMMIT_EVERY
                || entries >= ENTRIES_MOST
                || deltas.size() >= WINDOWS_MOST;
    }

    @Override
    public void prepare() {
        built.clear();
        deltas.forEach((minute, delta) -> built.put(minute, delta.built()));
    }

    @Override
    public void commit(Handle handle) {
        var whole = new LinkedHashMap<Kept.Key, Window>();
        built.forEach((minute, window) -> {
            for (var span : Span.values()) whole.merge(minute.in(span), window, Window::merge);
        });
        values.displaced(handle, WindowTable.WINDOWS)
                .forEach((gone, others) -> {
                    var mine = Optional.ofNullable(whole.remove(gone));
                    var stored = WindowTable.WINDOWS.take(handle, gone);
                    for (var each : List.of(mine, stored))
                        each.ifPresent(window -> whole.merge(others, window, Window::merge));
                });
        WindowTable.WINDOWS
                .get(handle, whole.keySet())
                .forEach((key, stored) ->
                        whole.computeIfPresent(key, (_, more) -> stored.merge(more)));
        WindowTable.WINDOWS.put(handle, whole);
        for (var each : lost) storeGap(handle, each);
        for (var endpoint : touched) storeRecent(handle, endpoint);
        var now = clock.instant();
        if (Duration.between(tidied, now).compareTo(TIDY_EVERY) > 0) {
            WindowTable.WINDOWS.forgetMinutes(handle, Windows.MINUTES_KEPT);
            tidied = now;
        }
    }

    private void storeGap(Handle handle, Lost each) {
        int node = each.gap.from().node();
        var until = each.until != null ? each.until : clock.instant();
        var since = Optional.ofNullable(each.since).map(Instant::getEpochSecond);
        WindowTable.putGap(
                handle,
                Windows.VERSION,
                node,
                since.or(() -> WindowTable.newest(handle, Windows.VERSION, node))
                        .orElse(until.getEpochSecond()),
                until.getEpochSecond(),
                each.gap.cause().name());
    }

    private void storeRecent(Handle handle, String endpoint) {
        var ids = new ArrayList<UUID>();
        for (var each : last.getOrDefault(endpoint, new ArrayDeque<>())) ids.add(each.id());
        if (ids.size() < Windows.RECENT)
            for (var id : WindowTable.recent(handle, Windows.VERSION, endpoint))
                if (ids.size() < Windows.RECENT && !ids.contains(id)) ids.add(id);
        WindowTable.putRecent(handle, Windows.VERSION, endpoint, ids);
    }

    @Override
    public void committed() {
        var sums = new HashMap<>(totals);
        built.forEach((minute, window) -> {
            var delta = deltas.get(minute);
            if (delta == null || Part.isSlice(minute.part())) return;
            sums.merge(
                    new Totals.Of(minute.endpoint(), minute.origin()),
                    Totals.NONE.plus(window, delta.latency, delta.latencyMillis),
                    (a, b) -> a.plus(b.window(), b.latency(), b.latencyMillis()));
        });
        totals = Map.copyOf(sums);
        if (!touched.isEmpty()) {
            var shown = new HashMap<>(recent);
            for (var endpoint : touched)
                shown.put(endpoint, List.copyOf(last.getOrDefault(endpoint, new ArrayDeque<>())));
            recent = Map.copyOf(shown);
        }
        boolean some = !built.isEmpty() || !lost.isEmpty();
        var minutes = List.copyOf(built.keySet());
        clear();
        committedAt = System.nanoTime();
        if (some) changed.accept(minutes);
    }

    private void clear() {
        deltas.clear();
        built.clear();
        lost.clear();
        touched.clear();
        // A declaration may have changed: it is asked again.
        slices.clear();
        values.clear();
        customs.clear();
        entries = 0;
    }

    @Override
    public void forget() {
        clear();
        last.clear();
        recent.forEach((endpoint, shown) -> last.put(endpoint, new ArrayDeque<>(shown)));
        seen.clear();
    }
}
