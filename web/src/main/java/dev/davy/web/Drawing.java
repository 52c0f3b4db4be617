package dev.davy.web;

import dev.davy.monitoring.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// The distribution of one column, ready to be drawn: now as bars, before as a band behind them.
///
/// @param numeric whether it is drawn over a scale; else as one bar a text
/// @param bars now, left to right or most frequent first
/// @param from the least number on the scale
/// @param to the greatest
/// @param band the outline of the distribution before, as the points of an SVG polygon on a field
///   of 100 by 40; empty where there was none
public record Drawing(boolean numeric, List<Bar> bars, String from, String to, String band) {
    /// The field that the bars of a scale are drawn on.
    static final double WIDE = 100;

    static final double HIGH = 40;
    private static final int BARS = 25;

    /// More texts than this become "other".
    private static final int TEXTS = 8;

    /// Of how many rows both sides must be, before a difference says anything.
    private static final int ROWS_LEAST = 50;

    /// One bar.
    ///
    /// @param label the text, or the range of numbers
    /// @param share of all rows
    /// @param before the same before; empty where nothing is known
    /// @param x on the field
    /// @param y on the field
    /// @param kind `value`, `other`, `missing`
    public record Bar(
            String label,
            double share,
            OptionalDouble before,
            double x,
            double y,
            double width,
            double height,
            String kind) {
        /// The share in percent of the width, for a bar that lies.
        public String percent() {
            return Figures.number(100 * share);
        }

        public String percentBefore() {
            return Figures.number(100 * before.orElse(0));
        }

        public String said() {
            return Figures.share(share);
        }
    }

    private static final Drawing NOTHING = new Drawing(true, List.of(), "", "", "");

    static Drawing of(Measure now, Measure before) {
        if (now.moments().count() >= now.texts().count() && now.moments().count() > 0)
            return numbers(now, before);
        return now.texts().count() > 0 || now.missing() > 0 ? texts(now, before) : NOTHING;
    }

    private static Drawing numbers(Measure now, Measure before) {
        var here = now.histogram(BARS);
        double from = here.getFirst().from();
        double to = here.getLast().to();
        boolean point = !(to > from);
        if (point) {
            from -= 0.5;
            to += 0.5;
            here = now.histogram(from, to, BARS);
        }
        var there =
                before.moments().count() == 0
                        ? List.<Measure.Bar>of()
                        : before.histogram(from, to, BARS);
        double most = 0;
        double rows = now.moments().count();
        double rowsBefore = before.moments().count();
        for (var bar : here) most = Math.max(most, bar.count() / rows);
        for (var bar : there) most = Math.max(most, bar.count() / rowsBefore);
        var bars = new ArrayList<Bar>();
        double width = WIDE / BARS;
        for (int i = 0; i < here.size(); i++) {
            double share = here.get(i).count() / rows;
            double height = round(HIGH * share / most);
            var then =
                    there.isEmpty()
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(there.get(i).count() / rowsBefore);
            bars.add(
                    new Bar(
                            Figures.number(here.get(i).from())
                                    + " to "
                                    + Figures.number(here.get(i).to()),
                            share,
                            then,
                            round(i * width + 0.4),
                            round(HIGH - height),
                            width - 0.8,
                            height,
                            "value"));
        }
        return new Drawing(
                true,
                bars,
                point ? "" : Figures.number(from),
                point ? "" : Figures.number(to),
                band(there, rowsBefore, most));
    }

    private static String band(List<Measure.Bar> before, double rows, double most) {
        if (before.isEmpty()) return "";
        var points = new StringBuilder("0,40");
        double width = WIDE / before.size();
        for (int i = 0; i < before.size(); i++) {
            double y = round(HIGH - HIGH * (before.get(i).count() / rows) / most);
            points.append(' ').append(round(i * width)).append(',').append(y);
            points.append(' ').append(round((i + 1) * width)).append(',').append(y);
        }
        return points.append(" 100,40").toString();
    }

