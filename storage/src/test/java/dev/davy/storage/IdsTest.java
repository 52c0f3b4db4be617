package dev.davy.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static final Instant NOON = Instant.parse("2025-06-01T12:00:00Z");

    @Test
    void holdsTimeAndNode() {
        for (int node : new int[] {0, 1, 513, 65_535}) {
            var id = new Ids(node, InstantSource.fixed(NOON)).next();
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(Ids.time(id)).isEqualTo(NOON);
            assertThat(Ids.node(id)).isEqualTo(node);
            assertThat(Ids.isOurs(id)).isTrue();
        }
        assertThat(Ids.isOurs(UUID.randomUUID())).isFalse();
        assertThatThrownBy(() -> new Ids(65_536, InstantSource.fixed(NOON)))
                .hasMessageContaining("65536");
    }

    @Test
    void ascendsWhateverTheClockDoes() {
        var clock = new LogKit.Clock(NOON);
        var ids = new Ids(1, clock);
        var random = new Random(5);
        var last = ids.next();
        for (int i = 0; i < 200_000; i++) {
            if (random.nextInt(100) == 0)
                clock.set(NOON.plusMillis((long) (random.nextGaussian() * 86_400_000)));
            var next = ids.next();
            assertThat(next).as("after %d", i).isGreaterThan(last);
            assertThat(next.toString()).isGreaterThan(last.toString());
            assertThat(Ids.time(next)).isAfterOrEqualTo(Ids.time(last));
            last = next;
        }
    }

    @Test
    void neverRunsBackwardOverARestartWithAFloor() {
        var before = new Ids(1, InstantSource.fixed(NOON));
        var last = before.next();
        for (int i = 0; i < 10_000; i++) last = before.next();
        var clockSetBack = InstantSource.fixed(NOON.minus(Duration.ofDays(1)));
        var after = new Ids(1, clockSetBack, Ids.time(last));
        assertThat(after.next()).isGreaterThan(last);
    }

    @Test
    void isUniqueOverThreads() throws Exception {
        var ids = new Ids(3, InstantSource.system());
        int each = 100_000;
        var all = new UUID[8 * each];
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 8; t++) {
            int from = t * each;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = from; i < from + each; i++) all[i] = ids.next();
                            }));
        }
        for (var thread : threads) thread.join();
        for (int t = 0; t < 8; t++)
            assertThat(Arrays.asList(all).subList(t * each, (t + 1) * each)).isSorted();
        assertThat(Arrays.stream(all).distinct().count()).isEqualTo(all.length);
    }

    @Test
    void isTheSameAsTwoNumbers() {
        var halves = new long[2];
        new Ids(9, InstantSource.fixed(NOON), Instant.EPOCH, 77).next(halves);
        assertThat(new UUID(halves[0], halves[1]))
                .isEqualTo(new Ids(9, InstantSource.fixed(NOON), Instant.EPOCH, 77).next());
    }

    @Test
    void differsBetweenProcessesThatKnowNothingOfEachOther() {
        var one = new Ids(1, InstantSource.fixed(NOON));
        var other = new Ids(1, InstantSource.fixed(NOON));
        assertThat(one.next()).isNotEqualTo(other.next());
    }

    @Test
    void derivesTheSameIdForTheSameNumberAndKnowsIt() {
        var job = new Ids(7, InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"))).next();
        var other = new Ids(7, InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"))).next();
        var seen = new java.util.HashSet<UUID>();
        for (long number : new long[] {0, 1, 4_095, 4_096, 9_999_999, (1L << 40) - 1}) {
            var id = Ids.derived(job, number);
            assertThat(id).isEqualTo(Ids.derived(job, number));
            assertThat(seen.add(id)).isTrue();
            assertThat(Ids.isOurs(id)).isTrue();
            assertThat(Ids.node(id)).isEqualTo(7);
            assertThat(Ids.time(id)).isEqualTo(Ids.time(job).plusMillis(number / 4_096));
            long high = id.getMostSignificantBits();
            long low = id.getLeastSignificantBits();
            assertThat(Ids.numberIn(job, high, low)).isEqualTo(number);
            assertThat(Ids.numberIn(other, high, low)).isEqualTo(-1);
        }
        assertThat(Ids.numberIn(job, job.getMostSignificantBits(), job.getLeastSignificantBits()))
                .isEqualTo(-1);
    }
}
