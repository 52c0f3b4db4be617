package dev.davy.cli;

import dev.davy.data.Columns;
import dev.davy.data.Table;
import dev.davy.stats.Interval;
import dev.davy.stats.quality.Bootstrap;
import dev.davy.strict.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// How right the predictions of a table are.
@Command(
        name = "evaluate",
        description = {
            "How right predictions are, with an interval for each number: overall, per class and per"
                    + " slice.",
            "Two predictions are held against each other on the same rows. With --group and --fold,"
                    + " groups that stand on both sides of a split are named, and the answer is no.",
            "davy evaluate loans.csv --truth paid --prediction said --score p --slice city"
        })
final class EvaluateCommand implements Callable<Integer> {
    private final Connection connection;

    @Parameters(paramLabel = "FILE", description = "a table: CSV, CSV.gz or Parquet")
    private Path file = Path.of("");

    @Option(names = "--truth", paramLabel = "COLUMN", required = true)
    private String truth = "";

    @Option(
            names = "--prediction",
            paramLabel = "COLUMN",
            required = true,
            description = "a second one is compared with the first")
    private List<String> predictions = new ArrayList<>();

    @Option(
            names = "--score",
            paramLabel = "COLUMN",
            description = "of two classes the probability of the positive one, else confidence")
    private @Nullable String score;

    @Option(names = "--positive", paramLabel = "CLASS", description = "the class a score is about")
    private @Nullable String positive;

    @Option(
            names = "--slice",
            paramLabel = "COLUMN|CONDITION",
            description = "each value of a column, or where a condition holds; repeatable")
    private List<String> slices = new ArrayList<>();

    @Option(
            names = "--weight",
            paramLabel = "COLUMN",
            description = "importance, or 1 / the probability of having been looked at")
    private @Nullable String weight;

    @Option(
            names = "--group",
            paramLabel = "COLUMN",
            description = "what belongs together: one tile, one patient, one speaker")
    private @Nullable String group;

    @Option(
            names = "--fold",
            paramLabel = "COLUMN",
            description = "on which side of the split a row stood; one for each prediction")
    private List<String> folds = new ArrayList<>();

    @Option(names = "--kind", description = "category, number or text; seen from the values")
    private Judged.@Nullable Kind kind;

    @Option(names = "--confidence", paramLabel = "SHARE", description = "0.95 if left out")
    private double confidence = Interval.USUAL;

    @Option(names = "--seed", paramLabel = "N", description = "of the bootstrap; 42 if left out")
    private long seed = 42;

    @Mixin private TableOptions options = new TableOptions();

    EvaluateCommand(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Integer call() throws Exception {
        check();
        try (var table = options.open(file)) {
            var wanted = new ArrayList<>(predictions);
            wanted.add(truth);
            for (var name : new @Nullable String[] {score, weight, group})
                if (name != null) wanted.add(name);
            wanted.addAll(folds);
            wanted.addAll(Slices.columns(slices, table.columns()));
            Columns.check(table, wanted);
            var columns = read(table, wanted);
            var judged = Judged.of(columns, truth, predictions, weight, kind);
            var evaluation =
                    new Evaluation(judged, new Bootstrap(1_000, seed, confidence), score, positive);
            var groups = Optional.ofNullable(group).map(name -> Groups.of(name, folds, judged));
            var found = Slices.of(slices, judged, table.columns());
            var shown =
                    new EvaluateShown(table.name(), evaluation, groups, evaluation.slices(found));
            var findings = table.findings().list();
            if (connection.json()) connection.terminal().json(EvaluateJson.of(shown, findings));
            else {
                TableOptions.warn(connection.terminal(), table.name(), findings);
                shown.print(connection.terminal());
            }
            options.write(new EvaluatePage(shown).page());
            return shown.leaks() ? Exit.NO : Exit.YES;
        }
    }

    private Columns read(Table table, List<String> wanted) throws IOException {
        try (var _ = Bar.of(connection.terminal(), "reading " + table.name(), table::done)) {
            return Columns.read(table, wanted);
        }
    }

    private void check() {
        if (predictions.size() > 2)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "predictions-too-many",
                    "At most two predictions can be compared.",
                    predictions.size() + " were named.",
                    "Name the one in question, and the one it is held against.");
        if (!folds.isEmpty() && group == null)
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "group-missing",
                    "A fold says nothing without groups.",
                    "--fold was given and --group was not.",
                    "Name the column of what belongs together with --group.");
        if (!(confidence > 0 && confidence < 1))
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "confidence-not-acceptable",
                    "The confidence can't be used.",
                    "It is " + confidence + " and must lie between 0 and 1.",
                    "Say --confidence 0.95.");
    }
}
