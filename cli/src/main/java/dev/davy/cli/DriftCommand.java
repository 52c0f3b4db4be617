package dev.davy.cli;

import dev.davy.cli.DriftShown.Found;
import dev.davy.data.Columns;
import dev.davy.data.Grouped;
import dev.davy.data.Sample;
import dev.davy.data.Shapes;
import dev.davy.data.Table;
import dev.davy.data.Typed;
import dev.davy.schema.ColumnType;
import dev.davy.stats.drift.Adjusted;
import dev.davy.stats.drift.ColumnDrift;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

    @Override
    public Integer call() throws IOException {
        var terminal = connection.terminal();
        try (var before = tables.open(reference);
                var after = tables.open(current)) {
            if (by != null) Columns.check(after, List.of(by));
            var columns = new ArrayList<>(before.columns());
            columns.retainAll(after.columns());
            columns.remove(by);
            // Files of two folders have two names: that is no drift.
            before.naming().ifPresent(columns::remove);
            if (columns.isEmpty())
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "no-columns-in-common",
                        "The tables can't be compared.",
                        "No column of " + before.name() + " is in " + after.name() + ".",
                        "Give two tables with the same columns.");
            var gone = new ArrayList<>(before.columns());
            gone.removeAll(after.columns());
            Map<String, Map<String, Sample>> groups;
            Map<String, Sample> base;
            try (var _ = Bar.of(terminal, "reading", () -> before.done() / 2 + after.done() / 2)) {
                var types = types(before);
                base =
                        Grouped.read(Typed.of(before, types), columns, null)
                                .getOrDefault("", Map.of());
                groups = Grouped.read(Typed.of(after, types), columns, by);
            }
            if (base.isEmpty() || groups.isEmpty()) throw empty(base.isEmpty() ? before : after);
            var found = judged(base, groups);
            if (!connection.json()) {
                TableOptions.warn(terminal, before.name(), before.findings().list());
                TableOptions.warn(terminal, after.name(), after.findings().list());
            }
            return tell(
                    new DriftShown(
                            before, after, by, alpha, smallest, gone, columns.size(), found));
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
        boolean numbers = before.numbers().of() > 0 && after.numbers().of() > 0;
        return numbers
                ? ColumnDrift.ofNumbers(
                        before.numbers(), before.missing(), after.numbers(), after.missing())
                : before.names() && after.names()
                        ? ColumnDrift.ofCategories(
                                oneText(before), before.missing(), oneText(after), after.missing())
                        : ColumnDrift.ofCategories(
                                texts(before), before.missing(), texts(after), after.missing());
    }

    /// Ids and free texts are others each time, which is no drift; that they go missing is.
    private static Map<String, Long> oneText(Sample sample) {
        long all = sample.texts().values().stream().mapToLong(Long::longValue).sum();
        return Map.of("(a text of its own)", all);
    }

    /// Where one side has no numbers at all, the other's are one thing that is new or gone.
    private static Map<String, Long> texts(Sample sample) {
        long numbers = sample.numbers().of();
        if (numbers == 0) return sample.texts();
        var all = new TreeMap<>(sample.texts());
        all.put("(numbers)", numbers);
        return all;
    }

    private int tell(DriftShown shown) throws IOException {
        var terminal = connection.terminal();
        if (connection.json()) terminal.json(shown.json());
        else shown.print(terminal);
        tables.write(new DriftPage(shown).report());
        return shown.drift() ? Exit.NO : Exit.YES;
    }
}
