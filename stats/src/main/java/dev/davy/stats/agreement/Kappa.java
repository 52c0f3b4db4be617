package dev.davy.stats.agreement;

import dev.davy.stats.quality.Bootstrap;
import dev.davy.stats.quality.ConfusionMatrix;
import dev.davy.stats.quality.Figure;
import dev.davy.stats.quality.MatrixMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// Agreement beyond chance of two labelers, whose pairs of labels are a [ConfusionMatrix] (the
/// first as its truth, the second as its prediction; either way around is the same), or of a fixed
/// number (Fleiss).
///
/// Where everybody used one and the same label throughout, kappa is 0/0, and they did agree: 1.
public final class Kappa {
    private Kappa() {}

    /// How much two unlike labels of an ordered scale agree.
    public enum Weighting {
        /// Not at all (Cohen 1960).
        NONE,
        /// Less, the more places lie between (Cicchetti and Allison 1971).
        LINEAR,
        /// Less, by the square of the places (Cohen 1968; Fleiss and Cohen 1973).
        QUADRATIC
    }

    /// Every coefficient of two labelers that compares labels as same or not: observed agreement,
    /// Cohen's kappa, Scott's pi, Bennett's S, Gwet's AC1.
    public static List<Figure> of(ConfusionMatrix pairs, Bootstrap bootstrap) {
        return pairs.figures(
                List.of(
                        new MatrixMetric(
                                "observed_agreement", "same label / all pairs", Kappa::observed),
                        new MatrixMetric(
                                "cohen_kappa",
                                "chance from each labeler's own labels (Cohen 1960)",
                                t -> beyond(observed(t), ownChance(t))),
                        new MatrixMetric(
                                "scott_pi",
                                "chance from both labelers' labels together (Scott 1955)",
                                t -> beyond(observed(t), commonChance(t))),
                        new MatrixMetric(
                                "bennett_s",
                                "chance is 1 / number of labels (Bennett, Alpert, Goldstein 1954)",
                                t -> beyond(observed(t), 1.0 / t.length)),
                        new MatrixMetric(
                                "gwet_ac1",
                                "chance grows with how evenly labels are used (Gwet 2008)",
                                t -> beyond(observed(t), evenness(t)))),
                bootstrap);
    }

    /// Cohen's kappa, weighted.
    ///
    /// @param order every label of the scale, lowest first; also those that nobody used, for they
    ///   stand between others
    public static Figure cohen(
            ConfusionMatrix pairs, Weighting weighting, List<String> order, Bootstrap bootstrap) {
        var classes = List.copyOf(pairs.classes());
        var place = new int[classes.size()];
        for (int k = 0; k < place.length; k++) {
            place[k] = order.indexOf(classes.get(k));
            if (place[k] < 0)
                throw new IllegalArgumentException(
                        "'" + classes.get(k) + "' is not among the labels " + order);
        }
        var metric =
                new MatrixMetric(
                        "cohen_kappa_" + weighting.name().toLowerCase(Locale.ROOT),
                        "1 - weighted observed / expected disagreement over places of " + order,
                        t -> weighted(t, place, weighting));
        return pairs.figures(List.of(metric), bootstrap).getFirst();
    }

    /// Labels in the order of a scale: as numbers where all are, else as texts.
    public static List<String> ordered(Iterable<String> labels) {
        var ordered = new ArrayList<String>();
        labels.forEach(ordered::add);
        if (ordered.stream().allMatch(each -> number(each).isPresent()))
            ordered.sort(Comparator.comparingDouble(each -> number(each).orElse(0)));
        else ordered.sort(Comparator.naturalOrder());
        return ordered;
    }

    /// A label as a number, where it is a finite one.
    public static OptionalDouble number(String label) {
        try {
            double number = Double.parseDouble(label);
            return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
        } catch (NumberFormatException notOne) {
            return OptionalDouble.empty();
        }
    }

    private static double beyond(double observed, double chance) {
        if (Double.isNaN(observed)) return Double.NaN;
        return chance == 1 ? 1 : (observed - chance) / (1 - chance);
    }

