package dev.davy.monitoring;

import java.util.OptionalDouble;
import java.util.function.ObjLongConsumer;

/// The distribution of finite numbers in a few bytes: a logarithmic histogram that becomes coarser,
/// everywhere alike, when it would need too many ranges (UDDSketch: Epicoco, Melle, Cafaro and
/// Pulimeno 2020).
///
/// It begins at [#FINEST] of a value, so that temperatures between 290 and 310 are told apart as
/// well as amounts over five decades, and few different numbers are counted exactly. How coarse it
/// is follows from the set of numbers alone, so merging is exact: associative and commutative to
/// the bit, unlike with sketches that draw chance.
public final class Sketch {
    /// The relative error of a quantile as long as nothing was made coarser.
    public static final double FINEST = 1e-4;

    private static final double LN_GAMMA = StrictMath.log((1 + FINEST) / (1 - FINEST));

    /// After so many halvings each sign has two ranges left.
    private static final int LEVEL_MAX = 23;

    private final int binsMost;
    private final Bins negative;
    private final Bins positive;
    private long zeros;
    private int level;

    private Sketch(int binsMost, int level, long zeros, Bins negative, Bins positive) {
        this.binsMost = binsMost;
        this.level = level;
        this.zeros = zeros;
        this.negative = negative;
        this.positive = positive;
    }

    /// Of no numbers.
    ///
    /// @param binsMost how many ranges it may have, at least 8
    Sketch(int binsMost) {
        this(binsMost, 0, 0, new Bins(), new Bins());
    }

    /// One more number, which must be finite. Before this is given to anybody only.
    void add(double number) {
        add(number, 1);
    }

    /// The same number so many times.
    void add(double number, long times) {
        if (number == 0) {
            zeros += times;
            return;
        }
        int index = (int) Math.floor(StrictMath.log(Math.abs(number)) / LN_GAMMA) >> level;
        (number > 0 ? positive : negative).add(index, times);
        shrink();
    }

    private void shrink() {
        while (negative.size + positive.size > binsMost && level < LEVEL_MAX) halve();
    }

    private void halve() {
        negative.halve();
        positive.halve();
        level++;
    }

    Sketch copy() {
        return new Sketch(binsMost, level, zeros, negative.copy(), positive.copy());
    }

    /// Both sets of numbers as one.
    public Sketch merge(Sketch other) {
        var both = copy();
        var more = other.copy();
        while (both.level < more.level) both.halve();
        while (more.level < both.level) more.halve();
        both.zeros += more.zeros;
        for (int i = 0; i < more.negative.size; i++)
            both.negative.add(more.negative.indexes[i], more.negative.counts[i]);
        for (int i = 0; i < more.positive.size; i++)
            both.positive.add(more.positive.indexes[i], more.positive.counts[i]);
        both.shrink();
        return both;
    }

    /// How often it was made coarser: each time two neighbouring ranges became one.
    int level() {
        return level;
    }

    /// The same numbers in ranges that are at least as coarse as those of this level.
    Sketch coarser(int atLeast) {
        var coarser = copy();
        while (coarser.level < Math.min(atLeast, LEVEL_MAX)) coarser.halve();
        return coarser;
    }

    /// Numbers that were counted.
    ///
    /// @param numbers the middles of the ranges, ascending; two sketches of one level have the same
    @SuppressWarnings("ArrayRecordComponent") // made anew for each who asks
    record Counted(double[] numbers, long[] counts) {}

    Counted counted() {
        int size = negative.size + positive.size + (zeros > 0 ? 1 : 0);
        var numbers = new double[size];
        var counts = new long[size];
        int at = 0;
        for (int i = negative.size - 1; i >= 0; i--) {
            numbers[at] = -middle(negative.indexes[i]);
            counts[at++] = negative.counts[i];
        }
        if (zeros > 0) counts[at++] = zeros;
        for (int i = 0; i < positive.size; i++) {
            numbers[at] = middle(positive.indexes[i]);
            counts[at++] = positive.counts[i];
        }
        return new Counted(numbers, counts);
    }

    public long count() {
        return zeros + negative.total() + positive.total();
    }

    /// The relative error of a quantile: how far it may be from a number that came.
    public double accuracy() {
        double gamma = Math.exp(LN_GAMMA * (1L << level));
        return Double.isInfinite(gamma) ? 1 : (gamma - 1) / (gamma + 1);
    }

    /// The number below which a share of the numbers lies, to [#accuracy] of its value; empty where
    /// there are none.
    public OptionalDouble at(double share) {
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("share is " + share);
        long count = count();
        if (count == 0) return OptionalDouble.empty();
        long rank = (long) (share * (count - 1));
        for (int i = negative.size - 1; i >= 0; i--)
            if ((rank -= negative.counts[i]) < 0)
                return OptionalDouble.of(-middle(negative.indexes[i]));
        if ((rank -= zeros) < 0) return OptionalDouble.of(0);
        for (int i = 0; i < positive.size; i++)
            if ((rank -= positive.counts[i]) < 0)
                return OptionalDouble.of(middle(positive.indexes[i]));
        throw new IllegalStateException("the ranges hold less than " + count);
    }

    /// A range of numbers: from its lower to its upper end.
    public record Range(double from, double to) {}

    /// The ranges, ascending, each with how many numbers fell into it.
    public void each(ObjLongConsumer<Range> take) {
        for (int i = negative.size - 1; i >= 0; i--)
            take.accept(
                    new Range(-edge(negative.indexes[i] + 1L), -edge(negative.indexes[i])),
                    negative.counts[i]);
        if (zeros > 0) take.accept(new Range(0, 0), zeros);
        for (int i = 0; i < positive.size; i++)
            take.accept(
                    new Range(edge(positive.indexes[i]), edge(positive.indexes[i] + 1L)),
                    positive.counts[i]);
    }

    private double edge(long index) {
        double edge = Math.exp(LN_GAMMA * ((double) index * (1L << level)));
        return Math.min(edge, Double.MAX_VALUE);
    }

    /// Where the relative distance to both ends is the same.
    private double middle(int index) {
        double from = edge(index);
        double to = edge(index + 1L);
        return from / (from + to) * 2 * to;
    }

    void write(Bytes out) {
        out.number(level);
        out.number(zeros);
        write(out, negative);
        write(out, positive);
    }

    private static void write(Bytes out, Bins bins) {
        out.number(bins.size);
        for (int i = 0; i < bins.size; i++) {
            if (i == 0) out.signed(bins.indexes[0]);
            else out.number(bins.indexes[i] - bins.indexes[i - 1] - 1);
            out.number(bins.counts[i]);
        }
    }

    static Sketch read(Bytes in, int binsMost) {
        int level = (int) in.number();
        long zeros = in.number();
        return new Sketch(binsMost, level, zeros, bins(in), bins(in));
    }

    private static Bins bins(Bytes in) {
        var bins = new Bins();
        int size = (int) in.number();
        int index = 0;
        for (int i = 0; i < size; i++) {
            index = i == 0 ? (int) in.signed() : index + 1 + (int) in.number();
            bins.add(index, in.number());
        }
        return bins;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sketch sketch
                && level == sketch.level
                && zeros == sketch.zeros
                && negative.equals(sketch.negative)
                && positive.equals(sketch.positive);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * negative.hashCode() + positive.hashCode()) + Long.hashCode(zeros);
    }

    @Override
    public String toString() {
        return count() + " numbers, median " + at(0.5);
    }
}
