package dev.davy.schema;

import java.util.Arrays;
import java.util.Optional;

/// The pattern of a `like`: characters, [#ONE] for any one of them, [#ANY] for any number.
///
/// @param symbols code points, or the two above
@SuppressWarnings("ArrayRecordComponent") // made here, never given away
record LikePattern(int[] symbols) {
    private static final int ONE = -1;
    private static final int ANY = -2;

    /// Reads `%` and `_`, which the escape character makes ordinary.
    ///
    /// @param escape a code point, or -1 for none
    /// @return empty when the escape character stands before nothing that needs it
    static Optional<LikePattern> read(String pattern, int escape) {
        var points = pattern.codePoints().toArray();
        var symbols = new int[points.length];
        int length = 0;
        for (int i = 0; i < points.length; i++) {
            int c = points[i];
            if (c == escape) {
                if (++i == points.length) return Optional.empty();
                if (points[i] != '%' && points[i] != '_' && points[i] != escape)
                    return Optional.empty();
                symbols[length++] = points[i];
            } else if (c == '%') {
                if (length == 0 || symbols[length - 1] != ANY) symbols[length++] = ANY;
            } else {
                symbols[length++] = c == '_' ? ONE : c;
            }
        }
        return Optional.of(new LikePattern(Arrays.copyOf(symbols, length)));
    }

    /// Whether the whole text fits. Upper and lower case differ.
    boolean matches(String text) {
        int at = 0; // in the text
        int symbol = 0;
        int any = -1; // the last ANY met; on a mismatch it takes one more character
        int retry = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            int s = symbol < symbols.length ? symbols[symbol] : -3;
            if (s == ANY) {
                any = symbol++;
                retry = at;
            } else if (s == c || s == ONE) {
                at += Character.charCount(c);
                symbol++;
            } else if (any >= 0) {
                retry += Character.charCount(text.codePointAt(retry));
                at = retry;
                symbol = any + 1;
            } else {
                return false;
            }
        }
        while (symbol < symbols.length && symbols[symbol] == ANY) symbol++;
        return symbol == symbols.length;
    }

    /// For `like … escape '!'`.
    String like() {
        var said = new StringBuilder();
        for (int s : symbols)
            switch (s) {
                case ANY -> said.append('%');
                case ONE -> said.append('_');
                case '%', '_', '!' -> said.append('!').append((char) s);
                default -> said.appendCodePoint(s);
            }
        return said.toString();
    }

    /// For SQLite's `glob`, which tells upper from lower case, as its `like` doesn't.
    String glob() {
        var said = new StringBuilder();
        for (int s : symbols)
            switch (s) {
                case ANY -> said.append('*');
                case ONE -> said.append('?');
                case '*', '?', '[' -> said.append('[').append((char) s).append(']');
                default -> said.appendCodePoint(s);
            }
        return said.toString();
    }
}
