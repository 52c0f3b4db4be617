package dev.davy.stats.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// How often each category, or each bin, came in the reference and in the current sample.
///
/// What only one of them has is a cell all the same, with 0 on the other side; so new, vanished and
/// missing values are part of every comparison, and can be left out.
public final class Cells {
    /// The cell of missing values.
    public static final String MISSING = "(missing)";

    /// The cell of numbers outside of all bins.
    public static final String OUTSIDE = "(outside)";

    private final List<String> names;
    private final double[] reference;
    private final double[] current;
    private final Map<String, Object> definition;

    private Cells(
            List<String> names,
            double[] reference,
            double[] current,
            Map<String, Object> definition) {
        if (names.size() != reference.length || names.size() != current.length)
            throw new IllegalArgumentException(
                    "%d names, %d and %d counts"
                            .formatted(names.size(), reference.length, current.length));
        for (int i = 0; i < reference.length; i++)
            if (!(reference[i] >= 0 && current[i] >= 0))
                throw new IllegalArgumentException(
                        "%s came %s and %s times"
                                .formatted(names.get(i), reference[i], current[i]));
        this.names = List.copyOf(names);
        this.reference = reference.clone();
        this.current = current.clone();
        this.definition = definition;
    }

    /// Two lists of counts of the same categories.
    public static Cells of(List<String> names, double[] reference, double[] current) {
        return new Cells(names, reference, current, Map.of("cells", "categories"));
    }

    /// The union of the categories of both, in the order in which they came.
    public static Cells of(
            Map<String, ? extends Number> reference, Map<String, ? extends Number> current) {
        var names = new LinkedHashSet<String>(reference.keySet());
        names.addAll(current.keySet());
        return of(List.copyOf(names), amounts(names, reference), amounts(names, current));
    }

