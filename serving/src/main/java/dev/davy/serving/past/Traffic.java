package dev.davy.serving.past;

import dev.davy.schema.Column;
import dev.davy.schema.Schema;
import dev.davy.serving.BlobRecord;
import dev.davy.serving.Endpoints;
import dev.davy.serving.Micros;
import dev.davy.serving.Prediction;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.Routing;
import dev.davy.serving.feedback.Archived;
import dev.davy.storage.Cursor;
import dev.davy.storage.Log;
import dev.davy.storage.LogReader;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/// The predictions that an endpoint was asked for in the past: those that the log no longer holds
/// from the archive, then those of the log. Any number of threads may each read.
public final class Traffic {
    /// A file of the log may have been begun a little before or after its first record was
    /// received: so near to it, what the archive holds is looked for in the log.
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private final Log log;
    private final Archived archived;
    private final Endpoints endpoints;

    public Traffic(Log log, Archived archived, Endpoints endpoints) {
        this.log = log;
        this.archived = archived;
        this.endpoints = endpoints;
    }

    /// Oldest first, by the time at which they were received.
    ///
    /// @param until exclusive
    /// @param each answers whether it wants more
    public void read(String endpoint, Instant from, Instant until, Predicate<Logged> each) {
        var reading = new Reading(endpoint, from, until, each);
        var inLog = log.status().oldest().orElse(until);
        if (from.isBefore(inLog)) {
            var edge = inLog.plus(OVERLAP);
            archived.read(endpoint, from, earlier(edge, until), reading::archived);
        }
        if (reading.goesOn) reading.log();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private List<String> columns(Prediction prediction) {
        return endpoints.schema(prediction.schema()).map(Traffic::names).orElse(List.of());
    }

    private static List<String> names(Schema schema) {
        return schema.columns().stream().map(Column::name).toList();
    }

    /// The archive knows the names of the inputs, and not the schema that they are of: one of the
    /// endpoint's, as long as it takes what it took.
    private long schema(String endpoint, List<String> columns) {
        var shape = endpoints.table().route(endpoint).map(Routing::shape);
        if (shape.isEmpty()) return 0;
        if (isOf(columns, names(shape.get().rows()))) return shape.get().rowsHash();
        return isOf(columns, names(shape.get().tensors())) ? shape.get().tensorsHash() : 0;
    }

    /// What is never logged has no name there.
    private static boolean isOf(List<String> columns, List<String> names) {
        if (columns.size() > names.size()) return false;
        for (int i = 0; i < columns.size(); i++)
            if (!columns.get(i).isEmpty() && !columns.get(i).equals(names.get(i))) return false;
        return true;
    }

    /// One way through.
    private final class Reading {
        private final String endpoint;
        private final long from;
        private final long until;
        private final Predicate<Logged> each;
        private final long overlapFrom;
        private boolean goesOn = true;

        Reading(String endpoint, Instant from, Instant until, Predicate<Logged> each) {
            this.endpoint = endpoint;
            this.from = Micros.of(from);
            this.until = Micros.of(until);
            this.each = each;
            overlapFrom = Micros.of(log.status().oldest().orElse(until).minus(OVERLAP));
        }

        boolean archived(Archived.Kept kept) {
            var prediction = kept.prediction();
            if (Micros.of(prediction.received()) >= overlapFrom
                    && log.find(prediction.id(), PredictionReader::isPrediction).isPresent())
                return true;
            var content = new HashMap<String, Logged.Content>();
            kept.content()
                    .forEach((column, of) ->
                            content.put(column, new Logged.Content(of.contentType(), of.bytes())));
            var named = prediction.with(schema(endpoint, kept.columns()), prediction.inputs());
            return give(new Logged(named, kept.columns(), content));
        }

        private boolean give(Logged logged) {
            goesOn &= each.test(logged);
            return goesOn;
        }

        void log() {
            try (var reader = log.read(Cursor.START)) {
                boolean more = reader.next();
                while (more && goesOn) {
                    if (reader.gap().isPresent() || !isWanted(reader)) {
                        more = reader.next();
                        continue;
                    }
                    var prediction =
                            PredictionReader.read(
                                    reader.version(),
                                    reader.schemaHash(),
                                    reader.id(),
                                    reader.timeMicros(),
                                    reader.payload());
                    // Its large inputs lie right behind it.
                    var content = new HashMap<String, Logged.Content>();
                    for (more = reader.next();
                            more && isContentOf(reader, prediction.id());
                            more = reader.next()) {
                        var of = BlobRecord.read(reader.payload());
                        content.put(of.column(), new Logged.Content(of.contentType(), of.bytes()));
                    }
                    give(new Logged(prediction, columns(prediction), content));
                }
            }
        }

        private boolean isWanted(LogReader reader) {
            return PredictionReader.isPrediction(reader.type())
                    && reader.timeMicros() >= from
                    && reader.timeMicros() < until
                    && PredictionReader.endpoint(reader.payload()).equals(endpoint);
        }

        private static boolean isContentOf(LogReader reader, UUID prediction) {
            return reader.gap().isEmpty()
                    && BlobRecord.isBlob(reader.type())
                    && reader.id().equals(prediction);
        }
    }
}
