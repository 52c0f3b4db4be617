package dev.davy.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir Path folder;

    private final Ids ids = new Ids(1, CLOCK);

    @Test
    void givesBackWhatWasAppendedInItsOrder() throws Exception {
        try (var log = LogKit.open(folder, 1);
                var reader = log.read(Cursor.START)) {
            for (int i = 0; i < 1_000; i += 2) log.append(LogKit.batch(ids, i, i + 1));
            assertThat(LogKit.numbers(reader))
                    .isEqualTo(LongStream.range(0, 1_000).boxed().toList());
            assertThat(reader.next()).isFalse();
            log.append(LogKit.batch(ids, 1_000));
            assertThat(LogKit.numbers(reader)).containsExactly(1_000L);
            assertThat(log.status().appended()).isEqualTo(1_001);
            assertThat(log.status().segments()).isGreaterThan(5);
        }
    }

    @Test
    void tellsEverythingOfARecord() throws Exception {
        var id = ids.next();
        var batch = new RecordBatch();
        batch.begin(
                65_535,
                3,
                -5,
                id.getMostSignificantBits(),
                id.getLeastSignificantBits(),
                1_700_000_000_123_456L);
        batch.putText("grüße").putVarint(-1).putByte(200).putShort(-2).putFloat(1.5f);
        batch.putDouble(Math.PI).putBytes(new byte[] {9, 1, 2, 9}, 1, 2);
        batch.end();
        try (var log = LogKit.open(folder, 1);
                var reader = log.read(Cursor.START)) {
            log.append(batch);
            assertThat(reader.next()).isTrue();
            assertThat(reader.type()).isEqualTo(65_535);
            assertThat(reader.version()).isEqualTo(3);
            assertThat(reader.schemaHash()).isEqualTo(-5);
            assertThat(reader.id()).isEqualTo(id);
            assertThat(reader.record().at())
                    .isEqualTo(Instant.parse("2023-11-14T22:13:20.123456Z"));
            var payload = reader.payload();
            assertThat(payload.getText()).isEqualTo("grüße");
            assertThat(payload.getVarint()).isEqualTo(-1);
            assertThat(payload.getByte()).isEqualTo((byte) 200);
            assertThat(payload.getShort()).isEqualTo((short) -2);
            assertThat(payload.getFloat()).isEqualTo(1.5f);
            assertThat(payload.getDouble()).isEqualTo(Math.PI);
            assertThat(payload.getBytes(2)).containsExactly(1, 2);
            assertThatThrownBy(payload::getByte).isInstanceOf(IllegalStateException.class);
            assertThat(Payload.of(reader.record().payload()).getText()).isEqualTo("grüße");
        }
    }

    @Test
    void keepsEachBatchTogetherAndEachThreadInOrder() throws Exception {
        try (var log = LogKit.open(folder, 1)) {
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 4; t++) {
                long from = t * 1_000_000L;
                threads.add(Thread.ofPlatform().start(() -> appendMany(log, from)));
            }
            for (var thread : threads) thread.join();
            var next = new HashMap<Long, Long>();
            try (var reader = log.read(Cursor.START)) {
                long run = 0;
                for (long number : LogKit.numbers(reader)) {
                    long thread = number / 1_000_000;
                    assertThat(number % 1_000_000).isEqualTo(next.getOrDefault(thread, 0L));
                    next.put(thread, number % 1_000_000 + 1);
                    // Batches hold three: a thread changes only between them.
                    if (number % 3 == (thread * 1_000_000) % 3) run = thread;
                    assertThat(thread).isEqualTo(run);
                }
            }
            assertThat(next).isEqualTo(Map.of(0L, 6_000L, 1L, 6_000L, 2L, 6_000L, 3L, 6_000L));
        }
    }

    private void appendMany(Log log, long from) {
        try {
            for (long i = from; i < from + 6_000; i += 3)
                log.append(LogKit.batch(ids, i, i + 1, i + 2));
        } catch (LogFailed e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void readersSeeWholeRecordsOnlyWhileOthersAppend() throws Exception {
        try (var log = LogKit.open(folder, 1)) {
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 2; t++) {
                long from = t * 1_000_000L;
                threads.add(Thread.ofPlatform().start(() -> appendMany(log, from)));
            }
            // One reader knows the log; the other goes by the files alone, as another process does.
            var seen = new ArrayList<Long>();
            var seenOutside = new ArrayList<Long>();
            try (var reader = log.read(Cursor.START);
                    var outside = LogReader.of(folder, Cursor.START)) {
                while (seen.size() < 12_000 || seenOutside.size() < 12_000) {
                    seen.addAll(LogKit.numbers(reader));
                    seenOutside.addAll(LogKit.numbers(outside));
                    reader.await(Duration.ofMillis(10));
                }
            }
            for (var thread : threads) thread.join();
            assertThat(seenOutside).isEqualTo(seen).doesNotHaveDuplicates().hasSize(12_000);
        }
    }

    @Test
    void goesOnWhereTheReaderStoodOverRestarts() throws Exception {
        var cursor = Cursor.START;
        var seen = new ArrayList<Long>();
        var random = new Random(20_251_120);
        long number = 0;
        for (int start = 1; start <= 20; start++)
            try (var log = LogKit.open(folder, 1);
                    var reader = log.read(cursor)) {
                for (int i = random.nextInt(200); i > 0; i--)
                    log.append(LogKit.batch(ids, number++));
                for (int i = random.nextInt(250); i > 0 && reader.next(); i--) {
                    assertThat(reader.gap()).isEmpty();
                    assertThat(reader.position().epoch()).isLessThanOrEqualTo(start);
                    seen.add(LogKit.number(reader));
                }
                cursor = reader.cursor();
                assertThat(log.status().end().epoch()).isEqualTo(start);
                assertThat(log.status().tornBytes()).isZero();
            }
        try (var reader = LogReader.of(folder, cursor)) {
            seen.addAll(LogKit.numbers(reader));
        }
        assertThat(seen).isEqualTo(LongStream.range(0, number).boxed().toList());
    }

    @Test
    void skipsNothingNewAfterAPowerLossTookWhatAReaderHadSeen() throws Exception {
        Cursor cursor;
        try (var log = LogKit.open(folder, 1);
                var reader = log.read(Cursor.START)) {
            for (int i = 0; i < 40; i++) log.append(LogKit.batch(ids, i));
            LogKit.numbers(reader);
            cursor = reader.cursor();
        }
        var file = SegmentFile.path(folder, new Position(1, 1, 0));
        // The disk never got the seal nor the last records.
        Torn.cut(file, 2_010);
        Torn.zero(file, SegmentHeader.SEAL, 64);
        try (var log = LogKit.open(folder, 1);
                var reader = log.read(cursor);
                var anew = log.read(Cursor.START)) {
            for (int i = 100; i < 140; i++) log.append(LogKit.batch(ids, i));
            assertThat(LogKit.numbers(reader))
                    .isEqualTo(LongStream.range(100, 140).boxed().toList());
            var left = LogKit.numbers(anew);
            assertThat(left).startsWith(0L, 1L, 2L).contains(100L, 139L).doesNotContain(39L);
            assertThat(log.status().tornBytes()).isPositive();
        }
    }

    @Test
    void readsThreeNodesEachInItsOrder() throws Exception {
        try (var first = LogKit.open(folder, 1);
                var second = LogKit.open(folder, 2);
                var third = LogKit.open(folder, 3);
                var reader = second.read(Cursor.START)) {
            var logs = List.of(first, second, third);
            var random = new Random(4);
            var counts = new long[3];
            for (int i = 0; i < 3_000; i++) {
                int node = random.nextInt(3);
                logs.get(node).append(LogKit.batch(ids, node * 10_000L + counts[node]++));
            }
            var byNode = new HashMap<Integer, List<Long>>();
            for (int looks = 0; looks < 3 || byNode.size() < 3; looks++) {
                while (reader.next())
                    byNode.computeIfAbsent(reader.position().node(), n -> new ArrayList<>())
                            .add(LogKit.number(reader));
                assertThat(reader.await(Duration.ofSeconds(10))).isTrue();
            }
            for (int node = 0; node < 3; node++)
                assertThat(byNode.get(node + 1))
                        .isEqualTo(
                                LongStream.range(0, counts[node])
                                        .map(plus(node * 10_000L))
                                        .boxed()
                                        .toList());
            assertThat(reader.cursor().positions()).containsOnlyKeys(1, 2, 3);

            third.append(LogKit.batch(ids, 77));
            try (var resumed = first.read(reader.cursor())) {
                assertThat(resumed.await(Duration.ofSeconds(10))).isTrue();
                assertThat(LogKit.numbers(resumed)).containsExactly(77L);
            }
        }
    }

    private static java.util.function.LongUnaryOperator plus(long more) {
        return x -> x + more;
    }

    @Test
    void findsARecordByItsIdInEveryFileAndNode() throws Exception {
        var clock = new LogKit.Clock(Instant.parse("2025-03-01T00:00:00Z"));
        var made = new Ids(1, clock);
        var other = new Ids(2, clock);
        var all = new ArrayList<UUID>();
        var foreign = other.next();
        var odd = new UUID(1, 2);
        for (int start = 0; start < 2; start++)
            try (var log = LogKit.open(folder, 1);
                    var second = LogKit.open(folder, 2)) {
                for (int i = 0; i < 500; i++) {
                    clock.set(clock.instant().plusMillis(1));
                    var batch = new RecordBatch();
                    all.add(made.next());
                    LogKit.put(batch, all.getLast(), all.size());
                    log.append(batch);
                }
                var batch = new RecordBatch();
                LogKit.put(batch, foreign, -1);
                LogKit.put(batch, odd, -2);
                second.append(batch);
                for (int i = 0; i < all.size(); i += 37) {
                    var found = log.find(all.get(i)).orElseThrow();
                    assertThat(Payload.of(found.payload()).getLong()).isEqualTo(i + 1);
                    assertThat(found.id()).isEqualTo(all.get(i));
                }
                assertThat(log.find(foreign).orElseThrow().position().node()).isEqualTo(2);
                assertThat(log.find(foreign, type -> type == 8)).isEmpty();
                // Whoever asks for what has no time would have everything looked through.
                assertThat(log.find(odd)).isEmpty();
                assertThat(log.find(made.next())).isEmpty();
                assertThat(log.find(UUID.randomUUID())).isEmpty();
            }
        try (var log = LogKit.open(folder, 1)) {
            assertThat(log.newestId()).isEqualTo(Ids.time(all.getLast()));
        }
    }

    @Test
    void readsFromATimeOnWithoutMostOfWhatWasBefore() throws Exception {
        var clock = new LogKit.Clock(Instant.parse("2025-03-01T00:00:00Z"));
        var made = new Ids(1, clock);
        try (var log = LogKit.open(folder, 1)) {
            for (int i = 0; i < 1_000; i++) {
                clock.set(clock.instant().plusMillis(1));
                log.append(LogKit.batch(made, i));
            }
            for (int from = 0; from < 1_000; from += 83) {
                var since = Instant.parse("2025-03-01T00:00:00Z").plusMillis(from + 1);
                try (var reader = log.read(log.since(since))) {
                    var read = LogKit.numbers(reader);
                    assertThat(read.getLast()).isEqualTo(999);
                    assertThat(read.getFirst()).isBetween(Math.max(0L, from - 250L), (long) from);
                    assertThat(read).hasSize(1_000 - read.getFirst().intValue());
                }
            }
            // Where nothing is that new, the file in use is all that is read.
            try (var reader = log.read(log.since(clock.instant().plusSeconds(1)))) {
                assertThat(LogKit.numbers(reader).size()).isLessThan(250);
            }
        }
    }

    @Test
    void deletesTheOldestBySizeAndTellsReadersWhatTheyMissed() throws Exception {
        var settings =
                new Log.Settings(
                        8 << 10,
                        Duration.ofMillis(1),
                        false,
                        40 << 10,
                        Duration.ofDays(1),
                        Log.WhenFull.STOP);
        try (var log = LogKit.open(Disk.REAL, folder, 1, settings);
                var slow = log.read(Cursor.START)) {
            log.append(LogKit.batch(ids, 0));
            assertThat(LogKit.numbers(slow)).containsExactly(0L);
            for (int i = 1; i < 3_000; i++) {
                var end = log.append(LogKit.batch(ids, i));
                if (i % 50 == 0) log.awaitSynced(end);
            }
            awaitRetained(log, 60 << 10);
            try (var fresh = log.read(Cursor.START);
                    var stored = log.read(slow.cursor())) {
                var left = LogKit.numbers(fresh);
                assertThat(left).hasSizeBetween(200, 1_000).endsWith(2_999L);
                assertThat(stored.next()).isTrue();
                var gap = stored.gap().orElseThrow();
                assertThat(stored.type()).isZero();
                assertThat(gap.cause()).isEqualTo(Gap.Cause.RETENTION);
                assertThat(gap.from()).isEqualTo(slow.cursor().positions().get(1));
                assertThat(gap.to()).isEqualTo(stored.cursor().positions().get(1));
                assertThat(LogKit.numbers(stored)).isEqualTo(left);
            }
            assertThat(log.status().oldest()).isPresent();
        }
    }

    private static void awaitRetained(Log log, long bytes) throws Exception {
        // Retention runs whenever a file is prepared; each append may ask for one.
        for (int i = 0; log.status().bytes() > bytes && i < 1_000; i++)
            log.awaitSynced(log.status().end());
        assertThat(log.status().bytes()).isLessThanOrEqualTo(bytes);
    }

    @Test
    void deletesByAgeAtTheNextStart() throws Exception {
        var settings =
                new Log.Settings(
                        8 << 10,
                        Duration.ofMillis(1),
                        false,
                        1 << 30,
                        Duration.ofDays(90),
                        Log.WhenFull.STOP);
        Cursor cursor;
        try (var log = LogKit.open(Disk.REAL, folder, 1, settings);
                var reader = log.read(Cursor.START)) {
            for (int i = 0; i < 100; i++) log.append(LogKit.batch(ids, i));
            assertThat(reader.next()).isTrue();
            cursor = reader.cursor();
        }
        var clock = new LogKit.Clock(Instant.now().plus(Duration.ofDays(89)));
        try (var log = Log.open(folder, 1, settings, clock);
                var reader = log.read(cursor)) {
            assertThat(LogKit.numbers(reader)).hasSize(99);
        }
        clock.set(Instant.now().plus(Duration.ofDays(91)));
        try (var log = Log.open(folder, 1, settings, clock);
                var reader = log.read(cursor)) {
            assertThat(log.status().segments()).isZero();
            assertThat(reader.next()).isFalse();
            log.append(LogKit.batch(ids, 7));
            assertThat(reader.next()).isTrue();
            assertThat(reader.gap()).isPresent();
            assertThat(LogKit.numbers(reader)).containsExactly(7L);
        }
    }

    @Test
    void keepsWhatHappenedLongAgoButWasAppendedNow() throws Exception {
        var batch = new RecordBatch();
        batch.begin(
                LogKit.NUMBER, 1, 0, 0, 0, LogKit.micros(Instant.parse("1999-12-31T00:00:00Z")));
        batch.putLong(3).putText("record 3").end();
        var settings = Log.Settings.DEFAULT;
        for (int start = 0; start < 3; start++)
            try (var log = Log.open(folder, 1, settings, CLOCK);
                    var reader = log.read(Cursor.START)) {
                if (start == 0) log.append(batch);
                assertThat(LogKit.numbers(reader)).containsExactly(3L);
            }
    }

    @Test
    void aReaderThatStoodAtTheEndMissedNothingThoughItsFileIsGone() throws Exception {
        Cursor cursor;
        try (var log = LogKit.open(folder, 1);
                var reader = log.read(Cursor.START)) {
            for (int i = 0; i < 40; i++) log.append(LogKit.batch(ids, i));
            LogKit.numbers(reader);
            cursor = reader.cursor();
        }
        try (var log = LogKit.open(folder, 1)) {
            log.append(LogKit.batch(ids, 1));
        }
        Files.delete(SegmentFile.path(folder, new Position(1, 1, 0)));
        try (var reader = LogReader.of(folder, cursor)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.gap()).isEmpty();
            assertThat(LogKit.number(reader)).isEqualTo(1);
        }
    }

    @Test
    void wakesAReaderThatFollows() throws Exception {
        try (var log = LogKit.open(folder, 1);
                var reader = log.read(Cursor.START)) {
            assertThat(reader.next()).isFalse();
            assertThat(reader.await(Duration.ofMillis(1))).isFalse();
            var appender =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    log.append(LogKit.batch(ids, 5));
                                } catch (LogFailed e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            assertThat(reader.await(Duration.ofSeconds(60))).isTrue();
            appender.join();
            assertThat(LogKit.numbers(reader)).containsExactly(5L);
        }
    }

    @Test
    void takesARecordLargerThanAFile() throws Exception {
        var large = new byte[300_000];
        new Random(3).nextBytes(large);
        try (var log = LogKit.open(folder, 1);
                var reader = log.read(Cursor.START)) {
            log.append(LogKit.batch(ids, 1));
            var batch = new RecordBatch();
            batch.begin(9, 1, 0, 1, 2, 3);
            batch.putBytes(large, 0, large.length).end();
            log.append(batch);
            log.append(LogKit.batch(ids, 2));
            assertThat(reader.next()).isTrue();
            assertThat(LogKit.number(reader)).isEqualTo(1);
            assertThat(reader.next()).isTrue();
            assertThat(reader.type()).isEqualTo(9);
            assertThat(reader.record().payload()).isEqualTo(large);
            assertThat(LogKit.numbers(reader)).containsExactly(2L);
        }
    }

    @Test
    void syncsForThoseWhoWait() throws Exception {
        var settings =
                new Log.Settings(
                        8 << 10,
                        Duration.ofMinutes(1),
                        false,
                        1 << 30,
                        Duration.ofDays(1),
                        Log.WhenFull.STOP);
        try (var log = LogKit.open(Disk.REAL, folder, 1, settings)) {
            for (int i = 0; i < 200; i++) {
                var end = log.append(LogKit.batch(ids, i));
                log.awaitSynced(end);
                assertThat(log.status().synced()).isEqualTo(end);
            }
            assertThatThrownBy(() -> log.synced(new Position(1, 1, 1 << 20)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(log.synced(new Position(1, 0, 5)).isDone()).isTrue();
        }
    }

    @Test
    void refusesWhenClosedAndLeavesNoSpareFileBehind() throws IOException, LogFailed {
        var log = LogKit.open(folder, 1);
        log.append(LogKit.batch(ids, 1));
        log.close();
        assertThatThrownBy(() -> log.append(LogKit.batch(ids, 2, 3)))
                .isInstanceOfSatisfying(
                        LogFailed.class,
                        e -> assertThat(e.reason()).isEqualTo(LogFailed.Reason.CLOSED));
        assertThat(log.status().lost()).isEqualTo(Map.of(LogFailed.Reason.CLOSED, 2L));
        assertThat(SegmentFile.list(folder)).containsExactly(new Position(1, 1, 0));
        assertThat(Files.size(SegmentFile.path(folder, new Position(1, 1, 0)))).isLessThan(400);
    }

    @Test
    void ofARecordThatWasBegunAndNotEndedNothingIsKept() throws Exception {
        var batch = LogKit.batch(ids, 1);
        batch.begin(9, 1, 0, 1, 2, 3);
        batch.putText("never ended");
        try (var log = LogKit.open(folder, 1);
                var reader = log.read(Cursor.START)) {
            log.append(batch);
            batch.cancel();
            LogKit.put(batch, ids.next(), 2);
            log.append(batch);
            assertThat(LogKit.numbers(reader)).containsExactly(1L, 1L, 2L);
        }
        assertThatThrownBy(() -> new RecordBatch().putInt(1))
                .isInstanceOf(IllegalStateException.class);
    }
}
