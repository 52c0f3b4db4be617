package dev.davy.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What the tests of the log share: small settings, a clock that is set, records that hold a
/// number.
final class LogKit {
    static final int NUMBER = 7;

    private LogKit() {}

    /// Files of 8 KiB, so that a few hundred records fill several.
    static Log.Settings small() {
        return new Log.Settings(
                8 << 10,
                Duration.ofMillis(5),
                false,
                1L << 30,
                Duration.ofDays(1000),
                Log.WhenFull.STOP);
    }

    static Log open(Path folder, int node) {
        return open(Disk.REAL, folder, node, small());
    }

    static Log open(Disk disk, Path folder, int node, Log.Settings settings) {
        return Log.open(
                disk,
                folder,
                node,
                settings,
                InstantSource.system(),
                Duration.ofSeconds(10),
                Duration.ofMillis(1));
    }

    static void put(RecordBatch batch, UUID id, long number) {
        batch.begin(
                NUMBER,
                1,
                42,
                id.getMostSignificantBits(),
                id.getLeastSignificantBits(),
                micros(Instant.now()));
        batch.putLong(number).putText("record " + number);
        batch.end();
    }

    /// A batch of this one number.
    static RecordBatch batch(Ids ids, long... numbers) {
        var batch = new RecordBatch();
        for (long number : numbers) put(batch, ids.next(), number);
        return batch;
    }

    /// All numbers that can be read now, with gaps left out.
    static List<Long> numbers(LogReader reader) {
        var numbers = new ArrayList<Long>();
        while (reader.next()) if (reader.type() == NUMBER) numbers.add(number(reader));
        return numbers;
    }

    static long number(LogReader reader) {
        var payload = reader.payload();
        long number = payload.getLong();
        if (!payload.getText().equals("record " + number) || payload.remaining() > 0)
            throw new AssertionError("record " + number + " is not as it was written");
        return number;
    }

    static List<Gap> gaps(LogReader reader) {
        var gaps = new ArrayList<Gap>();
        while (reader.next()) reader.gap().ifPresent(gaps::add);
        return gaps;
    }

    static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1000;
    }

    /// A clock that goes when it is told to.
    static final class Clock implements InstantSource {
        private volatile Instant now;

        Clock(Instant now) {
            this.now = now;
        }

        void set(Instant to) {
            now = to;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
