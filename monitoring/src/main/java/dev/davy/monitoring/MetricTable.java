package dev.davy.monitoring;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The SQL of which metrics were counted over the past.
final class MetricTable {
    private MetricTable() {}

    static void put(Handle handle, String endpoint, Backfills.Past past) {
        handle.execute(
                """
                INSERT INTO metric_backfills (endpoint, metric, since, until, at, who)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (endpoint, metric, since, until)
                DO UPDATE SET at = excluded.at, who = excluded.who\
                """,
                endpoint,
                past.metric(),
                past.from().getEpochSecond(),
                past.to().getEpochSecond(),
                past.at().toEpochMilli(),
                past.who());
    }

    static List<Backfills.Past> of(Handle handle, String endpoint) {
        return handle.select(
                        """
                        SELECT metric, since, until, at, who FROM metric_backfills
                        WHERE endpoint = ? ORDER BY at DESC LIMIT 200\
                        """,
                        endpoint)
                .map((row, _) ->
                        new Backfills.Past(
                                row.getString(1),
                                Instant.ofEpochSecond(row.getLong(2)),
                                Instant.ofEpochSecond(row.getLong(3)),
                                Instant.ofEpochMilli(row.getLong(4)),
                                row.getString(5)))
                .list();
    }
}
