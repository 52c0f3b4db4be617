package dev.davy.monitoring;

import dev.davy.serving.Origin;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The SQL of alarms, and of how far was judged.
final class AlarmTable {
    private AlarmTable() {}

    static void put(Handle handle, Alarm alarm) {
        handle.execute("DELETE FROM alarms WHERE id = ?", alarm.id().toString());
        handle.execute(
                """
                INSERT INTO alarms (id, cause, endpoint, monitor, watch, severity, state, since,
                until, opened, fired, ended, bad, fine, value, why, detail, owner, note, silenced,
                revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                alarm.id().toString(),
                alarm.group().toString(),
                alarm.endpoint(),
                alarm.monitor(),
                alarm.watch(),
                alarm.severity().name(),
                alarm.state().name(),
                alarm.since().getEpochSecond(),
                alarm.until().getEpochSecond(),
                alarm.opened().toEpochMilli(),
                millis(alarm.fired()),
                millis(alarm.ended()),
                alarm.bad(),
                alarm.fine(),
                number(alarm.value()),
                alarm.why(),
                Json.text(alarm.detail()),
                alarm.owner(),
                alarm.note(),
                millis(alarm.silenced()),
                alarm.revision());
    }

    private static @Nullable Long millis(Optional<Instant> at) {
        return at.map(Instant::toEpochMilli).orElse(null);
    }

    static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() && Double.isFinite(value.getAsDouble())
                ? (Double) value.getAsDouble()
                : null;
    }

    static Optional<Alarm> get(Handle handle, UUID id) {
        return handle.select("SELECT * FROM alarms WHERE id = ?", id.toString())
                .map((row, _) -> alarm(row))
                .findOne();
    }

    /// Those of an endpoint that are not resolved, the oldest first.
    static List<Alarm> open(Handle handle, String endpoint) {
        return handle.select(
                        "SELECT * FROM alarms WHERE endpoint = ? AND state <> ? ORDER BY opened, id",
                        endpoint,
                        Alarm.State.RESOLVED.name())
                .map((row, _) -> alarm(row))
                .list();
    }

    /// All of these, newest first; pending ones that came to nothing are not told of.
    static List<Alarm> list(
            Handle handle, Optional<String> endpoint, Optional<Alarm.State> state, int limit) {
        return handle.select(
                        """
                        SELECT * FROM alarms WHERE (endpoint = ? OR ?) AND (state = ? OR ?)
                        AND (fired IS NOT NULL OR state = ?) ORDER BY opened DESC, id DESC LIMIT ?\
                        """,
                        endpoint.orElse(""),
                        endpoint.isEmpty(),
                        state.map(Alarm.State::name).orElse(""),
                        state.isEmpty(),
                        Alarm.State.PENDING.name(),
                        limit)
                .map((row, _) -> alarm(row))
                .list();
    }

    /// Those of an endpoint that rang in a stretch of event time.
    static List<Alarm> over(Handle handle, String endpoint, Instant from, Instant to) {
        return handle.select(
                        """
                        SELECT * FROM alarms WHERE endpoint = ? AND fired IS NOT NULL
                        AND until > ? AND since < ? ORDER BY since, id LIMIT 500\
                        """,
                        endpoint,
                        from.getEpochSecond(),
                        to.getEpochSecond())
                .map((row, _) -> alarm(row))
                .list();
    }

    private static Alarm alarm(ResultSet row) throws SQLException {
        double value = row.getDouble("value");
        boolean none = row.wasNull();
        return new Alarm(
                UUID.fromString(row.getString("id")),
                UUID.fromString(row.getString("cause")),
                row.getString("endpoint"),
                row.getString("monitor"),
                row.getString("watch"),
                Monitor.Severity.valueOf(row.getString("severity")),
                Alarm.State.valueOf(row.getString("state")),
                Instant.ofEpochSecond(row.getLong("since")),
                Instant.ofEpochSecond(row.getLong("until")),
                Instant.ofEpochMilli(row.getLong("opened")),
                at(row, "fired"),
                at(row, "ended"),
                row.getInt("bad"),
                row.getInt("fine"),
                none ? OptionalDouble.empty() : OptionalDouble.of(value),
                row.getString("why"),
                json(row.getString("detail")),
                row.getString("owner"),
                row.getString("note"),
                at(row, "silenced"),
                row.getInt("revision"));
    }

    private static Optional<Instant> at(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    /// What is judged: traffic when a window is over, quality when its truth has had its time.
    enum What {
        TRAFFIC,
        QUALITY,
        /// When the first of all windows began: minutes are forgotten, and this is not.
        BEGIN;

        /// What has a place up to which it was judged.
        static final List<What> JUDGED = List.of(TRAFFIC, QUALITY);

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Optional<Instant> judged(Handle handle, String endpoint, Origin origin, What what) {
        return handle.select(
                        "SELECT until FROM judged WHERE endpoint = ? AND origin = ? AND what = ?",
                        endpoint,
                        origin.word(),
                        what.word())
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochSecond);
    }

    static void putJudged(Handle handle, String endpoint, Origin origin, What what, Instant until) {
        handle.execute(
                """
                INSERT INTO judged (endpoint, origin, what, until) VALUES (?, ?, ?, ?)
                ON CONFLICT (endpoint, origin, what) DO UPDATE SET until = excluded.until\
                """,
                endpoint,
                origin.word(),
                what.word(),
                until.getEpochSecond());
    }
}
