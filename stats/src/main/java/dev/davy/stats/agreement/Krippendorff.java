package dev.davy.stats.agreement;

import dev.davy.stats.quality.Bootstrap;
import dev.davy.stats.quality.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/// Krippendorff's alpha (2011): 1 minus observed over expected disagreement. For any number of
/// labelers, with labels missing, on any scale; 1 is perfect, 0 is chance, below 0 is worse.
///
/// Items with fewer than two labels say nothing of agreement and are left out. Where all labels are
/// the same one, nothing could be told apart and alpha is not defined.
public final class Krippendorff<V> {
    private final List<V> values;
    private final List<Unit> units;

    /// How often each value was given to one item.
    private record Unit(SortedMap<Integer, Integer> counts, int labels) {
        /// In ordered pairs, each counting 1 / (labels - 1): how often `a` stands with `b`.
        double together(int a, int countA, int b, int countB) {
            return (double) countA * (a == b ? countA - 1 : countB) / (labels - 1);
        }
    }

    private Krippendorff(List<V> values, List<Unit> units) {
        this.values = values;
        this.units = units;
    }

    /// @param items of each, the labels it was given
    public static <V> Krippendorff<V> of(Collection<? extends Collection<V>> items) {
        var numbers = new LinkedHashMap<V, Integer>();
        var units = new ArrayList<Unit>();
        for (var item : items) {
            if (item.size() < 2) continue;
            var counts = new TreeMap<Integer, Integer>();
            for (var value : item)
                counts.merge(numbers.computeIfAbsent(value, _ -> numbers.size()), 1, Integer::sum);
            units.add(new Unit(counts, item.size()));
        }
        return new Krippendorff<>(List.copyOf(numbers.keySet()), units);
    }

    /// How many labels could be paired with another of their item.
    public long pairable() {
        long all = 0;
        for (var unit : units) all += unit.labels;
        return all;
    }

    /// @param scale its name, for the definition: `nominal`
    /// @param bootstrap draws items
    public Figure alpha(String scale, Distance<V> distance, Bootstrap bootstrap) {
        var definition =
                "Krippendorff's alpha, " + scale + ": 1 - observed / expected disagreement";
        long count = pairable();
        double alpha = alpha(distance);
        if (Double.isNaN(alpha)) return Figure.undefined("alpha_" + scale, count, definition);
        // Each draw of many different labels costs their square.
        var fewer = values.size() > 100 ? bootstrap.times(100) : bootstrap;
        var interval =
                fewer.interval(random -> {
                    var weights = new double[units.size()];
                    for (int u = 0; u < weights.length; u++)
                        weights[random.nextInt(weights.length)]++;
                    return alpha(distance, weights);
                });
        return new Figure(
                "alpha_" + scale,
                OptionalDouble.of(alpha),
                interval.filter(_ -> units.size() > 1),
                count,
                definition);
    }

    /// NaN where it is not defined.
    public double alpha(Distance<V> distance) {
        var ones = new double[units.size()];
        Arrays.fill(ones, 1);
        return alpha(distance, ones);
    }

    private double alpha(Distance<V> distance, double[] weights) {
        int size = values.size();
        var together = new double[size][size];
        for (int u = 0; u < weights.length; u++) {
            if (weights[u] == 0) continue;
            var unit = units.get(u);
            for (var a : unit.counts.entrySet())
                for (var b : unit.counts.entrySet())
                    together[a.getKey()][b.getKey()] +=
                            weights[u]
                                    * unit.together(
                                            a.getKey(), a.getValue(), b.getKey(), b.getValue());
        }
        var margins = new double[size];
        var named = new HashMap<V, Double>();
        double n = 0;
        for (int a = 0; a < size; a++) {
            for (int b = 0; b < size; b++) margins[a] += together[a][b];
            named.put(values.get(a), margins[a]);
            n += margins[a];
        }
        var unlike = distance.over(named);
        double observed = 0;
        double expected = 0;
        for (int a = 0; a < size; a++)
            for (int b = a + 1; b < size; b++) {
                double off = unlike.applyAsDouble(values.get(a), values.get(b));
                observed += 2 * together[a][b] * off;
                expected += 2 * margins[a] * margins[b] * off;
            }
        return expected == 0 ? Double.NaN : 1 - (n - 1) * observed / expected;
    }

    /// What share of the pairs of labels of an item is equal, averaged over items with two or more.
    public Optional<Double> percentAgreement() {
        if (units.isEmpty()) return Optional.empty();
        double sum = 0;
        for (var unit : units) {
            double equal = 0;
            for (int count : unit.counts.values()) equal += (double) count * (count - 1);
            sum += equal / ((double) unit.labels * (unit.labels - 1));
        }
        return Optional.of(sum / units.size());
    }

    /// How often each label came among those that could be paired.
    public Map<V, Double> margins() {
        var margins = new LinkedHashMap<V, Double>();
        for (var unit : units)
            unit.counts.forEach((value, count) ->
                    margins.merge(values.get(value), (double) count, Double::sum));
        return margins;
    }
}
