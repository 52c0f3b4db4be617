package dev.davy.serving.feedback;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The SQL of what the feedback reader made of the log.
final class FeedbackTable {
    private FeedbackTable() {}

    /// One feedback as it is indexed.
    ///
    /// @param digest of its content: the same id with another digest is a conflict
    /// @param body as canonical JSON
    record Entry(
            String id,
            String digest,
            String kind,
            @Nullable String prediction,
            @Nullable String endpoint,
            @Nullable String entity,
            long atMicros,
            long receivedMicros,
            @Nullable String replaces,
            String body) {}

    private static final String COLUMNS =
            "id, digest, kind, prediction, endpoint, entity, at_micros, received_micros, replaces, body";

    static void put(Handle handle, List<Entry> entries) {
        if (entries.isEmpty()) return;
        var batch =
                handle.prepareBatch(
                        "INSERT INTO feedback ("
                                + COLUMNS
                                + ") VALUES (:id, :digest, :kind, :prediction, :endpoint, :entity, :at, :received, :replaces, :body)"
                                + " ON CONFLICT (id) DO NOTHING");
        for (var entry : entries)
            batch.bind("id", entry.id())
                    .bind("digest", entry.digest())
                    .bind("kind", entry.kind())
                    .bind("prediction", entry.prediction())
                    .bind("endpoint", entry.endpoint())
                    .bind("entity", entry.entity())
                    .bind("at", entry.atMicros())
                    .bind("received", entry.receivedMicros())
                    .bind("replaces", entry.replaces())
                    .bind("body", entry.body())
                    .add();
        batch.execute();
    }

    static Optional<String> digest(Handle handle, String id) {
        return handle.createQuery("SELECT digest FROM feedback WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne();
    }

    static List<Entry> ofPrediction(Handle handle, String prediction) {
        return handle.createQuery(
                        "SELECT "
                                + COLUMNS
                                + " FROM feedback WHERE prediction = :prediction ORDER BY at_micros, id")
                .bind("prediction", prediction)
                .map(FeedbackTable::entry)
                .list();
    }

    static List<Entry> ofEntity(
            Handle handle, String endpoint, String entity, long fromMicros, long toMicros) {
        return handle.createQuery(
                        "SELECT "
                                + COLUMNS
                                + " FROM feedback WHERE endpoint = :endpoint AND entity = :entity AND prediction IS NULL"
                                + " AND at_micros >= :from AND at_micros < :to ORDER BY at_micros, id")
                .bind("endpoint", endpoint)
                .bind("entity", entity)
                .bind("from", fromMicros)
                .bind("to", toMicros)
                .map(FeedbackTable::entry)
                .list();
    }

    /// The ids of those among these that another feedback replaces.
    static Optional<String> replacedBy(Handle handle, String id) {
        return handle.createQuery(
                        "SELECT id FROM feedback WHERE replaces = :id ORDER BY received_micros DESC, id DESC LIMIT 1")
                .bind("id", id)
                .mapTo(String.class)
                .findOne();
    }

    static void putReported(
            Handle handle, String endpoint, String id, String digest, String prediction) {
        handle.createUpdate(
                        "INSERT INTO reported (endpoint, id, digest, prediction) VALUES (:endpoint, :id, :digest, :prediction) ON CONFLICT (endpoint, id) DO NOTHING")
                .bind("endpoint", endpoint)
                .bind("id", id)
                .bind("digest", digest)
                .bind("prediction", prediction)
                .execute();
    }

    /// Digest and prediction of a reported prediction.
    record Reported(String digest, String prediction) {}

    static Optional<Reported> reported(Handle handle, String endpoint, String id) {
        return handle.createQuery(
                        "SELECT digest, prediction FROM reported WHERE endpoint = :endpoint AND id = :id")
                .bind("endpoint", endpoint)
                .bind("id", id)
                .map((rows, context) ->
                        new Reported(rows.getString("digest"), rows.getString("prediction")))
                .findOne();
    }

    static long erase(Handle handle, Collection<String> entities, Collection<UUID> predictions) {
        long erased = 0;
        for (var entity : entities)
            erased += handle.execute("DELETE FROM feedback WHERE entity = ?", entity);
        for (var prediction : predictions) {
            var id = prediction.toString();
            erased += handle.execute("DELETE FROM feedback WHERE prediction = ?", id);
            handle.execute("DELETE FROM reported WHERE prediction = ?", id);
        }
        return erased;
    }

    private static Entry entry(java.sql.ResultSet rows, StatementContext context)
            throws java.sql.SQLException {
        return new Entry(
                rows.getString("id"),
                rows.getString("digest"),
                rows.getString("kind"),
                rows.getString("prediction"),
                rows.getString("endpoint"),
                rows.getString("entity"),
                rows.getLong("at_micros"),
                rows.getLong("received_micros"),
                rows.getString("replaces"),
                rows.getString("body"));
    }
}
