package dev.davy.cli;

import dev.davy.cli.Svg.Ink;
import java.util.List;
import java.util.Locale;

/// Pictures of quality for a [Report], as SVG: values with their intervals, curves, a matrix.
final class Picture {
    private Picture() {}

    /// A value with an interval, under a name.
    ///
    /// @param odd to be seen first
    record Line(String name, double value, double low, double high, boolean odd) {}

    private static final int NAMES = 116;
    private static final int WIDTH = 340;
    private static final int ROW = 24;

    /// Values one under another, each with its interval as a band; a dashed line where all together
    /// stand, NaN for none. The axis says its ends, so it need not begin at 0.
    static String intervals(List<Line> lines, double all, String caption) {
        double low = all;
        double high = all;
        for (var line : lines) {
            low = least(low, least(line.value, line.low));
            high = -least(-high, least(-line.value, -line.high));
        }
        if (Double.isNaN(low)) return "";
        double room = high > low ? (high - low) * 0.05 : Math.max(1e-9, Math.abs(high) * 0.05);
        double from = low >= 0 ? Math.max(0, low - room) : low - room;
        double to = high <= 1 ? Math.min(1, high + room) : high + room;
        if (to <= from) to = from + room;
        int height = lines.size() * ROW + 28;
        var svg = new Svg(WIDTH, height, caption);
        int right = WIDTH - 46;
        for (int tick = 0; tick <= 2; tick++) {
            double x = NAMES + (right - NAMES) * tick / 2.0;
            svg.line(Ink.GRID, x, 0, x, height - 22);
            svg.text("middle", x, height - 6, number(from + (to - from) * tick / 2));
        }
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            double y = i * ROW + ROW / 2.0;
            svg.named("start", 0, y + 4, tail(line.name));
            double x = at(line.value, from, to, NAMES, right);
            if (!Double.isNaN(line.low)) {
                double left = at(line.low, from, to, NAMES, right);
                svg.rectangle(
                        Ink.BAND, left, y - 7, at(line.high, from, to, NAMES, right) - left, 14);
            }
            if (!Double.isNaN(line.value)) svg.circle(line.odd ? Ink.ODD : Ink.DOT, x, y, 4);
            svg.named("end", WIDTH, y + 4, number(line.value));
        }
        if (!Double.isNaN(all)) {
            double x = at(all, from, to, NAMES, right);
            svg.line(Ink.EVEN, x, 0, x, height - 22);
        }
        return svg.end();
    }

    private static double least(double a, double b) {
        if (Double.isNaN(a)) return b;
        return Double.isNaN(b) ? a : Math.min(a, b);
    }

    private static double at(double value, double from, double to, double left, double right) {
        return left + (right - left) * (Math.clamp(value, from, to) - from) / (to - from);
    }

    // Of `column = value` the value says more.
    private static String tail(String name) {
        int length = 18;
        int points = name.codePointCount(0, name.length());
        if (points <= length || !name.contains(" = ")) return shortened(name, length);
        return "…" + name.substring(name.offsetByCodePoints(0, points - length + 1));
    }

    private static String shortened(String name, int length) {
        return name.codePointCount(0, name.length()) <= length
                ? name
                : name.substring(0, name.offsetByCodePoints(0, length - 1)) + "…";
    }

    /// A point of a square picture from 0 to 1 both ways.
    ///
    /// @param low of its interval upward; NaN for none
    record Point(double x, double y, double low, double high) {}

    private static final int SIDE = 250;

    private static final String[] SHARES = {"0", "0.25", "0.5", "0.75", "1"};

    /// A line through points of 0 to 1, with their intervals as a band, against the diagonal.
    static String square(List<Point> points, String across, String up, String caption) {
        var svg = new Svg(SIDE + 56, SIDE + 44, caption);
        for (int tick = 0; tick <= 4; tick++) {
            double share = tick / 4.0;
            double x = 44 + SIDE * share;
            double y = 8 + SIDE * (1 - share);
            svg.line(Ink.GRID, x, 8, x, 8 + SIDE);
            svg.line(Ink.GRID, 44, y, 44 + SIDE, y);
            svg.text("middle", x, SIDE + 24, SHARES[tick]);
            svg.text("end", 38, y + 4, SHARES[tick]);
        }
        svg.line(Ink.EVEN, 44, 8 + SIDE, 44 + SIDE, 8);
        var band = new StringBuilder();
        var line = new StringBuilder();
        for (var point : points) {
            line.append(place(point.x, point.y));
            if (!Double.isNaN(point.low)) band.append(place(point.x, point.high));
        }
        for (var point : points.reversed())
            if (!Double.isNaN(point.low)) band.append(place(point.x, point.low));
        if (!band.isEmpty()) svg.polygon(Ink.BAND, band.toString());
        svg.polyline(Ink.LINE, line.toString());
        if (points.size() <= 30)
            for (var point : points)
                svg.circle(Ink.DOT, 44 + SIDE * point.x, 8 + SIDE * (1 - point.y), 3);
        svg.text("middle", 44 + SIDE / 2.0, SIDE + 40, across);
        svg.upward(9, 8 + SIDE / 2.0, up);
        return svg.end();
    }

    private static String place(double x, double y) {
        return String.format(Locale.ROOT, "%.1f,%.1f ", 44 + SIDE * x, 8 + SIDE * (1 - y));
    }

    /// Counts of what was true against what was predicted, each row's shares as shades.
    static String matrix(List<String> names, double[][] table, String caption) {
        int left = 92;
        int cell = Math.clamp(240 / names.size(), 20, 60);
        var svg = new Svg(left + cell * names.size() + 8, 40 + cell * names.size(), caption);
        svg.text("start", 0, 14, "true ↓  predicted →");
        for (int t = 0; t < table.length; t++) {
            double sum = 0;
            for (double each : table[t]) sum += each;
            double y = 32 + t * cell;
            svg.named("end", left - 8, y + cell / 2.0 + 4, shortened(names.get(t), 13));
            svg.named(
                    "middle",
                    left + t * cell + cell / 2.0,
                    26,
                    shortened(names.get(t), Math.max(2, cell / 7)));
            for (int p = 0; p < table.length; p++) {
                double share = sum == 0 ? 0 : table[t][p] / sum;
                svg.shade(t == p ? Ink.BAND : Ink.ODD, left + p * cell, y, cell - 2, share);
                if (cell >= 40 || table[t][p] > 0)
                    svg.named(
                            "middle",
                            left + p * cell + cell / 2.0 - 1,
                            y + cell / 2.0 + 4,
                            cell >= 40 || table[t][p] < 1_000 ? number(table[t][p]) : "…");
            }
        }
        return svg.end();
    }

    /// Three significant digits, as a person reads them; nothing for what is no number.
    static String number(double given) {
        if (Double.isNaN(given)) return "";
        if (Double.isInfinite(given)) return given > 0 ? "∞" : "-∞";
        // 0.9999999999999998 is 1 to a person.
        double value = Math.abs(given) < 1 ? Math.rint(given * 1e12) / 1e12 : given;
        if (value == 0) value = given;
        double size = Math.abs(value);
        if (size >= 1e6 || size > 0 && size < 1e-4)
            return String.format(Locale.ROOT, "%.2e", value);
        if (value == Math.rint(value)) return String.format(Locale.ROOT, "%.0f", value);
        int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
