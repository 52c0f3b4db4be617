package dev.davy.monitoring;

import dev.davy.stats.Moments;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// What was seen of one column, input or output.
///
/// @param count rows that should have had a value
/// @param missing rows without one
/// @param nan rows whose number was not a number
/// @param infinite rows whose number was infinite
/// @param opaque rows whose value can't be summed up: hashed, a long vector
/// @param moments of the finite numbers
/// @param numbers their distribution
/// @param texts how often each text came; `true` and `false` are texts
public record Measure(
        long count,
        long missing,
        long nan,
        long infinite,
        long opaque,
        Moments moments,
        Sketch numbers,
        Shares texts) {

    /// So many ranges, and so much room for texts, that a window of 20 columns and a minute stays
    /// below 4 kB.
    static final int BINS = 40;

    static final int TEXTS = 150;

    /// Of no rows.
    static Measure none(int bins, int texts) {
        return new Measure(0, 0, 0, 0, 0, Moments.NONE, new Sketch(bins), new Shares(texts));
    }

    /// Both as one.
    public Measure merge(Measure other) {
        return new Measure(
                count + other.count,
                missing + other.missing,
                nan + other.nan,
                infinite + other.infinite,
                opaque + other.opaque,
                moments.merge(other.moments),
                numbers.merge(other.numbers),
                texts.merge(other.texts));
    }

    /// The share of rows without a value; empty where there were no rows.
    public OptionalDouble missingShare() {
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) missing / count);
    }

    /// The number below which a share of the numbers lies, never outside of what came; empty where
    /// there are no numbers.
    public OptionalDouble quantile(double share) {
        if (moments.count() == 0) return OptionalDouble.empty();
        if (share == 0) return OptionalDouble.of(moments.min());
        if (share == 1) return OptionalDouble.of(moments.max());
        return OptionalDouble.of(
                Math.clamp(numbers.at(share).orElseThrow(), moments.min(), moments.max()));
    }

    /// A bar of a histogram.
    public record Bar(double from, double to, double count) {}

    /// The distribution in bars of one width, from the least to the greatest number but for the
    /// outermost half percent where these lie far off; what lies outside counts to the outermost
    /// bars. A range of the sketch that covers several bars is spread evenly over them.
    public List<Bar> histogram(int bars) {
        if (moments.count() == 0) return List.of();
        double from = quantile(0.005).orElseThrow();
        double to = quantile(0.995).orElseThrow();
        if (moments.max() - moments.min() <= 2 * (to - from)) {
            from = moments.min();
            to = moments.max();
        }
        return histogram(from, to, bars);
    }

    /// As above, between these ends.
    public List<Bar> histogram(double from, double to, int bars) {
        if (!(to > from)) return List.of(new Bar(from, from, moments.count()));
        var heights = new double[bars];
        double width = (to - from) / bars;
        numbers.each((range, count) -> spread(range, count, from, width, heights));
        var list = new ArrayList<Bar>(bars);
        for (int i = 0; i < bars; i++)
            list.add(new Bar(from + i * width, from + (i + 1) * width, heights[i]));
        return list;
    }

    private void spread(
            Sketch.Range range, long count, double from, double width, double[] heights) {
        double low = Math.max(range.from(), moments.min());
        double high = Math.min(range.to(), moments.max());
        int first = bar((low - from) / width, heights.length);
        int last = bar((high - from) / width, heights.length);
        // A range as fine as a number is one number: its middle says where.
        boolean point = !(high > low) || high - low < width / 4;
        if (first == last || point) {
            heights[bar(((low + high) / 2 - from) / width, heights.length)] += count;
            return;
        }
        for (int i = first; i <= last; i++) {
            double begin = i == first ? low : from + i * width;
            double end = i == last ? high : from + (i + 1) * width;
            heights[i] += count * Math.max(0, end - begin) / (high - low);
        }
    }

    private static int bar(double at, int bars) {
        return (int) Math.clamp(Math.floor(at), 0, bars - 1);
    }

    /// The standard deviation; empty for fewer than two numbers.
    public OptionalDouble deviation() {
        var variance = moments.variance();
        return variance.isEmpty() ? variance : OptionalDouble.of(Math.sqrt(variance.getAsDouble()));
    }

    void write(Bytes out) {
        out.number(count);
        out.number(missing);
        out.number(nan);
        out.number(infinite);
        out.number(opaque);
        out.number(moments.count());
        if (moments.count() > 0) {
            out.real(moments.mean());
            out.real(moments.squares());
            out.real(moments.min());
            out.real(moments.max());
            numbers.write(out);
        }
        texts.write(out);
    }

    static Measure read(Bytes in, int bins, int room) {
        long count = in.number();
        long missing = in.number();
        long nan = in.number();
        long infinite = in.number();
        long opaque = in.number();
        long finite = in.number();
        var moments =
                finite == 0
                        ? Moments.NONE
                        : new Moments(finite, in.real(), in.real(), in.real(), in.real());
        var numbers = finite == 0 ? new Sketch(bins) : Sketch.read(in, bins);
        return new Measure(
                count, missing, nan, infinite, opaque, moments, numbers, Shares.read(in, room));
    }

    /// A measure in the making.
    static final class Builder {
        private final Sketch numbers;
        private final Shares texts;
        private Moments moments = Moments.NONE;
        private long count;
        private long missing;
        private long nan;
        private long infinite;
        private long opaque;

        Builder(int bins, int room) {
            numbers = new Sketch(bins);
            texts = new Shares(room);
        }

        void missing() {
            count++;
            missing++;
        }

        void opaque() {
            count++;
            opaque++;
        }

        void number(double number) {
            count++;
            if (Double.isNaN(number)) nan++;
            else if (Double.isInfinite(number)) infinite++;
            else {
                moments = moments.merge(new Moments(1, number, 0, number, number));
                numbers.add(number);
            }
        }

        /// The same finite number so many times.
        void numbers(double number, long times) {
            count += times;
            moments = moments.merge(new Moments(times, number, 0, number, number));
            numbers.add(number, times);
        }

        void text(String text) {
            count++;
            texts.add(text);
        }

        /// Of a row that may have several, such as labels: counted once, by [#row].
        void label(String text) {
            texts.add(text);
        }

        void row() {
            count++;
        }

        Measure build() {
            return new Measure(
                    count, missing, nan, infinite, opaque, moments, numbers.copy(), texts.copy());
        }
    }
}
