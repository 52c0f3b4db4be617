package dev.davy.cli;

import static dev.davy.cli.Picture.number;

import dev.davy.stats.agreement.Annotation;
import dev.davy.stats.agreement.Annotations;
import dev.davy.stats.agreement.Consensus;
import dev.davy.stats.agreement.DawidSkene;
import dev.davy.stats.agreement.Distance;
import dev.davy.stats.agreement.Kappa;
import dev.davy.stats.agreement.Kappa.Weighting;
import dev.davy.stats.agreement.Krippendorff;
import dev.davy.stats.agreement.Votes;
import dev.davy.stats.quality.Bootstrap;
import dev.davy.stats.quality.ConfusionMatrix;
import dev.davy.stats.quality.Figure;
import dev.davy.stats.quality.Proportion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The agreement of labelers as lines; [AgreementJson] and [AgreementPage] show it otherwise.
final class AgreementShown {
    private static final int DISPUTED_SHOWN = 10;
    static final int LABELERS_SHOWN = 40;

    final String file;
    private final List<Annotation> all;
    final Map<String, String> gold;
    final int without;
    private final Bootstrap bootstrap;
    final Annotations annotations;
    final Consensus votes;
    final Consensus learned;
    final List<Figure> figures = new ArrayList<>();
    final List<Labeler> labelers = new ArrayList<>();

    /// @param withVotes how often they say what most say
    /// @param withGold how often they are right; absent where no gold label is known
    /// @param skill how often they are right by Dawid and Skene
    record Labeler(String name, int labels, Figure withVotes, Figure withGold, double skill) {}

    AgreementShown(
            String file,
            List<Annotation> all,
            Map<String, String> gold,
            int without,
            Bootstrap bootstrap) {
        this.file = file;
        this.all = all;
        this.gold = gold;
        this.without = without;
        this.bootstrap = bootstrap;
        this.annotations = Annotations.of(all);
        this.votes = Votes.majority(annotations);
        this.learned = DawidSkene.fit(annotations, DawidSkene.Options.USUAL).consensus();
        measure();
        judge();
    }

    private void measure() {
        var units = Krippendorff.of(annotations.units());
        units.percentAgreement()
                .ifPresent(share ->
                        figures.add(
                                new Figure(
                                        "percent_agreement",
                                        java.util.OptionalDouble.of(share),
                                        java.util.Optional.empty(),
                                        units.pairable(),
                                        "share of equal pairs of an item's labels, mean over items")));
        figures.add(units.alpha("nominal", Distance.nominal(), bootstrap));
        var order = Kappa.ordered(annotations.labels());
        boolean numbers = order.stream().allMatch(each -> Kappa.number(each).isPresent());
        if (numbers && order.size() > 2) {
            var places = new HashMap<String, Integer>();
            for (var each : order) places.put(each, places.size());
            figures.add(
                    units.alpha(
                            "ordinal",
                            Distance.ordinal(
                                    Comparator.comparingInt(each -> places.getOrDefault(each, 0))),
                            bootstrap));
            figures.add(units.alpha("interval", Distance.interval(Double::parseDouble), bootstrap));
        }
        figures.add(Kappa.fleiss(annotations.units(), bootstrap));
        if (annotations.labelers().size() == 2) ofTwo(order, numbers);
    }

    private void ofTwo(List<String> order, boolean numbers) {
        var first = new HashMap<String, String>();
        for (var each : all)
            if (each.labeler().equals(annotations.labelers().get(0)))
                first.put(each.item(), each.label());
        var pairs = new ConfusionMatrix.Builder();
        boolean any = false;
        for (var each : all) {
            var other = first.get(each.item());
            if (other == null || !each.labeler().equals(annotations.labelers().get(1))) continue;
            pairs.add(other, each.label());
            any = true;
        }
        if (!any) return;
        figures.addAll(Kappa.of(pairs.build(), bootstrap));
        if (numbers && order.size() > 2)
            for (var weighting : List.of(Weighting.LINEAR, Weighting.QUADRATIC))
                figures.add(Kappa.cohen(pairs.build(), weighting, order, bootstrap));
    }

    private void judge() {
        var chosen = votes.chosen();
        var counts = new TreeMap<String, int[]>();
        for (var each : all) {
            var of = counts.computeIfAbsent(each.labeler(), _ -> new int[4]);
            of[0]++;
            if (each.label().equals(chosen.get(each.item()))) of[1]++;
            var right = gold.get(each.item());
            if (right == null) continue;
            of[2]++;
            if (each.label().equals(right)) of[3]++;
        }
        counts.forEach((name, of) ->
                labelers.add(
                        new Labeler(
                                name,
                                of[0],
                                share("agreement_with_votes", of[1], of[0]),
                                share("accuracy", of[3], of[2]),
                                learned.skills().getOrDefault(name, Double.NaN))));
        labelers.sort(
                Comparator.comparingDouble(each ->
                        each.withGold().value().orElse(each.withVotes().value().orElse(0))));
    }

