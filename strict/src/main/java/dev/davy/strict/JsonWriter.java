package dev.davy.strict;

import java.util.Arrays;

/// Writes JSON in UTF-8 into an array that grows, for hot paths: no garbage once it has grown. One
/// for each thread.
///
/// It sets the commas; that braces match is the caller's care. Numbers that are not finite become
/// `null`: JSON has none.
public final class JsonWriter {
    private static final byte[] DIGITS = new byte[200];
    private static final long[] POWERS = new long[19];
    private static final byte[] HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };
    private static final int NUMBER = 32;
    private static final int KEPT = 1 << 20;

    /// Numbers from 10^-6 up to 10^21 are written without an exponent, as browsers do.
    private static final int LEAST_PLAIN = -6;

    private static final int MOST_PLAIN = 21;

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) POWERS[i] = POWERS[i - 1] * 10;
        POWERS[0] = 0;
        for (int i = 0; i < 100; i++) {
            DIGITS[2 * i] = (byte) ('0' + i / 10);
            DIGITS[2 * i + 1] = (byte) ('0' + i % 10);
        }
    }

    private final ShortestDecimal decimal = new ShortestDecimal();
    private byte[] bytes;
    private int length;
    private boolean comma;

    public JsonWriter() {
        this(512);
    }

    /// A writer with room for so many bytes before it must grow.
    public JsonWriter(int capacity) {
        bytes = new byte[Math.max(capacity, NUMBER)];
    }

    /// Begins a new text in the same array. What [#array] gave before is overwritten.
    public JsonWriter reset() {
        if (bytes.length > KEPT) bytes = new byte[512];
        length = 0;
        comma = false;
        return this;
    }

    public JsonWriter beginObject() {
        return begin('{');
    }

    public JsonWriter endObject() {
        return end('}');
    }

    public JsonWriter beginArray() {
        return begin('[');
    }

    public JsonWriter endArray() {
        return end(']');
    }

    /// The name of the next value, in UTF-8.
    public JsonWriter field(byte[] name) {
        utf8(name, 0, name.length);
        return colon();
    }

    public JsonWriter field(String name) {
        value(name);
        return colon();
    }

    /// A string; half a surrogate pair becomes U+FFFD.
    public JsonWriter value(String text) {
        // A character is at most three bytes, or six when it is escaped.
        separate(6L * text.length() + 2);
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                ascii((byte) c);
            } else if (!Character.isSurrogate(c)) {
                unicode(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                unicode(Character.toCodePoint(c, text.charAt(++i)));
            } else {
                unicode(0xFFFD);
            }
        }
        bytes[length++] = '"';
        return this;
    }

    /// A string that is there as UTF-8; only escapes are added.
    public JsonWriter utf8(byte[] text, int from, int to) {
        separate(6L * (to - from) + 2);
        bytes[length++] = '"';
        for (int i = from; i < to; i++) {
            if (text[i] < 0) bytes[length++] = text[i];
            else ascii(text[i]);
        }
        bytes[length++] = '"';
        return this;
    }

    public JsonWriter value(long number) {
        separate(NUMBER);
        if (number < 0) bytes[length++] = '-';
        // -2^63 stays negative, and its bits are right as an unsigned number.
        digits(Math.abs(number));
        return this;
    }

    /// A number from 0 to 2^64-1, given by its bits.
    public JsonWriter unsigned(long number) {
        separate(NUMBER);
        digits(number);
        return this;
    }

    /// The shortest decimal number that reads back as this double; always with a point or an
    /// exponent.
    public JsonWriter value(double number) {
        if (!Double.isFinite(number)) return nullValue();
        separate(NUMBER);
        if (Double.doubleToRawLongBits(number) < 0) bytes[length++] = '-';
        if (number == 0) return zero();
        decimal.of(Math.abs(number));
        return decimal();
    }

    /// The shortest decimal number that reads back as this float; always with a point or an
    /// exponent.
    public JsonWriter value(float number) {
        if (!Float.isFinite(number)) return nullValue();
        separate(NUMBER);
        if (Float.floatToRawIntBits(number) < 0) bytes[length++] = '-';
        if (number == 0) return zero();
        decimal.of(Math.abs(number));
        return decimal();
    }

    public JsonWriter value(boolean flag) {
        separate(5);
        if (flag) {
            bytes[length++] = 't';
            bytes[length++] = 'r';
            bytes[length++] = 'u';
        } else {
            bytes[length++] = 'f';
            bytes[length++] = 'a';
            bytes[length++] = 'l';
            bytes[length++] = 's';
        }
        bytes[length++] = 'e';
        return this;
    }

    public JsonWriter nullValue() {
        separate(4);
        bytes[length++] = 'n';
        bytes[length++] = 'u';
        bytes[length++] = 'l';
        bytes[length++] = 'l';
        return this;
    }

    /// A value that is JSON already.
    public JsonWriter raw(byte[] json) {
        separate(json.length);
        System.arraycopy(json, 0, bytes, length, json.length);
        length += json.length;
        return this;
    }

    /// Holds the text in its first [#length] bytes; ours, until the next call.
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /// A copy of the text.
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private JsonWriter begin(char bracket) {
        separate(1);
        bytes[length++] = (byte) bracket;
        comma = false;
        return this;
    }

    private JsonWriter end(char bracket) {
        comma = false;
        separate(1);
        bytes[length++] = (byte) bracket;
        return this;
    }

    private JsonWriter colon() {
        comma = false;
        separate(1);
        bytes[length++] = ':';
        comma = false;
        return this;
    }

    /// A comma where one is due, and room for so many bytes behind it.
    private void separate(long room) {
        if (length + room + 1 > bytes.length) grow(room + 1);
        if (comma) bytes[length++] = ',';
        comma = true;
    }

    private void grow(long room) {
        long needed = Math.max(length + room, 2L * bytes.length);
        if (length + room > Integer.MAX_VALUE - 8)
            throw new IllegalStateException("a JSON text of over 2 GiB");
        bytes = Arrays.copyOf(bytes, (int) Math.min(needed, Integer.MAX_VALUE - 8));
    }

    private void ascii(byte c) {
        if (c >= ' ' && c != '"' && c != '\\') {
            bytes[length++] = c;
            return;
        }
        bytes[length++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[length++] = c;
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[c >> 4];
                bytes[length++] = HEX[c & 15];
            }
        }
    }

    private void unicode(int c) {
        if (c < 0x800) {
            bytes[length++] = (byte) (0xC0 | c >> 6);
        } else {
            if (c < 0x10000) {
                bytes[length++] = (byte) (0xE0 | c >> 12);
            } else {
                bytes[length++] = (byte) (0xF0 | c >> 18);
                bytes[length++] = (byte) (0x80 | c >> 12 & 0x3F);
            }
            bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
        }
        bytes[length++] = (byte) (0x80 | c & 0x3F);
    }

    private JsonWriter zero() {
        bytes[length++] = '0';
        bytes[length++] = '.';
        bytes[length++] = '0';
        return this;
    }

    private JsonWriter decimal() {
        long digits = decimal.digits();
        int exponent = decimal.exponent();
        while (digits % 10 == 0) {
            digits /= 10;
            exponent++;
        }
        int count = count(digits);
        int point = count + exponent;
        if (point > MOST_PLAIN || point <= LEAST_PLAIN) {
            put(digits, count, 1);
            bytes[length++] = 'e';
            int power = point - 1;
            if (power < 0) bytes[length++] = '-';
            digits(Math.abs(power));
        } else if (exponent >= 0) {
            put(digits, count, count);
            for (int i = 0; i < exponent; i++) bytes[length++] = '0';
            bytes[length++] = '.';
            bytes[length++] = '0';
        } else if (point > 0) {
            put(digits, count, point);
        } else {
            bytes[length++] = '0';
            bytes[length++] = '.';
            for (int i = point; i < 0; i++) bytes[length++] = '0';
            put(digits, count, count);
        }
        return this;
    }

    /// The digits with a point behind the first `whole` of them, if any follow.
    private void put(long digits, int count, int whole) {
        int end = length + count;
        if (whole == count) {
            fill(digits, end);
            length = end;
            return;
        }
        fill(digits, end + 1);
        System.arraycopy(bytes, length + 1, bytes, length, whole);
        bytes[length + whole] = '.';
        length = end + 1;
    }

    private void digits(long unsigned) {
        if (unsigned >= 0) {
            length += count(unsigned);
            fill(unsigned, length);
        } else {
            long front = Long.divideUnsigned(unsigned, 10);
            digits(front);
            bytes[length++] = (byte) ('0' + unsigned - 10 * front);
        }
    }

    /// Writes the digits so that the last one stands before `end`.
    private void fill(long digits, int end) {
        long rest = digits;
        int p = end;
        while (rest > Integer.MAX_VALUE) {
            long front = rest / 100;
            p = pair((int) (rest - 100 * front), p);
            rest = front;
        }
        int small = (int) rest;
        while (small >= 100) {
            int front = small / 100;
            p = pair(small - 100 * front, p);
            small = front;
        }
        if (small >= 10) pair(small, p);
        else bytes[p - 1] = (byte) ('0' + small);
    }

    private int pair(int below100, int end) {
        bytes[end - 1] = DIGITS[2 * below100 + 1];
        bytes[end - 2] = DIGITS[2 * below100];
        return end - 2;
    }

    /// How many digits an unsigned number below 10^19 has: one bit is 0.301 digits, and a table
    /// decides.
    private static int count(long digits) {
        int guess = (64 - Long.numberOfLeadingZeros(digits | 1)) * 1233 >> 12;
        return digits < POWERS[guess] ? guess : guess + 1;
    }
}
