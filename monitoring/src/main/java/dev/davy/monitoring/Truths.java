package dev.davy.monitoring;

import dev.davy.serving.Origin;
import dev.davy.serving.feedback.Archived;
import dev.davy.serving.reading.Follower;
import dev.davy.storage.Database;
import dev.davy.storage.Log;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.SortedMap;
import java.util.UUID;

/// Keeps what came to be known of predictions: its [#follower] joins truth to them, however late,
/// and counts it in windows of quality by the predictions' event time.
public final class Truths {
    private final Database database;
    private final OutcomeFollower follower;
    private final Windows windows;

    public Truths(
            Database database,
            Log log,
            Archived archived,
            Declared declared,
            Windows windows,
            InstantSource clock) {
        this.database = database;
        this.windows = windows;
        this.follower =
                new OutcomeFollower(database, log, archived, declared, clock, windows::changed);
    }

    /// What makes the windows, to be given to the readers of the log.
    public Follower follower() {
        return follower;
    }

    /// The windows of an endpoint by their starts, merged over nodes.
    ///
    /// @param part `live loan/3` or `slice line=A`; empty: all arms together
    public SortedMap<Instant, Quality> series(
            String endpoint, Origin origin, String part, Span span, Instant from, Instant to) {
        return database.read(handle ->
                OutcomeTable.WINDOWS.series(
                        handle, endpoint, origin, part, span, span.start(from), to));
    }

    /// All of a stretch, both ends to the minute, as one.
    ///
    /// @param part as above
    public Quality over(String endpoint, Origin origin, String part, Instant from, Instant to) {
        return database.read(
                handle -> OutcomeTable.WINDOWS.over(handle, endpoint, origin, part, from, to));
    }

    /// Whether truth was looked for up to this prediction. Two readers of one log don't keep step:
    /// of what is replayed a week is over in a moment, and its truth stands in the log already.
    boolean isRead(String endpoint, Origin origin, Instant newest) {
        var read = follower.newest(endpoint, origin);
        if (read.isPresent()) return !read.get().isBefore(newest);
        // Nothing came since the start: what there is was read before.
        return !windows.totals().containsKey(new Totals.Of(endpoint, origin));
    }

    /// How much truth waits for a prediction that has not come.
    public long orphans(String endpoint) {
        return database.read(handle -> OutcomeTable.orphans(handle, endpoint));
    }

    /// Forgets what is known of these predictions one by one. Windows are sums, which tell nothing
    /// of anybody.
    public long erase(Collection<UUID> predictions) {
        return database.write(handle ->
                OutcomeTable.erase(handle, predictions) + EntityTable.erase(handle, predictions));
    }

    /// Forgets what was told of these entities.
    public long eraseEntities(Collection<String> entities) {
        return database.write(handle -> EntityTable.eraseEntities(handle, entities));
    }
}
