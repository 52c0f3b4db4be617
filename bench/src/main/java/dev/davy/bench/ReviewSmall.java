package dev.davy.bench;

import dev.davy.review.Case;
import dev.davy.review.Threshold;
import dev.davy.review.Thresholds;
import dev.davy.schema.Output;
import dev.davy.schema.OutputKind;
import dev.davy.stats.selective.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/// Data sets that are too small for such a claim, even where the model was never wrong: the right
/// answer is how many cases are missing.
final class ReviewSmall {
    private ReviewSmall() {}

    static List<Target> run(Place place, Path data) throws IOException {
        var table = new Table("data set, never wrong", "images", "of the class", "what is said");
        int told = 0;
        told += row(table, data, "msd-phone-screen", "label", "scratch");
        told += row(table, data, "magnetic-tile", "label", "crack");
        place.out().println(table);
        return List.of(Target.atLeast("small data sets that are told what is missing", told, 2));
    }

    private static int row(Table table, Path data, String set, String column, String of)
            throws IOException {
        var lines = Files.readAllLines(data.resolve(set).resolve("manifest.csv"));
        int at = List.of(lines.getFirst().split(",", -1)).indexOf(column);
        var cases = new ArrayList<Case>();
        for (var line : lines.subList(1, lines.size())) {
            var truth = line.split(",", -1)[at];
            cases.add(
                    new Case(
                            new UUID(0, cases.size()),
                            set + "/1",
                            "",
                            Optional.of(truth),
                            OptionalDouble.of(1 - 0.001 * cases.size()),
                            1,
                            1,
                            Optional.of(truth),
                            false));
        }
        var outputs = List.of(new Output("label", new OutputKind.Text()));
        var target = dev.davy.review.Target.of("recall(" + of + ") >= 99%", outputs);
        var threshold = Thresholds.choose(cases, target, 0.95);
        long ofClass =
                cases.stream().filter(each -> each.reference().orElse("").equals(of)).count();
        table.row(set, cases.size(), ofClass, threshold.why());
        return isTold(threshold, ofClass) ? 1 : 0;
    }

    /// 299 cases of the class without a miss would show it.
    private static boolean isTold(Threshold threshold, long ofClass) {
        return threshold.choice() instanceof Choice.NotEnough few
                && few.cases() == ofClass
                && few.more() == 299 - ofClass;
    }
}
