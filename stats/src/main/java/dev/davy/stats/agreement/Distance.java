package dev.davy.stats.agreement;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/// How unlike two labels are: Krippendorff's squared differences (2011), and distances of sets.
///
/// @param <V> what a label is
public interface Distance<V> {
    /// @param margins how often each label came; only the ordinal scale asks
    /// @return 0 for equal labels, and the same in both directions
    ToDoubleBiFunction<V, V> over(Map<V, Double> margins);

    /// The same or not.
    static <V> Distance<V> nominal() {
        return _ -> (a, b) -> a.equals(b) ? 0 : 1;
    }

    /// By how many labels stand between two: the square of their number, the two themselves half.
    static <V> Distance<V> ordinal(Comparator<? super V> order) {
        return margins -> {
            var sorted = new TreeMap<V, Double>(order);
            sorted.putAll(margins);
            var middle = new HashMap<V, Double>();
            double below = 0;
            for (var each : sorted.entrySet()) {
                middle.put(each.getKey(), below + each.getValue() / 2);
                below += each.getValue();
            }
            return (a, b) -> {
                double off = middle.getOrDefault(a, 0.0) - middle.getOrDefault(b, 0.0);
                return off * off;
            };
        };
    }

    /// The square of the difference.
    static <V> Distance<V> interval(ToDoubleFunction<V> number) {
        return _ ->
                (a, b) -> {
                    double off = number.applyAsDouble(a) - number.applyAsDouble(b);
                    return off * off;
                };
    }

    /// The square of the difference over the sum; for numbers of 0 or more.
    static <V> Distance<V> ratio(ToDoubleFunction<V> number) {
        return _ ->
                (a, b) -> {
                    double x = number.applyAsDouble(a);
                    double y = number.applyAsDouble(b);
                    double share = x + y == 0 ? 0 : (x - y) / (x + y);
                    return share * share;
                };
    }

    /// One minus what share two sets have in common (Jaccard 1901).
    static <T> Distance<Set<T>> jaccard() {
        return _ -> (a, b) -> 1 - common(a, b);
    }

    /// Jaccard's, and less unlike where one set holds the other (MASI, Passonneau 2006): one minus
    /// the share in common times 1, 2/3, 1/3 or 0.
    static <T> Distance<Set<T>> masi() {
        return _ ->
                (a, b) -> {
                    if (a.equals(b)) return 0;
                    double nested = a.containsAll(b) || b.containsAll(a) ? 2.0 / 3 : 1.0 / 3;
                    return 1 - common(a, b) * nested;
                };
    }

    private static <T> double common(Set<T> a, Set<T> b) {
        if (a.isEmpty() && b.isEmpty()) return 1;
        var both = new HashSet<>(a);
        both.retainAll(b);
        return (double) both.size() / (a.size() + b.size() - both.size());
    }
}
