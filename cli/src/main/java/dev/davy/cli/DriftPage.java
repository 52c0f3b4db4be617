package dev.davy.cli;

import dev.davy.cli.DriftShown.Found;
import dev.davy.stats.drift.Edges;
import dev.davy.stats.drift.Samples;
import dev.davy.web.report.Drawing;
import dev.davy.web.report.Report;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// How two tables differ, as a page: what moved most first, then a picture of each column.
final class DriftPage {
    private static final int BARS = 24;
    private static final int NAMES = 10;

    private final DriftShown shown;

    DriftPage(DriftShown shown) {
        this.shown = shown;
    }

    Report report() {
        var found = shown.found();
        var report =
                new Report(
                        "Has %s drifted from %s?"
                                .formatted(shown.after().name(), shown.before().name()),
                        shown.answer(),
                        shown.drift() ? Report.State.CHANGING : Report.State.WELL);
        var marked =
                IntStream.range(0, found.size())
                        .filter(i -> found.get(i).drifted())
                        .boxed()
                        .toList();
        var by = shown.by();
        if (by != null) overTime(report, by);
        report.heading(by == null ? "Columns, what moved most first" : "Columns and groups")
                .table(
                        shown.heads().stream()
                                .map(head -> head.equals(by) ? head : lower(head))
                                .toList(),
                        shown.rows(),
                        marked);
        report.paragraph(
                "Elsewhere: the share of rows that would have to lie in another decile of the"
                        + " reference, or another category, to be as before; missing values are one"
                        + " of them. P: how often chance alone gives as much, all columns counted"
                        + " (Holm). PSI: population stability index. JS: Jensen and Shannon's distance in"
                        + " base 2. Drifted: P at most "
                        + shown.alpha()
                        + " and at least "
                        + DriftShown.percent(shown.smallest())
                        + " elsewhere.");
        if (by == null) {
            report.heading("Then and now");
            report.paragraph("Grey: the reference. Line: now.");
            for (var each : found)
                report.figure(
                        each.column(),
                        drawing(each),
                        "%s elsewhere, P %s%s"
                                .formatted(
                                        DriftShown.percent(each.drift().size()),
                                        DriftShown.probability(each.pValue()),
                                        each.drifted() ? ": drifted" : ""));
        }
        return report;
    }

    private static String lower(String head) {
        return List.of("P", "PSI", "JS").contains(head)
                ? head
                : head.toLowerCase(java.util.Locale.ROOT);
    }

    /// Of each column a line over the groups.
    private void overTime(Report report, String by) {
        var found = shown.found();
        report.heading("Rows elsewhere, by " + by);
        var columns = found.stream().map(Found::column).distinct().toList();
        var groups = found.stream().map(Found::group).distinct().sorted().toList();
        for (var column : columns) {
            var values = new double[groups.size()];
            Arrays.fill(values, Double.NaN);
            long drifted = 0;
            for (var each : found)
                if (each.column().equals(column)) {
                    values[groups.indexOf(each.group())] = each.drift().size();
                    if (each.drifted()) drifted++;
                }
            report.figure(
                    column,
                    Drawing.line(values, shown.smallest(), groups.getFirst(), groups.getLast()),
                    "drifted in %d of %d".formatted(drifted, groups.size()));
        }
    }

    private static String drawing(Found found) {
        var cells = found.drift().cells();
        boolean numbers = found.drift().test().statistic().equals("kolmogorov-smirnov");
        if (numbers) {
            var before = found.before().numbers().values();
            var after = found.after().numbers().values();
            var edges = edges(before, after);
            return Drawing.histogram(edges, shares(edges, before), shares(edges, after));
        }
        var order =
                IntStream.range(0, cells.size())
                        .boxed()
                        .sorted(
                                Comparator.comparingDouble(
                                        i -> -cells.referenceShare(i) - cells.currentShare(i)))
                        .limit(NAMES)
                        .toList();
        return Drawing.bars(
                order.stream().map(i -> cells.names().get(i)).toList(),
                order.stream().mapToDouble(cells::referenceShare).toArray(),
                order.stream().mapToDouble(cells::currentShare).toArray());
    }

    /// Without the outermost half percent at either end, so that a few odd numbers don't flatten
    /// the rest.
    private static double[] edges(double[] before, double[] after) {
        double low = Math.min(Samples.quantileOf(before, 0.005), Samples.quantileOf(after, 0.005));
        double high = Math.max(Samples.quantileOf(before, 0.995), Samples.quantileOf(after, 0.995));
        return low < high
                ? Edges.equalWidth(low, high, BARS)
                : Edges.equalWidth(low - 0.5, low + 0.5, 1);
    }

    private static double[] shares(double[] edges, double[] values) {
        return Arrays.stream(Edges.counts(edges, values))
                .map(count -> count / values.length)
                .toArray();
    }
}
