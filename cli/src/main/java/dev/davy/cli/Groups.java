package dev.davy.cli;

import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Groups of rows that belong together (one tile, one patient, one speaker), and whether a split of
/// the rows tears them apart: then a model is tested on what it has learned by heart.
///
/// @param column which names a row's group
/// @param rows of each group, as positions of judged rows
/// @param torn per fold column, the groups that stand on more than one side of it
record Groups(String column, Map<String, List<Integer>> rows, Map<String, List<String>> torn) {

    /// Rows without a group are groups of their own.
    static Groups of(String column, List<String> folds, Judged judged) {
        var rows = new TreeMap<String, List<Integer>>();
        for (int i = 0; i < judged.size(); i++) {
            int row = judged.rows().get(i);
            var name = judged.columns().text(column, row);
            var group = name == null ? "(row " + judged.columns().line(row) + ")" : name;
            rows.computeIfAbsent(group, _ -> new ArrayList<>()).add(i);
        }
        var torn = new TreeMap<String, List<String>>();
        for (var fold : folds) torn.put(fold, torn(fold, rows, judged));
        return new Groups(column, rows, torn);
    }

    private static List<String> torn(
            String fold, Map<String, List<Integer>> groups, Judged judged) {
        var torn = new ArrayList<String>();
        groups.forEach((name, rows) -> {
            var sides = new TreeSet<String>();
            for (int i : rows) {
                var side = judged.columns().text(fold, judged.rows().get(i));
                if (side != null) sides.add(side);
            }
            if (sides.size() > 1) torn.add(name);
        });
        return torn;
    }

    /// Whether any fold tears a group apart.
    boolean leaks() {
        return torn.values().stream().anyMatch(names -> !names.isEmpty());
    }

    /// Groups of several rows: only these can be torn.
    List<String> several() {
        return rows.entrySet().stream()
                .filter(each -> each.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    /// The number of each judged row's group.
    int[] numbers(int size) {
        var numbers = new int[size];
        int number = 0;
        for (var of : rows.values()) {
            for (int i : of) numbers[i] = number;
            number++;
        }
        return numbers;
    }

    ObjectNode json() {
        var json = Json.object().put("column", column).put("groups", rows.size());
        var ofFolds = Json.object();
        torn.forEach((fold, names) -> ofFolds.set(fold, Json.tree(names)));
        json.set("on_both_sides", ofFolds);
        json.set("of_several_rows", Json.tree(several()));
        return json;
    }

    /// Per group, how much better the first model is than the second: the groups that make the gap.
    Map<String, Double> gains(double[] first, double[] second) {
        var gains = new HashMap<String, Double>();
        rows.forEach((name, of) -> {
            double gain = 0;
            for (int i : of) gain += first[i] - second[i];
            gains.put(name, gain);
        });
        return gains;
    }
}
