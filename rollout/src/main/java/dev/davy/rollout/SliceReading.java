package dev.davy.rollout;

import dev.davy.schema.Column;
import dev.davy.schema.ColumnType;
import dev.davy.schema.Expression;
import dev.davy.schema.LogPolicy;
import dev.davy.schema.Schema;
import dev.davy.strict.Fields;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the slices of a guard.
final class SliceReading {
    private static final int SLICES_MOST = 32;

    private SliceReading() {}

    /// @return each a column whose values are not known yet, `line=3`, or a condition
    static List<String> read(Fields guard, Optional<Schema> input) {
        var slices = new ArrayList<String>();
        for (var text : guard.texts("slices"))
            if (input.isEmpty()) slices.add(text);
            else
                try {
                    slices.addAll(of(text, input.get()));
                } catch (Problem problem) {
                    guard.violation("slices", problem.what() + " " + problem.why());
                }
        if (slices.size() <= SLICES_MOST) return slices;
        guard.violation(
                "slices",
                "has %d; the limit is %d, since all share the false rollbacks"
                        .formatted(slices.size(), SLICES_MOST));
        return List.of();
    }

    private static List<String> of(String text, Schema input) {
        var column = input.column(text);
        if (column.isPresent()) return values(column.get());
        var one = valueOf(text, input);
        if (one.isPresent()) {
            checked(one.get());
            return List.of(text);
        }
        Expression.condition(text, input.scope("input"));
        return List.of(text);
    }

    /// The column of `line=3`.
    static Optional<Column> valueOf(String slice, Schema input) {
        int equals = slice.indexOf('=');
        return equals < 0 ? Optional.empty() : input.column(slice.substring(0, equals));
    }

    private static List<String> values(Column column) {
        checked(column);
        var values = new ArrayList<String>();
        if (column.type() == ColumnType.BOOLEAN) values.addAll(List.of("true", "false"));
        if (column.type() == ColumnType.CATEGORY)
            values.addAll(
                    column.classes()
                            .subList(0, Math.min(Watch.VALUES_MOST, column.classes().size())));
        if (column.type() == ColumnType.INTEGER
                && column.min().isPresent()
                && column.max().isPresent()
                && column.max().get() - column.min().get() < Watch.VALUES_MOST)
            for (long value = (long) Math.ceil(column.min().get());
                    value <= column.max().get();
                    value++) values.add(Long.toString(value));
        // What comes will say.
        if (values.isEmpty()) return List.of(column.name());
        return values.stream().map(value -> column.name() + "=" + value).toList();
    }

    private static void checked(Column column) {
        boolean few =
                switch (column.type()) {
                    case CATEGORY, BOOLEAN, INTEGER -> true;
                    case NUMBER, TEXT, TIME, IMAGE, AUDIO, VECTOR -> false;
                };
        if (!few)
            throw wrong(
                    column,
                    "It is a %s; slices are values of a category, a boolean or an integer."
                            .formatted(column.type().word()));
        if (column.log() != LogPolicy.KEEP)
            throw wrong(column, "Its values are not in the log, which guards read.");
    }

    private static Problem wrong(Column column, String why) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "slice-not-possible",
                "Column '" + column.name() + "' can't be sliced by.",
                why,
                "Write a condition instead, like input.age >= 60.");
    }
}
