package dev.davy.cli;

import dev.davy.data.Columns;
import dev.davy.schema.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Subsets of the judged rows: each value of a column, or the rows for which a condition holds.
final class Slices {
    /// A column of more values is cut into the commonest and all others.
    private static final int VALUES_MAX = 30;

    private Slices() {}

    /// The columns that slices ask for: all of them where one is a condition.
    static List<String> columns(List<String> asked, List<String> known) {
        return known.containsAll(asked) ? asked : known;
    }

    /// @return by name, the positions of judged rows
    static Map<String, List<Integer>> of(List<String> asked, Judged judged, List<String> known) {
        var slices = new LinkedHashMap<String, List<Integer>>();
        for (var each : asked)
            if (known.contains(each)) slices.putAll(byValue(each, judged));
            else slices.put(each, where(each, judged, known));
        return slices;
    }

    private static Map<String, List<Integer>> byValue(String column, Judged judged) {
        var values = new TreeMap<String, List<Integer>>();
        for (int i = 0; i < judged.size(); i++) {
            var text = judged.columns().text(column, judged.rows().get(i));
            var name = text == null ? column + " is missing" : column + " = " + text;
            values.computeIfAbsent(name, _ -> new ArrayList<>()).add(i);
        }
        if (values.size() <= VALUES_MAX) return values;
        var commonest =
                values.entrySet().stream()
                        .sorted((a, b) -> b.getValue().size() - a.getValue().size())
                        .limit(VALUES_MAX - 1)
                        .map(Map.Entry::getKey)
                        .toList();
        var kept = new LinkedHashMap<String, List<Integer>>();
        var others = new ArrayList<Integer>();
        values.forEach((name, rows) -> {
            if (commonest.contains(name)) kept.put(name, rows);
            else others.addAll(rows);
        });
        kept.put(column + ": %d other values".formatted(values.size() - kept.size()), others);
        return kept;
    }

    private static List<Integer> where(String text, Judged judged, List<String> known) {
        var types = new HashMap<String, Expression.Type>();
        var scope =
                new Expression.Scope() {
                    @Override
                    public Optional<Expression.Type> typeOf(String path) {
                        if (!known.contains(path)) return Optional.empty();
                        return Optional.of(
                                types.computeIfAbsent(path, _ -> type(judged.columns(), path)));
                    }

                    @Override
                    public Set<String> paths() {
                        return Set.copyOf(known);
                    }
                };
        var condition = Expression.condition(text, scope);
        var rows = new ArrayList<Integer>();
        for (int i = 0; i < judged.size(); i++) {
            int row = judged.rows().get(i);
            var holds =
                    condition.value(name -> value(judged.columns(), name, row, types.get(name)));
            if (Boolean.TRUE.equals(holds)) rows.add(i);
        }
        return rows;
    }

    // A column is one of numbers where every value of it is.
    private static Expression.Type type(Columns columns, String name) {
        boolean any = false;
        for (int row = 0; row < columns.rows(); row++) {
            var text = columns.text(name, row);
            if (text == null) continue;
            any = true;
            try {
                Double.parseDouble(text);
            } catch (NumberFormatException notOne) {
                return Expression.Type.TEXT;
            }
        }
        return any ? Expression.Type.NUMBER : Expression.Type.TEXT;
    }

    private static @Nullable Object value(
            Columns columns, String name, int row, Expression.@Nullable Type type) {
        if (type != Expression.Type.NUMBER) return columns.text(name, row);
        double number = columns.number(name, row);
        return Double.isFinite(number) ? (Double) number : null;
    }
}
