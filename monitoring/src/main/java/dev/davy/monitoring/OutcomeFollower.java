package dev.davy.monitoring;

import dev.davy.schema.Output;
import dev.davy.serving.Cases;
import dev.davy.serving.Micros;
import dev.davy.serving.Origin;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.feedback.Archived;
import dev.davy.serving.feedback.Feedback;
import dev.davy.serving.reading.Entry;
import dev.davy.serving.reading.Follower;
import dev.davy.storage.Database;
import dev.davy.storage.Log;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Joins truth to its prediction, however late it comes, and counts it in the window of the
/// prediction's event time. Of several truths of one output that counts which became known last;
/// what counted before is taken away again. Truth whose prediction has not come waits for it.
final class OutcomeFollower implements Follower {
    private static final Logger LOGGER = LoggerFactory.getLogger(OutcomeFollower.class);

    private static final long COMMIT_EVERY = Duration.ofSeconds(1).toNanos();
    private static final int ENTRIES_MOST = 20_000;

    /// Truth often comes soon: these are found without the log.
    private static final int RECENT = 4_096;

    /// More that wait are found only if they come again.
    private static final int ORPHANS_MOST = 100_000;

    /// Truth that is older can't be corrected any more, and is not waited with.
    private static final Duration CORRECTABLE = Duration.ofDays(400);

    /// No output has this name: that a person has judged a prediction.
    private static final String JUDGED = "(judged)";

    private static final Duration TIDY_EVERY = Duration.ofHours(6);

    private static final class Delta {
        Quality more = Quality.EMPTY;
        Quality less = Quality.EMPTY;

        void count(Quality some, Optional<Quality> instead) {
            more = more.merge(some);
            if (instead.isPresent()) less = less.merge(instead.get());
        }

        void add(Delta that) {
            more = more.merge(that.more);
            less = less.merge(that.less);
        }
    }

    private final Database database;
    private final Log log;
    private final Archived archived;
    private final Declared declared;
    private final InstantSource clock;
    private final Consumer<Collection<Kept.Key>> changed;

