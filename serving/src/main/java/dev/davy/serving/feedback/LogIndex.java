package dev.davy.serving.feedback;

import dev.davy.serving.Micros;
import dev.davy.serving.Origin;
import dev.davy.serving.PredictionReader;
import dev.davy.storage.Cursor;
import dev.davy.storage.Cursors;
import dev.davy.storage.Database;
import dev.davy.storage.Log;
import dev.davy.storage.LogReader;
import dev.davy.storage.Position;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The reader of the log that knows which feedback and which reported predictions are in it, by
/// their senders' ids.
///
/// Its place in the log is stored in the transaction that stores what it read, so each record
/// counts once, over any crash. What was appended and not yet read is in [#pending], so that the
/// same id is recognised at once.
final class LogIndex implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(LogIndex.class);

    /// The record type of feedback; its payload is canonical JSON in UTF-8.
    static final int FEEDBACK = 2;

    static final int FEEDBACK_VERSION = 1;

    private static final String READER = "feedback-index";
    private static final int READER_VERSION = 1;
    private static final Duration GATHER = Duration.ofMillis(10);
    private static final int RECORDS_PER_COMMIT = 2_000;

    /// Predictions are only passed over; the place is stored at least this often among them.
    private static final int PASSED_PER_COMMIT = 200_000;

    private final Database database;
    private final Log log;
    private final ConcurrentHashMap<String, Pending> pending = new ConcurrentHashMap<>();
    private final Object progress = new Object();
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable Position reached;

    /// What was appended under an id and is not indexed yet.
    ///
    /// @param end where it ends in the log; null while it is being appended
    record Pending(String digest, @Nullable Position end, @Nullable UUID prediction) {}

    /// Starts reading, and returns when everything from before is indexed.
    LogIndex(Database database, Log log) {
        this.database = database;
        this.log = log;
        var reader = log.read(database.read(handle -> Cursors.get(handle, READER, READER_VERSION)));
        while (read(reader)) {
            // Everything from before the start must be known before the first request.
        }
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("davy-feedback-index")
                        .unstarted(() -> follow(reader));
        thread.start();
    }

    ConcurrentHashMap<String, Pending> pending() {
        return pending;
    }

    static String reportKey(String endpoint, String id) {
        return "report\n" + endpoint + "\n" + id;
    }

    static String feedbackKey(String id) {
        return "feedback\n" + id;
    }

    private void follow(LogReader reader) {
        try (reader) {
            while (!closed) {
                try {
                    // One record at a time would cost more in waking up than in reading.
                    if (read(reader)) Thread.sleep(GATHER);
                    else reader.await(Duration.ofMillis(200));
                } catch (RuntimeException e) {
                    if (closed) return;
                    // The database is away: the index is behind, and catches up when it is back.
                    LOGGER.warn("the feedback index is behind: {}", e.getMessage());
                    reader.await(Duration.ofSeconds(1));
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /// What one round read, kept until it is committed: if the database fails, it is tried again.
    private final List<FeedbackTable.Entry> entries = new ArrayList<>();

    private final List<Report> reports = new ArrayList<>();

    private record Report(String endpoint, String id, String digest, String prediction) {}

    /// Reads one round; false when there was nothing.
    private boolean read(LogReader reader) {
        int passed = 0;
        boolean all = false;
        // Asked before reading: what is appended meanwhile may or may not be read in this round.
        var end = log.end();
        while (entries.size() + reports.size() < RECORDS_PER_COMMIT && passed < PASSED_PER_COMMIT) {
            if (!reader.next()) {
                all = true;
                break;
            }
            passed++;
            if (reader.type() == FEEDBACK) entries.add(entry(reader));
            else if (PredictionReader.isPrediction(reader.type())
                    && PredictionReader.origin(reader.payload()) == Origin.EXTERNAL)
                reports.add(report(reader));
        }
        var cursor = reader.cursor();
        if (!entries.isEmpty() || !reports.isEmpty() || passed >= 10_000)
            database.write(handle -> {
                FeedbackTable.put(handle, entries);
                for (var report : reports)
                    FeedbackTable.putReported(
                            handle,
                            report.endpoint(),
                            report.id(),
                            report.digest(),
                            report.prediction());
                Cursors.set(handle, READER, READER_VERSION, cursor);
                return true;
            });
        boolean some = passed > 0 || !entries.isEmpty() || !reports.isEmpty();
        for (var entry : entries) pending.remove(feedbackKey(entry.id()));
        for (var report : reports) pending.remove(reportKey(report.endpoint(), report.id()));
        entries.clear();
        reports.clear();
        // After a restart the log may have nothing new: then its end is reached without a record.
        reached(all ? end : cursor);
        return some;
    }

    private void reached(Cursor cursor) {
        int own = log.end().positions().keySet().iterator().next();
        var position = cursor.positions().get(own);
        if (position == null) return;
        synchronized (progress) {
            if (reached == null || reached.compareTo(position) < 0) reached = position;
            progress.notifyAll();
        }
    }

    private static FeedbackTable.Entry entry(LogReader reader) {
        var payload = reader.payload();
        var body = payload.getBytes(payload.remaining());
        return entry(Json.read(body, Limits.DEFAULT), reader.timeMicros());
    }

    static FeedbackTable.Entry entry(JsonNode json, long receivedMicros) {
        var feedback = Feedback.read(json, "feedback in the log");
        var body = Json.text(json);
        String prediction = null, endpoint = null, entity = null;
        switch (feedback.about()) {
            case Feedback.About.OfPrediction(var id, var of) -> {
                prediction = id.toString();
                endpoint = of.orElse(null);
            }
            case Feedback.About.OfEntity(var of, var whom) -> {
                endpoint = of;
                entity = whom;
            }
        }
        long at = feedback.at().map(Micros::of).orElse(receivedMicros);
        return new FeedbackTable.Entry(
                feedback.id(),
                digest(json),
                feedback.kind(),
                prediction,
                endpoint,
                entity,
                at,
                receivedMicros,
                feedback.replaces().orElse(null),
                body);
    }

    static String digest(JsonNode canonical) {
        return dev.davy.strict.Hashes.sha256(Json.write(canonical));
    }

    private static Report report(LogReader reader) {
        var prediction =
                PredictionReader.read(
                        reader.version(),
                        reader.schemaHash(),
                        new UUID(reader.idHigh(), reader.idLow()),
                        reader.timeMicros(),
                        reader.payload());
        return new Report(
                prediction.endpoint(),
                prediction.request(),
                prediction.extra().getOrDefault("digest", ""),
                prediction.id().toString());
    }

    /// Waits until what ends there is indexed, so that who wrote it can read it.
    void await(Position end) {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        synchronized (progress) {
            while (reached == null || reached.compareTo(end) < 0) {
                long left = until - System.nanoTime();
                if (left <= 0 || closed)
                    throw new Problem(
                            Problem.Kind.UNAVAILABLE,
                            "index-behind",
                            "What is known of predictions can't be told completely now.",
                            "The reader of the log is behind; nothing is lost.",
                            "Try again in a moment.");
                try {
                    progress.wait(Math.max(1, left / 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while the index catches up", e);
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
