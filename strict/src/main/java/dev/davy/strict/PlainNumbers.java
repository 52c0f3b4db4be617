package dev.davy.strict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The quick way through arrays of numbers as programs write them: `,` or `, `, a sign, up to six
/// digits, up to 17 behind a point, no exponent.
///
/// It never says that something is wrong: what is not plain, or too near to the end of the array,
/// is for [JsonNumber]. Its branches are the ones that a processor guesses well; a way with fewer
/// of them, and with all digits in one step, took twice as long, since each number waited for the
/// one before.
final class PlainNumbers {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// As far as it may look from where it begins.
    private static final int REACH = 32;

    private static final int WHOLE_DIGITS = 6;
    private static final long DOUBLE_INTEGERS = 1L << 53;
    private static final long FLOAT_MIDDLE = 1L << 28;
    private static final long FLOAT_REST = (1L << 29) - 1;
    private static final long[] POWERS = new long[19];
    private static final double[] DIVISORS = new double[19];
    private static final double[] FACTORS = new double[19];

    static {
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = i == 0 ? 1 : POWERS[i - 1] * 10;
            DIVISORS[i] = POWERS[i];
            FACTORS[i] = Double.parseDouble("1e-" + i);
        }
    }

    private long digits;
    private int scale;
    private boolean negative;

    /// The place behind the next element, -1 if it is not plain.
    ///
    /// @param p behind the one before, or behind the bracket
    int next(byte[] a, int p, int to, boolean first) {
        if (p > a.length - REACH) return -1;
        int q = p;
        if (!first && a[q++] != ',') return -1;
        if (a[q] == ' ') q++;
        boolean below = a[q] == '-';
        if (below) q++;
        int digit = a[q] - '0';
        if ((char) digit > 9) return -1;
        long value = digit;
        int count = 1;
        int more = a[++q] - '0';
        if ((char) more <= 9) {
            if (digit == 0) return -1;
            do {
                value = value * 10 + more;
                more = a[++q] - '0';
            } while (++count < WHOLE_DIGITS && (char) more <= 9);
            if ((char) more <= 9) return -1;
        }
        int behind = 0;
        if (more == '.' - '0') {
            int point = ++q;
            long eight = (long) LONGS.get(a, q);
            int n = JsonNumber.digitsIn(eight);
            if (n == 8) {
                value = value * 100_000_000 + JsonNumber.number(eight);
                q += 8;
                eight = (long) LONGS.get(a, q);
                n = JsonNumber.digitsIn(eight);
                // With all eight it may be more digits than fit, or not: seldom enough.
                if (n == 8) {
                    value = value * 100_000_000 + JsonNumber.number(eight);
                    q += 8;
                    int last = a[q] - '0';
                    if ((char) last <= 9) {
                        value = value * 10 + last;
                        q++;
                    }
                    n = 0;
                }
            }
            if (n > 0) {
                value = value * POWERS[n] + JsonNumber.number(eight << 64 - 8 * n);
                q += n;
            }
            behind = q - point;
            if (behind == 0 || behind + count > Decimals.DIGITS || (char) (a[q] - '0') <= 9)
                return -1;
        }
        if ((a[q] | 0x20) == 'e' || q > to) return -1;
        digits = value;
        scale = behind;
        negative = below;
        return q;
    }

    /// The nearest float, NaN if that is hard to tell; see [Decimals#toFloat].
    float float32() {
        double near = digits * FACTORS[scale];
        long rest = (Double.doubleToRawLongBits(near) & FLOAT_REST) - FLOAT_MIDDLE;
        if (rest >= -8 && rest <= 8) return Float.NaN;
        return negative ? (float) -near : (float) near;
    }

    /// The nearest double, NaN if that is hard to tell; see [Decimals#toDouble].
    double float64() {
        double value =
                digits <= DOUBLE_INTEGERS
                        ? digits / DIVISORS[scale]
                        : Decimals.toDouble(digits, -scale, false);
        return negative ? -value : value;
    }

    boolean isWhole() {
        return scale == 0;
    }

    long int64() {
        return negative ? -digits : digits;
    }
}