    private Figure share(String name, int of, int n) {
        var definition = "share of their labels";
        return n == 0
                ? Figure.undefined(name, 0, definition)
                : Figure.of(
                        name,
                        (double) of / n,
                        Proportion.wilson(of, n, bootstrap.confidence()),
                        n,
                        definition);
    }

    Figure alpha() {
        return figures.stream()
                .filter(each -> each.name().equals("alpha_nominal"))
                .findFirst()
                .orElseThrow();
    }

    String answer() {
        var alpha = alpha();
        var said =
                "%,d labelers gave %,d labels to %,d items. "
                        .formatted(
                                annotations.labelers().size(),
                                annotations.size(),
                                annotations.items().size());
        if (alpha.value().isEmpty())
            said +=
                    "Agreement beyond chance is not defined: no item has two labels, or all are one.";
        else
            said +=
                    "Krippendorff's alpha is %s%s; 1 is perfect, 0 is chance."
                            .formatted(
                                    number(alpha.value().getAsDouble()),
                                    alpha.interval()
                                            .map(i ->
                                                    " ("
                                                            + number(i.low())
                                                            + " – "
                                                            + number(i.high())
                                                            + ")")
                                            .orElse(""));
        if (!gold.isEmpty())
            said +=
                    " The majority is right on %s of %,d items with a gold label, Dawid and Skene on %s."
                            .formatted(
                                    percent(votes.accuracy(gold)),
                                    known(),
                                    percent(learned.accuracy(gold)));
        return said;
    }

    long known() {
        return annotations.items().stream().filter(gold::containsKey).count();
    }

    private static String percent(double share) {
        return number(100 * share) + " %";
    }

    void print(Terminal terminal) {
        terminal.line(terminal.strong(answer()));
        if (without > 0)
            terminal.line(
                    "%,d rows lack an item, a labeler or a label; they are left out."
                            .formatted(without));
        terminal.line("");
        terminal.table(List.of("COEFFICIENT", "VALUE", "INTERVAL"), coefficients());
        terminal.line("");
        terminal.table(labelerHeads(), labelerRows(LABELERS_SHOWN));
        if (labelers.size() > LABELERS_SHOWN)
            terminal.line(
                    "… %d more; -o json has all.".formatted(labelers.size() - LABELERS_SHOWN));
        var disputed = disputed();
        if (disputed.isEmpty()) return;
        terminal.line("");
        terminal.table(DISPUTED_HEADS, disputed);
    }

    List<List<String>> coefficients() {
        return figures.stream()
                .map(each ->
                        List.of(
                                each.name(),
                                each.value().isPresent()
                                        ? number(each.value().getAsDouble())
                                        : "not defined",
                                EvaluateShown.interval(each.interval())))
                .toList();
    }

    List<String> labelerHeads() {
        return gold.isEmpty()
                ? List.of("LABELER", "LABELS", "WITH THE MAJORITY", "INTERVAL", "SKILL")
                : List.of(
                        "LABELER",
                        "LABELS",
                        "WITH THE MAJORITY",
                        "INTERVAL",
                        "RIGHT",
                        "INTERVAL",
                        "SKILL");
    }

    List<List<String>> labelerRows(int most) {
        return labelers.stream()
                .limit(most)
                .map(each -> {
                    var row = new ArrayList<>(List.of(each.name(), "" + each.labels()));
                    row.add(number(each.withVotes().value().orElse(Double.NaN)));
                    row.add(EvaluateShown.interval(each.withVotes().interval()));
                    if (!gold.isEmpty()) {
                        row.add(number(each.withGold().value().orElse(Double.NaN)));
                        row.add(EvaluateShown.interval(each.withGold().interval()));
                    }
                    row.add(number(each.skill()));
                    return List.copyOf(row);
                })
                .toList();
    }

    static final List<String> DISPUTED_HEADS =
            List.of("MOST DISPUTED", "VOTES", "MAJORITY", "DAWID-SKENE", "SURE");

    /// Items whose majority is thinnest.
    List<List<String>> disputed() {
        var rows = new ArrayList<List<String>>();
        var majority = votes.chosen();
        var other = learned.chosen();
        var items =
                annotations.items().stream()
                        .filter(item -> votes.confidence(item) < 1)
                        .sorted(Comparator.comparingDouble(votes::confidence))
                        .limit(DISPUTED_SHOWN)
                        .toList();
        var said = new TreeMap<String, Map<String, Integer>>();
        for (var each : all)
            if (items.contains(each.item()))
                said.computeIfAbsent(each.item(), _ -> new TreeMap<>())
                        .merge(each.label(), 1, Integer::sum);
        for (var item : items) {
            var counts = new ArrayList<String>();
            said.getOrDefault(item, Map.of()).forEach((label, n) -> counts.add(label + " " + n));
            rows.add(
                    List.of(
                            item,
                            String.join(", ", counts),
                            majority.getOrDefault(item, ""),
                            other.getOrDefault(item, ""),
                            number(learned.confidence(item))));
        }
        return rows;
    }
}
