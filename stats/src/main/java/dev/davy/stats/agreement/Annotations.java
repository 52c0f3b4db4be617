package dev.davy.stats.agreement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What labelers said of items. Not everybody must have said something of everything, and somebody
/// may have said something twice.
///
/// Items, labelers and labels are numbered in the order of texts, so nothing that is computed of
/// them depends on the order in which they came.
public final class Annotations {
    private final List<String> items;
    private final List<String> labelers;
    private final List<String> labels;
    private final int[] item;
    private final int[] labeler;
    private final int[] label;
    private final List<int[]> byItem;

    private Annotations(
            List<String> items,
            List<String> labelers,
            List<String> labels,
            int[] item,
            int[] labeler,
            int[] label) {
        this.items = items;
        this.labelers = labelers;
        this.labels = labels;
        this.item = item;
        this.labeler = labeler;
        this.label = label;
        this.byItem = grouped(item, items.size());
    }

    public static Annotations of(Collection<Annotation> all) {
        return of(all, List.of());
    }

    /// @param more labels that could have been said though nobody did
    public static Annotations of(Collection<Annotation> all, Collection<String> more) {
        var labels = new TreeSet<String>(more);
        var items = new TreeSet<String>();
        var labelers = new TreeSet<String>();
        for (var each : all) {
            items.add(each.item());
            labelers.add(each.labeler());
            labels.add(each.label());
        }
        var ofItem = numbered(items);
        var ofLabeler = numbered(labelers);
        var ofLabel = numbered(labels);
        // In one order whatever came first: sums of doubles depend on it in their last digits.
        var sorted =
                all.stream()
                        .sorted(
                                Comparator.comparing(Annotation::item)
                                        .thenComparing(Annotation::labeler)
                                        .thenComparing(Annotation::label))
                        .toList();
        int n = sorted.size();
        var item = new int[n];
        var labeler = new int[n];
        var label = new int[n];
        for (int i = 0; i < n; i++) {
            item[i] = ofItem.getOrDefault(sorted.get(i).item(), -1);
            labeler[i] = ofLabeler.getOrDefault(sorted.get(i).labeler(), -1);
            label[i] = ofLabel.getOrDefault(sorted.get(i).label(), -1);
        }
        return new Annotations(
                List.copyOf(items),
                List.copyOf(labelers),
                List.copyOf(labels),
                item,
                labeler,
                label);
    }

    private static SortedMap<String, Integer> numbered(SortedSet<String> names) {
        var numbers = new TreeMap<String, Integer>();
        for (var name : names) numbers.put(name, numbers.size());
        return numbers;
    }

    private static List<int[]> grouped(int[] of, int groups) {
        var counts = new int[groups];
        for (int each : of) counts[each]++;
        var grouped = new ArrayList<int[]>();
        for (int count : counts) grouped.add(new int[count]);
        for (int i = of.length - 1; i >= 0; i--) grouped.get(of[i])[--counts[of[i]]] = i;
        return grouped;
    }

    public List<String> items() {
        return items;
    }

    public List<String> labelers() {
        return labelers;
    }

    public List<String> labels() {
        return labels;
    }

    public int size() {
        return label.length;
    }

    /// The number of the item that annotation `i` is about.
    int item(int i) {
        return item[i];
    }

    int labeler(int i) {
        return labeler[i];
    }

    int label(int i) {
        return label[i];
    }

    /// The annotations of an item; not to be changed.
    int[] of(int item) {
        return byItem.get(item);
    }

    /// For each item the labels that were given to it.
    public List<List<String>> units() {
        var units = new ArrayList<List<String>>();
        for (var of : byItem) {
            var unit = new ArrayList<String>();
            for (int i : of) unit.add(labels.get(label[i]));
            units.add(unit);
        }
        return units;
    }

    /// For each item how often each label was given to it, in the order of [#labels].
    double[][] counts() {
        var counts = new double[items.size()][labels.size()];
        for (int i = 0; i < label.length; i++) counts[item[i]][label[i]]++;
        return counts;
    }
}
