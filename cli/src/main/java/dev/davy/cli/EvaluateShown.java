package dev.davy.cli;

import static dev.davy.cli.Picture.number;

import dev.davy.stats.Interval;
import dev.davy.stats.quality.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// An evaluation as lines; [EvaluateJson] and [EvaluatePage] show it otherwise.
final class EvaluateShown {
    private static final int GROUPS_SHOWN = 20;

    final String file;
    final Evaluation evaluation;
    final Judged judged;
    final Optional<Groups> groups;
    final List<Evaluation.Slice> slices;
    final List<List<Figure>> models = new ArrayList<>();
    final Optional<Evaluation.Scored> scored;

    EvaluateShown(
            String file,
            Evaluation evaluation,
            Optional<Groups> groups,
            List<Evaluation.Slice> slices) {
        this.file = file;
        this.evaluation = evaluation;
        this.judged = evaluation.judged();
        this.groups = groups;
        this.slices = slices;
        this.scored = evaluation.scored();
        for (int model = 0; model < judged.predictions().size(); model++)
            models.add(evaluation.overall(model));
    }

    boolean two() {
        return models.size() == 2;
    }

    static String interval(Optional<Interval> interval) {
        return interval.map(i -> number(i.low()) + " – " + number(i.high())).orElse("");
    }

    static String value(Figure figure) {
        return figure.value().isPresent() ? number(figure.value().getAsDouble()) : "not defined";
    }

    /// The main figure in words.
    String answer() {
        var main = models.getFirst().getFirst();
        var said =
                "%s of %s is %s%s on %,d rows."
                        .formatted(
                                capital(main.name().replace('_', ' ')),
                                judged.predictions().getFirst(),
                                value(main),
                                main.interval()
                                        .map(i -> " (" + interval(Optional.of(i)) + ")")
                                        .orElse(""),
                                judged.size());
        if (two()) {
            var gap = evaluation.gap(groups);
            said +=
                    " With %s it is %s: a gap of %s (%s)."
                            .formatted(
                                    judged.predictions().get(1),
                                    value(models.get(1).getFirst()),
                                    value(gap),
                                    interval(gap.interval()));
        }
        if (groups.isPresent() && groups.get().torn().isEmpty())
            said +=
                    " %d of %d groups have several rows; a split by rows has them on both sides."
                            .formatted(groups.get().several().size(), groups.get().rows().size());
        for (var torn : groups.map(each -> each.torn().entrySet()).orElse(java.util.Set.of()))
            said +=
                    torn.getValue().isEmpty()
                            ? " No group stands on both sides of %s.".formatted(torn.getKey())
                            : " %d of %d groups stand on both sides of %s: what is measured there was partly learned by heart."
                                    .formatted(
                                            torn.getValue().size(),
                                            groups.get().rows().size(),
                                            torn.getKey());
        return said;
    }

    /// Whether groups are torn: a fold says so, or, where none is named, two predictions of the
    /// same rows differ by more than chance when groups are drawn whole.
    boolean leaks() {
        if (groups.isEmpty()) return false;
        if (!groups.get().torn().isEmpty()) return groups.get().leaks();
        return two()
                && !groups.get().several().isEmpty()
                && evaluation.gap(groups).interval().filter(gap -> !gap.holds(0)).isPresent();
    }

    static String capital(String text) {
        var shown =
                switch (text) {
                    case "mae", "wer" -> text.toUpperCase(Locale.ROOT);
                    default -> text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
                };
        return shown;
    }

    String skipped() {
        var parts = new ArrayList<String>();
        if (judged.withoutTruth() > 0)
            parts.add("%,d rows have no truth".formatted(judged.withoutTruth()));
        if (judged.withoutPrediction() > 0)
            parts.add("%,d have no prediction".formatted(judged.withoutPrediction()));
        return parts.isEmpty()
                ? ""
                : String.join(" and ", parts)
                        + "; they are left out, so this is on the others only.";
    }

    void print(Terminal terminal) {
        terminal.line(terminal.strong(answer()));
        if (!skipped().isEmpty()) terminal.line(skipped());
        terminal.line("");
        terminal.table(heads(), figureRows());
        scored.ifPresent(each -> {
            terminal.line("");
            terminal.line(each.about() + ":");
            terminal.table(FIGURE_HEADS, rows(evaluation.figures(each)));
        });
        var classes = classRows();
        if (classes.size() > 2 || evaluation.positive() == null && !classes.isEmpty()) {
            terminal.line("");
            terminal.table(CLASS_HEADS, classes);
        }
        if (!slices.isEmpty()) {
            terminal.line("");
            terminal.table(sliceHeads(), sliceRows());
        }
        printGroups(terminal);
        if (two())
            evaluation
                    .mcNemar()
                    .ifPresent(test -> {
                        terminal.line("");
                        terminal.line(
                                "Only the first is right on %,d rows, only the second on %,d; McNemar's exact p is %s%s."
                                        .formatted(
                                                test.onlyFirst(),
                                                test.onlySecond(),
                                                number(test.exact()),
                                                groups.isPresent()
                                                        ? ", as if rows were independent"
                                                        : ""));
                    });
    }

