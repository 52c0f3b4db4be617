package dev.davy.schema;

import dev.davy.strict.Nearest;
import dev.davy.strict.Problem;
import dev.davy.strict.Quote;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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

    private static final Set<String> WORDS =
            Set.of(
                    "and", "or", "not", "between", "in", "like", "escape", "is", "null", "case",
                    "when", "then", "else", "end", "true", "false");

    enum Kind {
        WORD,
        SIGN,
        FUNCTION,
        PATH,
        CONSTANT
    }

    /// @param text a word in lower case, a sign, a function's name in lower case, a dotted path
    /// @param constant the value of a `CONSTANT`: `Double`, `String`, `Boolean`, `Instant`, or null
    record Token(Kind kind, String text, @Nullable Object constant, int from, int to) {}

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    ExpressionText(String text) {
        this.text = text;
        if (text.length() > LENGTH_MAX)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "expression-too-long",
                    "The expression " + Quote.of(text) + " is too long.",
                    "It has " + text.length() + " characters; the limit is " + LENGTH_MAX + ".",
                    "Split it, or compute a part of it in a component of its own.");
        cut();
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

    private Problem malformed(int place, String why, String todo) {
        return mistake("expression-malformed", place, why, todo);
    }

    private void cut() {
        while (true) {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
            if (at == text.length()) break;
            if (tokens.size() == TOKENS_MAX)
                throw mistake(
                        "expression-too-long",
                        at,
                        "It has more than " + TOKENS_MAX + " names, numbers and signs.",
                        "Split it, or compute a part of it in a component of its own.");
            tokens.add(token());
        }
        if (tokens.isEmpty())
            throw malformed(0, "There is nothing in it.", "Write a condition: input.age >= 18");
    }

    private Token token() {
        char c = text.charAt(at);
        if (digit(at) || c == '.' && digit(at + 1)) return number();
        if (c == '\'') return constant(at, quoted('\''));
        if (c == '"' || letter(at)) return word();
        return sign();
    }

    private Token constant(int from, @Nullable Object value) {
        return new Token(Kind.CONSTANT, text.substring(from, at), value, from, at);
    }

    private Token number() {
        int from = at;
        while (digit(at)) at++;
        if (is('.')) {
            at++;
            while (digit(at)) at++;
        }
        if (is('e') || is('E')) {
            int mark = at++;
            if (is('+') || is('-')) at++;
            if (!digit(at)) at = mark;
            while (digit(at)) at++;
        }
        var digits = text.substring(from, at);
        double value = Double.parseDouble(digits);
        if (is('%')) {
            at++;
            value = percent(digits, value);
        }
        if (letter(at) || is('.') || is('"')) {
            while (letter(at) || digit(at) || is('.')) at++;
            throw malformed(
                    from,
                    Quote.of(text.substring(from, at)) + " is no number.",
                    "Write it with digits, 1500 or 1.5e3 or 99%; a text stands in single quotes.");
        }
        if (Double.isInfinite(value))
            throw malformed(
                    from,
                    Quote.of(text.substring(from, at)) + " is too large.",
                    "The largest number is 1.797e308.");
        return constant(from, value);
    }

    private static double percent(String digits, double value) {
        if (value == 0 || Double.isInfinite(value)) return value;
        // In decimal, so that 99% is the very double that 0.99 is.
        return new BigDecimal(digits).movePointLeft(2).doubleValue();
    }

    private Token word() {
        int from = at;
        boolean bare = !is('"');
        var first = part();
        if (bare && !is('.')) {
            var word = first.toLowerCase(Locale.ROOT);
            if (word.equals("true") || word.equals("false"))
                return constant(from, word.equals("true"));
            if (word.equals("null") && !afterIs()) return constant(from, null);
            if (WORDS.contains(word)) return new Token(Kind.WORD, word, null, from, at);
            if (word.equals("timestamp") && next('\'')) return time(from);
            if (next('(')) return function(first, from);
        }
        var path = new StringBuilder(first);
        while (is('.')) {
            at++;
            if (!is('"') && !letter(at))
                throw malformed(
                        at,
                        "A name is missing after " + Quote.of(path + ".") + ".",
                        "Names are written input.age, and input.\"serial-number\" where they hold"
                                + " more than letters, digits and _.");
            path.append('.').append(part());
        }
        return new Token(Kind.PATH, path.toString(), null, from, at);
    }

    private String part() {
        if (is('"')) return quoted('"');
        int from = at;
        while (letter(at) || digit(at)) at += Character.charCount(text.codePointAt(at));
        return text.substring(from, at);
    }

    private boolean afterIs() {
        int last = tokens.size() - 1;
        if (last > 0 && word(last, "not")) last--;
        return last >= 0 && word(last, "is");
    }

    private boolean word(int token, String word) {
        return tokens.get(token).kind == Kind.WORD && tokens.get(token).text.equals(word);
    }

    private Token function(String name, int from) {
        var function = name.toLowerCase(Locale.ROOT);
        if (!Term.Function.NAMES.contains(function))
            throw mistake(
                    "expression-unknown-function",
                    from,
                    ("There is no function "
                                    + Quote.of(name)
                                    + ". "
                                    + Nearest.hint(function, Term.Function.NAMES))
                            .strip(),
                    "The functions are " + String.join(", ", Term.Function.NAMES) + ".");
        return new Token(Kind.FUNCTION, function, null, from, at);
    }

    private Token time(int from) {
        while (!is('\'')) at++;
        int place = at;
        var written = quoted('\'');
        return constant(
                from,
                Times.read(written)
                        .orElseThrow(() ->
                                malformed(
                                        place,
                                        Quote.of(written) + " is no time.",
                                        "Write timestamp '2026-01-31 14:05:00', in UTC, or"
                                                + " with an offset,"
                                                + " '2026-01-31T14:05:00+01:00'.")));
    }

    /// A text or name up to its closing quote; a doubled quote is one of it.
    private String quoted(char quote) {
        int from = at++;
        var value = new StringBuilder();
        while (true) {
            if (at >= text.length())
                throw malformed(
                        from,
                        "The quote is never closed.",
                        "Texts stand in single quotes, 'it''s'; names that need it in double"
                                + " quotes.");
            char c = text.charAt(at++);
            if (c == quote) {
                if (!is(quote)) break;
                at++;
            } else if (Character.isISOControl(c) || unpaired(at - 1)) {
                throw malformed(
                        at - 1,
                        "U+%04X can't stand in a text or name.".formatted((int) c),
                        "Leave it out.");
            }
            value.append(c);
        }
        if (quote == '"' && value.isEmpty())
            throw malformed(
                    from, "A name is empty.", "Texts stand in single quotes, names in double.");
        return value.toString();
    }

    private boolean unpaired(int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c))
            return i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        return Character.isLowSurrogate(c)
                && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    private Token sign() {
        int from = at;
        if (text.startsWith("--", at) || text.startsWith("/*", at))
            throw malformed(at, "There are no comments here.", "Leave it out.");
        for (var sign :
                List.of("<>", "!=", "<=", ">=", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/"))
            if (text.startsWith(sign, at)) {
                at += sign.length();
                return new Token(Kind.SIGN, sign.equals("!=") ? "<>" : sign, null, from, at);
            }
        int c = text.codePointAt(at);
        throw malformed(
                at,
                Quote.of(Character.toString(c)) + " means nothing here.",
                c == '%'
                        ? "A percent sign stands directly behind a number, 99%; there is no"
                                + " remainder."
                        : "Write SQL: = <> < <= > >= + - * / and or not between in like is null"
                                + " case, and texts in single quotes.");
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
                    if (sign(i - 1, "(") && sign(i + 1, ")"))
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
        if (not > 0 && word(not - 1, "is")) return false;
        if (not + 1 == tokens.size()) return true;
        return !(word(not + 1, "in") || word(not + 1, "like") || word(not + 1, "between"));
    }

    private boolean sign(int token, String sign) {
        return token >= 0
                && token < tokens.size()
                && tokens.get(token).kind == Kind.SIGN
                && tokens.get(token).text.equals(sign);
    }

    private boolean is(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private boolean next(char c) {
        int i = at;
        while (i < text.length() && " \t\r\n".indexOf(text.charAt(i)) >= 0) i++;
        return i < text.length() && text.charAt(i) == c;
    }

    private boolean digit(int i) {
        return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }

    private boolean letter(int i) {
        return i < text.length()
                && (text.charAt(i) == '_' || Character.isLetter(text.codePointAt(i)));
    }
}
