package dev.davy.schema;

import dev.davy.schema.ExpressionText.Kind;
import dev.davy.schema.ExpressionText.Token;
import dev.davy.strict.Nearest;
import dev.davy.strict.Quote;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cuts an expression into tokens, and reads its constants.
final class ExpressionLexer {
    private static final Set<String> WORDS =
            Set.of(
                    "and", "or", "not", "between", "in", "like", "escape", "is", "null", "case",
                    "when", "then", "else", "end", "true", "false");

    private final ExpressionText whole;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    ExpressionLexer(ExpressionText whole) {
        this.whole = whole;
        this.text = whole.text();
    }

    List<Token> tokens() {
        while (true) {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
            if (at == text.length()) break;
            if (tokens.size() == ExpressionText.TOKENS_MAX)
                throw whole.mistake(
                        "expression-too-long",
                        at,
                        "It has more than "
                                + ExpressionText.TOKENS_MAX
                                + " names, numbers and signs.",
                        "Split it, or compute a part of it in a component of its own.");
            tokens.add(token());
        }
        if (tokens.isEmpty())
            throw whole.malformed(
                    0, "There is nothing in it.", "Write a condition: input.age >= 18");
        return tokens;
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
            throw whole.malformed(
                    from,
                    Quote.of(text.substring(from, at)) + " is no number.",
                    "Write it with digits, 1500 or 1.5e3 or 99%; a text stands in single quotes.");
        }
        if (Double.isInfinite(value))
            throw whole.malformed(
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
                throw whole.malformed(
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
        if (last > 0 && tokens.get(last).word("not")) last--;
        return last >= 0 && tokens.get(last).word("is");
    }

    private Token function(String name, int from) {
        var function = name.toLowerCase(Locale.ROOT);
        if (!Term.Function.NAMES.contains(function))
            throw whole.mistake(
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
                                whole.malformed(
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
                throw whole.malformed(
                        from,
                        "The quote is never closed.",
                        "Texts stand in single quotes, 'it''s'; names that need it in double"
                                + " quotes.");
            char c = text.charAt(at++);
            if (c == quote) {
                if (!is(quote)) break;
                at++;
            } else if (Character.isISOControl(c) || unpaired(at - 1)) {
                throw whole.malformed(
                        at - 1,
                        "U+%04X can't stand in a text or name.".formatted((int) c),
                        "Leave it out.");
            }
            value.append(c);
        }
        if (quote == '"' && value.isEmpty())
            throw whole.malformed(
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
            throw whole.malformed(at, "There are no comments here.", "Leave it out.");
        for (var sign :
                List.of("<>", "!=", "<=", ">=", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/"))
            if (text.startsWith(sign, at)) {
                at += sign.length();
                return new Token(Kind.SIGN, sign.equals("!=") ? "<>" : sign, null, from, at);
            }
        int c = text.codePointAt(at);
        throw whole.malformed(
                at,
                Quote.of(Character.toString(c)) + " means nothing here.",
                c == '%'
                        ? "A percent sign stands directly behind a number, 99%; there is no"
                                + " remainder."
                        : "Write SQL: = <> < <= > >= + - * / and or not between in like is null"
                                + " case, and texts in single quotes.");
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
