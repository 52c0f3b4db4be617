package dev.davy.schema;

import dev.davy.strict.Problem;
import dev.davy.strict.Quote;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The text of an expression cut into tokens, and the skeleton of it that the SQL parser gets to
/// see.
///
/// The parser knows a thousand words of twenty databases. It is shown none of them: each name,
/// number and text stands in the skeleton as `v7`, each function as `f7`, where 7 is the token's
/// number. So a column may be called `order`, nothing can be said but what is in this list, and
/// each node of the tree leads back to its place in the text.
final class ExpressionText {
    /// In characters; what a person writes is a tenth of it.
    static final int LENGTH_MAX = 4_096;

    /// Names, numbers, signs and words together. SQLite refuses trees deeper than 1,000.
    static final int TOKENS_MAX = 1_000;

    /// Parentheses and `case` inside one another; also how many `not` may stand before a condition.
    static final int DEPTH_MAX = 50;

    enum Kind {
        WORD,
        SIGN,
        FUNCTION,
        PATH,
        CONSTANT
    }

    /// @param text a word in lower case, a sign, a function's name in lower case, a dotted path
    /// @param constant the value of a `CONSTANT`: `Double`, `String`, `Boolean`, `Instant`, or null
    record Token(Kind kind, String text, @Nullable Object constant, int from, int to) {
        boolean word(String word) {
            return kind == Kind.WORD && text.equals(word);
        }

        boolean sign(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }
    }

    private final String text;
    private final List<Token> tokens;

    ExpressionText(String text) {
        this.text = text;
        if (text.length() > LENGTH_MAX)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "expression-too-long",
                    "The expression " + Quote.of(text) + " is too long.",
                    "It has " + text.length() + " characters; the limit is " + LENGTH_MAX + ".",
                    "Split it, or compute a part of it in a component of its own.");
        tokens = new ExpressionLexer(this).tokens();
        measure();
    }

    String text() {
        return text;
    }

    List<Token> tokens() {
        return tokens;
    }

    /// What the SQL parser reads: the tokens with a space between.
    String skeleton() {
        var skeleton = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) skeleton.append(inSkeleton(i)).append(' ');
        return skeleton.toString();
    }

    /// The number of the token at a column of the skeleton, counted from 1; past the end, the
    /// number of tokens.
    int tokenAt(int column) {
        int from = 1;
        for (int i = 0; i < tokens.size(); i++) {
            from += inSkeleton(i).length() + 1;
            if (column < from) return i;
        }
        return tokens.size();
    }

    private String inSkeleton(int i) {
        var token = tokens.get(i);
        return switch (token.kind) {
            case WORD, SIGN -> token.text;
            case FUNCTION -> "f" + i;
            case PATH, CONSTANT -> "v" + i;
        };
    }

    /// A mistake at a place of the text.
    Problem mistake(String code, int place, String why, String todo) {
        var where = place >= text.length() ? " at its end." : " at character " + (place + 1) + ".";
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                code,
                "The expression " + Quote.of(text) + " is not understood" + where,
                why,
                todo);
    }

    Problem malformed(int place, String why, String todo) {
        return mistake("expression-malformed", place, why, todo);
    }

    /// Refuses what is nested too deeply before any parser descends into it.
    private void measure() {
        int depth = 0;
        int nots = 0;
        for (int i = 0; i < tokens.size(); i++) {
            var token = tokens.get(i);
            if (token.kind != Kind.WORD && token.kind != Kind.SIGN) continue;
            switch (token.text) {
                case "(", "case" -> depth++;
                case ")", "end" -> depth--;
                case "not" -> nots += before(i) ? 1 : 0;
                case "+" -> {
                    // "(+)" was once an outer join, and the parser still thinks so.
                    if (i > 0
                            && i + 1 < tokens.size()
                            && tokens.get(i - 1).sign("(")
                            && tokens.get(i + 1).sign(")"))
                        throw malformed(token.from, "A number is missing.", "Write one after +.");
                }
                default -> {}
            }
            if (depth > DEPTH_MAX || nots > DEPTH_MAX)
                throw mistake(
                        "expression-too-deep",
                        token.from,
                        "More than "
                                + DEPTH_MAX
                                + (depth > DEPTH_MAX
                                        ? " parentheses are open."
                                        : " conditions are negated."),
                        "Write it flatter, or split it.");
        }
    }

    /// Whether a `not` stands before a condition, and not in `is not`, `not in`, `not like`, `not
    /// between`.
    private boolean before(int not) {
        if (not > 0 && tokens.get(not - 1).word("is")) return false;
        if (not + 1 == tokens.size()) return true;
        var next = tokens.get(not + 1);
        return !(next.word("in") || next.word("like") || next.word("between"));
    }
}
