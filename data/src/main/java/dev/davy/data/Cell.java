package dev.davy.data;

import dev.davy.schema.Times;
import dev.davy.strict.Numbers;
import dev.davy.strict.Problem;

/// What the text of a cell is, seen by itself.
enum Cell {
    INTEGER,
    DECIMAL,
    /// It is written as a number, and no double is that large.
    OUT_OF_RANGE,
    /// It says that it is no number, or infinite.
    NOT_A_NUMBER,
    BOOLEAN,
    TIME,
    TEXT;

    static Cell of(String text) {
        char first = text.charAt(0);
        boolean digits =
                first >= '0' && first <= '9' || first == '-' || first == '+' || first == '.';
        if (digits) {
            if (Numbers.asInteger(text).isPresent()) return INTEGER;
            if (Numbers.asDecimal(text).isPresent()) return DECIMAL;
            if (outOfRange(text)) return OUT_OF_RANGE;
            if (text.length() >= 10 && text.charAt(4) == '-' && Times.read(text).isPresent())
                return TIME;
        }
        if (isNotANumber(text)) return NOT_A_NUMBER;
        return isTrue(text) || isFalse(text) ? BOOLEAN : TEXT;
    }

    private static boolean outOfRange(String text) {
        try {
            Numbers.decimal(text);
            return false;
        } catch (Problem problem) {
            return problem.code().equals("number-out-of-range");
        }
    }

    static boolean isNotANumber(String text) {
        return switch (text) {
            case "NaN", "nan", "NAN", "inf", "-inf", "Inf", "-Inf", "Infinity", "-Infinity" -> true;
            default -> false;
        };
    }

    static double notANumber(String text) {
        if (text.charAt(0) == '-') return Double.NEGATIVE_INFINITY;
        return text.charAt(0) == 'i' || text.charAt(0) == 'I'
                ? Double.POSITIVE_INFINITY
                : Double.NaN;
    }

    static boolean isTrue(String text) {
        return text.equals("true") || text.equals("True") || text.equals("TRUE");
    }

    static boolean isFalse(String text) {
        return text.equals("false") || text.equals("False") || text.equals("FALSE");
    }
}
