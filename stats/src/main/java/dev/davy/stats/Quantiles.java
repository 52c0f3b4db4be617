package dev.davy.stats;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.CubicallyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.store.PaginatedStore;
import com.datadoghq.sketch.ddsketch.store.Store;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The quantiles of finite numbers, each to 1 % of its value: DDSketch (Masson, Rim and Lee 2019).
///
/// It counts how many numbers fell into each of many ranges that are fixed beforehand, so it draws
/// no chance, and merging is exact: associative and commutative to the bit. The ranges are found
/// with additions and multiplications only, so they are the same on every machine. Numbers nearer
/// to zero than 2.3e-308 count as zero.
public final class Quantiles {
    /// How far a quantile may be off, relative to its value.
    public static final double ACCURACY = 0.01;

    private static final IndexMapping RANGES = new CubicallyInterpolatedMapping(ACCURACY);
    // The library computes both anew, with logarithms, whenever it is asked.
    private static final double LEAST = RANGES.minIndexableValue();
    private static final double GREATEST = RANGES.maxIndexableValue();
    private static final int LOWEST = RANGES.index(LEAST);
    private static final int HIGHEST = RANGES.index(GREATEST);

    /// How many ranges are counted in an array before they go into the sketch: about ten octaves on
    /// either side of the first number.
    private static final int WINDOW = 1_024;

    private final DDSketch sketch;
    private long zeros;
    private long count;
    // What was not put into the sketch yet, which would take most of the time of an update. Copies
    // and merged ones, all that others ever see, have none of it.
    private long @Nullable [] positive;
    private long @Nullable [] negative;
    private int lowest;

    private Quantiles(DDSketch sketch, long zeros, long count) {
        this.sketch = sketch;
        this.zeros = zeros;
        this.count = count;
    }

    /// Of no numbers.
    Quantiles() {
        this(new DDSketch(RANGES, PaginatedStore::new), 0, 0);
    }

    /// One more number, which must be finite. Before this is given to anybody only.
    void add(double number) {
        count++;
        double size = Math.abs(number);
        if (size >= LEAST && size <= GREATEST) {
            int range = RANGES.index(size);
            var counts = number > 0 ? positive : negative;
            if (counts != null && range >= lowest && range < lowest + WINDOW) {
                counts[range - lowest]++;
                return;
            }
            if (counts == null) counts = begun(number > 0, range);
            if (range >= lowest && range < lowest + WINDOW) {
                counts[range - lowest]++;
                return;
            }
        }
        double within = Math.clamp(number, -GREATEST, GREATEST);
        sketch.accept(within);
        if (Math.abs(within) < LEAST) zeros++;
    }

    private long[] begun(boolean isPositive, int range) {
        var counts = new long[WINDOW];
        if (positive == null && negative == null) lowest = range - WINDOW / 2;
        if (isPositive) positive = counts;
        else negative = counts;
        return counts;
    }

    /// The sketch with everything in it.
    private DDSketch sketch() {
        flush(positive, sketch.getPositiveValueStore());
        flush(negative, sketch.getNegativeValueStore());
        positive = null;
        negative = null;
        return sketch;
    }

    private void flush(long @Nullable [] counts, Store store) {
        if (counts == null) return;
        for (int i = 0; i < WINDOW; i++)
            if (counts[i] > 0) store.add(lowest + i, (double) counts[i]);
    }

    Quantiles copy() {
        return new Quantiles(sketch().copy(), zeros, count);
    }

    public long count() {
        return count;
    }

    /// The number below which a share of the numbers lies, 0.5 for the median; empty where there
    /// are none.
    public OptionalDouble at(double share) {
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("share is " + share);
        return count == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(sketch().getValueAtQuantile(share));
    }

    /// The share of the numbers that are no greater, by the middle of their ranges; 0 where there
    /// are none.
    public double shareBelow(double number) {
        if (count == 0) return 0;
        double below = number >= 0 ? zeros : 0;
        if (number >= 0) below += sketch().getNegativeValueStore().getTotalCount();
        var store =
                number >= 0 ? sketch().getPositiveValueStore() : sketch().getNegativeValueStore();
        for (var each = store.getAscendingIterator(); each.hasNext(); ) {
            var bin = each.next();
            double middle = RANGES.value(bin.getIndex());
            if (number >= 0 ? middle <= number : -middle <= number) below += bin.getCount();
        }
        return below / count;
    }

    /// Both sets of numbers as one.
    public Quantiles merge(Quantiles other) {
        var both = sketch().copy();
        both.mergeWith(other.sketch());
        return new Quantiles(both, zeros + other.zeros, count + other.count);
    }

    ObjectNode json() {
        var json = Json.object().put("accuracy", ACCURACY).put("zeros", zeros);
        json.set("negative", bins(sketch().getNegativeValueStore()));
        json.set("positive", bins(sketch().getPositiveValueStore()));
        return json;
    }

    /// Pairs of a range and how many fell into it, ascending; in one flat list.
    private static ArrayNode bins(Store store) {
        var bins = Json.array();
        for (var each = store.getAscendingIterator(); each.hasNext(); ) {
            var bin = each.next();
            bins.add(bin.getIndex()).add((long) bin.getCount());
        }
        return bins;
    }

    static Quantiles read(Fields fields) {
        if (fields.number("accuracy") != ACCURACY)
            fields.violation("accuracy", "must be " + ACCURACY);
        long zeros = fields.integer("zeros", 0, Profile.ROWS_MAX);
        var negative = store(fields, "negative");
        var positive = store(fields, "positive");
        double count = (double) zeros + negative.getTotalCount() + positive.getTotalCount();
        return new Quantiles(
                DDSketch.of(RANGES, negative, positive, (double) zeros), zeros, (long) count);
    }

    private static Store store(Fields fields, String name) {
        var store = new PaginatedStore();
        var bins = fields.list(name);
        long last = Long.MIN_VALUE;
        for (int i = 0; i < bins.size(); i += 2) {
            // A range far away would make the store as long as the way to it.
            boolean pair =
                    i + 1 < bins.size()
                            && bins.get(i).isInt()
                            && bins.get(i).intValue() >= LOWEST
                            && bins.get(i).intValue() <= HIGHEST
                            && bins.get(i).intValue() > last
                            && bins.get(i + 1).isIntegralNumber()
                            && bins.get(i + 1).canConvertToLong()
                            && bins.get(i + 1).longValue() >= 1
                            && bins.get(i + 1).longValue() <= Profile.ROWS_MAX;
            if (!pair) {
                fields.violation(name, "must be pairs of a range and a count, ascending");
                return new PaginatedStore();
            }
            last = bins.get(i).intValue();
            store.add((int) last, (double) bins.get(i + 1).longValue());
        }
        return store;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantiles quantiles && quantiles.json().equals(json());
    }

    @Override
    public int hashCode() {
        return json().hashCode();
    }

    @Override
    public String toString() {
        return json().toString();
    }
}
