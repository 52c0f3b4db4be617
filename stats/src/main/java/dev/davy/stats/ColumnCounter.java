package dev.davy.stats;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A [ColumnProfile] in the making: one value at a time, or a whole array of numbers.
public final class ColumnCounter {
    private static final double EXACT = 1L << 53;

    private long count;
    private long missing;
    private long nan;
    private long infinite;
    // The moments of the numbers that came one by one; of arrays they are in `moments`.
    private long single;
    private double mean;
    private double squares;
    private double min;
    private double max;
    private Moments moments = Moments.NONE;
    private final Quantiles quantiles = new Quantiles();
    private final NumberCounts numbers = new NumberCounts();
    // Whole numbers that a double can't name.
    private Frequencies large = new Frequencies();
    private final Frequencies texts = new Frequencies();
    private final Distinct distinct = new Distinct();
    private Moments lengths = Moments.NONE;
    private @Nullable Frequent frequent;
    private final double[] edges;
    private final long[] binned;
    // Filled anew for each array.
    private double[] scratch = new double[0];

    /// @param before rows that were counted before this column was first seen
    ColumnCounter(long before) {
        this(before, new double[0]);
    }

    /// @param edges of a histogram; none for none
    ColumnCounter(long before, double[] edges) {
        count = before;
        missing = before;
        this.edges = edges.clone();
        binned = new long[edges.length == 0 ? 0 : edges.length + 1];
    }

    /// @param edges of a histogram that is to be counted, ascending; none for none
    public static ColumnCounter of(double... edges) {
        return new ColumnCounter(0, edges);
    }

    long count() {
        return count;
    }

    /// One value: a number, a text, a boolean, an `Instant` (counted as seconds since 1970), or
    /// anything else, which is only counted; `null` is missing.
    public void add(@Nullable Object value) {
        count++;
        // The two that come most, before a switch that looks for all.
        if (value instanceof Double number) {
            number(number);
            return;
        }
        if (value instanceof Long number) {
            whole(number);
            return;
        }
        switch (value) {
            case null -> missing++;
            case Float number -> number(number);
            case Integer number -> number(number);
            case Number number -> number(number.doubleValue());
            case CharSequence text -> text(text.toString());
            case Boolean flag -> text(flag.toString());
            case Instant time -> number(time.getEpochSecond() + time.getNano() / 1e9);
            default -> {} // counted, no more
        }
    }

    /// The first values of an array.
    public void add(double[] values, boolean[] without, int rows) {
        count += rows;
        int finite = 0;
        if (scratch.length < rows) scratch = new double[rows];
        var kept = scratch;
        for (int row = 0; row < rows; row++) {
            double value = values[row];
            if (without[row]) missing++;
            else if (Double.isFinite(value)) kept[finite++] = value;
            else notFinite(value);
        }
        numbers(kept, finite);
    }

    /// The first values of an array, which are the nearest floats.
    public void add(float[] values, boolean[] without, int rows) {
        var doubles = new double[rows];
        // The float's own value: its shortest decimal would cost more than all the rest.
        for (int row = 0; row < rows; row++) doubles[row] = values[row];
        add(doubles, without, rows);
    }

    /// The first values of an array.
    public void add(long[] values, boolean[] without, int rows) {
        var doubles = new double[rows];
        for (int row = 0; row < rows; row++) {
            if (!without[row] && Math.abs(values[row]) > (1L << 53)) {
                for (int each = 0; each < rows; each++) add(without[each] ? null : values[each]);
                return;
            }
            doubles[row] = values[row];
        }
        add(doubles, without, rows);
    }

    /// The first texts of an array in UTF-8, null where one is missing.
    public void add(byte[] @Nullable [] utf8, int rows) {
        for (int row = 0; row < rows; row++) {
            var text = utf8[row];
            add(text == null ? null : new String(text, StandardCharsets.UTF_8));
        }
    }

