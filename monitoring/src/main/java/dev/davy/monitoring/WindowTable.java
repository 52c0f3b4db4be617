package dev.davy.monitoring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The stored windows.
final class WindowTable {
    private WindowTable() {}

    /// The windows of all nodes and parts.
    static final Kept<Window> WINDOWS =
            new Kept<>(
                    "windows",
                    Windows.VERSION,
                    Window.EMPTY,
                    Window::merge,
                    Window::read,
                    Window::bytes);

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
