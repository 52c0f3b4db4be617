package dev.davy.serving.reading;

import dev.davy.storage.Cursor;
import dev.davy.storage.Cursors;
import dev.davy.storage.Database;
import dev.davy.storage.Log;
import dev.davy.storage.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A follower and how far it has come. Only [#lag] and [#committed] are for any thread.
final class Following {
    /// Doubled at each failure, up to the most.
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Follower follower;
    private final Database database;
    private final Map<Integer, Position> taken = new HashMap<>();

    private volatile Cursor committed;
    private boolean some;
    private int inARow;
    private long pausedUntil;
    private final LongAdder records = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile long oldestMicros;
    private volatile @Nullable String failing;

    Following(Follower follower, Database database) {
        this.follower = follower;
        this.database = database;
        committed =
                database.read(handle -> Cursors.get(handle, follower.name(), follower.version()));
        taken.putAll(committed.positions());
    }

    String name() {
        return follower.name();
    }

    Cursor committed() {
        return committed;
    }

    boolean isNew() {
        return committed.positions().isEmpty();
    }

    /// Whether it has not had what ends there.
    boolean lacks(Position after) {
        var had = taken.get(after.node());
        return had == null || had.compareTo(after) < 0;
    }

    void take(Entry entry, Position after, long micros) {
        if (!some || oldestMicros == 0) oldestMicros = micros;
        some = true;
        follower.take(entry);
        taken.put(after.node(), after);
        records.increment();
    }

    /// What nobody can read still moves its place.
    void pass(Position after) {
        taken.put(after.node(), after);
        some = true;
    }

    boolean due() {
        return some && follower.due();
    }

    boolean isUrgent() {
        return follower.isUrgent();
    }

    boolean isWhole() {
        return follower.isWhole();
    }

    boolean hasUncommitted() {
        return some;
    }

    void commit() {
        follower.prepare();
        var cursor = new Cursor(taken);
        database.write(handle -> {
            follower.commit(handle);
            Cursors.set(handle, follower.name(), follower.version(), cursor);
            return true;
        });
        committed = cursor;
        some = false;
        oldestMicros = 0;
        inARow = 0;
        failing = null;
        follower.committed();
    }

    /// It goes back to where it last committed, and rests for a while.
    void failed(Throwable failure) {
        failures.increment();
        failing = String.valueOf(failure.getMessage());
        long pause = FIRST_PAUSE.toNanos() << Math.min(inARow, 10);
        pausedUntil = System.nanoTime() + Math.min(pause, LONGEST_PAUSE.toNanos());
        inARow++;
        taken.clear();
        taken.putAll(committed.positions());
        some = false;
        oldestMicros = 0;
        follower.forget();
    }

    boolean isPaused() {
        return failing != null && System.nanoTime() - pausedUntil < 0;
    }

    Cursor taken() {
        return new Cursor(taken);
    }

    /// When the first record was written that it has not even taken; 0 where that is not known.
    private long firstWaiting(Log log) {
        try (var reader = log.read(committed)) {
            return reader.next() && reader.gap().isEmpty() ? reader.timeMicros() : 0;
        }
    }

    Lag lag(Log log) {
        long bytes = log.bytesAfter(committed);
        long oldest = bytes == 0 ? 0 : oldestMicros;
        if (bytes > 0 && oldest == 0) oldest = firstWaiting(log);
        var time =
                oldest == 0
                        ? Duration.ZERO
                        : Duration.between(
                                Instant.EPOCH.plus(oldest, java.time.temporal.ChronoUnit.MICROS),
                                Instant.now());
        return new Lag(
                bytes,
                time.isNegative() ? Duration.ZERO : time,
                records.sum(),
                failures.sum(),
                Optional.ofNullable(failing));
    }
}
