package dev.davy.serving;

import java.nio.charset.StandardCharsets;

/// Which of 10,000 buckets a key falls into: a pure function of the endpoint and the key, so a
/// caller stays where it is on every replica, after every restart, and while a ramp rises (the
/// buckets below q are among those below p when q < p).
public final class Assignment {

    /// Shares are counted in hundredths of a percent.
    public static final int BUCKETS = 10_000;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Assignment() {}

    /// The bucket, from 0 to 9,999, of a key at an endpoint.
    ///
    /// The endpoint's name is hashed too: who is early on one endpoint's ramp is not early on all.
    public static int bucket(String endpoint, String key) {
        long hash = FNV_OFFSET;
        for (byte b : endpoint.getBytes(StandardCharsets.UTF_8))
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        hash = hash * FNV_PRIME; // a zero byte between the two: ("ab","c") is not ("a","bc")
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        return (int) Long.remainderUnsigned(mixed(hash), BUCKETS);
    }

    /// FNV-1a leaves its high bits poorly mixed for short keys; this is MurmurHash3's finalizer
    /// (Appleby 2011), after which each bit of the key moves each bit of the hash.
    private static long mixed(long hash) {
        long h = hash;
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        h ^= h >>> 33;
        h *= 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return h;
    }
}