    /// All at once: a pass for the mean, one for the rest, which the compiler can do side by side.
    private void numbers(double[] values, int size) {
        if (size == 0) return;
        double sum = 0;
        double min = values[0];
        double max = values[0];
        for (int i = 0; i < size; i++) {
            double value = values[i];
            sum += value;
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        double mean = sum / size;
        if (!Double.isFinite(mean)) {
            for (int i = 0; i < size; i++) number(values[i]);
            return;
        }
        double squares = 0;
        for (int i = 0; i < size; i++) {
            double distance = values[i] - mean;
            squares += distance * distance;
        }
        moments = moments.merge(new Moments(size, Math.clamp(mean, min, max), squares, min, max));
        for (int i = 0; i < size; i++) {
            double value = values[i];
            quantiles.add(value);
            distinct.add(value);
        }
        if (numbers.dropped()) numbers.drop(size);
        else for (int i = 0; i < size; i++) numbers.add(values[i]);
        if (binned.length > 0) for (int i = 0; i < size; i++) bin(values[i]);
    }

    private void whole(long number) {
        if (Math.abs(number) <= EXACT) {
            number((double) number);
            return;
        }
        single((double) number);
        quantiles.add((double) number);
        var name = Long.toString(number);
        distinct.add(name);
        large.add(name);
        large = large.allOrNone();
        if (binned.length > 0) bin((double) number);
    }

    private void number(double number) {
        if (!Double.isFinite(number)) {
            notFinite(number);
            return;
        }
        single(number);
        quantiles.add(number);
        distinct.add(number);
        numbers.add(number);
        if (binned.length > 0) bin(number);
    }

    /// As [Moments#plus], without an object for each number.
    private void single(double number) {
        double distance = number - mean;
        if (single == 0 || Double.isInfinite(distance)) {
            var next = singles().plus(number);
            single = next.count();
            mean = next.mean();
            squares = next.squares();
            min = next.min();
            max = next.max();
            return;
        }
        single++;
        mean += distance / single;
        squares += Math.max(0, distance * (number - mean));
        min = Math.min(min, number);
        max = Math.max(max, number);
    }

    private Moments singles() {
        return single == 0 ? Moments.NONE : new Moments(single, mean, squares, min, max);
    }

    private void notFinite(double number) {
        missing++;
        if (Double.isNaN(number)) nan++;
        else infinite++;
    }

    private void bin(double number) {
        if (number == edges[edges.length - 1]) {
            binned[edges.length - 1]++;
            return;
        }
        int at = Arrays.binarySearch(edges, number);
        binned[at >= 0 ? at + 1 : -at - 1]++;
    }

    private void text(String given) {
        var text = Frequencies.text(given);
        texts.add(text);
        distinct.add(text);
        lengths = lengths.plus(given.codePointCount(0, given.length()));
        if (texts.complete()) return;
        if (frequent == null) {
            frequent = new Frequent();
            // Until now each was counted exactly, but for the one that is left out just now.
            texts.values().forEach(frequent::put);
        }
        frequent.add(text, 1);
    }

    /// How a number is called among the values that came: whole numbers without a point.
    static String name(double number) {
        boolean whole = number == Math.rint(number) && Math.abs(number) <= EXACT;
        return whole ? Long.toString((long) number) : Double.toString(number);
    }

    /// Whether a name is of a whole number that a double can't name.
    static boolean isLarge(String name) {
        return name.indexOf('.') < 0
                && name.indexOf('E') < 0
                && !(Math.abs(Double.parseDouble(name)) <= EXACT);
    }

    public ColumnProfile profile() {
        return new ColumnProfile(
                count,
                missing,
                nan,
                infinite,
                singles().merge(moments),
                quantiles.copy(),
                numbers.frequencies().merge(large).allOrNone(),
                texts.copy(),
                distinct.copy(),
                lengths,
                frequent == null ? new Frequent() : frequent.copy(),
                binned.length == 0
                        ? Bins.NONE
                        : new Bins(
                                Arrays.stream(edges).boxed().toList(),
                                Arrays.stream(binned).boxed().toList()));
    }
}
