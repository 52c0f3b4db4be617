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
    private static final long DERIVED_MAX = 1L << 40;

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

    /// The id of one of many things that belong to another: always the same, so that doing the work
    /// again makes no second one. Its time is that of the other id, and a millisecond later for
    /// each 4,096 before it, so it is found by its time like all others.
    ///
    /// @param number which one, from 0
    public static UUID derived(UUID of, long number) {
        if (number < 0 || number >= DERIVED_MAX)
            throw new IllegalArgumentException("number is " + number + "; it has 40 bits");
        long millis = millis(of.getMostSignificantBits()) + (number >>> 12);
        long salt = of.getLeastSignificantBits() ^ mix(of.getMostSignificantBits()) ^ number;
        return new UUID(
                millis << 16 | 0x7000 | number & 0xFFF,
                1L << 63 | (long) node(of) << SALT_BITS | mix(salt) >>> (64 - SALT_BITS));
    }

    /// Which one it is of those that were [#derived] from another; -1 if it is none of them.
    public static long numberIn(UUID of, long idHigh, long idLow) {
        long later = millis(idHigh) - millis(of.getMostSignificantBits());
        if (!isOurs(idHigh) || later < 0 || later >= DERIVED_MAX >>> 12) return -1;
        long number = later << 12 | idHigh & 0xFFF;
        var same = derived(of, number);
        return same.getMostSignificantBits() == idHigh && same.getLeastSignificantBits() == idLow
                ? number
                : -1;
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
