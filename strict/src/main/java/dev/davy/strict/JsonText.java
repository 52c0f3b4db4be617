package dev.davy.strict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One string of a JSON text: checked once, then given as text or bytes. Reused for each string.
///
/// Refused are broken UTF-8, unpaired surrogates, and control characters, spelled out or escaped,
/// but for tab, line feed and carriage return.
final class JsonText {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private static final int KEPT = 1 << 16;

    private byte[] bytes = new byte[0];
    private int from;
    private int to;
    private boolean escaped;
    private boolean ascii;
    private byte[] unescaped = new byte[0];
    private String wrong = "";

    /// Reads the string whose opening quote stands at `start` and gives the place behind the
    /// closing one; -1 - place, and [#wrong], where it is none.
    int scan(byte[] a, int start, int limit) {
        bytes = a;
        escaped = false;
        ascii = true;
        from = start + 1;
        int p = from;
        while (true) {
            while (p + 8 <= limit) {
                long special = special((long) LONGS.get(a, p));
                p += Long.numberOfTrailingZeros(special) >>> 3;
                if (special != 0) break;
            }
            if (p >= limit) return wrong(p, "the text ends inside a string");
            int b = a[p];
            if (b == '"') break;
            if (b == '\\') {
                escaped = true;
                int next = escape(a, p, limit);
                if (next < 0) return next;
                p = next;
            } else if (b >= 0x20) {
                p++;
            } else if (b >= 0) {
                return wrong(p, "a control character stands in a string; it must be escaped");
            } else {
                ascii = false;
                int length = Utf8.length(a, p, limit);
                if (length == 0) return wrong(p, "the bytes of a string are not UTF-8");
                p += length;
            }
        }
        to = p;
        return p + 1;
    }

    /// Marks the first of eight bytes that is no ASCII, a quote, a backslash or a control
    /// character; 0 if none is.
    private static long special(long v) {
        long quote = v ^ ONES * '"';
        long slash = v ^ ONES * '\\';
        return (v | v - ONES * 0x20 | quote - ONES | slash - ONES) & HIGHS;
    }

    /// The place behind the escape at p.
    private int escape(byte[] a, int p, int limit) {
        if (p + 1 >= limit) return wrong(p, "the text ends inside a string");
        return switch (a[p + 1]) {
            case '"', '\\', '/', 'n', 'r', 't' -> p + 2;
            case 'b', 'f' -> wrong(p, "a string holds an escaped control character");
            case 'u' -> unicode(a, p, limit);
            default -> wrong(p, "an escape is none of \\\" \\\\ \\/ \\n \\r \\t \\u");
        };
    }

    private int unicode(byte[] a, int p, int limit) {
        int unit = hex(a, p + 2, limit);
        if (unit < 0) return wrong(p, "an escape is not \\u and four hexadecimal digits");
        if (unit < 0x20 && unit != '\t' && unit != '\n' && unit != '\r')
            return wrong(p, "a string holds an escaped control character");
        if (!Character.isSurrogate((char) unit)) return p + 6;
        boolean pair = unit < 0xDC00 && p + 7 < limit && a[p + 6] == '\\' && a[p + 7] == 'u';
        int second = pair ? hex(a, p + 8, limit) : -1;
        if (second < 0xDC00 || second > 0xDFFF)
            return wrong(p, "a string holds half of a surrogate pair");
        return p + 12;
    }

    private static int hex(byte[] a, int p, int limit) {
        if (p + 4 > limit) return -1;
        int value = 0;
        for (int i = p; i < p + 4; i++) {
            int digit = a[i] < 0 ? -1 : Character.digit(a[i], 16);
            if (digit < 0) return -1;
            value = value << 4 | digit;
        }
        return value;
    }

    private int wrong(int place, String why) {
        wrong = why;
        return -1 - place;
    }

    /// Lets go of memory that one long string needed.
    void trim() {
        if (unescaped.length > KEPT) unescaped = new byte[0];
    }

    String wrong() {
        return wrong;
    }

    boolean is(byte[] utf8) {
        if (!escaped) return Arrays.equals(bytes, from, to, utf8, 0, utf8.length);
        int length = unescape();
        return Arrays.equals(unescaped, 0, length, utf8, 0, utf8.length);
    }

    String string() {
        if (!escaped)
            return new String(
                    bytes,
                    from,
                    to - from,
                    ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        int length = unescape();
        return new String(unescaped, 0, length, StandardCharsets.UTF_8);
    }

    byte[] utf8() {
        if (!escaped) return Arrays.copyOfRange(bytes, from, to);
        int length = unescape();
        return Arrays.copyOf(unescaped, length);
    }

    /// Undoes the escapes; gives how many bytes of `unescaped` hold the string. It never grows by
    /// that.
    private int unescape() {
        if (unescaped.length < to - from) unescaped = new byte[to - from];
        int n = 0;
        for (int p = from; p < to; ) {
            byte b = bytes[p];
            if (b != '\\') {
                unescaped[n++] = b;
                p++;
            } else if (bytes[p + 1] == 'u') {
                int c = hex(bytes, p + 2, to);
                p += 6;
                if (c >= 0xD800 && c <= 0xDFFF) {
                    c = Character.toCodePoint((char) c, (char) hex(bytes, p + 2, to));
                    p += 6;
                }
                n = put(c, n);
            } else {
                unescaped[n++] =
                        switch (bytes[p + 1]) {
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case 't' -> '\t';
                            default -> bytes[p + 1];
                        };
                p += 2;
            }
        }
        return n;
    }

    private int put(int c, int at) {
        int n = at;
        if (c < 0x80) {
            unescaped[n++] = (byte) c;
        } else if (c < 0x800) {
            unescaped[n++] = (byte) (0xC0 | c >> 6);
            unescaped[n++] = (byte) (0x80 | c & 0x3F);
        } else if (c < 0x10000) {
            unescaped[n++] = (byte) (0xE0 | c >> 12);
            unescaped[n++] = (byte) (0x80 | c >> 6 & 0x3F);
            unescaped[n++] = (byte) (0x80 | c & 0x3F);
        } else {
            unescaped[n++] = (byte) (0xF0 | c >> 18);
            unescaped[n++] = (byte) (0x80 | c >> 12 & 0x3F);
            unescaped[n++] = (byte) (0x80 | c >> 6 & 0x3F);
            unescaped[n++] = (byte) (0x80 | c & 0x3F);
        }
        return n;
    }
}