    private void printGroups(Terminal terminal) {
        if (groups.isEmpty()) return;
        var rows = groupRows();
        if (!rows.isEmpty()) {
            terminal.line("");
            terminal.table(List.of("GROUP", "ROWS", "ON BOTH SIDES OF", two() ? "GAP" : ""), rows);
        }
        if (groups.get().torn().isEmpty())
            terminal.line(
                    "No --fold was given: these have several rows, by their part in the gap.");
    }

    List<List<String>> groupRows() {
        var rows = new ArrayList<List<String>>();
        if (groups.isEmpty()) return rows;
        var each = groups.get();
        var gains =
                two()
                        ? each.gains(evaluation.single(0), evaluation.single(1))
                        : java.util.Map.<String, Double>of();
        var named = new ArrayList<String>();
        if (each.torn().isEmpty()) named.addAll(each.several());
        else
            each.torn()
                    .values()
                    .forEach(of -> of.stream().filter(n -> !named.contains(n)).forEach(named::add));
        named.sort(
                (a, b) -> Double.compare(gains.getOrDefault(b, 0.0), gains.getOrDefault(a, 0.0)));
        for (var name : named.subList(0, Math.min(GROUPS_SHOWN, named.size()))) {
            var folds = new ArrayList<String>();
            each.torn()
                    .forEach((fold, of) -> {
                        if (of.contains(name)) folds.add(fold);
                    });
            rows.add(
                    List.of(
                            name,
                            "" + each.rows().getOrDefault(name, List.of()).size(),
                            String.join(", ", folds),
                            two()
                                    ? number(
                                            gains.getOrDefault(name, 0.0)
                                                    / each.rows()
                                                            .getOrDefault(name, List.of(0))
                                                            .size())
                                    : ""));
        }
        if (named.size() > GROUPS_SHOWN)
            rows.add(List.of("… %d more".formatted(named.size() - GROUPS_SHOWN), "", "", ""));
        return rows;
    }

    private static final List<String> FIGURE_HEADS = List.of("METRIC", "VALUE", "INTERVAL", "ROWS");
    static final List<String> CLASS_HEADS =
            List.of("CLASS", "PRECISION", "", "RECALL", "", "F1", "");

    List<String> heads() {
        return two()
                ? List.of(
                        "METRIC",
                        judged.predictions().get(0).toUpperCase(Locale.ROOT),
                        "INTERVAL",
                        judged.predictions().get(1).toUpperCase(Locale.ROOT),
                        "INTERVAL")
                : FIGURE_HEADS;
    }

    List<List<String>> figureRows() {
        if (!two()) return rows(models.getFirst());
        var rows = new ArrayList<List<String>>();
        for (int f = 0; f < models.get(0).size(); f++) {
            var first = models.get(0).get(f);
            var second = models.get(1).get(f);
            rows.add(
                    List.of(
                            first.name(),
                            value(first),
                            interval(first.interval()),
                            value(second),
                            interval(second.interval())));
        }
        return rows;
    }

    private static List<List<String>> rows(List<Figure> figures) {
        return figures.stream()
                .map(each ->
                        List.of(
                                each.name(),
                                value(each),
                                interval(each.interval()),
                                "" + each.count()))
                .toList();
    }

    List<List<String>> classRows() {
        var rows = new ArrayList<List<String>>();
        evaluation
                .perClass()
                .forEach((name, figures) -> {
                    var row = new ArrayList<String>();
                    row.add(name);
                    for (var figure : figures) {
                        row.add(value(figure));
                        row.add(interval(figure.interval()));
                    }
                    rows.add(row);
                });
        return rows;
    }

    List<String> sliceHeads() {
        var heads = new ArrayList<>(List.of("SLICE", "ROWS"));
        for (var slice : slices)
            if (!slice.figures().isEmpty()) {
                for (var figure : slice.figures()) {
                    heads.add(figure.name().toUpperCase(Locale.ROOT));
                    heads.add("INTERVAL");
                }
                break;
            }
        heads.add("");
        return heads;
    }

    List<List<String>> sliceRows() {
        int width = sliceHeads().size();
        var rows = new ArrayList<List<String>>();
        for (var slice : slices) {
            var row = new ArrayList<>(List.of(slice.name(), "" + slice.rows()));
            for (var figure : slice.figures()) {
                row.add(value(figure));
                row.add(interval(figure.interval()));
            }
            while (row.size() < width - 1) row.add("");
            row.add(slice.worse() ? "worse" : "");
            rows.add(row);
        }
        return rows;
    }
}
