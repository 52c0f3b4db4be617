package dev.davy.cli;

import dev.davy.stats.Interval;
import dev.davy.stats.quality.Figure;
import dev.davy.web.report.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// The agreement of labelers as a page.
final class AgreementPage {
    private final AgreementShown shown;

    AgreementPage(AgreementShown shown) {
        this.shown = shown;
    }

    private Report.State state() {
        var alpha = shown.alpha();
        if (alpha.value().isEmpty()) return Report.State.UNKNOWN;
        // Krippendorff's own bounds: from 0.667 on tentative conclusions may be drawn.
        return alpha.value().getAsDouble() >= 0.667 ? Report.State.WELL : Report.State.CHANGING;
    }

    Report page() {
        var report =
                new Report(
                        "How far do the labelers of " + shown.file + " agree?",
                        shown.answer(),
                        state());
        report.heading("Agreement")
                .table(
                        List.of("Coefficient", "Value", "Interval"),
                        EvaluatePage.unbroken(shown.coefficients()));
        var lines = new ArrayList<Picture.Line>();
        for (var each : shown.figures) lines.add(line(each.name().replace('_', ' '), each, false));
        report.figure(
                "Agreement",
                Picture.intervals(lines, Double.NaN, "Coefficients of agreement"),
                "Bands are intervals by drawing items again.");
        var people = new ArrayList<Picture.Line>();
        for (var each :
                shown.labelers.subList(
                        0, Math.min(AgreementShown.LABELERS_SHOWN, shown.labelers.size())))
            people.add(
                    line(
                            each.name(),
                            shown.gold.isEmpty() ? each.withVotes() : each.withGold(),
                            false));
        report.figure(
                shown.gold.isEmpty() ? "With the majority" : "Right",
                Picture.intervals(people, Double.NaN, "Labelers"),
                "Share of each labeler's labels, with Wilson's interval; the lowest first.");
        report.heading("Labelers")
                .table(
                        shown.labelerHeads(),
                        EvaluatePage.unbroken(shown.labelerRows(Integer.MAX_VALUE)));
        report.paragraph(
                "Skill is how often a labeler is right by Dawid and Skene (1979), who learn labels and errors together.");
        var disputed = shown.disputed();
        if (!disputed.isEmpty())
            report.heading("Most disputed").table(AgreementShown.DISPUTED_HEADS, disputed);
        var definitions = new LinkedHashMap<String, String>();
        for (var each : shown.figures) definitions.put(each.name(), each.definition());
        report.heading("How it was computed");
        report.table(
                List.of("Coefficient", "Definition"),
                definitions.entrySet().stream()
                        .map(each -> List.of(each.getKey(), each.getValue()))
                        .toList());
        return report;
    }

    private static Picture.Line line(String name, Figure figure, boolean odd) {
        return new Picture.Line(
                name,
                figure.value().orElse(Double.NaN),
                figure.interval().map(Interval::low).orElse(Double.NaN),
                figure.interval().map(Interval::high).orElse(Double.NaN),
                odd);
    }
}
