package dev.davy.serving.feedback;

import dev.davy.schema.Output;
import dev.davy.serving.Cases;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Micros;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionJson;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.Privacy;
import dev.davy.serving.Routing;
import dev.davy.storage.Database;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.storage.LogFailed;
import dev.davy.storage.Payload;
import dev.davy.storage.Position;
import dev.davy.storage.RecordBatch;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps feedback in the log, each once whatever is sent again, and joins it to its prediction when
/// somebody reads.
public final class Feedbacks implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Feedbacks.class);

    private final Database database;
    private final Log log;
    private final Ids ids;
    private final InstantSource clock;
    private final Endpoints endpoints;
    private final Privacy privacy;
    private final Archived archived;
    private final LogIndex index;
    private final List<Consumer<Collection<UUID>>> others = new CopyOnWriteArrayList<>();
    private final List<Consumer<Collection<String>>> ofEntities = new CopyOnWriteArrayList<>();

    /// Opens the keeper; returns when the index knows all that is in the log.
    public Feedbacks(
            Database database,
            Log log,
            Ids ids,
            InstantSource clock,
            Endpoints endpoints,
            Privacy privacy,
            Archived archived) {
        this.database = database;
        this.log = log;
        this.ids = ids;
        this.clock = clock;
        this.endpoints = endpoints;
        this.privacy = privacy;
        this.archived = archived;
        index = new LogIndex(database, log);
    }

    /// Whoever keeps something of single predictions beside the log forgets it when they are
    /// erased.
    public void eraseWith(Consumer<Collection<UUID>> other) {
        others.add(other);
    }

    /// The same of what is kept of entities.
    public void eraseEntitiesWith(Consumer<Collection<String>> other) {
        ofEntities.add(other);
    }

    LogIndex index() {
        return index;
    }

    /// What became of one feedback.
    public sealed interface Result {
        /// It is on disk now.
        record Kept(String id) implements Result {}

        /// It was on disk before, with the same content.
        record Known(String id) implements Result {}

        /// It is not taken.
        record Refused(Problem problem) implements Result {}
    }

    /// Takes feedback; what is said to be kept is on disk.
    public List<Result> take(List<JsonNode> items) {
        var results = new ArrayList<@Nullable Result>();
        var batch = new RecordBatch();
        var waiting = new ArrayList<Waiting>();
        Position end = null;
        var endpointOf = endpointsOf(items);
        for (int i = 0; i < items.size(); i++) {
            var where = items.size() == 1 ? "feedback" : "feedback[" + i + "]";
            try {
                results.add(one(items.get(i), where, endpointOf, batch, waiting, results.size()));
            } catch (Problem problem) {
                results.add(new Result.Refused(problem));
            } catch (RuntimeException bug) {
                // Nothing of the list was appended.
                for (var each : waiting)
                    if (each.isNew()) index.pending().remove(LogIndex.feedbackKey(each.id()));
                throw bug;
            }
        }
        try {
            end = append(batch, waiting);
            for (var each : waiting) {
                var until = each.earlier() != null ? each.earlier() : end;
                if (until != null) log.awaitSynced(until);
                results.set(
                        each.place(),
                        each.isNew() ? new Result.Kept(each.id()) : new Result.Known(each.id()));
            }
        } catch (LogFailed failed) {
            var problem = failed(failed);
            for (var each : waiting) {
                if (each.isNew() && end == null)
                    index.pending().remove(LogIndex.feedbackKey(each.id()));
                results.set(each.place(), new Result.Refused(problem));
            }
        }
        var settled = new ArrayList<Result>(results.size());
        for (var result : results) if (result != null) settled.add(result);
        return settled;
    }

    /// The endpoints of the predictions that are spoken of, from the log or the archive, all at
    /// once: truth often comes for many, and late.
    private Map<UUID, String> endpointsOf(List<JsonNode> items) {
        var found = new HashMap<UUID, String>();
        var missing = new HashSet<UUID>();
        for (var item : items) {
            if (!item.path("endpoint").isMissingNode() || !item.path("prediction").isString())
                continue;
            try {
                var id = UUID.fromString(item.path("prediction").stringValue());
                endpointInLog(id)
                        .ifPresentOrElse(name -> found.put(id, name), () -> missing.add(id));
            } catch (IllegalArgumentException notAnId) {
                // It is refused when it is read.
            }
        }
        if (!missing.isEmpty())
            try {
                found.putAll(archived.endpoints(missing));
            } catch (RuntimeException broken) {
                // Then it is kept unchecked, and joined all the same.
                LOGGER.warn("the archive can't be asked for predictions", broken);
            }
        return found;
    }

    private Optional<String> endpointInLog(UUID id) {
        return log.find(id, PredictionReader::isPrediction)
                .map(found -> PredictionReader.endpoint(Payload.of(found.payload())));
    }

    /// One that will be known to be on disk after the batch is.
    ///
    /// @param earlier where the same one, sent by another caller a moment ago, ends
    private record Waiting(
            int place, String id, boolean isNew, String digest, @Nullable Position earlier) {}

    private @Nullable Position append(RecordBatch batch, List<Waiting> waiting) throws LogFailed {
        if (batch.records() == 0) return null;
        var end = log.append(batch);
        for (var each : waiting)
            if (each.isNew())
                index.pending()
                        .computeIfPresent(
                                LogIndex.feedbackKey(each.id()),
                                (key, before) -> new LogIndex.Pending(before.digest(), end, null));
        return end;
    }

    private @Nullable Result one(
            JsonNode json,
            String where,
            Map<UUID, String> endpointOf,
            RecordBatch batch,
            List<Waiting> waiting,
            int place) {
        var feedback = Feedback.read(json, where);
        var kept = settled(feedback);
        var digest = LogIndex.digest(kept.json());
        var key = LogIndex.feedbackKey(feedback.id());
        var before = index.pending().putIfAbsent(key, new LogIndex.Pending(digest, null, null));
        if (before != null) {
            if (!before.digest().equals(digest)) throw conflict(feedback.id());
            if (before.end() == null
                    && waiting.stream().noneMatch(each -> each.id().equals(feedback.id())))
                throw new Problem(
                        Problem.Kind.CONFLICT,
                        "feedback-under-way",
                        "Feedback '" + feedback.id() + "' is just being kept for another call.",
                        "Both came at the same moment.",
                        "Send it again to be sure.");
            waiting.add(new Waiting(place, feedback.id(), false, digest, before.end()));
            return null;
        }
        try {
            var known = database.read(handle -> FeedbackTable.digest(handle, feedback.id()));
            if (known.isPresent()) {
                index.pending().remove(key);
                if (!known.get().equals(digest)) throw conflict(feedback.id());
                return new Result.Known(feedback.id());
            }
            check(feedback, endpointOf);
        } catch (RuntimeException failure) {
            // Refused, or the database is down: else it would be under way for ever.
            index.pending().remove(key);
            throw failure;
        }
        var id = ids.next();
        var now = clock.instant();
        batch.begin(
                LogIndex.FEEDBACK,
                LogIndex.FEEDBACK_VERSION,
                0,
                id.getMostSignificantBits(),
                id.getLeastSignificantBits(),
                Micros.of(now));
        var body = Json.write(kept.json());
        batch.putBytes(body, 0, body.length);
        batch.end();
        waiting.add(new Waiting(place, feedback.id(), true, digest, null));
        return null;
    }

    /// As it is kept: an entity that must not be logged is hashed, as it was with the prediction.
    private Feedback settled(Feedback feedback) {
        if (!(feedback.about() instanceof Feedback.About.OfEntity(var endpoint, var entity)))
            return feedback;
        var routing =
                endpoints.table().route(endpoint).orElseThrow(() -> unknownEndpoint(endpoint));
        var logged = privacy.entity(routing.shape(), entity);
        return new Feedback(
                feedback.id(),
                new Feedback.About.OfEntity(endpoint, logged),
                feedback.output(),
                feedback.what(),
                feedback.at(),
                feedback.replaces());
    }

    private static Problem unknownEndpoint(String endpoint) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "endpoint-unknown",
                "There is no endpoint '" + endpoint + "'.",
                "Feedback about an entity names the endpoint.",
                "See the endpoints with: davy get endpoint");
    }

    private static Problem conflict(String id) {
        return new Problem(
                Problem.Kind.CONFLICT,
                "feedback-conflict",
                "Feedback '" + id + "' was sent before with other content.",
                "An id stands for one content.",
                "To correct it, send a new id with replaces: '" + id + "'.");
    }

    static Problem failed(LogFailed failed) {
        boolean full = failed.reason() == LogFailed.Reason.FULL;
        return new Problem(
                full ? Problem.Kind.FULL : Problem.Kind.UNAVAILABLE,
                "not-kept",
                "It could not be put on disk.",
                full ? "The disk is full." : "The log can't be written.",
                "Send it again when that is mended: sending again is safe.");
    }

    /// Checks truth and judgements against the output they are about, where it can be known: an
    /// orphan waits for its prediction unchecked.
    private void check(Feedback feedback, Map<UUID, String> endpointOf) {
        JsonNode value;
        switch (feedback.what()) {
            case Feedback.What.Truth(var truth, _) -> value = truth;
            case Feedback.What.Judgement(var judged, _, _, _) -> value = judged;
            case Feedback.What.Event _ -> {
                return;
            }
        }
        var routing =
                switch (feedback.about()) {
                    case Feedback.About.OfEntity(var endpoint, _) ->
                            endpoints.table().route(endpoint);
                    case Feedback.About.OfPrediction(var id, var endpoint) ->
                            endpoint.or(() -> Optional.ofNullable(endpointOf.get(id)))
                                    .flatMap(name -> endpoints.table().route(name));
                };
        if (routing.isEmpty()) return;
        var output = output(feedback, routing.get());
        if (output.isEmpty()) return;
        var violation = output.get().kind().truthViolation(value);
        if (violation.isPresent())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "label-not-allowed",
                    "The value for output '" + output.get().name() + "' can't be true.",
                    violation.get(),
                    "Send a value of its kind: " + Json.text(output.get().kind().json()) + ".");
    }

    private static Optional<Output> output(Feedback feedback, Routing routing) {
        var outputs = routing.shape().outputs();
        if (feedback.output().isEmpty()) {
            if (outputs.size() == 1) return Optional.of(outputs.getFirst());
            if (outputs.isEmpty()) return Optional.empty();
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "output-needed",
                    "Endpoint '"
                            + routing.endpoint().name()
                            + "' has "
                            + outputs.size()
                            + " outputs.",
                    "It can't be told which one is meant.",
                    "Name it: 'output' is one of "
                            + outputs.stream().map(Output::name).toList()
                            + ".");
        }
        var name = feedback.output().get();
        if (outputs.isEmpty()) return Optional.empty();
        return Optional.of(
                outputs.stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow(() ->
                                new Problem(
                                        Problem.Kind.UNACCEPTABLE,
                                        "output-unknown",
                                        "Endpoint '"
                                                + routing.endpoint().name()
                                                + "' has no output '"
                                                + name
                                                + "'.",
                                        "Its outputs are "
                                                + outputs.stream().map(Output::name).toList()
                                                + ".",
                                        "Name one of these.")));
    }

    /// A prediction with all that came to be known of it.
    public Optional<ObjectNode> joined(UUID id) {
        for (var position : log.end().positions().values()) index.await(position);
        var found =
                log.find(id, PredictionReader::isPrediction)
                        .map(PredictionReader::read)
                        .or(() -> archived.find(id));
        if (found.isEmpty()) return Optional.empty();
        var prediction = found.get();
        var schema =
                endpoints
                        .schema(prediction.schema())
                        .or(() ->
                                endpoints
                                        .table()
                                        .route(prediction.endpoint())
                                        .map(routing -> routing.shape().rows()));
        var json = PredictionJson.logged(prediction, schema);
        var feedback = Json.array();
        var truth = Json.object();
        for (var entry : entries(prediction)) {
            var body =
                    (ObjectNode)
                            Json.read(
                                    entry.body().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
            var replacedBy = database.read(handle -> FeedbackTable.replacedBy(handle, entry.id()));
            replacedBy.ifPresent(other -> body.put("replaced-by", other));
            feedback.add(body);
            // The last word that no other has replaced is the truth of now.
            if (entry.kind().equals("truth") && replacedBy.isEmpty())
                truth.set(outputName(body, prediction), body.get("truth"));
        }
        json.set("feedback", feedback);
        if (!truth.isEmpty()) json.set("truth", truth);
        return Optional.of(json);
    }

    /// What is known to be true of a prediction by now, by output: the last word that no other has
    /// replaced. Does not wait for what is just being told.
    public Map<String, JsonNode> truth(Prediction prediction) {
        var truth = new LinkedHashMap<String, JsonNode>();
        for (var entry : entries(prediction)) {
            if (!entry.kind().equals("truth")
                    || database.read(handle -> FeedbackTable.replacedBy(handle, entry.id()))
                            .isPresent()) continue;
            var body = Json.read(entry.body().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
            truth.put(outputName((ObjectNode) body, prediction), body.get("truth"));
        }
        return truth;
    }

    /// What came to be known of a prediction, and when.
    public record Later(Instant received, Feedback feedback) {}

    /// All that came to be known of a prediction by now, in the order in which it came. Does not
    /// wait for what is just being told.
    public List<Later> later(Prediction prediction) {
        var later = new ArrayList<Later>();
        for (var entry : entries(prediction)) {
            var body = Json.read(entry.body().getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
            later.add(
                    new Later(
                            Micros.instant(entry.receivedMicros()),
                            Feedback.read(body, "feedback that is kept")));
        }
        later.sort(Comparator.comparing(Later::received));
        return later;
    }

    private String outputName(ObjectNode body, Prediction prediction) {
        var said = body.path("output").asString("");
        if (!said.isEmpty()) return said;
        return Cases.answer(prediction).keySet().stream()
                .findFirst()
                .or(() ->
                        endpoints
                                .table()
                                .route(prediction.endpoint())
                                .flatMap(routing -> routing.shape().outputs().stream().findFirst())
                                .map(Output::name))
                .orElse("output");
    }

    private List<FeedbackTable.Entry> entries(Prediction prediction) {
        return database.read(handle -> {
            var entries =
                    new ArrayList<>(FeedbackTable.ofPrediction(handle, prediction.id().toString()));
            var entity = prediction.entity();
            if (entity.isPresent()) {
                var event = prediction.eventTime();
                long from = Micros.of(event);
                var within =
                        endpoints
                                .table()
                                .route(prediction.endpoint())
                                .map(routing -> routing.endpoint().joinWithin());
                long to =
                        from
                                + within.orElse(dev.davy.serving.Endpoint.DEFAULT_JOIN).toMillis()
                                        * 1_000;
                entries.addAll(
                        FeedbackTable.ofEntity(
                                handle, prediction.endpoint(), entity.get(), from, to));
            }
            return entries;
        });
    }

    /// Forgets what is known of entities and predictions beside the log. They are in the log until
    /// they are erased there.
    ///
    /// @return how much feedback that was
    public long erase(Collection<String> entities, Collection<UUID> predictions) {
        for (var other : others) other.accept(predictions);
        for (var other : ofEntities) other.accept(entities);
        return database.write(handle -> FeedbackTable.erase(handle, entities, predictions));
    }

    @Override
    public void close() {
        index.close();
    }
}
