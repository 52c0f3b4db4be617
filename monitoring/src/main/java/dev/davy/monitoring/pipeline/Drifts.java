package dev.davy.monitoring.pipeline;

import dev.davy.stats.drift.Adjusted;
import dev.davy.stats.drift.ColumnDrift;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Tests whether things moved from one sample to another; all of one list together keep a level.
final class Drifts {
    /// The smallest share of rows elsewhere that is worth telling.
    static final double SMALLEST = 0.05;

    private Drifts() {}

    /// Two samples of one thing.
    record Pair(String what, Values then, long rowsThen, Values now, long rowsNow) {
        ColumnDrift drift() {
            long missingThen = rowsThen - then.present();
            long missingNow = rowsNow - now.present();
            return then.isNumbers() && now.isNumbers()
                    ? ColumnDrift.ofNumbers(then.numbers(), missingThen, now.numbers(), missingNow)
                    : ColumnDrift.ofCategories(then.texts(), missingThen, now.texts(), missingNow);
        }
    }

    /// All that either sample has.
    static List<Pair> pairs(Columns then, Columns now) {
        var names = new TreeSet<>(then.names());
        names.addAll(now.names());
        var pairs = new ArrayList<Pair>();
        for (var name : names)
            pairs.add(new Pair(name, then.of(name), then.rows(), now.of(name), now.rows()));
        return pairs;
    }

    /// In the order of the pairs.
    ///
    /// @param level how often any of them may be said to have drifted where none has
    static List<Moved> moved(List<Pair> pairs, double level) {
        var tested =
                pairs.stream().filter(each -> each.rowsThen() > 0 && each.rowsNow() > 0).toList();
        var drifts = tested.stream().map(Pair::drift).toList();
        var adjusted =
                Adjusted.holm(
                        drifts.stream().mapToDouble(each -> each.pValue().orElse(1)).toArray());
        var moved = new ArrayList<Moved>();
        for (int i = 0; i < tested.size(); i++) {
            var pair = tested.get(i);
            double size = drifts.get(i).size();
            moved.add(
                    new Moved(
                            pair.what(),
                            size,
                            adjusted[i],
                            adjusted[i] <= level && size >= SMALLEST,
                            pair.rowsThen(),
                            pair.rowsNow(),
                            pair.then().shown(pair.rowsThen()),
                            pair.now().shown(pair.rowsNow())));
        }
        return moved;
    }
}