    private static double[] amounts(Iterable<String> names, Map<String, ? extends Number> amounts) {
        var list = new ArrayList<Double>();
        for (var name : names) {
            var amount = amounts.get(name);
            list.add(amount == null ? 0 : amount.doubleValue());
        }
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// Numbers in bins, what lies outside of them in a cell of its own where there is any.
    ///
    /// @param rule how the edges came about: `sturges on both`
    public static Cells of(double[] edges, String rule, double[] reference, double[] current) {
        return ofCounts(
                edges,
                rule,
                Edges.counts(edges, reference),
                Edges.counts(edges, current),
                reference.length,
                current.length);
    }

    /// Numbers in bins of about as many numbers of the reference each. A number that alone would
    /// fill one (a constant, the zero of a column that is mostly zero, yes and no as 1 and 0) is a
    /// cell of its own: between edges it would hide whatever comes close to it.
    ///
    /// @param reference at least one
    public static Cells deciles(double[] reference, double[] current, int bins) {
        var points = points(reference, bins);
        var rest = without(points, reference);
        var currentRest = without(points, current);
        if (rest.length > 0 && Arrays.stream(rest).allMatch(each -> each == rest[0])) {
            points.add(rest[0]);
            return deciles(points, new double[0], without(points, current), reference, current, 0);
        }
        int left = Math.max(1, bins - points.size());
        return deciles(points, rest, currentRest, reference, current, left);
    }

    private static Cells deciles(
            NavigableSet<Double> points,
            double[] rest,
            double[] currentRest,
            double[] reference,
            double[] current,
            int bins) {
        var rule = "deciles of the reference";
        var cells =
                rest.length == 0
                        ? new Cells(
                                List.of(),
                                new double[0],
                                new double[0],
                                Map.of("cells", "numbers of the reference"))
                        : of(Edges.quantiles(rest, bins), rule, rest, currentRest);
        for (double point : points)
            cells =
                    cells.with(
                            Double.toString(point), times(point, reference), times(point, current));
        return rest.length == 0 ? cells.with(OUTSIDE, 0, currentRest.length) : cells;
    }

    /// The numbers that fill a bin alone.
    private static NavigableSet<Double> points(double[] numbers, int bins) {
        var sorted = numbers.clone();
        Arrays.sort(sorted);
        var points = new TreeSet<Double>();
        for (int from = 0, to; from < sorted.length; from = to) {
            to = from + 1;
            while (to < sorted.length && sorted[to] == sorted[from]) to++;
            if ((double) (to - from) * bins >= sorted.length) points.add(sorted[from] + 0.0);
        }
        return points;
    }

    private static double[] without(NavigableSet<Double> points, double[] numbers) {
        // Adding zero makes one zero of both.
        return Arrays.stream(numbers).filter(each -> !points.contains(each + 0.0)).toArray();
    }

    private static double times(double number, double[] numbers) {
        return Arrays.stream(numbers).filter(each -> each == number).count();
    }

    /// Numbers that were counted in bins before.
    ///
    /// @param referenceTotal how many numbers, those outside of all bins among them
    public static Cells ofCounts(
            double[] edges,
            String rule,
            double[] reference,
            double[] current,
            double referenceTotal,
            double currentTotal) {
        var names = new ArrayList<String>();
        for (int i = 0; i + 1 < edges.length; i++)
            names.add("%s to %s".formatted(edges[i], edges[i + 1]));
        var definition = new LinkedHashMap<String, Object>();
        definition.put("cells", "bins, the last closed on both sides");
        definition.put("bins", edges.length - 1);
        definition.put("edges", Arrays.stream(edges).boxed().toList());
        definition.put("rule", rule);
        var cells = new Cells(names, reference, current, definition);
        double referenceOutside = referenceTotal - cells.referenceTotal();
        double currentOutside = currentTotal - cells.currentTotal();
        return referenceOutside == 0 && currentOutside == 0
                ? cells
                : cells.with(OUTSIDE, referenceOutside, currentOutside);
    }

    /// One cell more; the same where both are zero.
    public Cells with(String name, double inReference, double inCurrent) {
        if (inReference == 0 && inCurrent == 0) return this;
        var more = new ArrayList<>(names);
        more.add(name);
        return new Cells(more, plus(reference, inReference), plus(current, inCurrent), definition);
    }

    /// The same shares, as counts of all where only a part was counted.
    Cells times(double ofReference, double ofCurrent) {
        return new Cells(
                names, times(reference, ofReference), times(current, ofCurrent), definition);
    }

    private static double[] times(double[] counts, double factor) {
        return factor == 1 ? counts : Arrays.stream(counts).map(count -> count * factor).toArray();
    }

    private static double[] plus(double[] counts, double count) {
        var more = Arrays.copyOf(counts, counts.length + 1);
        more[counts.length] = count;
        return more;
    }

    public int size() {
        return names.size();
    }

    public List<String> names() {
        return names;
    }

    public double reference(int cell) {
        return reference[cell];
    }

    public double current(int cell) {
        return current[cell];
    }

    public double referenceTotal() {
        return sum(reference);
    }

    public double currentTotal() {
        return sum(current);
    }

    /// Of the cell's sample; NaN of an empty sample.
    public double referenceShare(int cell) {
        return reference[cell] / referenceTotal();
    }

    public double currentShare(int cell) {
        return current[cell] / currentTotal();
    }

    /// What came in the current sample only.
    public List<String> appeared() {
        return list(current, reference);
    }

    /// What came in the reference only.
    public List<String> vanished() {
        return list(reference, current);
    }

    private List<String> list(double[] some, double[] none) {
        var found = new ArrayList<String>();
        for (int i = 0; i < names.size(); i++)
            if (some[i] > 0 && none[i] == 0) found.add(names.get(i));
        return found;
    }

    double[] referenceCounts() {
        return reference.clone();
    }

    double[] currentCounts() {
        return current.clone();
    }

    double[] referenceShares() {
        return shares(reference);
    }

    double[] currentShares() {
        return shares(current);
    }

    Map<String, Object> definition() {
        return definition;
    }

    private static double[] shares(double[] counts) {
        double total = sum(counts);
        var shares = new double[counts.length];
        for (int i = 0; i < counts.length; i++) shares[i] = counts[i] / total;
        return shares;
    }

    private static double sum(double[] counts) {
        double sum = 0;
        for (double count : counts) sum += count;
        return sum;
    }
}
