package dev.davy.demo.own;

import dev.davy.runtime.Bundle;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.strict.Numbers;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a cell of the truth's column says about an output.
final class Truths {
    private Truths() {}

    /// The output that a table's column can be the truth of: a category before a number before the
    /// first.
    static Output output(Bundle bundle) {
        for (var output : bundle.outputs())
            if (output.kind() instanceof OutputKind.Category) return output;
        for (var output : bundle.outputs())
            if (output.kind() instanceof OutputKind.Number) return output;
        return bundle.outputs().getFirst();
    }

    /// Whether these cells, but for missing ones, are truths of such an output.
    static boolean fits(OutputKind kind, Collection<String> cells) {
        boolean any = false;
        for (var cell : cells) {
            if (Facts.isMissing(cell)) continue;
            if (read(kind, cell).isEmpty()) return false;
            any = true;
        }
        return any;
    }

    /// The truth as feedback holds it: a class, a number, a text; empty where the cell is none.
    static Optional<Object> read(OutputKind kind, String cell) {
        return switch (kind) {
            case OutputKind.Category(var classes) -> classOf(classes, cell).map(found -> found);
            case OutputKind.Number _ -> {
                var number = Numbers.asDecimal(cell);
                var flag = Facts.flag(cell);
                if (number.isPresent()) yield Optional.of(number.getAsDouble());
                yield flag == null ? Optional.empty() : Optional.of(flag ? 1.0 : 0.0);
            }
            case OutputKind.Text _ -> Optional.of(cell);
            case OutputKind.MultiLabel _,
                    OutputKind.Boxes _,
                    OutputKind.Ranking _,
                    OutputKind.Vector _ ->
                    Optional.empty();
        };
    }

    /// The class that a cell means: `1.0` is `1`, `yes` is `Yes`, `true` is `1`.
    private static Optional<String> classOf(List<String> classes, String cell) {
        if (classes.contains(cell)) return Optional.of(cell);
        var number = Numbers.asDecimal(cell);
        var flag = Facts.flag(cell);
        for (var each : classes) {
            var of = Numbers.asDecimal(each);
            boolean same =
                    number.isPresent()
                            && of.isPresent()
                            && number.getAsDouble() == of.getAsDouble();
            boolean flagged =
                    flag != null && of.isPresent() && of.getAsDouble() == (flag ? 1.0 : 0.0);
            if (same
                    || flagged
                    || each.toLowerCase(Locale.ROOT).equals(cell.toLowerCase(Locale.ROOT)))
                return Optional.of(each);
        }
        return Optional.empty();
    }

    /// Class names for a vector of scores whose truth is the number of its place.
    static List<String> numbered(OutputKind kind, Collection<String> cells) {
        if (!(kind instanceof OutputKind.Vector(int size)) || size < 2) return List.of();
        var names = IntStream.range(0, size).mapToObj(String::valueOf).toList();
        return fits(new OutputKind.Category(names), cells) ? names : List.of();
    }

    static String said(OutputKind kind) {
        return switch (kind) {
            case OutputKind.Category(var classes) ->
                    "it answers " + String.join(", ", classes.stream().limit(5).toList());
            case OutputKind.Number _ -> "it answers a number";
            case OutputKind.Vector(int size) -> "it answers " + size + " numbers without names";
            default -> "it answers a " + kind.name();
        };
    }
}