    private static double round(double number) {
        return Math.round(number * 100) / 100.0;
    }

    private static Drawing texts(Measure now, Measure before) {
        double rows = Math.max(1, now.count());
        double rowsBefore = before.count();
        var bars = new ArrayList<Bar>();
        var sorted = new ArrayList<>(now.texts().values().entrySet());
        sorted.sort((a, b) -> {
            int byCount = Long.compare(b.getValue(), a.getValue());
            return byCount != 0 ? byCount : a.getKey().compareTo(b.getKey());
        });
        // Classes that came before and not now are part of the picture.
        for (var text : before.texts().values().keySet())
            if (!now.texts().values().containsKey(text)) sorted.add(java.util.Map.entry(text, 0L));
        long other = now.texts().other();
        long otherBefore = before.texts().other();
        for (int i = 0; i < sorted.size(); i++) {
            var each = sorted.get(i);
            long then = before.texts().of(each.getKey());
            if (i >= TEXTS && sorted.size() > TEXTS + 1) {
                other += each.getValue();
                otherBefore += then;
            } else bars.add(bar(each.getKey(), each.getValue(), rows, then, rowsBefore, "value"));
        }
        if (other > 0) bars.add(bar("other", other, rows, otherBefore, rowsBefore, "other"));
        long missing = now.missing();
        if (missing > 0)
            bars.add(bar("missing", missing, rows, before.missing(), rowsBefore, "missing"));
        return new Drawing(false, bars, "", "", "");
    }

    private static Bar bar(
            String label, long count, double rows, long then, double rowsBefore, String kind) {
        var before =
                rowsBefore == 0 ? OptionalDouble.empty() : OptionalDouble.of(then / rowsBefore);
        return new Bar(label, count / rows, before, 0, 0, 0, 0, kind);
    }

    /// How far the column moved between before and now: the largest difference of the cumulated
    /// shares of numbers (Kolmogorov and Smirnov's D over the bars), or half the sum of the
    /// differences of shares of texts (total variation), with missing values as one of them. From 0
    /// to 1, less what chance makes of samples of this size; 0 where there are too few rows.
    static double moved(Measure now, Measure before) {
        long n = now.count();
        long m = before.count();
        if (n < ROWS_LEAST || m < ROWS_LEAST) return 0;
        double distance = Math.abs((double) now.missing() / n - (double) before.missing() / m);
        if (now.moments().count() > 0 && before.moments().count() > 0) {
            double from = Math.min(now.moments().min(), before.moments().min());
            double to = Math.max(now.moments().max(), before.moments().max());
            var here = now.histogram(from, to, 200);
            var there = before.histogram(from, to, 200);
            double sum = 0;
            for (int i = 0; i < Math.min(here.size(), there.size()); i++) {
                sum += here.get(i).count() / now.moments().count();
                sum -= there.get(i).count() / before.moments().count();
                distance = Math.max(distance, Math.abs(sum));
            }
        }
        if (now.texts().count() > 0 || before.texts().count() > 0) {
            var texts = new TreeMap<>(now.texts().values());
            texts.putAll(before.texts().values());
            double sum =
                    Math.abs((double) now.texts().other() / n - (double) before.texts().other() / m)
                            + Math.abs((double) now.missing() / n - (double) before.missing() / m);
            for (var text : texts.keySet())
                sum +=
                        Math.abs(
                                (double) now.texts().of(text) / n
                                        - (double) before.texts().of(text) / m);
            distance = Math.max(distance, sum / 2 - 0.5 * (texts.size() - 1) * noise(n, m) / 3);
        }
        return Math.max(0, distance - noise(n, m));
    }

    /// What D of two samples of one distribution exceeds once in a hundred times (Smirnov 1939).
    private static double noise(long n, long m) {
        return 1.63 * Math.sqrt((double) (n + m) / ((double) n * m));
    }
}
