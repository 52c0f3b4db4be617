package dev.davy.schema;

/// Texts as all three databases see them.
final class Texts {
    private Texts() {}

    static String lower(String text) {
        return shifted(text, 'A', 'Z', 'a' - 'A');
    }

    static String upper(String text) {
        return shifted(text, 'a', 'z', 'A' - 'a');
    }

    private static String shifted(String text, char from, char to, int by) {
        var chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++)
            if (chars[i] >= from && chars[i] <= to) chars[i] += (char) by;
        return new String(chars);
    }

    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x == y) continue;
            // Surrogates stand for what lies above all other characters.
            boolean xAbove = Character.isSurrogate(x);
            boolean yAbove = Character.isSurrogate(y);
            if (xAbove != yAbove) return xAbove ? 1 : -1;
            return Character.compare(x, y);
        }
        return Integer.compare(a.length(), b.length());
    }
}
