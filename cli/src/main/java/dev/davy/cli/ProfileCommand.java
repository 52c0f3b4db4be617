package dev.davy.cli;

import dev.davy.data.Profiles;
import dev.davy.data.Shapes;
import dev.davy.data.Table;
import dev.davy.data.Typed;
import dev.davy.schema.ColumnType;
import dev.davy.stats.ColumnProfile;
import dev.davy.stats.Profile;
import dev.davy.strict.Json;
import dev.davy.strict.Quote;
import dev.davy.web.report.Drawing;
import dev.davy.web.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// What a table looks like.
@Command(
        name = "profile",
        description = {
            "Sum up each column of CSV, CSV.gz and Parquet files: values, missing, different ones,"
                    + " spread. Of pictures and recordings, or a folder of them: size, brightness,"
                    + " contrast; length, volume, silence, clipping.",
            "Several files are parts of one table."
        })
final class ProfileCommand implements Callable<Integer> {
    private static final int BARS = 30;
    private static final int NAMES = 12;

    private final Connection connection;

    @Parameters(paramLabel = "FILE", arity = "1..*")
    private List<Path> files = new ArrayList<>();

    @Mixin private TableOptions tables = new TableOptions();

    ProfileCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws IOException {
        var terminal = connection.terminal();
        var profile = Profile.EMPTY;
        var order = new ArrayList<String>();
        var findings = Json.array();
        boolean wrong = false;
        Map<String, ColumnType> types = new HashMap<>();
        for (var each : tables.open(files)) {
            try (var table = each;
                    var _ = Bar.of(terminal, "reading " + table.name(), table::done)) {
                // The first file says what the columns are; the others are held to it.
                if (types.isEmpty()) types = types(table);
                profile =
                        profile.merge(
                                Profiles.of(
                                        Typed.of(table, types),
                                        Runtime.getRuntime().availableProcessors()));
                for (var name : table.columns()) if (!order.contains(name)) order.add(name);
                var found = table.findings().list();
                TableOptions.json(found).forEach(findings::add);
                if (!connection.json()) TableOptions.warn(terminal, table.name(), found);
                wrong |= table.findings().wrong();
            }
        }
        show(profile, order, findings);
        tables.write(report(profile, order));
        return wrong ? Exit.NO : Exit.YES;
    }

    private static Map<String, ColumnType> types(Table table) throws IOException {
        var known = new HashMap<String, ColumnType>();
        for (var name : table.columns()) table.type(name).ifPresent(type -> known.put(name, type));
        return known.size() == table.columns().size() ? known : Shapes.types(Shapes.of(table));
    }

    private void show(Profile profile, List<String> order, tools.jackson.databind.JsonNode found) {
        var terminal = connection.terminal();
        if (connection.json()) {
            var json = (tools.jackson.databind.node.ObjectNode) profile.json();
            terminal.json(json.set("findings", found));
            return;
        }
        terminal.table(
                List.of(
                        "COLUMN",
                        "MISSING",
                        "DIFFERENT",
                        "MEAN",
                        "SD",
                        "MIN",
                        "P25",
                        "P50",
                        "P75",
                        "MAX",
                        "MOST FREQUENT"),
                rows(profile, order));
        terminal.line("");
        terminal.line("%,d rows, %d columns".formatted(profile.rows(), order.size()));
    }

    private static List<List<String>> rows(Profile profile, List<String> order) {
        var rows = new ArrayList<List<String>>();
        for (var name : order) {
            var column = profile.columns().get(name);
            if (column == null) continue;
            var moments = column.moments();
            boolean numbers = moments.count() > 0;
            var row = new ArrayList<String>();
            row.add(name);
            row.add(share(column.missing(), column.count()));
            row.add(different(column));
            row.add(numbers ? Drawing.shown(moments.mean()) : "");
            row.add(numbers ? Drawing.shown(Math.sqrt(moments.variance().orElse(0))) : "");
            for (double at : new double[] {0, 0.25, 0.5, 0.75, 1})
                row.add(numbers ? Drawing.shown(column.quantile(at).orElse(Double.NaN)) : "");
            row.add(numbers ? "" : frequent(column));
            rows.add(row);
        }
        return rows;
    }

    private static String share(long part, long all) {
        return part == 0 ? "0" : Drawing.shown(100.0 * part / all) + " %";
    }

    private static String different(ColumnProfile column) {
        boolean exact = column.numbers().complete() && column.texts().complete();
        return (exact ? "" : "~") + Math.round(column.distinctValues());
    }

    private static String frequent(ColumnProfile column) {
        return String.join(
                ", ",
                column.mostFrequent().stream()
                        .limit(3)
                        .map(item ->
                                Quote.of(item.text()) + " " + share(item.atLeast(), column.count()))
                        .toList());
    }

    private Report report(Profile profile, List<String> order) {
        var names = String.join(", ", files.stream().map(file -> "" + file.getFileName()).toList());
        var report =
                new Report(
                        "What does " + names + " look like?",
                        "%,d rows and %d columns.".formatted(profile.rows(), order.size()),
                        Report.State.WELL);
        report.heading("Columns")
                .table(
                        List.of(
                                "column",
                                "missing",
                                "different",
                                "mean",
                                "sd",
                                "min",
                                "25 %",
                                "median",
                                "75 %",
                                "max",
                                "most frequent"),
                        rows(profile, order));
        report.heading("Distributions");
        for (var name : order) {
            var column = profile.columns().get(name);
            if (column == null || !worthAPicture(column)) continue;
            var missing = share(column.missing(), column.count()) + " missing";
            if (column.moments().count() > 0) report.figure(name, histogram(column), missing);
            else report.figure(name, bars(column), missing);
        }
        return report;
    }

    /// What is always the same and what is always another have none.
    private static boolean worthAPicture(ColumnProfile column) {
        var moments = column.moments();
        return moments.count() > 0
                ? moments.min() < moments.max()
                : !column.mostFrequent().isEmpty();
    }

    /// From the half percent at either end, so that a few odd numbers don't flatten the rest.
    private static String histogram(ColumnProfile column) {
        double low = column.quantile(0.005).orElse(0);
        double high = column.quantile(0.995).orElse(1);
        if (!(low < high)) {
            low = column.moments().min() - 0.5;
            high = column.moments().max() + 0.5;
        }
        var edges = new double[BARS + 1];
        var shares = new double[BARS];
        for (int i = 0; i <= BARS; i++) edges[i] = low + i * (high - low) / BARS;
        for (int i = 0; i < BARS; i++)
            shares[i] =
                    column.quantiles().shareBelow(edges[i + 1])
                            - (i == 0 ? 0 : column.quantiles().shareBelow(edges[i]));
        return Drawing.histogram(edges, shares, new double[0]);
    }

    private static String bars(ColumnProfile column) {
        var items = column.mostFrequent().stream().limit(NAMES).toList();
        return Drawing.bars(
                items.stream().map(item -> item.text()).toList(),
                items.stream()
                        .mapToDouble(item -> (double) item.atLeast() / column.count())
                        .toArray(),
                new double[0]);
    }
}
