package dev.davy.cli;

import dev.davy.data.Sample;
import dev.davy.data.Table;
import dev.davy.stats.drift.Cells;
import dev.davy.stats.drift.ColumnDrift;
import dev.davy.stats.drift.Drift;
import dev.davy.strict.Json;
import dev.davy.web.report.Drawing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// How two tables differ, as lines and as JSON; [DriftPage] makes a page of it.
///
/// @param by the column by whose values the current table was told apart
/// @param gone columns that the current table lacks
/// @param columns how many were compared
/// @param found what moved most first
record DriftShown(
        Table before,
        Table after,
        @Nullable String by,
        double alpha,
        double smallest,
        List<String> gone,
        int columns,
        List<Found> found) {

    /// One column of one group.
    record Found(
            String group,
            String column,
            Sample before,
            Sample after,
            ColumnDrift drift,
            double pValue,
            boolean drifted) {}

    DriftShown {
        gone = List.copyOf(gone);
        found = List.copyOf(found);
    }

    private long drifted() {
        return found.stream().filter(Found::drifted).map(Found::column).distinct().count();
    }

    boolean drift() {
        return drifted() > 0 || !gone.isEmpty();
    }

    String answer() {
        long drifted = drifted();
        return (drifted == 0
                        ? "No: none of %d columns has drifted".formatted(columns)
                        : "%d of %d columns %s drifted"
                                .formatted(drifted, columns, drifted == 1 ? "has" : "have"))
                + (gone.isEmpty()
                        ? "."
                        : "; %s not there any more: %s."
                                .formatted(
                                        gone.size() == 1 ? "one is" : "some are",
                                        String.join(", ", gone)));
    }

    void print(Terminal terminal) {
        terminal.table(heads(), rows());
        terminal.line("");
        terminal.line(Terminal.clean(answer()));
    }

    List<String> heads() {
        var heads = new ArrayList<String>();
        if (by != null) heads.add(by);
        heads.addAll(
                List.of(
                        "COLUMN",
                        "DRIFTED",
                        "ELSEWHERE",
                        "P",
                        "TEST",
                        "MISSING",
                        "PSI",
                        "JS",
                        "NEW",
                        "VANISHED"));
        return heads;
    }

    List<List<String>> rows() {
        var rows = new ArrayList<List<String>>();
        for (var each : found) {
            var row = new ArrayList<String>();
            if (by != null) row.add(each.group());
            var cells = each.drift().cells();
            row.add(each.column());
            row.add(each.drifted() ? "yes" : "no");
            row.add(percent(each.drift().size()));
            row.add(probability(each.pValue()));
            row.add(test(each.drift().test()));
            row.add(missing(each));
            for (var measure : List.of("psi", "jensen-shannon-distance"))
                row.add(
                        each.drift().others().stream()
                                .filter(one -> one.statistic().equals(measure))
                                .map(one -> Drawing.shown(one.value()))
                                .findFirst()
                                .orElse(""));
            row.add(names(each, cells.appeared()));
            row.add(names(each, cells.vanished()));
            rows.add(row);
        }
        return rows;
    }

    private static String test(Drift test) {
        return switch (test.statistic()) {
            case "kolmogorov-smirnov" -> "KS";
            case "chi-square-independence" -> "chi²";
            default -> test.statistic();
        };
    }

    private static String names(Found found, List<String> names) {
        boolean numbers = found.drift().test().statistic().equals("kolmogorov-smirnov");
        var told = names.stream().filter(name -> !numbers || name.startsWith("(")).toList();
        return String.join(", ", told.subList(0, Math.min(3, told.size())))
                + (told.size() > 3 ? " and " + (told.size() - 3) + " more" : "");
    }

    private static String missing(Found found) {
        var cells = found.drift().cells();
        int at = cells.names().indexOf(Cells.MISSING);
        if (at < 0) return "0";
        return percent(cells.referenceShare(at)) + " → " + percent(cells.currentShare(at));
    }

    /// A p-value is never nothing, only too small for a double.
    static String probability(double p) {
        return p == 0 ? "<1e-300" : Drawing.shown(p);
    }

    static String percent(double share) {
        return Drawing.shown(Math.round(share * 1000) / 10.0) + " %";
    }

    ObjectNode json() {
        var list = Json.array();
        for (var each : found) {
            var column = Json.object();
            if (by != null) column.put("group", each.group());
            column.put("column", each.column())
                    .put("drifted", each.drifted())
                    .put("size", each.drift().size())
                    .put("p-value", each.drift().pValue().orElse(Double.NaN))
                    .put("p-value-adjusted", each.pValue());
            column.set("new", Json.tree(each.drift().cells().appeared()));
            column.set("vanished", Json.tree(each.drift().cells().vanished()));
            var measures = Json.array();
            measures.add(json(each.drift().test()));
            each.drift()
                    .missing()
                    .forEach(one -> measures.add(json(one).put("of", "missing values")));
            each.drift().others().forEach(one -> measures.add(json(one)));
            list.add(column.set("measures", measures));
        }
        var json =
                Json.object()
                        .put("reference", before.name())
                        .put("current", after.name())
                        .put("drift", drift())
                        .put("alpha", alpha)
                        .put("smallest", smallest)
                        .put("adjusted", "Holm, over all columns and groups");
        json.set("columns-gone", Json.tree(gone));
        json.set("columns", list);
        var findings = Json.array();
        TableOptions.json(before.findings().list()).forEach(findings::add);
        TableOptions.json(after.findings().list()).forEach(findings::add);
        json.set("findings", findings);
        return json;
    }

    private static ObjectNode json(Drift drift) {
        var json =
                Json.object()
                        .put("statistic", drift.statistic())
                        .put("value", drift.value())
                        .put("reference", drift.reference())
                        .put("current", drift.current());
        drift.pValue().ifPresent(p -> json.put("p-value", p));
        json.set("definition", Json.tree(drift.definition()));
        return json;
    }
}
