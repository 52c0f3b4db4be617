package dev.davy.strict;

/// Names and ids that callers make up. A name may become part of an address, so few characters are
/// allowed; an id is only kept and given back.
public final class Names {
    private static final int LONGEST = 128;

    private Names() {}

    /// The name itself, if it is `[a-z0-9][a-z0-9._-]{0,127}`.
    ///
    /// @param kind what is named, for the message: `model`
    /// @throws Problem `name-not-allowed`
    public static String check(String kind, String name) {
        if (!isAllowed(name))
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "name-not-allowed",
                    Quote.of(name) + " cannot be the name of " + article(kind) + ".",
                    "A name has 1 to 128 characters: a-z, 0-9, '.', '_' and '-', and begins with a letter or digit.",
                    "Choose a name like 'credit-default'.");
        return name;
    }

    /// Whether [#check] would let it pass.
    public static boolean isAllowed(String name) {
        if (name.isEmpty() || name.length() > LONGEST) return false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            if (!plain && (i == 0 || c != '.' && c != '_' && c != '-')) return false;
        }
        return true;
    }

    /// The id itself, if it has at least one character, at most so many bytes in UTF-8, and stays
    /// on one line: no control characters, line separators, direction marks or unpaired surrogates,
    /// which would forge headers and logs.
    ///
    /// @param field where it stands, for the message and [Problem#field]
    /// @throws Problem `id-not-allowed`
    public static String id(String field, String id, Limits limits) {
        var why = wrongWithId(id, limits);
        if (!why.isEmpty())
            throw new Problem(
                            Problem.Kind.MALFORMED,
                            "id-not-allowed",
                            Quote.of(id) + " cannot be an id.",
                            why,
                            "Send an id of 1 to " + limits.idBytes() + " printable bytes.")
                    .at(field);
        return id;
    }

    private static String wrongWithId(String id, Limits limits) {
        if (id.isEmpty()) return "It is empty.";
        if (id.length() > limits.idBytes())
            return "It is longer than " + limits.idBytes() + " bytes.";
        int bytes = 0;
        for (int i = 0; i < id.length(); ) {
            int c = id.codePointAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            i += Character.charCount(c);
            boolean oneLine =
                    switch (Character.getType(c)) {
                        case Character.CONTROL,
                                Character.LINE_SEPARATOR,
                                Character.PARAGRAPH_SEPARATOR,
                                Character.SURROGATE ->
                                false;
                        default -> !(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069);
                    };
            if (!oneLine) return "It holds the character U+%04X.".formatted(c);
        }
        return bytes > limits.idBytes() ? "It is longer than " + limits.idBytes() + " bytes." : "";
    }

    private static String article(String kind) {
        return ("aeiou".indexOf(kind.charAt(0)) >= 0 ? "an " : "a ") + kind;
    }
}
