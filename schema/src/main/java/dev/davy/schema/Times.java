package dev.davy.schema;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Times as expressions know them: microseconds since 1970, so that they fit a BIGINT everywhere.
public final class Times {
    private Times() {}

    /// `2026-01-31`, `2026-01-31 14:05`, `2026-01-31T14:05:00.25Z`, `…+01:00`; UTC where no offset
    /// is given. Years 1 to 9999.
    public static Optional<Instant> read(String written) {
        var text = written.replace(' ', 'T');
        if (text.indexOf('T') < 0) text += "T00:00";
        try {
            boolean offset =
                    text.endsWith("Z")
                            || text.lastIndexOf('+') > 0
                            || text.lastIndexOf('-') > text.indexOf('T');
            var time =
                    offset
                            ? OffsetDateTime.parse(text)
                            : LocalDateTime.parse(text).atOffset(ZoneOffset.UTC);
            return time.getYear() < 1 || time.getYear() > 9999
                    ? Optional.empty()
                    : Optional.of(toMicros(time.toInstant()));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    static Instant toMicros(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    static long micros(Instant time) {
        return Math.addExact(
                Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
    }
}
