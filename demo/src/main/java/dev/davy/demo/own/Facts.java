package dev.davy.demo.own;

import dev.davy.schema.ColumnType;
import dev.davy.strict.Numbers;
import java.util.Set;
import java.util.TreeSet;

/// What the cells of one column have in common.
///
/// @param missing cells that say nothing
/// @param whole every number among the others is a whole one
/// @param number nearly every other one is a number: what is not is a mistake of a few rows
/// @param flag every other one is true or false
/// @param values the different texts, [#MOST] at most
/// @param example the first cell that is no number, or the first
record Facts(
        int cells,
        int missing,
        boolean whole,
        boolean number,
        boolean flag,
        TreeSet<String> values,
        String example) {
    static final int MOST = 1_000;

    /// One of so many cells may be no number in a column of numbers.
    private static final int MISTAKES = 10;

    private static final Set<String> NOTHING =
            Set.of("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?");

    /// Whether a cell of a column that is no text says nothing.
    static boolean isMissing(String cell) {
        return NOTHING.contains(cell);
    }

    static Facts of(Table table, int column) {
        int missing = 0;
        boolean whole = true;
        int texts = 0;
        boolean flag = true;
        var values = new TreeSet<String>();
        var example = "";
        for (var line : table.lines()) {
            var cell = line.cells().get(column);
            if (values.size() < MOST) values.add(cell);
            if (isMissing(cell)) {
                missing++;
                continue;
            }
            if (example.isEmpty()) example = cell;
            var number = Numbers.asDecimal(cell);
            if (number.isEmpty()) {
                if (texts == 0) example = cell;
                texts++;
            } else whole = whole && isWhole(number.getAsDouble());
            flag = flag && flag(cell) != null;
        }
        int present = table.lines().size() - missing;
        boolean number = present > 0 && texts * MISTAKES <= present;
        return new Facts(
                table.lines().size(),
                missing,
                number && whole,
                number,
                present > 0 && flag,
                values,
                example);
    }

    private static boolean isWhole(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1L << 53;
    }

    static @org.jspecify.annotations.Nullable Boolean flag(String cell) {
        return switch (cell) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> null;
        };
    }

    /// As what it is written into a schema.
    ColumnType type() {
        if (flag) return ColumnType.BOOLEAN;
        if (whole) return ColumnType.INTEGER;
        if (number) return ColumnType.NUMBER;
        return values.size() >= MOST ? ColumnType.TEXT : ColumnType.CATEGORY;
    }

    /// Whether the texts are few enough, and often enough seen, that others would be a surprise.
    boolean isClosed() {
        return values.size() <= 50 && cells >= 10 * values.size();
    }
}
