package dev.davy.cli;

import dev.davy.data.Columns;
import dev.davy.data.Sample;
import dev.davy.data.Shapes;
import dev.davy.data.Table;
import dev.davy.data.Typed;
import dev.davy.schema.ColumnType;
import dev.davy.stats.drift.Adjusted;
import dev.davy.stats.drift.Cells;
import dev.davy.stats.drift.ColumnDrift;
import dev.davy.stats.drift.Drift;
import dev.davy.stats.drift.Edges;
import dev.davy.stats.drift.Samples;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// How a table differs from another.
@Command(
        name = "drift",
        description = {
            "Say which columns of CURRENT differ from REFERENCE: how much, and how surely.",
            "A column has drifted where chance alone explains less than --alpha of it, all columns"
                    + " counted, and at least --smallest of the rows lie elsewhere. Missing, new and"
                    + " vanished values count."
        })
final class DriftCommand implements Callable<Integer> {
    private static final int BARS = 24;
    private static final int NAMES = 10;

    private final Connection connection;

    @Parameters(paramLabel = "REFERENCE", index = "0")
    private Path reference = Path.of("");

    @Parameters(paramLabel = "CURRENT", index = "1")
    private Path current = Path.of("");

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            description = "compare each value of this column of CURRENT by itself, a month say")
    private @Nullable String by;

    @Option(
            names = "--alpha",
            paramLabel = "P",
            defaultValue = "0.01",
            description = "how often any column may be called drifted by chance; 0.01")
    private double alpha;

    @Option(
            names = "--smallest",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            description = "the smallest share of rows elsewhere that is worth telling; 0.05")
    private double smallest;

    @Mixin private TableOptions tables = new TableOptions();

    DriftCommand(Connection connection) {
        this.connection = connection;
    }

    /// One column of one group.
    private record Found(
            String group,
            String column,
            Sample before,
            Sample after,
            ColumnDrift drift,
            double pValue,
            boolean drifted) {}

    @Override
    public Integer call() throws IOException {
        var terminal = connection.terminal();
        try (var before = tables.open(reference);
                var after = tables.open(current)) {
            if (by != null) Columns.check(after, List.of(by));
            var columns = new ArrayList<>(before.columns());
            columns.retainAll(after.columns());
            columns.remove(by);
            if (columns.isEmpty())
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "no-columns-in-common",
                        "The tables can't be compared.",
                        "No column of " + before.name() + " is in " + after.name() + ".",
                        "Give two tables with the same columns.");
            var lone = new ArrayList<>(before.columns());
            lone.removeAll(after.columns());
            Map<String, Map<String, Sample>> groups;
            Map<String, Sample> base;
            try (var _ = Bar.of(terminal, "reading", () -> before.done() / 2 + after.done() / 2)) {
                var types = types(before);
                base =
                        Sample.read(Typed.of(before, types), columns, null)
                                .getOrDefault("", Map.of());
                groups = Sample.read(Typed.of(after, types), columns, by);
            }
            if (base.isEmpty() || groups.isEmpty()) throw empty(base.isEmpty() ? before : after);
            var found = judged(base, groups);
            if (!connection.json()) {
                TableOptions.warn(terminal, before.name(), before.findings().list());
                TableOptions.warn(terminal, after.name(), after.findings().list());
            }
            return tell(before, after, lone, columns, found);
        }
    }

    private static Map<String, ColumnType> types(Table table) throws IOException {
        boolean typed = table.columns().stream().allMatch(name -> table.type(name).isPresent());
        return typed ? Map.of() : Shapes.types(Shapes.of(table));
    }

    private static Problem empty(Table table) {
        return new Problem(
                Problem.Kind.UNACCEPTABLE,
                "table-without-rows",
                "The tables can't be compared.",
                table.name() + " has no rows that can be read.",
                "Give a table with rows.");
    }

    private List<Found> judged(Map<String, Sample> base, Map<String, Map<String, Sample>> groups) {
        var found = new ArrayList<Found>();
        groups.forEach((group, samples) ->
                samples.forEach((column, after) -> {
                    var before = base.get(column);
                    if (before != null)
                        found.add(
                                new Found(
                                        group,
                                        column,
                                        before,
                                        after,
                                        drift(before, after),
                                        1,
                                        false));
                }));
        var adjusted =
                Adjusted.holm(
                        found.stream()
                                .mapToDouble(each -> each.drift().pValue().orElse(1))
                                .toArray());
        var judged = new ArrayList<Found>();
        for (int i = 0; i < found.size(); i++) {
            var each = found.get(i);
            judged.add(
                    new Found(
                            each.group(),
                            each.column(),
                            each.before(),
                            each.after(),
                            each.drift(),
                            adjusted[i],
                            adjusted[i] <= alpha && each.drift().size() >= smallest));
        }
        judged.sort(
                Comparator.comparing(Found::drifted)
                        .thenComparingDouble(each -> each.drift().size())
                        .reversed());
        return judged;
    }

    private static ColumnDrift drift(Sample before, Sample after) {
        boolean numbers = before.numbers().length > 0 && after.numbers().length > 0;
        return numbers
                ? ColumnDrift.ofNumbers(
                        before.numbers(), before.missing(), after.numbers(), after.missing())
                : ColumnDrift.ofCategories(
                        texts(before), before.missing(), texts(after), after.missing());
    }

    /// Where one side has no numbers at all, the other's are one thing that is new or gone.
    private static Map<String, Long> texts(Sample sample) {
        if (sample.numbers().length == 0) return sample.texts();
        var all = new TreeMap<>(sample.texts());
        all.put("(numbers)", (long) sample.numbers().length);
        return all;
    }

    private int tell(
            Table before, Table after, List<String> lone, List<String> columns, List<Found> found)
            throws IOException {
        long drifted = found.stream().filter(Found::drifted).map(Found::column).distinct().count();
        var answer =
                (drifted == 0
                                ? "No: none of %d columns has drifted".formatted(columns.size())
                                : "%d of %d columns %s drifted"
                                        .formatted(
                                                drifted,
                                                columns.size(),
                                                drifted == 1 ? "has" : "have"))
                        + (lone.isEmpty()
                                ? "."
                                : "; %s not there any more: %s."
                                        .formatted(
                                                lone.size() == 1 ? "one is" : "some are",
                                                String.join(", ", lone)));
        boolean no = drifted > 0 || !lone.isEmpty();
        var terminal = connection.terminal();
        if (connection.json()) terminal.json(json(before, after, lone, found, no));
        else {
            terminal.table(heads(), rows(found));
            terminal.line("");
            terminal.line(Terminal.clean(answer));
        }
        tables.write(report(before, after, answer, no, found));
        return no ? Exit.NO : Exit.YES;
    }

    private List<String> heads() {
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
                        "MEASURES",
                        "NEW",
                        "VANISHED"));
        return heads;
    }

    private List<List<String>> rows(List<Found> found) {
        var rows = new ArrayList<List<String>>();
        for (var each : found) {
            var row = new ArrayList<String>();
            if (by != null) row.add(each.group());
            var cells = each.drift().cells();
            row.add(each.column());
            row.add(each.drifted() ? "yes" : "no");
            row.add(percent(each.drift().size()));
            row.add(Drawing.shown(each.pValue()));
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

    private static String percent(double share) {
        return Drawing.shown(Math.round(share * 1000) / 10.0) + " %";
    }

    private ObjectNode json(
            Table before, Table after, List<String> lone, List<Found> found, boolean no) {
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
                        .put("drift", no)
                        .put("alpha", alpha)
                        .put("smallest", smallest)
                        .put("adjusted", "Holm, over all columns and groups");
        json.set("columns-gone", Json.tree(lone));
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

    private Report report(Table before, Table after, String answer, boolean no, List<Found> found) {
        var report =
                new Report(
                        "Has %s drifted from %s?".formatted(after.name(), before.name()),
                        answer,
                        no ? Report.State.CHANGING : Report.State.WELL);
        var marked =
                IntStream.range(0, found.size())
                        .filter(i -> found.get(i).drifted())
                        .boxed()
                        .toList();
        if (by != null) overTime(report, found);
        report.heading(by == null ? "Columns, what moved most first" : "Columns and groups")
                .table(
                        heads().stream().map(head -> head.equals(by) ? head : lower(head)).toList(),
                        rows(found),
                        marked);
        report.paragraph(
                "Elsewhere: the share of rows that would have to lie in another decile of the"
                        + " reference, or another category, to be as before; missing values are one"
                        + " of them. P: how often chance alone gives as much, all columns counted"
                        + " (Holm). JS: Jensen and Shannon's distance in"
                        + " base 2. Drifted: P at most "
                        + alpha
                        + " and at least "
                        + percent(smallest)
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
                                        percent(each.drift().size()),
                                        Drawing.shown(each.pValue()),
                                        each.drifted() ? ": drifted" : ""));
        }
        return report;
    }

    private static String lower(String head) {
        return head.toLowerCase(java.util.Locale.ROOT);
    }

    /// Of each column a line over the groups.
    private void overTime(Report report, List<Found> found) {
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
                    Drawing.line(values, smallest, groups.getFirst(), groups.getLast()),
                    "drifted in %d of %d".formatted(drifted, groups.size()));
        }
    }

    private static String drawing(Found found) {
        var cells = found.drift().cells();
        boolean numbers = found.drift().test().statistic().equals("kolmogorov-smirnov");
        if (numbers) {
            var before = found.before().numbers();
            var after = found.after().numbers();
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
