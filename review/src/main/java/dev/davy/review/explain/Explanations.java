package dev.davy.review.explain;

import dev.davy.review.explain.Explaining.Wanted;
import dev.davy.runtime.Background;
import dev.davy.schema.Column;
import dev.davy.serving.BlobRecord;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.Rerun;
import dev.davy.serving.Stood;
import dev.davy.serving.feedback.Archived;
import dev.davy.serving.past.Logged;
import dev.davy.storage.Log;
import dev.davy.storage.Payload;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Explains answers to whoever looks at them. Models are asked again in child processes, by one
/// thread, and all of it gives way to callers; nothing of it is logged.
public final class Explanations implements AutoCloseable {
    /// For one explanation, once it is its turn.
    static final Duration ASKING = Duration.ofSeconds(10);

    /// For its turn to come as well.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Others that may wait; past it callers are told to come back.
    private static final int WAITING_MOST = 16;

    /// Remembered, the one not looked at for longest goes first.
    private static final int REMEMBERED_MOST = 256;

    private static final Duration REMEMBERED = Duration.ofMinutes(15);

    /// Loaded at once, and how long for nothing.
    private static final int LOADED_MOST = 2;

    private static final Duration LOADED = Duration.ofMinutes(2);
    private static final Duration RECENT = Duration.ofMinutes(1);

    private final Log log;
    private final Archived archived;
    private final Endpoints endpoints;
    private final InstantSource clock;
    private final Semaphore waiting = new Semaphore(WAITING_MOST);
    private final ScheduledThreadPoolExecutor thread;

    private record Key(UUID prediction, Wanted wanted) {}

    private record Remembered(Explanation explanation, Instant until) {}

