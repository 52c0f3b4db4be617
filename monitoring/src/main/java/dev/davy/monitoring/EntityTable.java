package dev.davy.monitoring;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The SQL of truth that is told of entities.
final class EntityTable {
    /// Of one entity: more are not told apart.
    static final int MOST = 1_000;

    private EntityTable() {}

    record Of(String endpoint, String entity) {}

    static void put(Handle handle, Of of, EntityJoin.Asked asked, long receivedMicros) {
        handle.execute(
                """
                INSERT INTO entity_predictions (endpoint, entity, prediction, at, received)
                VALUES (?, ?, ?, ?, ?) ON CONFLICT (endpoint, entity, prediction) DO NOTHING\
                """,
                of.endpoint,
                of.entity,
                asked.prediction().toString(),
                asked.atMicros(),
                receivedMicros);
    }

    /// The newest predictions of an entity.
    static List<EntityJoin.Asked> predictions(Handle handle, Of of) {
        return handle.select(
                        """
                        SELECT prediction, at FROM entity_predictions
                        WHERE endpoint = ? AND entity = ? ORDER BY at DESC, prediction LIMIT ?\
                        """,
                        of.endpoint,
                        of.entity,
                        MOST)
                .map((row, _) ->
                        new EntityJoin.Asked(UUID.fromString(row.getString(1)), row.getLong(2)))
                .list();
    }

    static void put(Handle handle, Of of, String output, EntityJoin.Told told) {
        handle.execute(
                """
                INSERT INTO entity_truths
                (endpoint, entity, feedback, output, at, received, replaces, truth)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (endpoint, entity, feedback) DO NOTHING\
                """,
                of.endpoint,
                of.entity,
                told.feedback(),
                output,
                told.atMicros(),
                told.receivedMicros(),
                told.replaces(),
                Json.text(told.truth()));
    }

    /// The newest truths of an entity.
    static List<Output> truths(Handle handle, Of of) {
        return handle.select(
                        """
                        SELECT output, feedback, at, received, replaces, truth FROM entity_truths
                        WHERE endpoint = ? AND entity = ? ORDER BY at DESC, feedback LIMIT ?\
                        """,
                        of.endpoint,
                        of.entity,
                        MOST)
                .map((row, _) ->
                        new Output(
                                row.getString(1),
                                new EntityJoin.Told(
                                        row.getString(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getString(5),
                                        Json.read(
                                                row.getString(6).getBytes(StandardCharsets.UTF_8),
                                                Limits.DEFAULT))))
                .list();
    }

    /// What was told of an output.
    record Output(String output, EntityJoin.Told told) {}

    static void forget(Handle handle, long beforeMicros) {
        handle.execute("DELETE FROM entity_predictions WHERE received < ?", beforeMicros);
        handle.execute("DELETE FROM entity_truths WHERE received < ?", beforeMicros);
    }

    static long erase(Handle handle, Collection<UUID> predictions) {
        long erased = 0;
        for (var each : predictions)
            erased +=
                    handle.execute(
                            "DELETE FROM entity_predictions WHERE prediction = ?", each.toString());
        return erased;
    }

    static long eraseEntities(Handle handle, Collection<String> entities) {
        long erased = 0;
        for (var each : entities) {
            erased += handle.execute("DELETE FROM entity_predictions WHERE entity = ?", each);
            erased += handle.execute("DELETE FROM entity_truths WHERE entity = ?", each);
        }
        return erased;
    }
}
