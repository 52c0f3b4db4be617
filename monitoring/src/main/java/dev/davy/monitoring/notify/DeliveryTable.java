package dev.davy.monitoring.notify;

import dev.davy.monitoring.notify.Delivery.State;
import dev.davy.strict.Json;
import dev.davy.strict.Limits;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// The outbox.
final class DeliveryTable {
    private static final String CURSOR = "alarms";

    private DeliveryTable() {}

    // ---- events

    /// From where on events are looked at; empty before the first time.
    static Optional<String> cursor(Handle handle) {
        return handle.select("SELECT event FROM deliveries_cursor WHERE name = ?", CURSOR)
                .mapTo(String.class)
                .findOne();
    }

    static void moveCursor(Handle handle, String event) {
        handle.execute(
                """
                INSERT INTO deliveries_cursor (name, event) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET event = excluded.event\
                """,
                CURSOR,
                event);
        handle.execute("DELETE FROM deliveries_seen WHERE event < ?", event);
    }

    static Set<String> seen(Handle handle) {
        return handle.select("SELECT event FROM deliveries_seen").mapTo(String.class).set();
    }

    /// Notes that an event was looked at.
    ///
    /// @return false if it was before
    static boolean see(Handle handle, String event) {
        return handle.execute(
                        "INSERT INTO deliveries_seen (event) VALUES (?) ON CONFLICT (event) DO NOTHING",
                        event)
                == 1;
    }

    // ---- deliveries

    static void put(Handle handle, Delivery delivery) {
        handle.execute(
                """
                INSERT INTO deliveries (id, endpoint, channel, alarms, news, state, created, due,
                attempts, last_error, sent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                delivery.id(),
                delivery.endpoint(),
                Json.text(delivery.channel().json()),
                delivery.group(),
                news(delivery.news()),
                word(delivery.state()),
                micros(delivery.created()),
                micros(delivery.due()),
                delivery.attempts(),
                delivery.lastError(),
                delivery.sent().map(DeliveryTable::micros).orElse(null));
    }

    /// One to the same channel about the same alarms, which has not been tried yet.
    static Optional<Delivery> open(Handle handle, Delivery like, Instant now) {
        return handle.select(
                        """
                        SELECT * FROM deliveries WHERE state = ? AND endpoint = ? AND channel = ?
                        AND alarms = ? AND attempts = 0 AND due > ? ORDER BY id LIMIT 1\
                        """,
                        word(State.WAITING),
                        like.endpoint(),
                        Json.text(like.channel().json()),
                        like.group(),
                        micros(now))
                .map((row, _) -> delivery(row))
                .findOne();
    }

    static void add(Handle handle, Delivery to, News more) {
        var all = new ArrayList<>(to.news());
        all.add(more);
        handle.execute("UPDATE deliveries SET news = ? WHERE id = ?", news(all), to.id());
    }

    /// What is due, oldest first.
    static List<Delivery> due(Handle handle, Instant now, int limit) {
        return handle.select(
                        "SELECT * FROM deliveries WHERE state = ? AND due <= ? ORDER BY due LIMIT ?",
                        word(State.WAITING),
                        micros(now),
                        limit)
                .map((row, _) -> delivery(row))
                .list();
    }

    /// Takes one for an attempt, so that nobody else tries it at the same time: it is due again
    /// when whoever took it must have died.
    ///
    /// @return false if somebody else was first
    static boolean take(Handle handle, Delivery delivery, Instant again) {
        return handle.execute(
                        "UPDATE deliveries SET due = ? WHERE id = ? AND state = ? AND due = ?",
                        micros(again),
                        delivery.id(),
                        word(State.WAITING),
                        micros(delivery.due()))
                == 1;
    }

    static void sent(Handle handle, String id, Instant at) {
        handle.execute(
                "UPDATE deliveries SET state = ?, sent = ? WHERE id = ?",
                word(State.SENT),
                micros(at),
                id);
    }

    static void failed(Handle handle, String id, State now, Instant due, String why) {
        handle.execute(
                """
                UPDATE deliveries SET state = ?, due = ?, attempts = attempts + 1, last_error = ?
                WHERE id = ?\
                """,
                word(now),
                micros(due),
                why,
                id);
    }

    static Optional<Delivery> get(Handle handle, String id) {
        return handle.select("SELECT * FROM deliveries WHERE id = ?", id)
                .map((row, _) -> delivery(row))
                .findOne();
    }

    /// Newest first.
    static List<Delivery> list(
            Handle handle, Optional<String> endpoint, Optional<State> state, int limit) {
        return handle.select(
                        """
                        SELECT * FROM deliveries WHERE (endpoint = ? OR ?) AND (state = ? OR ?)
                        ORDER BY id DESC LIMIT ?\
                        """,
                        endpoint.orElse(""),
                        endpoint.isEmpty(),
                        state.map(DeliveryTable::word).orElse(""),
                        state.isEmpty(),
                        limit)
                .map((row, _) -> delivery(row))
                .list();
    }

    static Map<State, Long> counts(Handle handle) {
        var counts = new EnumMap<State, Long>(State.class);
        handle.select("SELECT state, COUNT(*) AS times FROM deliveries GROUP BY state")
                .map((row, _) -> Map.entry(state(row), row.getLong("times")))
                .forEach(each -> counts.put(each.getKey(), each.getValue()));
        return counts;
    }

    private static State state(ResultSet row) throws SQLException {
        return State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
    }

    static void forget(Handle handle, Instant before) {
        handle.execute(
                "DELETE FROM deliveries WHERE state <> ? AND created < ?",
                word(State.WAITING),
                micros(before));
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        var news = new ArrayList<News>();
        for (var each : json(row.getString("news"))) news.add(News.read(each));
        long sent = row.getLong("sent");
        var arrived = row.wasNull() ? Optional.<Instant>empty() : Optional.of(instant(sent));
        return new Delivery(
                row.getString("id"),
                row.getString("endpoint"),
                Channel.read(Json.array().add(json(row.getString("channel")))).getFirst(),
                row.getString("alarms"),
                news,
                state(row),
                instant(row.getLong("created")),
                instant(row.getLong("due")),
                (int) row.getLong("attempts"),
                row.getString("last_error"),
                arrived);
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT);
    }

    private static String news(List<News> news) {
        var list = Json.array();
        for (var each : news) list.add(each.json());
        return Json.text(list);
    }

    private static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
