package dev.davy.strict;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Numbers in cells and settings: ASCII digits, one point, one exponent, nothing around them.
///
/// `1d`, `0x1p3`, ` 7`, `NaN`, `1_000`, `1,5` and Arabic digits are text. So is `00501`: leading
/// zeros belong to an id, which a number would destroy.
public final class Numbers {
    private Numbers() {}

    /// A decimal number: `[+-] digits [. digits] [e [+-] digits]`, also `.5` and `5.`; rounded to
    /// the nearest double.
    ///
    /// @throws Problem `number-not-understood` when it is none, `number-out-of-range` when no
    ///   double is that large
    public static double decimal(String text) {
        if (!isDecimal(text)) throw notUnderstood(text, "a decimal number");
        double value = parse(text);
        if (Double.isInfinite(value)) throw outOfRange(text, "a double reaches to 1.797e308");
        return value;
    }

    /// An integer, exactly: `[+-] digits`, from -2^63 to 2^63-1.
    ///
    /// @throws Problem `number-not-understood` when it is none, `number-out-of-range` when it does
    ///   not fit
    public static long integer(String text) {
        if (!isInteger(text)) throw notUnderstood(text, "an integer");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw outOfRange(text, "an integer reaches from -2^63 to 2^63-1");
        }
    }

    /// [#decimal], empty where it would throw.
    public static OptionalDouble asDecimal(String text) {
        if (!isDecimal(text)) return OptionalDouble.empty();
        double value = parse(text);
        return Double.isInfinite(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /// [#integer], empty where it would throw.
    public static OptionalLong asInteger(String text) {
        if (!isInteger(text)) return OptionalLong.empty();
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    // The grammar is checked before: the JDK's own is wider than ours.
    private static double parse(String text) {
        return Double.parseDouble(text);
    }

    private static boolean isInteger(String text) {
        int from = afterSign(text, 0);
        int to = afterDigits(text, from);
        return to > from && to == text.length() && !padded(text, from, to);
    }

    private static boolean isDecimal(String text) {
        int from = afterSign(text, 0);
        int point = afterDigits(text, from);
        if (padded(text, from, point)) return false;
        int digits = point - from;
        int at = point;
        if (at < text.length() && text.charAt(at) == '.') {
            int end = afterDigits(text, at + 1);
            digits += end - at - 1;
            at = end;
        }
        if (digits == 0) return false;
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            int exponent = afterSign(text, at + 1);
            at = afterDigits(text, exponent);
            if (at == exponent) return false;
        }
        return at == text.length();
    }

    private static boolean padded(String text, int from, int to) {
        return to - from > 1 && text.charAt(from) == '0';
    }

    private static int afterSign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')
                ? at + 1
                : at;
    }

    private static int afterDigits(String text, int at) {
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        return at;
    }

    private static Problem notUnderstood(String text, String wanted) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "number-not-understood",
                Quote.of(text) + " is not " + wanted + ".",
                "Only ASCII digits, a sign, a point and an exponent are read; leading zeros make it an id.",
                "Write it like -12.5 or 3e8.");
    }

    private static Problem outOfRange(String text, String range) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "number-out-of-range",
                Quote.of(text) + " is too large.",
                "Here " + range + ".",
                "Give a smaller number, or keep it as text.");
    }
}
