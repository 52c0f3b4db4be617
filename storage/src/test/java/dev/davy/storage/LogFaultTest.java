package dev.davy.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogFaultTest {
    @TempDir Path folder;

    private final Ids ids = new Ids(1, InstantSource.system());

    /// SQLite's way: fail the first call, then the second, … until all went well. Whatever fails,
    /// an acknowledged record is there, once, and every other one was counted as lost.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsItsPromisesWhicheverCallFails(boolean onlyOnce) throws Exception {
        int call = 0;
        for (boolean failed = true; failed; ) {
            // Each call near the beginning; later every so many, since they repeat.
            call += 1 + call / 12;
            var at = folder.resolve("fail-" + onlyOnce + "-" + call);
            var disk = onlyOnce ? FaultyDisk.failingOnceAt(call) : FaultyDisk.failingFrom(call);
            appendThrough(disk, at, call);
            failed = disk.hasFailed();
        }
        assertThat(call).isGreaterThan(20);
    }

    private void appendThrough(FaultyDisk disk, Path at, int call) throws Exception {
        var kept = new ArrayList<Long>();
        long lost = 0;
        boolean unsynced = false;
        try (var log = LogKit.open(disk, at, 1, LogKit.small())) {
            for (long number = 0; number < 400; number++)
                try {
                    var end = log.append(LogKit.batch(ids, number));
                    kept.add(number);
                    if (number % 40 == 0) log.awaitSynced(end);
                } catch (LogFailed e) {
                    if (e.reason() == LogFailed.Reason.UNSYNCED) unsynced = true;
                    else lost++;
                }
            var status = log.status();
            assertThat(status.appended()).isEqualTo(kept.size());
            assertThat(status.lost().values().stream().mapToLong(n -> n).sum())
                    .as("failing at call %d", call)
                    .isEqualTo(lost);
            assertThat(status.syncFailures() > 0).isEqualTo(unsynced || status.syncFailures() > 0);
            try (var reader = log.read(Cursor.START)) {
                assertThat(LogKit.numbers(reader)).as("failing at call %d", call).isEqualTo(kept);
            }
        }
        try (var log = LogKit.open(at, 1);
                var reader = log.read(Cursor.START)) {
            log.append(LogKit.batch(ids, 1_000));
            kept.add(1_000L);
            assertThat(LogKit.numbers(reader)).as("failing at call %d", call).isEqualTo(kept);
        }
    }

    @Test
    void goesOnByItselfOnceThereIsSpace() throws Exception {
        var disk = FaultyDisk.good();
        var kept = new ArrayList<Long>();
        try (var log = LogKit.open(disk, folder, 1, LogKit.small())) {
            long number = 0;
            for (int round = 0; round < 3; round++) {
                disk.full = true;
                long refused = 0;
                while (refused < 100)
                    try {
                        log.append(LogKit.batch(ids, number));
                        kept.add(number++);
                    } catch (LogFailed e) {
                        assertThat(e.reason()).isEqualTo(LogFailed.Reason.FULL);
                        refused++;
                    }
                assertThat(log.status().failing()).contains(LogFailed.Reason.FULL);
                assertThat(log.status().lost())
                        .isEqualTo(Map.of(LogFailed.Reason.FULL, 100L * (round + 1)));
                disk.full = false;
                while (log.status().failing().isPresent()) LockSupport.parkNanos(100_000);
                log.append(LogKit.batch(ids, number));
                kept.add(number++);
                log.awaitSynced(log.status().end());
            }
            try (var reader = log.read(Cursor.START)) {
                assertThat(LogKit.numbers(reader)).isEqualTo(kept);
            }
        }
    }

    @Test
    void startsOnAFullDiskAndGoesOnOnceThereIsSpace() throws Exception {
        var disk = FaultyDisk.good();
        disk.full = true;
        try (var log = LogKit.open(disk, folder, 1, LogKit.small())) {
            assertThatThrownBy(() -> log.append(LogKit.batch(ids, 1)))
                    .isInstanceOf(LogFailed.class)
                    .hasMessage("The disk of the prediction log is full.");
            disk.full = false;
            while (log.status().failing().isPresent()) LockSupport.parkNanos(100_000);
            log.append(LogKit.batch(ids, 2));
            try (var reader = log.read(Cursor.START)) {
                assertThat(LogKit.numbers(reader)).containsExactly(2L);
            }
        }
    }

    @Test
    void dropsTheOldestToMakeSpaceIfToldTo() throws Exception {
        var settings =
                new Log.Settings(
                        8 << 10,
                        Duration.ofMillis(1),
                        false,
                        1 << 30,
                        Duration.ofDays(1),
                        Log.WhenFull.DROP_OLDEST);
        // Space for eight files.
        var disk =
                new Disk() {
                    @Override
                    public void write(
                            java.nio.channels.FileChannel file,
                            java.nio.ByteBuffer content,
                            long at)
                            throws java.io.IOException {
                        if (SegmentFile.list(folder).size() > 8)
                            throw new java.io.IOException("No space left on device");
                        Disk.super.write(file, content, at);
                    }
                };
        try (var log = LogKit.open(disk, folder, 1, settings);
                var slow = log.read(Cursor.START)) {
            log.append(LogKit.batch(ids, 0));
            assertThat(slow.next()).isTrue();
            long refused = 0;
            for (long number = 1; number < 3_000; number++)
                try {
                    log.awaitSynced(log.append(LogKit.batch(ids, number)));
                } catch (LogFailed e) {
                    refused++;
                }
            assertThat(refused).isLessThan(3_000 / 2);
            assertThat(SegmentFile.list(folder)).hasSizeLessThanOrEqualTo(9);
            assertThat(LogKit.gaps(slow)).hasSize(1);
        }
    }

    @Test
    void promisesNothingMoreOnceASyncHasFailed() throws Exception {
        var disk = FaultyDisk.good();
        var end = new ArrayList<Position>();
        try (var log = LogKit.open(disk, folder, 1, LogKit.small())) {
            log.awaitSynced(log.append(LogKit.batch(ids, 0)));
            var good = log.status().synced();
            disk.failSyncs = true;
            var doubtful = log.append(LogKit.batch(ids, 1));
            assertThatThrownBy(() -> log.awaitSynced(doubtful)).isInstanceOf(LogFailed.class);
            disk.failSyncs = false;
            // The next sync would succeed: the system has forgotten what it did not write.
            for (long number = 2; number < 300; number++) {
                end.add(log.append(LogKit.batch(ids, number)));
                var failed =
                        catchThrowableOfType(LogFailed.class, () -> log.awaitSynced(end.getLast()));
                assertThat(failed.reason()).isEqualTo(LogFailed.Reason.UNSYNCED);
            }
            assertThatThrownBy(() -> log.awaitSynced(doubtful)).isInstanceOf(LogFailed.class);
            assertThat(log.status().synced()).isEqualTo(good);
            assertThat(log.status().syncFailures()).isPositive();
        }
        try (var log = LogKit.open(folder, 1);
                var reader = log.read(Cursor.START)) {
            assertThat(LogKit.numbers(reader)).hasSize(300);
            log.awaitSynced(log.append(LogKit.batch(ids, 300)));
        }
    }

    @Test
    void goesOnInAnotherFileWhenTheMappedMemoryFails() throws Exception {
        var disk = FaultyDisk.good();
        try (var log = LogKit.open(disk, folder, 1, LogKit.small());
                var reader = log.read(Cursor.START)) {
            log.append(LogKit.batch(ids, 0, 1));
            disk.failCopies = true;
            assertThatThrownBy(() -> log.append(LogKit.batch(ids, 2, 3, 4)))
                    .isInstanceOfSatisfying(
                            LogFailed.class,
                            e -> assertThat(e.reason()).isEqualTo(LogFailed.Reason.BROKEN));
            disk.failCopies = false;
            log.append(LogKit.batch(ids, 5, 6));
            assertThat(LogKit.numbers(reader)).isEqualTo(List.of(0L, 1L, 5L, 6L));
            assertThat(log.status().lost()).isEqualTo(Map.of(LogFailed.Reason.BROKEN, 3L));
        }
        try (var reader = LogReader.of(folder, Cursor.START)) {
            assertThat(LogKit.numbers(reader)).isEqualTo(List.of(0L, 1L, 5L, 6L));
        }
    }
}
