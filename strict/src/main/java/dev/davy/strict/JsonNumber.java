package dev.davy.strict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// One number of a JSON text: its grammar, and its exact value in the type that is asked for.
/// Reused for each number.
final class JsonNumber {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long[] TENS = new long[9];
    private static final int EXPONENT_BEYOND_ALL = 1_000_000;

    static {
        TENS[0] = 1;
        for (int i = 1; i < TENS.length; i++) TENS[i] = TENS[i - 1] * 10;
    }

    private byte[] bytes = new byte[0];
    private int from;
    private int to;
    private boolean negative;
    private long digits;
    private int exponent;
    private boolean cutOff;

    /// Reads the number that begins here and gives the place behind it; -1 - place where it breaks
    /// the grammar.
    int scan(byte[] a, int start, int limit) {
        bytes = a;
        from = start;
        int p = start;
        boolean minus = p < limit && a[p] == '-';
        if (minus) p++;
        negative = minus;
        int first = p;
        long value = 0;
        int d;
        while (p < limit && (d = a[p] - '0') >= 0 && d <= 9) {
            value = value * 10 + d;
            p++;
        }
        int significant = p - first;
        if (significant == 0) return -1 - p;
        if (a[first] == '0') {
            if (significant > 1) return -1 - first;
            significant = 0;
        }
        int scale = 0;
        if (p < limit && a[p] == '.') {
            int point = ++p;
            int n = 8;
            while (n == 8 && p + 8 <= limit) {
                long eight = (long) LONGS.get(a, p);
                n = digitsIn(eight);
                if (n == 0) break;
                value = value * TENS[n] + number(eight << 64 - 8 * n);
                p += n;
            }
            while (n == 8 && p < limit && (d = a[p] - '0') >= 0 && d <= 9) {
                value = value * 10 + d;
                p++;
            }
            if (p == point) return -1 - p;
            scale = p - point;
            significant += scale;
        }
        int end = p;
        int ten = 0;
        if (p < limit && (a[p] | 0x20) == 'e') {
            p++;
            boolean down = p < limit && a[p] == '-';
            if (p < limit && (a[p] == '-' || a[p] == '+')) p++;
            int mark = p;
            while (p < limit && (d = a[p] - '0') >= 0 && d <= 9) {
                if (ten < EXPONENT_BEYOND_ALL) ten = ten * 10 + d;
                p++;
            }
            if (p == mark) return -1 - p;
            if (down) ten = -ten;
        }
        to = p;
        cutOff = false;
        digits = value;
        exponent = ten - scale;
        if (significant > Decimals.DIGITS) recount(first, end, ten);
        return p;
    }

    /// How many of the eight bytes, from the first, are digits.
    static int digitsIn(long eight) {
        long wrong =
                (eight & 0xF0F0F0F0F0F0F0F0L
                                | (eight + 0x0606060606060606L & 0xF0F0F0F0F0F0F0F0L) >>> 4)
                        ^ 0x3333333333333333L;
        return Long.numberOfTrailingZeros(wrong) >>> 3;
    }

    /// The number that eight digits spell; zero bytes before them count as the digit 0.
    static long number(long eight) {
        long v = eight & 0x0F0F0F0F0F0F0F0FL;
        v = v * 10 + (v >>> 8);
        return (v & 0x000000FF000000FFL) * 0x000F424000000064L
                        + (v >>> 16 & 0x000000FF000000FFL) * 0x0000271000000001L
                >>> 32;
    }

    /// Of more than 18 digits, keeps the first 18 that count and says whether something was cut
    /// off.
    private void recount(int first, int end, int ten) {
        long value = 0;
        int kept = 0;
        int shift = 0;
        boolean rest = false;
        boolean behindPoint = false;
        for (int p = first; p < end; p++) {
            int d = bytes[p] - '0';
            if (bytes[p] == '.') {
                behindPoint = true;
            } else if (kept == Decimals.DIGITS) {
                rest |= d != 0;
                if (!behindPoint) shift++;
            } else {
                value = value * 10 + d;
                if (value != 0) kept++;
                if (behindPoint) shift--;
            }
        }
        digits = value;
        exponent = ten + shift;
        cutOff = rest;
    }

    int length() {
        return to - from;
    }

    /// The nearest float; infinite where there is none.
    float float32() {
        if (digits == 0) return negative ? -0f : 0f;
        float value = Decimals.toFloat(digits, exponent, cutOff);
        if (Float.isNaN(value)) value = Math.abs(Float.parseFloat(text()));
        return negative ? -value : value;
    }

    /// The nearest double; infinite where there is none.
    double float64() {
        if (digits == 0) return negative ? -0d : 0d;
        double value = Decimals.toDouble(digits, exponent, cutOff);
        if (Double.isNaN(value)) value = Math.abs(Double.parseDouble(text()));
        return negative ? -value : value;
    }

    /// Whether it is written as an integer: no point, no exponent.
    boolean isPlainInteger() {
        for (int p = from; p < to; p++)
            if (bytes[p] < '0' && bytes[p] != '-' || bytes[p] > '9') return false;
        return true;
    }

    /// What [#isInteger] found; two's complement.
    long int64() {
        return negative ? -digits : digits;
    }

    /// Whether the value is an integer from 0 (or -2^63) to 2^63-1 (unsigned: 2^64-1), however it
    /// is spelled: `1e3` is one, `1.5` is none. Afterwards [#int64] gives it.
    boolean isInteger(boolean unsigned) {
        if (exponent == 0 && !cutOff && digits >= 0) return !(unsigned && negative && digits != 0);
        if (digits == 0) return true;
        // Before BigDecimal multiplies ten with itself a million times.
        if (exponent > 20 || exponent < -length()) return false;
        try {
            var exact = new BigDecimal(text()).toBigIntegerExact();
            if (unsigned ? exact.signum() < 0 || exact.bitLength() > 64 : exact.bitLength() > 63)
                return false;
            digits = negative ? -exact.longValue() : exact.longValue();
            return true;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    /// As it is written.
    String text() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
