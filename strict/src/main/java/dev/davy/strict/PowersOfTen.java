package dev.davy.strict;

import java.math.BigInteger;

/// The first 128 bits of each power of ten that a double can meet, from 10^-342 to 10^324.
///
/// One table for both directions: reading (Lemire, "Number Parsing at a Gigabyte per Second", 2021)
/// and writing (Giulietti, "The Schubfach way to render doubles", 2020). Computed when first
/// needed, in a few milliseconds: 667 pairs of constants would be a file that nobody can check.
final class PowersOfTen {
    static final int LEAST = -342;
    static final int MOST = 324;

    /// 5^q is exact in 128 bits from 0 up to here.
    private static final int LAST_EXACT = 55;

    /// From here up to -1 the reciprocals are rounded up, below they are cut off: what the proof in
    /// Lemire's paper needs.
    private static final int FIRST_ROUNDED_UP = -27;

    private static final long[] HIGH = new long[MOST - LEAST + 1];
    private static final long[] LOW = new long[MOST - LEAST + 1];

    static {
        for (int q = LEAST; q <= MOST; q++) {
            var five = BigInteger.valueOf(5).pow(Math.abs(q));
            BigInteger bits;
            if (q >= 0) bits = five.shiftLeft(128).shiftRight(five.bitLength());
            else if (q >= FIRST_ROUNDED_UP)
                bits =
                        BigInteger.ONE
                                .shiftLeft(five.bitLength() + 127)
                                .divide(five)
                                .add(BigInteger.ONE);
            else bits = BigInteger.ONE.shiftLeft(five.bitLength() + 127).divide(five);
            HIGH[q - LEAST] = bits.shiftRight(64).longValue();
            LOW[q - LEAST] = bits.longValue();
        }
    }

    private PowersOfTen() {}

    static long high(int q) {
        return HIGH[q - LEAST];
    }

    static long low(int q) {
        return LOW[q - LEAST];
    }

    /// Whether [#high] and [#low] are less than the true power, so that one more is its ceiling.
    static boolean isCutOff(int q) {
        return q > LAST_EXACT || q < FIRST_ROUNDED_UP;
    }

    /// The exponent of two that goes with the first bit: floor(log2(10^q)).
    static int exponentOfTwo(int q) {
        return (int) (q * 1_741_647L >> 19);
    }
}
