package dev.davy.strict;

/// From `digits` times ten to the `exponent` to the nearest float or double, exactly, without
/// garbage.
///
/// Each function gives NaN where it cannot tell; then the JDK reads the text. That is about one
/// number in ten million, and subnormal ones.
final class Decimals {
    /// More digits than this may not fit into a long.
    static final int DIGITS = 18;

    private static final double[] TENS = new double[39 + 64];
    private static final int ZERO = 64;
    private static final long DOUBLE_INTEGERS = 1L << 53;
    private static final long FLOAT_MIDDLE = 1L << 28;
    private static final long FLOAT_REST = (1L << 29) - 1;

    static {
        for (int e = -ZERO; e <= 38; e++) TENS[e + ZERO] = Double.parseDouble("1e" + e);
    }

    private Decimals() {}

    /// The nearest float of a positive number.
    ///
    /// The double computed on the way is wrong by at most 3 units in the last place, so the float
    /// is right unless that double stands within 8 of the middle between two floats.
    ///
    /// @param digits 1 to 10^18 - 1
    /// @param cutOff whether digits were cut off behind `digits`: less than a unit in that last
    ///   place
    static float toFloat(long digits, int exponent, boolean cutOff) {
        if (exponent == 0 && !cutOff) return digits;
        if (exponent > 38) return Float.POSITIVE_INFINITY;
        if (exponent < -ZERO) return 0;
        double near = digits * TENS[exponent + ZERO];
        long rest = Double.doubleToRawLongBits(near) & FLOAT_REST;
        if (Math.abs(rest - FLOAT_MIDDLE) <= 8 || near < Float.MIN_NORMAL) return Float.NaN;
        return (float) near;
    }

    /// The nearest double of a positive number.
    ///
    /// @param cutOff whether digits were cut off behind `digits`
    static double toDouble(long digits, int exponent, boolean cutOff) {
        // Clinger 1990: both operands are exact, so the one rounding is the right one.
        if (digits <= DOUBLE_INTEGERS && !cutOff && exponent >= -22 && exponent <= 22)
            return exponent < 0 ? digits / TENS[ZERO - exponent] : digits * TENS[ZERO + exponent];
        double low = nearest(digits, exponent);
        return !cutOff || low == nearest(digits + 1, exponent) ? low : Double.NaN;
    }

    /// Lemire 2021, algorithm 1.
    private static double nearest(long digits, int exponent) {
        if (exponent < PowersOfTen.LEAST) return Double.NaN;
        if (exponent > 308) return Double.POSITIVE_INFINITY;
        int shift = Long.numberOfLeadingZeros(digits);
        long shifted = digits << shift;
        long power = PowersOfTen.high(exponent);
        long high = Math.unsignedMultiplyHigh(shifted, power);
        long low = shifted * power;
        if ((high & 0x1FF) == 0x1FF) {
            long more = Math.unsignedMultiplyHigh(shifted, PowersOfTen.low(exponent));
            low += more;
            if (Long.compareUnsigned(low, more) < 0) high++;
        }
        if (low == -1 && (exponent < -27 || exponent > 55)) return Double.NaN;

        int upper = (int) (high >>> 63);
        long mantissa = high >>> (upper + 9);
        int power2 = PowersOfTen.exponentOfTwo(exponent) + 63 + upper - shift + 1023;
        if (power2 <= 0) return Double.NaN;
        boolean mayBeTie = Long.compareUnsigned(low, 1) <= 0 && exponent >= -4 && exponent <= 23;
        if (mayBeTie && (mantissa & 3) == 1 && mantissa << (upper + 9) == high) mantissa &= ~1L;
        mantissa = (mantissa + (mantissa & 1)) >>> 1;
        if (mantissa == DOUBLE_INTEGERS) {
            mantissa >>>= 1;
            power2++;
        }
        if (power2 >= 0x7FF) return Double.POSITIVE_INFINITY;
        return Double.longBitsToDouble(mantissa & (1L << 52) - 1 | (long) power2 << 52);
    }
}
