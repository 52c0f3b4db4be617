package dev.davy.strict;

/// The shortest digits that read back as the same float or double: Giulietti, "The Schubfach way to
/// render doubles", 2020. Reused; one for each thread.
final class ShortestDecimal {
    private static final int FLOAT_BITS = 24;
    private static final int DOUBLE_BITS = 53;

    private long digits;
    private int exponent;

    /// The value is `digits` times ten to the [#exponent]; may end in zeros.
    long digits() {
        return digits;
    }

    int exponent() {
        return exponent;
    }

    /// @param value finite and more than 0
    void of(float value) {
        int bits = Float.floatToRawIntBits(value);
        long fraction = bits & (1 << FLOAT_BITS - 1) - 1;
        int biased = bits >>> FLOAT_BITS - 1;
        find(fraction, biased, FLOAT_BITS, 127);
    }

    /// @param value finite and more than 0
    void of(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & (1L << DOUBLE_BITS - 1) - 1;
        int biased = (int) (bits >>> DOUBLE_BITS - 1);
        find(fraction, biased, DOUBLE_BITS, 1023);
    }

    private void find(long fraction, int biased, int precision, int bias) {
        long c = biased == 0 ? fraction : fraction | 1L << precision - 1;
        int q = Math.max(biased, 1) - bias - precision + 1;
        if (q <= 0 && -q < precision && (c & (1L << -q) - 1) == 0) {
            set(c >> -q, 0);
            return;
        }
        // The interval of all numbers that round to the value, in quarters of the distance between
        // neighbours.
        boolean closeBelow = fraction == 0 && biased > 1;
        long left = 4 * c - (closeBelow ? 1 : 2);
        long right = 4 * c + 2;
        int k = q * 1_262_611 - (closeBelow ? 524_031 : 0) >> 22;
        int h = q + PowersOfTen.exponentOfTwo(-k) + 1;
        long high = PowersOfTen.high(-k);
        long low = PowersOfTen.low(-k) + (PowersOfTen.isCutOff(-k) ? 1 : 0);
        if (low == 0 && PowersOfTen.isCutOff(-k)) high++;
        long lower = scaled(high, low, left << h) + (c & 1);
        long middle = scaled(high, low, 4 * c << h);
        long upper = scaled(high, low, right << h) - (c & 1);

        long s = middle / 4;
        if (s >= 10) {
            long shorter = s / 10;
            boolean below = lower <= 40 * shorter;
            boolean above = 40 * shorter + 40 <= upper;
            if (below != above) {
                set(above ? shorter + 1 : shorter, k + 1);
                return;
            }
        }
        boolean below = lower <= 4 * s;
        boolean above = 4 * s + 4 <= upper;
        long tie = 4 * s + 2;
        boolean up = below != above ? above : middle > tie || middle == tie && (s & 1) != 0;
        set(up ? s + 1 : s, k);
    }

    /// The product, of which the bits behind the point are pressed into the last one (rounding to
    /// odd).
    private static long scaled(long high, long low, long factor) {
        long carry = Math.unsignedMultiplyHigh(low, factor);
        long bottom = high * factor + carry;
        long top =
                Math.unsignedMultiplyHigh(high, factor)
                        + (Long.compareUnsigned(bottom, carry) < 0 ? 1 : 0);
        return Long.compareUnsigned(bottom, 1) > 0 ? top | 1 : top;
    }

    private void set(long found, int power) {
        digits = found;
        exponent = power;
    }
}
