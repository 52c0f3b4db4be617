package dev.davy.strict;

/// A caller's text inside our sentence: short, on one line, and visibly somebody else's.
public final class Quote {
    private static final int SHOWN = 60;

    private Quote() {}

    /// In single quotes; control, format and unpaired characters as `\u0000`, and no more than 60
    /// characters.
    public static String of(String text) {
        var shown = new StringBuilder(Math.min(text.length(), SHOWN) + 8).append('\'');
        for (int i = 0; i < text.length(); ) {
            if (shown.length() > SHOWN) return shown.append("…'").toString();
            int c = text.codePointAt(i);
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.UNASSIGNED ->
                        shown.append("\\u%04x".formatted(c));
                default -> shown.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        return shown.append('\'').toString();
    }
}
