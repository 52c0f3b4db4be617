package dev.davy.monitoring;

import dev.davy.serving.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// A table of windows that merge: of each node, part and stretch of time one row.
///
/// @param table its name; never from outside
/// @param version of the reader that makes them
/// @param none of nothing
record Kept<T>(
        String table,
        int version,
        T none,
        BinaryOperator<T> merge,
        Function<byte[], T> read,
        Function<T, byte[]> bytes) {

    /// Which window of which node.
    ///
    /// @param start in seconds since 1970
    record Key(String endpoint, Origin origin, String part, Span span, long start, int node) {
        /// The minute that holds a moment.
        static Key minute(String endpoint, Origin origin, String part, int node, Instant at) {
            return new Key(
                    endpoint,
                    origin,
                    part,
                    Span.MINUTE,
                    Span.MINUTE.start(at).getEpochSecond(),
                    node);
        }

        /// The window of another length that holds the beginning of this one.
        Key in(Span other) {
            long begin = other.start(Instant.ofEpochSecond(start)).getEpochSecond();
            return new Key(endpoint, origin, part, other, begin, node);
        }

        /// The window of another part.
        Key of(String other) {
            return new Key(endpoint, origin, other, span, start, node);
        }
    }

    /// Windows that follow each other.
    record Series(String endpoint, Origin origin, Span span) {
        static Series of(Key key) {
            return new Series(key.endpoint, key.origin, key.span);
        }
    }

    /// Fewer windows than this are looked up one by one.
    private static final int FEW = 8;

    /// Those of these windows that are stored. Of a stretch in which most are wanted, all are read
    /// at once: a replay touches thousands of windows in one commit.
    Map<Key, T> get(Handle handle, Collection<Key> keys) {
        var stored = new HashMap<Key, T>();
        var rows = new LinkedHashMap<Series, List<Key>>();
        for (var key : keys) rows.computeIfAbsent(Series.of(key), _ -> new ArrayList<>()).add(key);
        for (var row : rows.values()) {
            long first = row.stream().mapToLong(Key::start).min().orElse(0);
            long last = row.stream().mapToLong(Key::start).max().orElse(0);
            long room = (last - first) / row.getFirst().span().length().toSeconds() + 1;
            if (row.size() < FEW || room > 64L * row.size())
                for (var key : row) get(handle, key).ifPresent(found -> stored.put(key, found));
            else stretch(handle, row, first, last, stored);
        }
        return stored;
    }

    private void stretch(Handle handle, List<Key> keys, long first, long last, Map<Key, T> into) {
        var wanted = new HashSet<>(keys);
        var of = keys.getFirst();
        handle.select(
                        "SELECT start, part, node, body FROM "
                                + table
                                + """
                                 WHERE version = ? AND endpoint = ? AND origin = ?
                                AND span = ? AND start >= ? AND start <= ?\
                                """,
                        version,
                        of.endpoint(),
                        of.origin().word(),
                        of.span().name(),
                        first,
                        last)
                .map((row, _) -> {
                    var key =
                            new Key(
                                    of.endpoint(),
                                    of.origin(),
                                    row.getString(2),
                                    of.span(),
                                    row.getLong(1),
                                    row.getInt(3));
                    if (wanted.contains(key)) into.put(key, read.apply(row.getBytes(4)));
                    return key;
                })
                .forEach(_ -> {});
    }

    Optional<T> get(Handle handle, Key key) {
        return handle.select(
                        "SELECT body FROM "
                                + table
                                + """
                                 WHERE version = ? AND endpoint = ? AND origin = ?
                                AND part = ? AND span = ? AND start = ? AND node = ?\
                                """,
                        version,
                        key.endpoint(),
                        key.origin().word(),
                        key.part(),
                        key.span().name(),
                        key.start(),
                        key.node())
                .mapTo(byte[].class)
                .findOne()
                .map(read);
    }

    /// The stored windows of parts that begin so, in the stretch of these, which are of one series.
    List<Key> withPrefix(Handle handle, String prefix, Collection<Key> stretch) {
        var of = stretch.iterator().next();
        return handle.select(
                        "SELECT start, part, node FROM "
                                + table
                                + """
                                 WHERE version = ? AND endpoint = ? AND origin = ?
                                AND span = ? AND start >= ? AND start <= ?
                                AND substr(part, 1, ?) = ?\
                                """,
                        version,
                        of.endpoint(),
                        of.origin().word(),
                        of.span().name(),
                        stretch.stream().mapToLong(Key::start).min().orElseThrow(),
                        stretch.stream().mapToLong(Key::start).max().orElseThrow(),
                        prefix.codePointCount(0, prefix.length()),
                        prefix)
                .map((row, _) ->
                        new Key(
                                of.endpoint(),
                                of.origin(),
                                row.getString(2),
                                of.span(),
                                row.getLong(1),
                                row.getInt(3)))
                .list();
    }

    /// Takes a window away.
    Optional<T> take(Handle handle, Key key) {
        var had = get(handle, key);
        if (had.isPresent())
            handle.execute(
                    "DELETE FROM "
                            + table
                            + """
                             WHERE version = ? AND endpoint = ? AND origin = ?
                            AND part = ? AND span = ? AND start = ? AND node = ?\
                            """,
                    version,
                    key.endpoint(),
                    key.origin().word(),
                    key.part(),
                    key.span().name(),
                    key.start(),
                    key.node());
        return had;
    }

    void put(Handle handle, Map<Key, T> windows) {
        if (windows.isEmpty()) return;
        var batch =
                handle.prepareBatch(
                        "INSERT INTO "
                                + table
                                + """
                                 (version, endpoint, origin, part, span, start, node, body)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                                ON CONFLICT (version, endpoint, origin, span, start, part, node)
                                DO UPDATE SET body = excluded.body\
                                """);
        windows.forEach((key, window) ->
                batch.add(
                        version,
                        key.endpoint(),
                        key.origin().word(),
                        key.part(),
                        key.span().name(),
                        key.start(),
                        key.node(),
                        bytes.apply(window)));
        batch.execute();
    }

    /// By their starts, merged over nodes: from a moment on and before another.
    ///
    /// @param part `live loan/3` or `slice line=A`; empty: all arms together, which is everything
    SortedMap<Instant, T> series(
            Handle handle,
            String endpoint,
            Origin origin,
            String part,
            Span span,
            Instant from,
            Instant to) {
        var series = new TreeMap<Instant, T>();
        handle.select(
                        "SELECT start, part, body FROM "
                                + table
                                + """
                                 WHERE version = ? AND endpoint = ?
                                AND origin = ? AND span = ? AND start >= ? AND start < ?
                                AND (part = ? OR ? = '')
                                ORDER BY start, node, part\
                                """,
                        version,
                        endpoint,
                        origin.word(),
                        span.name(),
                        from.getEpochSecond(),
                        to.getEpochSecond(),
                        part,
                        part)
                .map((row, _) -> new Row(row.getLong(1), row.getString(2), row.getBytes(3)))
                .forEach(row -> {
                    if (part.isEmpty() && Part.isSlice(row.part)) return;
                    series.merge(Instant.ofEpochSecond(row.start), read.apply(row.body), merge);
                });
        return series;
    }

    @SuppressWarnings("ArrayRecordComponent") // read at once
    private record Row(long start, String part, byte[] body) {}

    /// All of a stretch, both ends to the minute, as one: put together of as few as cover it.
    T over(Handle handle, String endpoint, Origin origin, String part, Instant from, Instant to) {
        var whole = none;
        for (var piece : Piece.cover(from, to))
            for (var window :
                    series(handle, endpoint, origin, part, piece.span(), piece.from(), piece.to())
                            .values()) whole = merge.apply(whole, window);
        return whole;
    }

    /// Stored windows of one length that follow each other.
    private record Piece(Span span, Instant from, Instant to) {
        static List<Piece> cover(Instant from, Instant to) {
            var begin = Span.MINUTE.start(from);
            var end = Span.MINUTE.start(to.plus(Span.MINUTE.length()).minusNanos(1));
            var pieces = new ArrayList<Piece>();
            cover(pieces, Span.DAY, begin, end);
            return pieces;
        }

        private static void cover(List<Piece> into, Span of, Instant from, Instant to) {
            if (!from.isBefore(to)) return;
            if (of == Span.MINUTE) {
                into.add(new Piece(of, from, to));
                return;
            }
            var first = of.start(from.plus(of.length()).minusNanos(1));
            var last = of.start(to);
            if (!first.isBefore(last)) {
                cover(into, of.finer(), from, to);
                return;
            }
            cover(into, of.finer(), from, first);
            into.add(new Piece(of, first, last));
            cover(into, of.finer(), last, to);
        }
    }

    /// The parts of which there are windows from a moment on and before another.
    List<String> parts(
            Handle handle, String endpoint, Origin origin, Span span, Instant from, Instant to) {
        return handle.select(
                        "SELECT DISTINCT part FROM "
                                + table
                                + """
                                 WHERE version = ? AND endpoint = ?
                                AND origin = ? AND span = ? AND start >= ? AND start < ?
                                ORDER BY part\
                                """,
                        version,
                        endpoint,
                        origin.word(),
                        span.name(),
                        from.getEpochSecond(),
                        to.getEpochSecond())
                .mapTo(String.class)
                .list();
    }

    /// When the oldest and the newest window of a length begin.
    Optional<Instant> extreme(
            Handle handle, String which, String endpoint, Origin origin, Span span) {
        return handle.select(
                        "SELECT "
                                + which
                                + "(start) FROM "
                                + table
                                + " WHERE version = ? AND endpoint = ? AND origin = ? AND span = ?",
                        version,
                        endpoint,
                        origin.word(),
                        span.name())
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochSecond);
    }

    /// When the newest minute begins in which anything was predicted; its hour, where minutes are
    /// forgotten. Feedback has no part of its own, and of a replay comes years after what it is
    /// about.
    Optional<Instant> newestPrediction(Handle handle, String endpoint, Origin origin) {
        return newestPrediction(handle, endpoint, origin, Span.MINUTE)
                .or(() -> newestPrediction(handle, endpoint, origin, Span.HOUR));
    }

    private Optional<Instant> newestPrediction(
            Handle handle, String endpoint, Origin origin, Span span) {
        return handle.select(
                        "SELECT max(start) FROM "
                                + table
                                + """
                                 WHERE version = ? AND endpoint = ? AND origin = ?
                                AND span = ? AND part <> ''\
                                """,
                        version,
                        endpoint,
                        origin.word(),
                        span.name())
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochSecond);
    }

    /// When the oldest window of a part begins: its minute, as long as minutes are kept.
    Optional<Instant> oldest(Handle handle, String endpoint, Origin origin, String part) {
        var hour = oldest(handle, endpoint, origin, part, Span.HOUR);
        return oldest(handle, endpoint, origin, part, Span.MINUTE)
                .filter(minute -> hour.isEmpty() || Span.HOUR.start(minute).equals(hour.get()))
                .or(() -> hour);
    }

    private Optional<Instant> oldest(
            Handle handle, String endpoint, Origin origin, String part, Span span) {
        return handle.select(
                        "SELECT min(start) FROM "
                                + table
                                + """
                                 WHERE version = ? AND endpoint = ? AND origin = ?
                                AND span = ? AND part = ?\
                                """,
                        version,
                        endpoint,
                        origin.word(),
                        span.name(),
                        part)
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochSecond);
    }

    /// Forgets the minutes that lie so long before the newest of their endpoint and origin; hours
    /// and days stay. What is replayed may have happened years ago: the clock says nothing of it.
    void forgetMinutes(Handle handle, Duration kept) {
        var all =
                handle.select(
                                "SELECT DISTINCT endpoint, origin FROM "
                                        + table
                                        + " WHERE version = ? AND span = ?",
                                version,
                                Span.DAY.name())
                        .map((row, _) ->
                                new Series(
                                        row.getString(1),
                                        Origin.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                                        Span.MINUTE))
                        .list();
        for (var each : all) {
            var newest = newestPrediction(handle, each.endpoint, each.origin, Span.MINUTE);
            if (newest.isEmpty()) continue;
            handle.execute(
                    "DELETE FROM "
                            + table
                            + """
                             WHERE version = ? AND endpoint = ? AND origin = ?
                            AND span = ? AND start < ?\
                            """,
                    version,
                    each.endpoint,
                    each.origin.word(),
                    Span.MINUTE.name(),
                    newest.get().minus(kept).getEpochSecond());
        }
    }
}
