package dev.davy.monitoring;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Bounds how many values a label of a metric takes: the first so many keep their names for as long
/// as the process lives, all later ones are `other`. Which ones they are never changes, so that a
/// counter never runs backward.
final class LabelValues {
    static final String OTHER = "other";

    private final int most;
    private final Map<List<String>, Set<String>> admitted = new HashMap<>();

    /// @param most of each metric and endpoint, `other` not counted
    LabelValues(int most) {
        this.most = most;
    }

    /// The counts by the values that the label may take.
    ///
    /// @param metric whose label it is, with all that stands before it: endpoint, output
    synchronized Map<String, Long> of(List<String> metric, Map<String, Long> counts) {
        var names = admitted.computeIfAbsent(List.copyOf(metric), _ -> new HashSet<>());
        var bounded = new TreeMap<String, Long>();
        new TreeMap<>(counts)
                .forEach((name, count) -> {
                    boolean named =
                            name.equals(OTHER)
                                    || names.contains(name)
                                    || names.size() < most && names.add(name);
                    bounded.merge(named ? name : OTHER, count, Long::sum);
                });
        return bounded;
    }
}
