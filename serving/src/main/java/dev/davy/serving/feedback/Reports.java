package dev.davy.serving.feedback;

import dev.davy.runtime.Answer;
import dev.davy.schema.Row;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Predictor;
import dev.davy.serving.Recorder;
import dev.davy.serving.RowJson;
import dev.davy.storage.Database;
import dev.davy.storage.Log;
import dev.davy.storage.LogFailed;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Takes predictions of models that another server runs, so that they are watched, joined and
/// reviewed like our own.
public final class Reports {

    private final Database database;
    private final Log log;
    private final Endpoints endpoints;
    private final Predictor predictor;
    private final LogIndex index;

    public Reports(
            Database database,
            Log log,
            Endpoints endpoints,
            Predictor predictor,
            Feedbacks feedbacks) {
        this.database = database;
        this.log = log;
        this.endpoints = endpoints;
        this.predictor = predictor;
        index = feedbacks.index();
    }

    /// What became of a report.
    ///
    /// @param prediction the id by which feedback finds it
    /// @param isNew false when the same report was there already
    public record Taken(String id, UUID prediction, boolean isNew) {}

    /// One report, checked.
    private record Report(
            String id,
            String endpoint,
            Optional<String> entity,
            Optional<Instant> at,
            String version,
            Row input,
            Answer output) {}

    /// Takes reports; they are on disk when this returns. All of them are taken, or none.
    ///
    /// @throws Problem UNACCEPTABLE with what is wrong; CONFLICT `report-conflict` when an id
    ///   stands for other content already
    public List<Taken> take(List<JsonNode> items) {
        var taken = new ArrayList<Taken>(items.size());
        var claimed = new ArrayList<String>();
        var recorder = predictor.recorder();
        recorder.begin();
        boolean kept = false;
        try {
            for (int i = 0; i < items.size(); i++)
                taken.add(
                        one(
                                items.get(i),
                                items.size() == 1 ? "prediction" : "predictions[" + i + "]",
                                recorder,
                                claimed));
            var end = recorder.appendOrFail();
            if (end.isPresent()) {
                var position = end.get();
                for (var key : claimed)
                    index.pending()
                            .computeIfPresent(
                                    key,
                                    (same, before) ->
                                            new LogIndex.Pending(
                                                    before.digest(),
                                                    position,
                                                    before.prediction()));
                kept = true;
                log.awaitSynced(position);
            }
            return taken;
        } catch (LogFailed failed) {
            throw Feedbacks.failed(failed);
        } finally {
            if (!kept) claimed.forEach(index.pending()::remove);
        }
    }

    private Taken one(JsonNode json, String where, Recorder recorder, List<String> claimed) {
        var report = read(json, where);
        var digest = LogIndex.digest(json);
        var key = LogIndex.reportKey(report.endpoint(), report.id());
        var routing = endpoints.table().route(report.endpoint()).orElseThrow();
        var id = predictor.nextId();
        var before = index.pending().putIfAbsent(key, new LogIndex.Pending(digest, null, id));
        if (before != null && before.prediction() != null)
            return known(report, digest, before.digest(), before.prediction());
        claimed.add(key);
        var earlier =
                database.read(
                        handle -> FeedbackTable.reported(handle, report.endpoint(), report.id()));
        if (earlier.isPresent()) {
            index.pending().remove(key);
            claimed.remove(key);
            return known(
                    report,
                    digest,
                    earlier.get().digest(),
                    UUID.fromString(earlier.get().prediction()));
        }
        recorder.reported(
                routing,
                id,
                report.id(),
                report.entity(),
                report.at(),
                report.version(),
                report.input(),
                report.output(),
                Map.of("digest", digest));
        return new Taken(report.id(), id, true);
    }

    private static Taken known(Report report, String digest, String before, UUID prediction) {
        if (digest.equals(before)) return new Taken(report.id(), prediction, false);
        throw new Problem(
                Problem.Kind.CONFLICT,
                "report-conflict",
                "Prediction '"
                        + report.id()
                        + "' of endpoint '"
                        + report.endpoint()
                        + "' was reported before with other content.",
                "An id stands for one content.",
                "Use an id of its own for each prediction.");
    }

    private Report read(JsonNode json, String where) {
        var fields = Fields.of(json, where);
        var id = fields.text("id");
        var name = fields.text("endpoint");
        var entity = fields.optionalText("entity");
        var at = fields.optionalText("at").flatMap(text -> instant(fields, text));
        var version = fields.optionalText("version").orElse("external");
        var input = fields.node("input");
        var output = fields.map("output");
        var confidence = fields.optionalNumber("confidence");
        if (id.isEmpty() || id.length() > 256)
            fields.violation(
                    "id",
                    "'id' must have 1 to 256 characters; it is your own, so that sending again is safe");
        fields.done();
        var routing =
                endpoints
                        .table()
                        .route(name)
                        .orElseThrow(() ->
                                new Problem(
                                        Problem.Kind.UNACCEPTABLE,
                                        "endpoint-unknown",
                                        "There is no endpoint '" + name + "'.",
                                        "A report names the endpoint that it belongs to.",
                                        "Declare it: an endpoint with 'external: true', 'input' and 'output'."));
        var row = RowJson.rows(List.of(input), routing.shape().rows(), Limits.DEFAULT).getFirst();
        var violations = new ArrayList<>(routing.shape().rows().violations(row));
        var values = new LinkedHashMap<String, Object>();
        for (var declared : routing.shape().outputs()) {
            var value = output.get(declared.name());
            if (value == null) continue;
            declared.kind()
                    .truthViolation(value)
                    .ifPresent(violation ->
                            violations.add("output '" + declared.name() + "': " + violation));
            values.put(declared.name(), plain(value));
        }
        for (var said : output.keySet())
            if (routing.shape().outputs().stream()
                    .noneMatch(declared -> declared.name().equals(said)))
                violations.add("output '" + said + "' is none of the endpoint's");
        if (!violations.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "report-does-not-fit",
                    "The report does not fit endpoint '" + name + "'.",
                    violations,
                    "See what it takes and gives with: davy get endpoint " + name);
        return new Report(
                id,
                name,
                entity,
                at,
                version,
                row,
                new Answer(
                        values,
                        Map.of(),
                        confidence.isPresent() ? confidence : OptionalDouble.empty()));
    }

    private static Object plain(JsonNode value) {
        if (value.isString()) return value.stringValue();
        if (value.isIntegralNumber() && value.canConvertToLong()) return value.longValue();
        if (value.isNumber()) return value.doubleValue();
        if (value.isBoolean()) return value.booleanValue();
        if (value.isArray()) {
            boolean numbers = true;
            for (var each : value) numbers &= each.isNumber();
            if (numbers) {
                var floats = new float[value.size()];
                for (int i = 0; i < floats.length; i++) floats[i] = value.get(i).floatValue();
                return floats;
            }
            var texts = new ArrayList<String>();
            for (var each : value)
                texts.add(each.isString() ? each.stringValue() : Json.text(each));
            return texts;
        }
        return Json.text(value);
    }

    private static Optional<Instant> instant(Fields fields, String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException notATime) {
            fields.violation("at", "'at' is not a time like 2026-11-21T10:15:00Z");
            return Optional.empty();
        }
    }
}
