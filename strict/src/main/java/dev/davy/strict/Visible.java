package dev.davy.strict;

/// Makes texts safe to be shown: names and values come from other people.
public final class Visible {
    private Visible() {}

    /// The text without anything that would move the cursor, forge a line or turn the direction of
    /// writing.
    public static String text(String text) {
        if (text.codePoints().noneMatch(Visible::moves)) return text;
        var shown = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    if (moves(c)) shown.append("\\u{%x}".formatted(c));
                    else shown.appendCodePoint(c);
                });
        return shown.toString();
    }

    private static boolean moves(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            default -> false;
        };
    }
}
