package dev.davy.monitoring;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How unusual a row is against a window of what is normal.
///
/// Each value has a share of normal values that are at least as far out, on the nearer side for a
/// number, or that are at most as common, for a text. The least of these over k columns, times k
/// (Bonferroni), bounds how likely a normal row looks so odd somewhere; novelty is 1 less that,
/// from 0 for a row that is in no way odd to 1.
public final class Novelty {
    private final Map<String, Numbers> numbers = new HashMap<>();
    private final Map<String, Texts> texts = new HashMap<>();

    /// Numbers ascending, and how many are at most each.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Numbers(double[] values, long[] upTo) {
        /// The share of normal numbers that lie at least so far out, on both sides together.
        double tail(double number) {
            long all = upTo[upTo.length - 1];
            int at = java.util.Arrays.binarySearch(values, number);
            int place = at >= 0 ? at : -at - 1;
            long below = place == 0 ? 0 : upTo[place - 1];
            long same = at >= 0 ? upTo[place] - below : 0;
            // One is added to both: what was never seen is not impossible.
            double left = (below + same + 1.0) / (all + 1.0);
            double right = (all - below + 1.0) / (all + 1.0);
            return Math.min(1, 2 * Math.min(left, right));
        }
    }

    /// How often each text came.
    private record Texts(Map<String, Long> counts, long all) {
        /// The share of normal rows whose text is at most as common as this.
        double tail(String text) {
            long own = counts.getOrDefault(text, 0L);
            long rarer = 0;
            for (long count : counts.values()) if (count <= own) rarer += count;
            return (rarer + 1.0) / (all + 1.0);
        }
    }

    private Novelty() {}

    /// Against the inputs of a window; columns of which hardly anything is known don't count.
    static Novelty of(Window normal) {
        var novelty = new Novelty();
        normal.inputs().forEach((name, measure) -> novelty.add(name, measure));
        return novelty;
    }

    private static final int ROWS_LEAST = 100;

    private void add(String name, Measure measure) {
        if (measure.moments().count() >= ROWS_LEAST) {
            var counted = measure.numbers().counted();
            var upTo = counted.counts().clone();
            for (int i = 1; i < upTo.length; i++) upTo[i] += upTo[i - 1];
            numbers.put(name, new Numbers(counted.numbers(), upTo));
        } else if (measure.texts().count() >= ROWS_LEAST && measure.texts().other() == 0) {
            texts.put(
                    name, new Texts(Map.copyOf(measure.texts().values()), measure.texts().count()));
        }
    }

    /// How unusual a row is.
    ///
    /// @param input the value of a column; null: it is missing, or not known
    /// @return from 0 to 1; empty where no column can be told about
    public OptionalDouble of(Function<String, @Nullable Object> input) {
        double least = 1;
        int columns = 0;
        for (var each : numbers.entrySet())
            if (input.apply(each.getKey()) instanceof Number number) {
                columns++;
                double tail =
                        Double.isFinite(number.doubleValue())
                                ? each.getValue().tail(number.doubleValue())
                                : 0;
                least = Math.min(least, tail);
            }
        for (var each : texts.entrySet()) {
            var value = input.apply(each.getKey());
            if (!(value instanceof String || value instanceof Boolean)) continue;
            columns++;
            least = Math.min(least, each.getValue().tail(value.toString()));
        }
        return columns == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(0, 1 - columns * least));
    }
}