    private final Map<Key, Remembered> remembered =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Remembered> eldest) {
                    return size() > REMEMBERED_MOST;
                }
            };

    /// A model, loaded; touched by the thread alone.
    private record Loaded(Rerun rerun, Instant used) {}

    private record Lately(Recent recent, Instant until) {}

    private final List<Loaded> loaded = new ArrayList<>();
    private final Map<String, Lately> lately = new HashMap<>();

    public Explanations(Log log, Archived archived, Endpoints endpoints, InstantSource clock) {
        this.log = log;
        this.archived = archived;
        this.endpoints = endpoints;
        this.clock = clock;
        thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        task ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name("davy-explanations")
                                        .unstarted(() -> {
                                            Background.giveWay();
                                            task.run();
                                        }));
        thread.setRemoveOnCancelPolicy(true);
        var _ =
                thread.scheduleWithFixedDelay(
                        this::tidy, LOADED.toSeconds(), LOADED.toSeconds() / 4, TimeUnit.SECONDS);
    }

    /// Explains what a prediction of an endpoint was answered.
    ///
    /// @throws Problem NOT_FOUND `prediction-unknown`, `content-not-kept`; UNACCEPTABLE
    ///   `explanation-not-possible`, `nothing-to-compare-with`, `class-unknown`; OVERLOADED
    ///   `too-busy`; DEADLINE; MODEL_FAILED; or why its version can't be loaded any more
    Explanation of(String endpoint, UUID id, Wanted wanted) {
        // Looked for each time: what was erased is explained to nobody.
        var prediction = find(endpoint, id);
        var key = new Key(id, wanted);
        var known = known(key);
        if (known.isPresent()) return known.get();
        if (!waiting.tryAcquire()) throw busy();
        var task = thread.submit(() -> explained(prediction, key));
        try {
            return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            if (e.getCause() instanceof Error cause) throw cause;
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            task.cancel(false);
            throw busy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while an answer is explained", e);
        } finally {
            waiting.release();
        }
    }

    private Prediction find(String endpoint, UUID id) {
        return log.find(id, PredictionReader::isPrediction)
                .map(PredictionReader::read)
                .or(() -> archived.find(id))
                .filter(found -> found.endpoint().equals(endpoint))
                .orElseThrow(() -> unknown(id));
    }

    private Optional<Explanation> known(Key key) {
        synchronized (remembered) {
            return Optional.ofNullable(remembered.get(key))
                    .filter(each -> clock.instant().isBefore(each.until()))
                    .map(Remembered::explanation);
        }
    }

    private Explanation explained(Prediction prediction, Key key) {
        // Somebody may have asked the same while this waited.
        var known = known(key);
        if (known.isPresent()) return known.get();
        var explanation = explain(prediction, key.wanted());
        synchronized (remembered) {
            remembered.put(key, new Remembered(explanation, clock.instant().plus(REMEMBERED)));
        }
        return explanation;
    }

    private Explanation explain(Prediction prediction, Wanted wanted) {
        var schema = endpoints.schema(prediction.schema()).orElseThrow(Explanations::gone);
        var names = schema.columns().stream().map(Column::name).toList();
        var logged = new Logged(prediction, names, content(prediction));
        var recent = recent(prediction.endpoint());
        if (!wanted.asked())
            return new Explaining(logged, schema, wanted, recent, Long.MAX_VALUE).without();
        var rerun = rerun(prediction);
        long deadline = System.nanoTime() + ASKING.toNanos();
        return new Explaining(logged, schema, wanted, recent, deadline).with(rerun);
    }

    private Map<String, Logged.Content> content(Prediction prediction) {
        var blob = log.find(prediction.id(), BlobRecord::isBlob);
        if (blob.isPresent()) {
            var content = BlobRecord.read(Payload.of(blob.get().payload()));
            return Map.of(
                    content.column(), new Logged.Content(content.contentType(), content.bytes()));
        }
        var found = new HashMap<String, Logged.Content>();
        var at = prediction.received();
        archived.read(
                prediction.endpoint(),
                at,
                at.plusMillis(1),
                kept -> {
                    if (!kept.prediction().id().equals(prediction.id())) return true;
                    kept.content()
                            .forEach((column, of) ->
                                    found.put(
                                            column,
                                            new Logged.Content(of.contentType(), of.bytes())));
                    return false;
                });
        return found;
    }

    private Recent recent(String endpoint) {
        var now = clock.instant();
        var known = lately.get(endpoint);
        if (known != null && now.isBefore(known.until())) return known.recent();
        var recent = Recent.of(endpoint, log, endpoints, now);
        lately.put(endpoint, new Lately(recent, now.plus(RECENT)));
        return recent;
    }

    /// The models that answered, each in the version that did.
    private Rerun rerun(Prediction prediction) {
        var then =
                endpoints
                        .stood(prediction.endpoint(), prediction.epoch(), prediction.received())
                        .orElseThrow(Explanations::gone);
        var versions = new LinkedHashMap<>(then.live());
        for (var answer : prediction.answers())
            if (versions.containsKey(answer.component()))
                versions.put(answer.component(), answer.version());
        var stood = new Stood(then.endpoint(), then.epoch(), versions, then.since());
        for (int i = 0; i < loaded.size(); i++) {
            var each = loaded.get(i);
            if (!each.rerun().stood().endpoint().name().equals(prediction.endpoint())
                    || !each.rerun().stood().sameAs(stood)) continue;
            loaded.remove(i);
            loaded.add(new Loaded(each.rerun(), clock.instant()));
            return each.rerun();
        }
        while (loaded.size() >= LOADED_MOST) loaded.removeFirst().rerun().close();
        var rerun = endpoints.rerun(stood);
        rerun.giveWay();
        loaded.add(new Loaded(rerun, clock.instant()));
        return rerun;
    }

    private void tidy() {
        var now = clock.instant();
        loaded.removeIf(each -> {
            if (now.isBefore(each.used().plus(LOADED))) return false;
            each.rerun().close();
            return true;
        });
        lately.values().removeIf(each -> !now.isBefore(each.until()));
        synchronized (remembered) {
            remembered.values().removeIf(each -> !now.isBefore(each.until()));
        }
    }

    private static Problem unknown(UUID id) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "prediction-unknown",
                "There is no prediction '" + id + "' of this endpoint.",
                "It was never made here, or it is not held any more.",
                "See the last ones on the endpoint's page.");
    }

    private static Problem gone() {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "explanation-not-possible",
                "The answer can't be explained.",
                "How its endpoint stood when it answered is not known any more.",
                "Explain a later one.");
    }

    private static Problem busy() {
        return new Problem(
                Problem.Kind.OVERLOADED,
                "too-busy",
                "The answer can't be explained now.",
                "Others wait for explanations, and models are asked for one at a time.",
                "Try again in a moment.");
    }

    @Override
    public void close() {
        try {
            thread.execute(() -> {
                loaded.forEach(each -> each.rerun().close());
                loaded.clear();
            });
        } catch (java.util.concurrent.RejectedExecutionException closedBefore) {
            return;
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(ASKING.toMillis(), TimeUnit.MILLISECONDS))
                thread.shutdownNow();
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
