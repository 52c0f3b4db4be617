package dev.davy.cli;

import static dev.davy.cli.EvaluateShown.capital;
import static dev.davy.cli.EvaluateShown.interval;
import static dev.davy.cli.EvaluateShown.value;
import static dev.davy.cli.Picture.number;

import dev.davy.stats.Interval;
import dev.davy.stats.quality.Figure;
import dev.davy.stats.quality.Scores;
import dev.davy.web.report.Report;
import java.util.ArrayList;
import java.util.List;

/// An evaluation as a page: what is worse first, then how it was computed.
final class EvaluatePage {
    private final EvaluateShown shown;
    private final Evaluation evaluation;

    EvaluatePage(EvaluateShown shown) {
        this.shown = shown;
        this.evaluation = shown.evaluation;
    }

    /// On a page, an interval stays on its line.
    static List<List<String>> unbroken(List<List<String>> rows) {
        return rows.stream()
                .map(row -> row.stream().map(cell -> cell.replace(" – ", "\u00a0–\u00a0")).toList())
                .toList();
    }

    private Report.State state() {
        if (shown.leaks()) return Report.State.ALARM;
        if (shown.slices.stream().anyMatch(Evaluation.Slice::worse)) return Report.State.CHANGING;
        return shown.judged.size() < 30 ? Report.State.UNKNOWN : Report.State.WELL;
    }

    Report page() {
        var report =
                new Report(
                        "How right is " + shown.judged.predictions().getFirst() + "?",
                        shown.answer(),
                        state());
        if (!shown.skipped().isEmpty()) report.paragraph(shown.skipped());
        report.heading("Overall").table(shown.heads(), unbroken(shown.figureRows()));
        evaluation
                .matrix()
                .filter(matrix -> matrix.classes().size() <= 12)
                .ifPresent(matrix -> {
                    var names = List.copyOf(matrix.classes());
                    var table = new double[names.size()][names.size()];
                    for (int t = 0; t < table.length; t++)
                        for (int p = 0; p < table.length; p++)
                            table[t][p] = matrix.cell(names.get(t), names.get(p)).weight();
                    report.figure(
                            "True against predicted",
                            Picture.matrix(names, table, "Confusion matrix"),
                            "Weight of each pair; the shade is the share of its row.");
                });
        shown.scored.filter(Evaluation::worthShowing).ifPresent(each -> scores(report, each));
        var classes = shown.classRows();
        if (!classes.isEmpty()) {
            report.heading("By class");
            report.table(EvaluateShown.CLASS_HEADS, unbroken(classes));
        }
        if (!shown.slices.isEmpty()) slices(report);
        if (shown.groups.isPresent() && !shown.groupRows().isEmpty()) {
            report.heading("Groups on both sides");
            report.table(
                    List.of("Group", "Rows", "On both sides of", shown.two() ? "Gap" : ""),
                    unbroken(shown.groupRows()));
        }
        report.heading("How it was computed");
        var definitions = new ArrayList<List<String>>();
        for (var figure : shown.models.getFirst()) definitions.add(definition(figure));
        shown.scored.ifPresent(
                each -> evaluation.figures(each).forEach(f -> definitions.add(definition(f))));
        if (shown.two()) definitions.add(definition(evaluation.gap(shown.groups)));
        report.table(List.of("Metric", "Definition", "Interval"), definitions);
        return report;
    }

    private static List<String> definition(Figure figure) {
        return List.of(
                figure.name(),
                figure.definition(),
                figure.interval()
                        .map(i -> number(100 * i.confidence()) + " %, " + i.method())
                        .orElse("none"));
    }

    private void scores(Report report, Evaluation.Scored each) {
        each.calibration()
                .ifPresent(calibration -> {
                    var points = new ArrayList<Picture.Point>();
                    for (var line : calibration.reliability(evaluation.bootstrap().confidence()))
                        points.add(
                                new Picture.Point(
                                        line.said(),
                                        line.came(),
                                        line.interval().low(),
                                        line.interval().high()));
                    var ece = calibration.expectedCalibrationError(evaluation.bootstrap());
                    report.figure(
                            "Reliability",
                            Picture.square(points, "said", "came", "Reliability"),
                            "What came against what was said; calibration error %s, where a perfect model would show %s."
                                    .formatted(
                                            value(ece),
                                            number(calibration.ofPerfect(evaluation.bootstrap()))));
                });
        var auc = each.scores().rocAuc(evaluation.bootstrap().confidence());
        report.figure(
                "ROC",
                Picture.square(
                        curve(each.scores()),
                        "false positive rate",
                        "true positive rate",
                        "ROC curve"),
                "Area %s (%s)".formatted(value(auc), interval(auc.interval())));
    }

    // A picture of 250 pixels needs no more points.
    private static List<Picture.Point> curve(Scores scores) {
        var points = new ArrayList<Picture.Point>();
        points.add(new Picture.Point(0, 0, Double.NaN, Double.NaN));
        var all = scores.curve();
        int step = Math.max(1, all.size() / 200);
        for (int i = 0; i < all.size(); i++)
            if (i % step == 0 || i == all.size() - 1)
                points.add(
                        new Picture.Point(
                                all.get(i).falsePositives(),
                                all.get(i).truePositives(),
                                Double.NaN,
                                Double.NaN));
        return points;
    }

    private void slices(Report report) {
        report.heading("By slice");
        report.paragraph(
                "Worst first. A slice is called worse when even the better end of its interval is worse than all together, at a confidence shared by all slices.");
        var marked = new ArrayList<Integer>();
        var lines = new ArrayList<Picture.Line>();
        for (int s = 0; s < shown.slices.size(); s++) {
            var slice = shown.slices.get(s);
            if (slice.worse()) marked.add(s);
            if (slice.figures().isEmpty()) continue;
            var main = slice.figures().getFirst();
            lines.add(
                    new Picture.Line(
                            slice.name(),
                            main.value().orElse(Double.NaN),
                            main.interval().map(Interval::low).orElse(Double.NaN),
                            main.interval().map(Interval::high).orElse(Double.NaN),
                            slice.worse()));
        }
        var main = shown.models.getFirst().getFirst();
        report.table(shown.sliceHeads(), unbroken(shown.sliceRows()), marked);
        if (!lines.isEmpty())
            report.figure(
                    capital(main.name().replace('_', ' ')) + " by slice",
                    Picture.intervals(lines, main.value().orElse(Double.NaN), "By slice"),
                    "Bands are intervals; the dashed line is all rows together.");
    }
}
