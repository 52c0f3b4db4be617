package dev.davy.strict;

/// Well-formed UTF-8, Unicode table 3-7: no overlong forms, no surrogates, nothing beyond U+10FFFF.
final class Utf8 {
    private Utf8() {}

    /// The length of the character at p, 0 if it is not well-formed before `limit`.
    static int length(byte[] a, int p, int limit) {
        int lead = a[p] & 0xFF;
        if (lead < 0x80) return 1;
        int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (length == 0 || p + length > limit) return 0;
        int second = a[p + 1] & 0xFF;
        int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < least || second > most) return 0;
        for (int i = 2; i < length; i++) if ((a[p + i] & 0xC0) != 0x80) return 0;
        return length;
    }

    /// Where, from `from`, the first character stands that is not well-formed; `to` if none does.
    static int firstBroken(byte[] a, int from, int to) {
        int p = from;
        while (p < to) {
            if (a[p] >= 0) {
                p++;
                continue;
            }
            int length = length(a, p, to);
            if (length == 0) return p;
            p += length;
        }
        return to;
    }
}
