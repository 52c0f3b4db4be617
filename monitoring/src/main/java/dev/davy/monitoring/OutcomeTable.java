package dev.davy.monitoring;

import dev.davy.serving.feedback.Feedback;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// The SQL of what truth counts, and of truth that waits for its prediction.
final class OutcomeTable {
    static final int VERSION = 1;

    static final Kept<Quality> WINDOWS =
            new Kept<>(
                    "quality_windows",
                    VERSION,
                    Quality.EMPTY,
                    Quality::merge,
                    Quality::read,
                    Quality::bytes);

    private OutcomeTable() {}

    record Of(UUID prediction, String output) {}

    /// The truth that counts.
    ///
    /// @param feedback its id
    /// @param atMicros when it became known
    record Counted(
            String feedback,
            long atMicros,
            long receivedMicros,
            JsonNode truth,
            Optional<JsonNode> before) {}

    static Optional<Counted> counted(Handle handle, Of of) {
        return handle.select(
                        """
                        SELECT feedback, at, received, truth, before FROM outcomes
                        WHERE version = ? AND prediction = ? AND output = ?\
                        """,
                        VERSION,
                        of.prediction().toString(),
                        of.output())
                .map((row, _) -> counted(row))
                .findOne();
    }

    private static Counted counted(ResultSet row) throws SQLException {
        return new Counted(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                json(row.getString(4)),
                Optional.ofNullable(row.getString(5)).map(OutcomeTable::json));
    }

    static void put(Handle handle, Of of, Counted counted) {
        handle.execute(
                """
                INSERT INTO outcomes
                (version, prediction, output, feedback, at, received, truth, before)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (version, prediction, output) DO UPDATE SET
                feedback = excluded.feedback, at = excluded.at, received = excluded.received,
                truth = excluded.truth, before = excluded.before\
                """,
                VERSION,
                of.prediction().toString(),
                of.output(),
                counted.feedback(),
                counted.atMicros(),
                counted.receivedMicros(),
                Json.text(counted.truth()),
                counted.before().map(Json::text).orElse(null));
    }

    /// No truth counts for it any more.
    static void remove(Handle handle, Of of) {
        handle.execute(
                "DELETE FROM outcomes WHERE version = ? AND prediction = ? AND output = ?",
                VERSION,
                of.prediction().toString(),
                of.output());
    }

    /// Truth that waits.
    record Orphan(String feedback, UUID prediction, Instant received, Feedback body) {}

    static void putOrphan(Handle handle, Orphan orphan, String endpoint, JsonNode body) {
        handle.execute(
                """
                INSERT INTO orphans (version, feedback, prediction, endpoint, received, body)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (version, feedback) DO NOTHING\
                """,
                VERSION,
                orphan.feedback(),
                orphan.prediction().toString(),
                endpoint,
                orphan.received().toEpochMilli(),
                Json.text(body));
    }

    static List<Orphan> orphans(Handle handle, int most) {
        return handle.select(
                        """
                        SELECT feedback, prediction, received, body FROM orphans
                        WHERE version = ? ORDER BY received DESC LIMIT ?\
                        """,
                        VERSION,
                        most)
                .map((row, _) ->
                        new Orphan(
                                row.getString(1),
                                UUID.fromString(row.getString(2)),
                                Instant.ofEpochMilli(row.getLong(3)),
                                Feedback.read(json(row.getString(4)), "an orphan")))
                .list();
    }

    static void forgetOrphans(Handle handle, Collection<String> feedback) {
        for (var id : feedback)
            handle.execute("DELETE FROM orphans WHERE version = ? AND feedback = ?", VERSION, id);
    }

    /// How much truth of an endpoint waits for its prediction; that which names none is
    /// everybody's.
    static long orphans(Handle handle, String endpoint) {
        return handle.select(
                        """
                        SELECT count(*) FROM orphans
                        WHERE version = ? AND (endpoint = ? OR endpoint = '')\
                        """,
                        VERSION,
                        endpoint)
                .mapTo(Long.class)
                .one();
    }

    record Last(String endpoint, String origin, String output) {}

    static Optional<JsonNode> last(Handle handle, Last of) {
        return handle.select(
                        """
                        SELECT truth FROM last_truths WHERE version = ? AND endpoint = ?
                        AND origin = ? AND output = ?\
                        """,
                        VERSION,
                        of.endpoint(),
                        of.origin(),
                        of.output())
                .mapTo(String.class)
                .findOne()
                .map(OutcomeTable::json);
    }

    static void putLast(Handle handle, Last of, JsonNode truth) {
        handle.execute(
                """
                INSERT INTO last_truths (version, endpoint, origin, output, truth)
                VALUES (?, ?, ?, ?, ?) ON CONFLICT (version, endpoint, origin, output)
                DO UPDATE SET truth = excluded.truth\
                """,
                VERSION,
                of.endpoint(),
                of.origin(),
                of.output(),
                Json.text(truth));
    }

    /// Truth that came before a moment can't be corrected any more.
    static void forget(Handle handle, Instant before) {
        handle.execute(
                "DELETE FROM outcomes WHERE version = ? AND received < ?",
                VERSION,
                before.getEpochSecond() * 1_000_000);
        handle.execute(
                "DELETE FROM orphans WHERE version = ? AND received < ?",
                VERSION,
                before.toEpochMilli());
    }

    static long erase(Handle handle, Collection<UUID> predictions) {
        long erased = 0;
        for (var each : new ArrayList<>(predictions)) {
            erased += handle.execute("DELETE FROM outcomes WHERE prediction = ?", each.toString());
            erased += handle.execute("DELETE FROM orphans WHERE prediction = ?", each.toString());
        }
        return erased;
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }
}
