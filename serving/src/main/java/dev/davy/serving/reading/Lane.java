package dev.davy.serving.reading;

import dev.davy.serving.BlobRecord;
import dev.davy.serving.Micros;
import dev.davy.serving.PredictionReader;
import dev.davy.serving.ShadowRecord;
import dev.davy.serving.feedback.Feedback;
import dev.davy.storage.Cursor;
import dev.davy.storage.Log;
import dev.davy.storage.LogReader;
import dev.davy.storage.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Followers that read together, from the place of the one that is furthest behind. For one thread.
final class Lane implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Lane.class);

    private final LogReader reader;
    private final List<Following> followers;
    private long unreadable;

    Lane(Log log, List<Following> followers) {
        this.followers = new ArrayList<>(followers);
        reader = log.read(least(followers));
    }

    List<Following> followers() {
        return followers;
    }

    /// For each node the least place of any; nothing for a node that one of them has not begun.
    static Cursor least(List<Following> followers) {
        if (followers.isEmpty()) return Cursor.START;
        var least = new HashMap<>(followers.getFirst().taken().positions());
        for (var each : followers) {
            var had = each.taken().positions();
            least.keySet().retainAll(had.keySet());
            least.replaceAll((node, position) -> {
                var other = had.get(node);
                return other != null && other.compareTo(position) < 0 ? other : position;
            });
        }
        return new Cursor(least);
    }

    /// Reads on, at most so many records and so long.
    ///
    /// @return how many there were
    int read(int most, Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        int read = 0;
        while (read < most && reader.next()) {
            read++;
            give(reader.after());
            if (read % 64 == 0 && System.nanoTime() - until > 0) break;
        }
        return read;
    }

    private void give(Position after) {
        if (followers.stream().noneMatch(each -> each.lacks(after))) return;
        var entry = entry(after);
        long micros = reader.type() == 0 ? Micros.of(java.time.Instant.now()) : reader.timeMicros();
        List<Following> failed = List.of();
        for (var each : followers) {
            if (!each.lacks(after)) continue;
            if (entry.isEmpty()) each.pass(after);
            else
                try {
                    each.take(entry.get(), after, micros);
                } catch (RuntimeException failure) {
                    LOGGER.warn(
                            "reader {} failed at {}; it goes back and tries again",
                            each.name(),
                            entry.get().at(),
                            failure);
                    each.failed(failure);
                    if (failed.isEmpty()) failed = new ArrayList<>();
                    failed.add(each);
                }
        }
        followers.removeAll(failed);
    }

    /// Decoded; empty for what this release does not know.
    private Optional<Entry> entry(Position after) {
        if (reader.gap().isPresent())
            return Optional.of(new Entry.Missing(after, reader.gap().get()));
        var at = reader.position();
        try {
            if (PredictionReader.isPrediction(reader.type()))
                return Optional.of(
                        new Entry.Predicted(
                                at,
                                PredictionReader.read(
                                        reader.version(),
                                        reader.schemaHash(),
                                        reader.id(),
                                        reader.timeMicros(),
                                        reader.payload())));
            if (Feedback.isFeedback(reader.type()))
                return Optional.of(
                        new Entry.Told(
                                at,
                                Micros.instant(reader.timeMicros()),
                                Feedback.read(reader.payload())));
            if (BlobRecord.isBlob(reader.type())) {
                var content = BlobRecord.read(reader.payload());
                return Optional.of(
                        new Entry.Blob(
                                at,
                                reader.id(),
                                Micros.instant(reader.timeMicros()),
                                content.column(),
                                content.contentType(),
                                content.bytes()));
            }
            if (ShadowRecord.isShadow(reader.type()))
                return Optional.of(
                        new Entry.Shadowed(
                                at,
                                ShadowRecord.read(
                                        reader.version(),
                                        reader.id(),
                                        reader.timeMicros(),
                                        reader.payload())));
        } catch (RuntimeException undecodable) {
            // From a later release: waiting for it to become readable would stop everything.
            if (unreadable++ == 0)
                LOGGER.error("the record at {} can't be read and is passed over", at, undecodable);
        }
        return Optional.empty();
    }

    boolean readsOthers() {
        return reader.readsOthers();
    }

    /// Waits for new records.
    void await(Duration atMost) throws InterruptedException {
        reader.await(atMost);
    }

    /// Whether everything from here on is yet to come for a follower that stands there.
    boolean isNotBeyond(Cursor place) {
        for (var here : reader.cursor().positions().values()) {
            var there = place.positions().get(here.node());
            if (there == null || there.compareTo(here) < 0) return false;
        }
        return true;
    }

    @Override
    public void close() {
        reader.close();
    }
}
