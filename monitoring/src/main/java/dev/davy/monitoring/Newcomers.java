package dev.davy.monitoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Values of a column that the reference has never seen: of those that rare ones are one with,
/// these are what people want to know.
///
/// @param most the commonest of them
/// @param more how many others there are that are told apart
record Newcomers(List<Newcomer> most, int more) {
    static final Newcomers NONE = new Newcomers(List.of(), 0);

    /// A longer list is not read.
    private static final int SHOWN = 3;

    /// @param share of the rows of the window that have a value
    record Newcomer(String value, double share) {}

    Newcomers {
        most = List.copyOf(most);
    }

    /// Of a column with so many values that only a sample is told apart, those that the sample
    /// would hold: of the others nobody knows whether they came before.
    static Newcomers of(Measure reference, Measure now) {
        var known = reference.texts().values();
        long limit = reference.texts().limit();
        double rows = now.texts().count();
        var all = new ArrayList<Newcomer>();
        now.texts()
                .values()
                .forEach((value, times) -> {
                    if (!known.containsKey(value) && Shares.hash(value) < limit)
                        all.add(new Newcomer(value, times / rows));
                });
        all.sort(
                Comparator.comparingDouble(Newcomer::share)
                        .reversed()
                        .thenComparing(Newcomer::value));
        int shown = Math.min(SHOWN, all.size());
        return new Newcomers(all.subList(0, shown), all.size() - shown);
    }

    /// Which they are, to follow what rose; nothing where there are none.
    String said() {
        if (most.isEmpty()) return "";
        var said = new ArrayList<String>();
        for (var each : most)
            said.add("'%s' (%s)".formatted(each.value, Judge.percent(each.share)));
        return ": never seen before %s %s%s"
                .formatted(
                        most.size() + more == 1 ? "is" : "are",
                        String.join(", ", said),
                        more == 0 ? "" : " and " + more + " more");
    }
}
