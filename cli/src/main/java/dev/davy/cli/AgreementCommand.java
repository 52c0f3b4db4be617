package dev.davy.cli;

import dev.davy.data.Columns;
import dev.davy.data.Table;
import dev.davy.stats.Interval;
import dev.davy.stats.agreement.Annotation;
import dev.davy.stats.quality.Bootstrap;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// How far labelers agree, and what their labels come to.
@Command(
        name = "agreement",
        description = {
            "How far labelers agree beyond chance, how good each of them is, what their labels come"
                    + " to, and which items are the most disputed. One row is one label.",
            "davy agreement labels.csv --item image --labeler worker --label label"
        })
final class AgreementCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(paramLabel = "FILE", description = "a table: CSV, CSV.gz or Parquet")
    private Path file = Path.of("");

    @Option(names = "--item", paramLabel = "COLUMN", required = true)
    private String item = "";

    @Option(names = "--labeler", paramLabel = "COLUMN", required = true)
    private String labeler = "";

    @Option(names = "--label", paramLabel = "COLUMN", required = true)
    private String label = "";

    @Option(names = "--gold", paramLabel = "COLUMN", description = "what is known to be right")
    private @Nullable String gold;

    @Option(names = "--confidence", paramLabel = "SHARE", description = "0.95 if left out")
    private double confidence = Interval.USUAL;

    @Option(names = "--seed", paramLabel = "N", description = "of the bootstrap; 42 if left out")
    private long seed = 42;

    @Mixin private TableOptions options = new TableOptions();

    AgreementCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws Exception {
        try (var table = options.open(file)) {
            var wanted = new ArrayList<>(List.of(item, labeler, label));
            if (gold != null) wanted.add(gold);
            Columns.check(table, wanted);
            var columns = read(table, wanted);
            var all = new ArrayList<Annotation>();
            var known = new TreeMap<String, String>();
            int without = 0;
            for (int row = 0; row < columns.rows(); row++) {
                var of = columns.text(item, row);
                var who = columns.text(labeler, row);
                var said = columns.text(label, row);
                if (of == null || who == null || said == null) {
                    without++;
                    continue;
                }
                all.add(new Annotation(of, who, said));
                if (gold != null) remember(known, of, columns, row);
            }
            if (all.isEmpty())
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "no-labels",
                        "There is nothing to compare.",
                        "None of %d rows has an item, a labeler and a label."
                                .formatted(columns.rows()),
                        "Name the columns with --item, --labeler and --label.");
            var shown =
                    new AgreementShown(
                            table.name(),
                            all,
                            known,
                            without,
                            new Bootstrap(1_000, seed, confidence));
            var findings = table.findings().list();
            if (connection.json()) connection.terminal().json(AgreementJson.of(shown, findings));
            else {
                TableOptions.warn(connection.terminal(), table.name(), findings);
                shown.print(connection.terminal());
            }
            options.write(new AgreementPage(shown).page());
            return Exit.YES;
        }
    }

    private Columns read(Table table, List<String> wanted) throws IOException {
        try (var _ = Bar.of(connection.terminal(), "reading " + table.name(), table::done)) {
            return Columns.read(table, wanted);
        }
    }

    private void remember(Map<String, String> known, String of, Columns columns, int row) {
        var right = gold == null ? null : columns.text(gold, row);
        if (right == null) return;
        var before = known.put(of, right);
        if (before != null && !before.equals(right))
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "gold-contradicts-itself",
                    "The gold labels can't be used.",
                    "Item %s is %s, and in line %d it is %s."
                            .formatted(of, before, columns.line(row), right),
                    "Give each item one gold label.");
    }
}
