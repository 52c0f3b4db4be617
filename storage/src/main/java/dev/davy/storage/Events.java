package dev.davy.storage;

import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What happened to things, newest first.
public final class Events {
    /// After all ids that begin with a digit or a to f.
    private static final String NEWEST = "g";

    private final Database database;

    public Events(Database database) {
        this.database = database;
    }

    /// Writes an event in the transaction that makes the change which it tells.
    public static void record(Handle handle, Event event) {
        handle.execute(
                """
                INSERT INTO events (id, at, kind, name, what, who, why, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                event.id().toString(),
                ChronoUnit.MICROS.between(Instant.EPOCH, event.at()),
                event.kind(),
                event.name(),
                event.what(),
                event.who(),
                event.why(),
                Json.text(event.detail()));
    }

    /// Of one thing, newest first.
    ///
    /// @param before only older ones: the id of the last event of the page before
    /// @param limit at most so many
    public List<Event> of(String kind, String name, Optional<UUID> before, int limit) {
        return database.read(handle ->
                handle.select(
                                """
                                SELECT * FROM events WHERE kind = ? AND name = ? AND id < ?
                                ORDER BY id DESC LIMIT ?\
                                """,
                                kind,
                                name,
                                before.map(UUID::toString).orElse(NEWEST),
                                limit)
                        .map((row, context) -> event(row))
                        .list());
    }

    /// Of all things of one kind, or of everything, newest first.
    public List<Event> all(Optional<String> kind, Optional<UUID> before, int limit) {
        return database.read(handle ->
                handle.select(
                                """
                                SELECT * FROM events WHERE (kind = ? OR ?) AND id < ?
                                ORDER BY id DESC LIMIT ?\
                                """,
                                kind.orElse(""),
                                kind.isEmpty(),
                                before.map(UUID::toString).orElse(NEWEST),
                                limit)
                        .map((row, context) -> event(row))
                        .list());
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(
                UUID.fromString(row.getString("id")),
                Instant.EPOCH.plus(row.getLong("at"), ChronoUnit.MICROS),
                row.getString("kind"),
                row.getString("name"),
                row.getString("what"),
                row.getString("who"),
                row.getString("why"),
                Json.read(
                        row.getString("detail").getBytes(StandardCharsets.UTF_8), Limits.DEFAULT));
    }
}
