package dev.davy.strict;

import java.util.Locale;

/// What is said about a JSON text that cannot be read.
final class JsonProblems {
    private JsonProblems() {}

    static Problem malformed(byte[] bytes, int from, int to, int place, String expected) {
        var found =
                place >= to
                        ? "found the end of the text"
                        : "found "
                                + Quote.of(
                                        Character.toString(
                                                bytes[place] < 0 ? 0xFFFD : bytes[place]));
        return new Problem(
                Problem.Kind.MALFORMED,
                "json-malformed",
                "The JSON text cannot be read.",
                "At byte "
                        + (place - from)
                        + " "
                        + expected
                        + ", "
                        + found
                        + "."
                        + guess(bytes, from, to),
                "Send one JSON document (RFC 8259) in UTF-8 and nothing behind it.");
    }

    /// What the whole text looks like, when it is a well-known mistake.
    private static String guess(byte[] a, int from, int to) {
        if (from == to) return " The text is empty.";
        int first = a[from] & 0xFF;
        int second = from + 1 < to ? a[from + 1] & 0xFF : -1;
        if (first == 0xEF && second == 0xBB) return " The text begins with a byte order mark.";
        if (first == 0xFE && second == 0xFF
                || first == 0xFF && second == 0xFE
                || first == 0
                || second == 0) return " The text looks like UTF-16 or UTF-32.";
        if (first == 0x1F && second == 0x8B)
            return " The text is gzip: compressed twice, or without Content-Encoding: gzip.";
        return "";
    }

    static Problem tooDeep(int place, Limits limits) {
        return new Problem(
                Problem.Kind.MALFORMED,
                "json-too-deep",
                "The JSON text is nested too deeply.",
                "At byte "
                        + place
                        + " more than "
                        + limits.jsonDepth()
                        + " arrays and objects are open.",
                "Nest less.");
    }

    static Problem unexpected(String wanted, JsonCursor.Kind found, int place) {
        var name =
                switch (found) {
                    case OBJECT, ARRAY -> "an " + found.name().toLowerCase(Locale.ROOT);
                    case STRING, NUMBER -> "a " + found.name().toLowerCase(Locale.ROOT);
                    case TRUE, FALSE, NULL, END -> found.name().toLowerCase(Locale.ROOT);
                };
        return new Problem(
                Problem.Kind.MALFORMED,
                "json-unexpected",
                "The JSON text holds another kind of value than is needed.",
                "At byte " + place + " expected " + wanted + ", found " + name + ".",
                "Send " + wanted + ".");
    }

    static Problem outOfRange(String number, String wanted) {
        return new Problem(
                Problem.Kind.MALFORMED,
                "number-out-of-range",
                "A number does not fit.",
                Quote.of(number) + " is not " + wanted + ".",
                "Send " + wanted + ".");
    }
}
