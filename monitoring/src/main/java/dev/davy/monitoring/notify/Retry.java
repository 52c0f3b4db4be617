package dev.davy.monitoring.notify;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// When a delivery that failed is tried again; pure.
final class Retry {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofHours(1);

    /// After a day an alarm is no news, and whoever is away for so long looks at the page first.
    static final Duration GIVE_UP = Duration.ofHours(24);

    private Retry() {}

    /// 5, 10, 20 seconds and so on up to an hour, each a little longer by the id, so that many that
    /// failed together do not come back together; empty a day after it was made.
    ///
    /// @param attempts that failed, at least 1
    static Optional<Instant> after(String id, int attempts, Instant created, Instant now) {
        long doubled = FIRST.toMillis() << Math.min(attempts - 1, 20);
        long pause = Math.min(doubled, LONGEST.toMillis());
        long jitter = pause * Math.floorMod(id.hashCode(), 1_000) / 5_000;
        var next = now.plusMillis(pause + jitter).truncatedTo(ChronoUnit.MICROS);
        return next.isBefore(created.plus(GIVE_UP)) ? Optional.of(next) : Optional.empty();
    }
}
