package dev.davy.monitoring;

import dev.davy.serving.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The stored windows.
final class WindowTable {
    private WindowTable() {}

    /// Which window of which node.
    ///
    /// @param start in seconds since 1970
    record Key(String endpoint, Origin origin, Span span, long start, int node) {}

    static Optional<Window> get(Handle handle, int version, Key key) {
        return handle.select(
                        """
                        SELECT body FROM windows WHERE version = ? AND endpoint = ? AND origin = ?
                        AND span = ? AND start = ? AND node = ?\
                        """,
                        version,
                        key.endpoint(),
                        key.origin().word(),
                        key.span().name(),
                        key.start(),
                        key.node())
                .mapTo(byte[].class)
                .findOne()
                .map(Window::read);
    }

    static void put(Handle handle, int version, Key key, Window window) {
        handle.execute(
                """
                INSERT INTO windows (version, endpoint, origin, span, start, node, body)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (version, endpoint, origin, span, start, node)
                DO UPDATE SET body = excluded.body\
                """,
                version,
                key.endpoint(),
                key.origin().word(),
                key.span().name(),
                key.start(),
                key.node(),
                window.bytes());
    }

    /// By their starts, merged over nodes: from a moment on and before another.
    static SortedMap<Instant, Window> series(
            Handle handle,
            int version,
            String endpoint,
            Origin origin,
            Span span,
            Instant from,
            Instant to) {
        var series = new TreeMap<Instant, Window>();
        handle.select(
                        """
                        SELECT start, body FROM windows WHERE version = ? AND endpoint = ?
                        AND origin = ? AND span = ? AND start >= ? AND start < ?
                        ORDER BY start, node\
                        """,
                        version,
                        endpoint,
                        origin.word(),
                        span.name(),
                        from.getEpochSecond(),
                        to.getEpochSecond())
                .map((row, _) -> new Stored(row.getLong(1), row.getBytes(2)))
                .forEach(stored ->
                        series.merge(
                                Instant.ofEpochSecond(stored.start),
                                Window.read(stored.body),
                                Window::merge));
        return series;
    }

    @SuppressWarnings("ArrayRecordComponent") // read at once
    private record Stored(long start, byte[] body) {}

    /// When the newest window begins, in seconds since 1970; of a node where one is given.
    static Optional<Long> newest(Handle handle, int version, int node) {
        return handle.select(
                        "SELECT max(start) FROM windows WHERE version = ? AND node = ? AND span = ?",
                        version,
                        node,
                        Span.MINUTE.name())
                .mapTo(Long.class)
                .findOne();
    }

    static Optional<Instant> newest(Handle handle, int version, String endpoint, Origin origin) {
        return handle.select(
                        """
                        SELECT max(start) FROM windows WHERE version = ? AND endpoint = ?
                        AND origin = ? AND span = ?\
                        """,
                        version,
                        endpoint,
                        origin.word(),
                        Span.HOUR.name())
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochSecond);
    }

    /// Forgets the minutes before a moment; hours and days stay.
    static void forgetMinutes(Handle handle, int version, Instant before) {
        handle.execute(
                "DELETE FROM windows WHERE version = ? AND span = ? AND start < ?",
                version,
                Span.MINUTE.name(),
                before.getEpochSecond());
    }

    static void putGap(Handle handle, int version, int node, long since, long until, String cause) {
        handle.execute(
                """
                INSERT INTO window_gaps (version, node, since, until, cause)
                VALUES (?, ?, ?, ?, ?) ON CONFLICT (version, node, since, until) DO NOTHING\
                """,
                version,
                node,
                since,
                until,
                cause);
    }

    static List<Windows.Incomplete> gaps(Handle handle, int version, Instant from, Instant to) {
        return handle.select(
                        """
                        SELECT node, since, until, cause FROM window_gaps
                        WHERE version = ? AND until >= ? AND since < ? ORDER BY since, node\
                        """,
                        version,
                        from.getEpochSecond(),
                        to.getEpochSecond())
                .map((row, _) ->
                        new Windows.Incomplete(
                                row.getInt(1),
                                Instant.ofEpochSecond(row.getLong(2)),
                                Instant.ofEpochSecond(row.getLong(3)),
                                row.getString(4)))
                .list();
    }

    static void putRecent(Handle handle, int version, String endpoint, List<UUID> ids) {
        var text = new StringBuilder();
        for (var id : ids) text.append(text.isEmpty() ? "" : " ").append(id);
        handle.execute(
                """
                INSERT INTO recent_predictions (version, endpoint, ids) VALUES (?, ?, ?)
                ON CONFLICT (version, endpoint) DO UPDATE SET ids = excluded.ids\
                """,
                version,
                endpoint,
                text.toString());
    }

    static List<UUID> recent(Handle handle, int version, String endpoint) {
        var text =
                handle.select(
                                "SELECT ids FROM recent_predictions WHERE version = ? AND endpoint = ?",
                                version,
                                endpoint)
                        .mapTo(String.class)
                        .findOne()
                        .orElse("");
        var ids = new ArrayList<UUID>();
        for (var id : text.split(" ")) if (!id.isEmpty()) ids.add(UUID.fromString(id));
        return ids;
    }
}