    private final Map<UUID, Prediction> recent =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<UUID, Prediction> eldest) {
                    return size() > RECENT;
                }
            };

    private final Map<Totals.Of, Instant> ahead = new HashMap<>();
    private volatile Map<Totals.Of, Instant> newest = Map.of();
    private final Map<Kept.Key, Delta> deltas = new LinkedHashMap<>();
    private final Map<OutcomeTable.Of, OutcomeTable.Counted> counted = new HashMap<>();
    private final Set<OutcomeTable.Of> gone = new HashSet<>();
    private final EntityTruths entities;
    private final Map<String, Optional<EntityJoin>> joins = new HashMap<>();
    private final Map<OutcomeTable.Last, JsonNode> last = new HashMap<>();
    private final Map<String, Slices> slices = new HashMap<>();
    private final SliceValues values = new SliceValues();
    private final List<OutcomeTable.Orphan> fresh = new ArrayList<>();
    private final List<String> found = new ArrayList<>();
    private @Nullable Map<UUID, List<OutcomeTable.Orphan>> orphans;
    private int entries;
    private long committedAt = System.nanoTime() - COMMIT_EVERY;
    private Instant tidied = Instant.EPOCH;

    OutcomeFollower(
            Database database,
            Log log,
            Archived archived,
            Declared declared,
            InstantSource clock,
            Consumer<Collection<Kept.Key>> changed) {
        this.database = database;
        this.log = log;
        this.archived = archived;
        this.declared = declared;
        this.entities = new EntityTruths(database);
        this.clock = clock;
        this.changed = changed;
    }

    @Override
    public String name() {
        return "outcomes";
    }

    @Override
    public int version() {
        return OutcomeTable.VERSION;
    }

    @Override
    public void take(Entry entry) {
        switch (entry) {
            case Entry.Predicted(var at, var prediction) -> {
                ahead.merge(
                        new Totals.Of(prediction.endpoint(), prediction.origin()),
                        WindowFollower.at(prediction),
                        OutcomeFollower::later);
                recent.put(prediction.id(), prediction);
                join(prediction.endpoint())
                        .ifPresent(join -> {
                            entries++;
                            entities.predicted(prediction, join)
                                    .forEach((output, of) -> joined(at.node(), output, of));
                        });
                var waiting = orphans().remove(prediction.id());
                if (waiting == null) return;
                for (var orphan : waiting) {
                    found.add(orphan.feedback());
                    told(at.node(), orphan.received(), orphan.body(), prediction);
                }
            }
            case Entry.Told(var at, var received, var feedback) -> {
                judged(at.node(), received, feedback);
                if (feedback.about() instanceof Feedback.About.OfEntity(var of, var entity))
                    told(at.node(), received, feedback, new EntityTable.Of(of, entity));
                if (!(feedback.what() instanceof Feedback.What.Truth)
                        || !(feedback.about()
                                instanceof Feedback.About.OfPrediction(var id, var _))) return;
                var prediction = find(id);
                if (prediction.isPresent()) told(at.node(), received, feedback, prediction.get());
                else waits(id, received, feedback);
            }
            case Entry.Blob _, Entry.Shadowed _, Entry.Missing _ -> {}
        }
    }

    /// Of a prediction that people decide, counts the first of them that does.
    private void judged(int node, Instant received, Feedback feedback) {
        if (!(feedback.what() instanceof Feedback.What.Judgement(var value, var _, var _, var _))
                || !(feedback.about() instanceof Feedback.About.OfPrediction(var id, var _)))
            return;
        var prediction = find(id).filter(Cases::isForPeople);
        var of = new OutcomeTable.Of(id, JUDGED);
        if (prediction.isEmpty() || counted(of).isPresent()) return;
        entries++;
        long at = Micros.of(received);
        counted.put(of, new OutcomeTable.Counted(feedback.id(), at, at, value, Optional.empty()));
        count(node, prediction.get(), Quality.judged(), Optional.empty());
    }

    private Optional<Prediction> find(UUID id) {
        var known = recent.get(id);
        if (known != null) return Optional.of(known);
        return log.find(id, PredictionReader::isPrediction)
                .map(PredictionReader::read)
                .or(() -> inArchive(id));
    }

    private Optional<Prediction> inArchive(UUID id) {
        try {
            return archived.find(id);
        } catch (RuntimeException broken) {
            LOGGER.warn("the archive can't be asked for prediction {}", id, broken);
            return Optional.empty();
        }
    }

    private void waits(UUID id, Instant received, Feedback feedback) {
        entries++;
        var orphan = new OutcomeTable.Orphan(feedback.id(), id, received, feedback);
        fresh.add(orphan);
        if (orphans().size() < ORPHANS_MOST)
            orphans().computeIfAbsent(id, _ -> new ArrayList<>()).add(orphan);
    }

    private Map<UUID, List<OutcomeTable.Orphan>> orphans() {
        if (orphans == null) {
            var all = new HashMap<UUID, List<OutcomeTable.Orphan>>();
            for (var each : database.read(handle -> OutcomeTable.orphans(handle, ORPHANS_MOST)))
                all.computeIfAbsent(each.prediction(), _ -> new ArrayList<>()).add(each);
            orphans = all;
        }
        return orphans;
    }

    /// Asked of every prediction: a declaration is looked at once between two commits.
    private Optional<EntityJoin> join(String endpoint) {
        return joins.computeIfAbsent(
                endpoint,
                of -> Optional.ofNullable(declared.plans().get(of)).flatMap(Plan::entities));
    }

    /// Truth of an entity, where the endpoint joins it.
    private void told(int node, Instant received, Feedback feedback, EntityTable.Of of) {
        var join = join(of.endpoint());
        var output = Outcomes.output(declared.outputs(of.endpoint()), feedback.output());
        if (!(feedback.what() instanceof Feedback.What.Truth) || join.isEmpty() || output.isEmpty())
            return;
        entries++;
        var name = output.get().name();
        joined(node, name, entities.told(feedback, received, name, of, join.get()));
    }

    /// Brings what counts in line with what is joined now. Truth that was told of a prediction
    /// itself stays, unless what is known of the entity became known later.
    private void joined(int node, String name, EntityTruths.Assigned assigned) {
        for (var id : assigned.predictions()) {
            var of = new OutcomeTable.Of(id, name);
            var had = counted(of);
            var counts = Optional.ofNullable(assigned.counts().get(id));
            var ofEntity = had.filter(each -> assigned.feedback().contains(each.feedback()));
            if (counts.isEmpty() ? ofEntity.isEmpty() : isKnown(had, ofEntity, counts.get()))
                continue;
            var prediction = find(id);
            var output =
                    prediction.flatMap(each ->
                            Outcomes.output(declared.outputs(each.endpoint()), Optional.of(name)));
            if (output.isEmpty()) continue;
            if (counts.isPresent()) counts(node, prediction.get(), output.get(), had, counts.get());
            else taken(node, prediction.get(), output.get(), of, had.orElseThrow());
        }
    }

    private static boolean isKnown(
            Optional<OutcomeTable.Counted> had,
            Optional<OutcomeTable.Counted> ofEntity,
            EntityJoin.Told told) {
        if (had.isEmpty()) return false;
        return ofEntity.isPresent()
                ? had.get().feedback().equals(told.feedback())
                : had.get().atMicros() >= told.atMicros();
    }

    private void counts(
            int node,
            Prediction prediction,
            Output output,
            Optional<OutcomeTable.Counted> had,
            EntityJoin.Told told) {
        entries++;
        counted(
                node,
                prediction,
                output,
                had,
                told.feedback(),
                told.atMicros(),
                told.receivedMicros(),
                told.truth());
    }

    /// What counted was another prediction's.
    private void taken(
            int node,
            Prediction prediction,
            Output output,
            OutcomeTable.Of of,
            OutcomeTable.Counted had) {
        entries++;
        counted.remove(of);
        gone.add(of);
        count(
                node,
                prediction,
                Quality.EMPTY,
                Optional.of(Outcomes.of(prediction, output, had.truth(), had.before())));
    }

    private void told(int node, Instant received, Feedback feedback, Prediction prediction) {
        if (!(feedback.what() instanceof Feedback.What.Truth(var truth, var _))) return;
        var output = Outcomes.output(declared.outputs(prediction.endpoint()), feedback.output());
        if (output.isEmpty()) return;
        entries++;
        var before = counted(new OutcomeTable.Of(prediction.id(), output.get().name()));
        long at = Micros.of(feedback.at().orElse(received));
        // What became known earlier than what counts changes nothing, unless it corrects it.
        if (before.isPresent()
                && before.get().atMicros() > at
                && !feedback.replaces().equals(Optional.of(before.get().feedback()))) return;
        counted(
                node,
                prediction,
                output.get(),
                before,
                feedback.id(),
                at,
                Micros.of(received),
                truth);
    }

    /// From now on this truth counts, and not what counted before.
    private void counted(
            int node,
            Prediction prediction,
            Output output,
            Optional<OutcomeTable.Counted> before,
            String feedback,
            long at,
            long received,
            JsonNode truth) {
        var of = new OutcomeTable.Of(prediction.id(), output.name());
        var was =
                before.isPresent()
                        ? before.get().before()
                        : lastTruth(prediction, of.output(), truth);
        counted.put(of, new OutcomeTable.Counted(feedback, at, received, truth, was));
        gone.remove(of);
        var more = Outcomes.of(prediction, output, truth, was);
        var less = before.map(had -> Outcomes.of(prediction, output, had.truth(), had.before()));
        double delay = (at - Micros.of(prediction.eventTime())) / 1e6;
        count(node, prediction, delayed(more, before.isEmpty() ? delay : Double.NaN), less);
    }

    private Optional<OutcomeTable.Counted> counted(OutcomeTable.Of of) {
        if (gone.contains(of)) return Optional.empty();
        return Optional.ofNullable(counted.get(of)).or(() -> read(of));
    }

    private Optional<OutcomeTable.Counted> read(OutcomeTable.Of of) {
        return database.read(handle -> OutcomeTable.counted(handle, of));
    }

    /// The truth that came before this one, which is the last from now on.
    private Optional<JsonNode> lastTruth(Prediction prediction, String output, JsonNode truth) {
        var of = new OutcomeTable.Last(prediction.endpoint(), prediction.origin().word(), output);
        var was =
                Optional.ofNullable(last.get(of))
                        .or(() -> database.read(handle -> OutcomeTable.last(handle, of)));
        last.put(of, truth);
        return was;
    }

    private static Quality delayed(Quality quality, double seconds) {
        if (Double.isNaN(seconds)) return quality;
        var delay = new Measure.Builder(Window.LATENCY_BINS, 0);
        delay.number(Math.max(0, seconds));
        return new Quality(
                quality.outputs(),
                delay.build(),
                quality.confidences(),
                quality.weighted(),
                quality.corrected(),
                quality.people());
    }

    private void count(int node, Prediction prediction, Quality more, Optional<Quality> less) {
        var at = WindowFollower.at(prediction);
        var parts = slices.computeIfAbsent(prediction.endpoint(), this::slices);
        var arm = minute(prediction, Part.arm(prediction), node, at);
        delta(arm).count(more, less);
        for (var slice : parts.of(prediction, declared.schema(prediction.schema())))
            delta(minute(prediction, slice.part(), node, at), slice.of()).count(more, less);
    }

    private Slices slices(String endpoint) {
        return new Slices(declared.slices(endpoint));
    }

    private static Kept.Key minute(Prediction prediction, String part, int node, Instant at) {
        return Kept.Key.minute(prediction.endpoint(), prediction.origin(), part, node, at);
    }

    private Delta delta(Kept.Key own, Optional<Slices.OneOfMany> of) {
        if (of.isEmpty()) return delta(own);
        var place = values.place(own, of.get());
        place.displaced().map(deltas::remove).ifPresent(gone -> delta(place.others()).add(gone));
        return delta(place.in());
    }

    private Delta delta(Kept.Key minute) {
        return deltas.computeIfAbsent(minute, _ -> new Delta());
    }

    @Override
    public boolean due() {
        return System.nanoTime() - committedAt > COMMIT_EVERY || entries >= ENTRIES_MOST;
    }

    @Override
    public void commit(Handle handle) {
        var whole = new LinkedHashMap<Kept.Key, Delta>();
        deltas.forEach((minute, delta) -> {
            for (var span : Span.values())
                whole.computeIfAbsent(minute.in(span), _ -> new Delta()).add(delta);
        });
        values.displaced(handle, OutcomeTable.WINDOWS)
                .forEach((gone, others) -> {
                    var mine = Optional.ofNullable(whole.remove(gone));
                    var stored = OutcomeTable.WINDOWS.take(handle, gone);
                    if (mine.isEmpty() && stored.isEmpty()) return;
                    var into = whole.computeIfAbsent(others, _ -> new Delta());
                    mine.ifPresent(into::add);
                    stored.ifPresent(had -> into.count(had, Optional.empty()));
                });
        var stored = OutcomeTable.WINDOWS.get(handle, whole.keySet());
        var changes = new LinkedHashMap<Kept.Key, Quality>();
        whole.forEach((key, delta) -> {
            var now = stored.getOrDefault(key, Quality.EMPTY).merge(delta.more);
            changes.put(key, delta.less.count() == 0 ? now : now.minus(delta.less));
        });
        OutcomeTable.WINDOWS.put(handle, changes);
        counted.forEach((of, each) -> OutcomeTable.put(handle, of, each));
        gone.forEach(of -> OutcomeTable.remove(handle, of));
        entities.commit(handle);
        last.forEach((of, truth) -> OutcomeTable.putLast(handle, of, truth));
        for (var orphan : fresh)
            OutcomeTable.putOrphan(handle, orphan, endpointOf(orphan.body()), orphan.body().json());
        OutcomeTable.forgetOrphans(handle, found);
        var now = clock.instant();
        if (Duration.between(tidied, now).compareTo(TIDY_EVERY) > 0) {
            OutcomeTable.forget(handle, now.minus(CORRECTABLE));
            EntityTable.forget(handle, Micros.of(now.minus(CORRECTABLE)));
            OutcomeTable.WINDOWS.forgetMinutes(handle, Windows.MINUTES_KEPT);
            tidied = now;
        }
    }

    private static String endpointOf(Feedback feedback) {
        return feedback.about() instanceof Feedback.About.OfPrediction(var _, var endpoint)
                ? endpoint.orElse("")
                : "";
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /// When the newest prediction happened up to which truth was looked for, since the start.
    Optional<Instant> newest(String endpoint, Origin origin) {
        return Optional.ofNullable(newest.get(new Totals.Of(endpoint, origin)));
    }

    @Override
    public void committed() {
        if (!ahead.isEmpty()) {
            var all = new HashMap<>(newest);
            ahead.forEach((of, at) -> all.merge(of, at, OutcomeFollower::later));
            newest = Map.copyOf(all);
        }
        boolean some = !ahead.isEmpty() || !deltas.isEmpty() || !fresh.isEmpty();
        var minutes = List.copyOf(deltas.keySet());
        clear();
        committedAt = System.nanoTime();
        if (some) changed.accept(minutes);
    }

    private void clear() {
        ahead.clear();
        deltas.clear();
        counted.clear();
        gone.clear();
        entities.clear();
        joins.clear();
        last.clear();
        fresh.clear();
        found.clear();
        slices.clear();
        values.clear();
        entries = 0;
    }

    @Override
    public void forget() {
        clear();
        recent.clear();
        orphans = null;
    }
}
