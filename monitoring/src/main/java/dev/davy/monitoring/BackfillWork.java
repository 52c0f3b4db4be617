package dev.davy.monitoring;

import dev.davy.jobs.JobStopped;
import dev.davy.jobs.Running;
import dev.davy.jobs.Work;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The job that counts a declared metric over the past. It begins anew when it was interrupted, and
/// comes out the same.
public final class BackfillWork implements Work {
    /// As it stands in jobs.
    public static final String KIND = "metric-backfilled";

    private final Backfills backfills;

    public BackfillWork(Backfills backfills) {
        this.backfills = backfills;
    }

    @Override
    public String kind() {
        return KIND;
    }

    private Backfills.Stretch stretch(JsonNode arguments) {
        var fields = Fields.of(arguments, "The counting");
        var endpoint = fields.text("endpoint");
        var metric = fields.text("metric");
        var from = time(fields, "from");
        var to = time(fields, "to");
        fields.done();
        return backfills.stretch(endpoint, metric, from, to);
    }

    private static Optional<Instant> time(Fields fields, String name) {
        var text = fields.optionalText(name);
        if (text.isEmpty()) return Optional.empty();
        try {
            return Optional.of(OffsetDateTime.parse(text.get()).toInstant());
        } catch (DateTimeException notATime) {
            fields.violation(
                    name,
                    "'" + name + "' is '" + text.get() + "'; it must be like 2026-11-21T14:05:00Z");
            return Optional.empty();
        }
    }

    @Override
    public JsonNode check(JsonNode arguments) {
        var stretch = stretch(arguments);
        return Json.object()
                .put("endpoint", stretch.endpoint())
                .put("metric", stretch.metric().name())
                .put("from", stretch.from().toString())
                .put("to", stretch.to().toString());
    }

    @Override
    public String about(JsonNode arguments) {
        return "metric '%s' of %s over the past"
                .formatted(
                        arguments.path("metric").asString(""),
                        arguments.path("endpoint").asString(""));
    }

    @Override
    public JsonNode run(Running job) throws JobStopped {
        var stretch = stretch(job.job().arguments());
        job.total(0, "predictions");
        var filled = backfills.fill(stretch, job.job().who(), job::progress, job::stopping);
        job.check();
        var of = filled.orElseThrow(JobStopped::new);
        return Json.object()
                .put("endpoint", stretch.endpoint())
                .put("metric", stretch.metric().name())
                .put("from", stretch.from().toString())
                .put("to", stretch.to().toString())
                .put("rows", of.rows())
                .put("filled", of.filled())
                .put("left", of.left());
    }
}