    private static double observed(double[][] table) {
        double same = 0;
        double all = 0;
        for (int a = 0; a < table.length; a++)
            for (int b = 0; b < table.length; b++) {
                all += table[a][b];
                if (a == b) same += table[a][b];
            }
        return same / all;
    }

    private static double[][] shares(double[][] table) {
        var shares = new double[2][table.length];
        double all = 0;
        for (int a = 0; a < table.length; a++)
            for (int b = 0; b < table.length; b++) {
                shares[0][a] += table[a][b];
                shares[1][b] += table[a][b];
                all += table[a][b];
            }
        for (var side : shares) for (int k = 0; k < side.length; k++) side[k] /= all;
        return shares;
    }

    private static double ownChance(double[][] table) {
        var shares = shares(table);
        double chance = 0;
        for (int k = 0; k < table.length; k++) chance += shares[0][k] * shares[1][k];
        return chance;
    }

    private static double commonChance(double[][] table) {
        var shares = shares(table);
        double chance = 0;
        for (int k = 0; k < table.length; k++) {
            double both = (shares[0][k] + shares[1][k]) / 2;
            chance += both * both;
        }
        return chance;
    }

    private static double evenness(double[][] table) {
        if (table.length < 2) return 0;
        var shares = shares(table);
        double chance = 0;
        for (int k = 0; k < table.length; k++) {
            double both = (shares[0][k] + shares[1][k]) / 2;
            chance += both * (1 - both);
        }
        return chance / (table.length - 1);
    }

    private static double weighted(double[][] table, int[] place, Weighting weighting) {
        var shares = shares(table);
        double all = 0;
        double observed = 0;
        double expected = 0;
        for (int a = 0; a < table.length; a++)
            for (int b = 0; b < table.length; b++) {
                double between = Math.abs(place[a] - place[b]);
                double off =
                        switch (weighting) {
                            case NONE -> between == 0 ? 0 : 1;
                            case LINEAR -> between;
                            case QUADRATIC -> between * between;
                        };
                all += table[a][b];
                observed += off * table[a][b];
                expected += off * shares[0][a] * shares[1][b];
            }
        if (all == 0) return Double.NaN;
        return expected == 0 ? 1 : 1 - observed / all / expected;
    }

    /// Fleiss' kappa (1971): any labelers, but as many for each item.
    ///
    /// @param items of each, the labels it was given
    /// @return not defined where items have unlike numbers of labels, or fewer than two: then only
    ///   [Krippendorff] is right
    public static Figure fleiss(List<? extends List<String>> items, Bootstrap bootstrap) {
        var definition = "chance from all labels together (Fleiss 1971)";
        var labels = new ArrayList<String>();
        for (var item : items)
            for (var label : item) if (!labels.contains(label)) labels.add(label);
        int each = items.isEmpty() ? 0 : items.getFirst().size();
        boolean alike = each >= 2;
        for (var item : items) alike &= item.size() == each;
        long count = items.size();
        if (!alike)
            return Figure.undefined(
                    "fleiss_kappa",
                    count,
                    definition + "; needs as many labels for each item, at least two");
        var counts = new double[items.size()][labels.size()];
        for (int i = 0; i < counts.length; i++)
            for (var label : items.get(i)) counts[i][labels.indexOf(label)]++;
        var ones = new double[counts.length];
        Arrays.fill(ones, 1);
        double kappa = fleiss(counts, each, ones);
        var interval = bootstrap.interval(ones, weights -> fleiss(counts, each, weights));
        return new Figure(
                "fleiss_kappa",
                OptionalDouble.of(kappa),
                interval.filter(_ -> count > 1),
                count,
                definition);
    }

    private static double fleiss(double[][] counts, int each, double[] weights) {
        double observed = 0;
        double all = 0;
        var shares = new double[counts[0].length];
        for (int i = 0; i < counts.length; i++) {
            double pairs = 0;
            for (int k = 0; k < shares.length; k++) {
                pairs += counts[i][k] * (counts[i][k] - 1);
                shares[k] += weights[i] * counts[i][k] / each;
            }
            observed += weights[i] * pairs / (each * (each - 1.0));
            all += weights[i];
        }
        if (all == 0) return Double.NaN;
        double chance = 0;
        for (double share : shares) chance += share / all * (share / all);
        return beyond(observed / all, chance);
    }
}
