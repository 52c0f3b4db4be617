package dev.davy.storage;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// Makes ids that hold time and node: UUID version 7 (RFC 9562).
///
/// 48 bits of milliseconds, 20 bits that count on within one, 16 bits of node, 38 bits that cannot
/// be guessed from outside. The time in the ids of a node never runs backward, whatever the clock
/// does: while the clock is behind, the count goes on from the last id. Ids of one node are
/// ascending and unique in a process; over a restart they are if the floor is known.
///
/// Lock-free; for any number of threads.
public final class Ids {
    private static final int COUNT_BITS = 20;
    private static final int SALT_BITS = 38;

    private final InstantSource clock;
    private final long nodeBits;
    private final long secret;
    private final AtomicLong last;

    public Ids(int node, InstantSource clock) {
        this(node, clock, Instant.EPOCH);
    }

    /// Ids later than all that were made before.
    ///
    /// @param floor the time of the newest id that is known from earlier
    public Ids(int node, InstantSource clock, Instant floor) {
        this(node, clock, floor, new SecureRandom().nextLong());
    }

    Ids(int node, InstantSource clock, Instant floor, long secret) {
        this.clock = clock;
        this.nodeBits = (long) checkNode(node) << SALT_BITS;
        this.secret = secret;
        this.last = new AtomicLong((floor.toEpochMilli() + 1) << COUNT_BITS);
    }

    public UUID next() {
        long count = nextCount();
        return new UUID(high(count), low(count));
    }

    /// The next id as two numbers, for those who want no object: `into[0]` is the high half.
    public void next(long[] into) {
        long count = nextCount();
        into[0] = high(count);
        into[1] = low(count);
    }

    /// When it was made, to the millisecond.
    public static Instant time(UUID id) {
        return Instant.ofEpochMilli(millis(id.getMostSignificantBits()));
    }

    /// The node that made it.
    public static int node(UUID id) {
        return (int) (id.getLeastSignificantBits() >>> SALT_BITS) & 0xFFFF;
    }

    /// Whether it has the form of the ids made here, so that it has a time and a node.
    public static boolean isOurs(UUID id) {
        return isOurs(id.getMostSignificantBits()) && id.variant() == 2;
    }

    static boolean isOurs(long high) {
        return (high & 0xF000) == 0x7000 && high >= 0;
    }

    static long millis(long high) {
        return high >>> 16;
    }

    static int checkNode(int node) {
        if (node < 0 || node > 0xFFFF)
            throw new IllegalArgumentException("node is " + node + "; it must be 0 to 65535");
        return node;
    }

    private long nextCount() {
        long now = clock.millis() << COUNT_BITS;
        while (true) {
            long before = last.get();
            long count = Math.max(before + 1, now);
            if (last.weakCompareAndSetVolatile(before, count)) return count;
        }
    }

    private static long high(long count) {
        long millis = count >>> COUNT_BITS;
        return millis << 16 | 0x7000 | (count >>> (COUNT_BITS - 12)) & 0xFFF;
    }

    private long low(long count) {
        long countLow = count & 0xFF;
        return 1L << 63 | countLow << 54 | nodeBits | mix(count ^ secret) >>> (64 - SALT_BITS);
    }

    /// The last steps of SplitMix64 (Steele, Lea, Flood 2014): a bijection whose output does not
    /// show its order.
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
