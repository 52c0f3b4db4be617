package dev.davy.web.report;

import java.util.List;
import java.util.Locale;

/// Pictures for a [Report], as SVG: the reference is a pale band, the current data an accent line.
public final class Drawing {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 96;
    private static final int FOOT = 16;

    private Drawing() {}

    /// Shares of both, bin by bin, from 0 up: the reference filled, the current ones as a line over
    /// it.
    ///
    /// @param edges one more than there are bins
    /// @param current empty where there is only one sample
    public static String histogram(double[] edges, double[] reference, double[] current) {
        double top = Math.max(max(reference), max(current));
        int bins = reference.length;
        double step = (double) WIDTH / bins;
        var svg = begin();
        for (int i = 0; i < bins; i++)
            svg.append(
                    "<rect class=\"reference\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>"
                            .formatted(
                                    i * step,
                                    y(reference[i], top),
                                    Math.max(0.5, step - 0.6),
                                    HEIGHT - y(reference[i], top)));
        if (current.length > 0) {
            svg.append("<path class=\"current\" d=\"M0 ").append(number(HEIGHT));
            for (int i = 0; i < bins; i++)
                svg.append("V%s H%s".formatted(number(y(current[i], top)), number((i + 1) * step)));
            svg.append("V").append(HEIGHT).append("\"/>");
        }
        axis(svg);
        label(svg, 0, "start", shown(edges[0]));
        label(svg, WIDTH, "end", shown(edges[edges.length - 1]));
        return svg.append("</svg>").toString();
    }

    /// One bar a name, from the left: the reference filled, the current ones as an outline over it.
    ///
    /// @param reference shares
    /// @param current empty where there is only one sample
    public static String bars(List<String> names, double[] reference, double[] current) {
        int row = 22;
        double top = Math.max(1e-9, Math.max(max(reference), max(current)));
        var svg =
                new StringBuilder(
                        "<svg viewBox=\"0 0 %d %d\" role=\"img\">"
                                .formatted(WIDTH, row * names.size()));
        int left = 110;
        for (int i = 0; i < names.size(); i++) {
            double width = (WIDTH - left - 44) * reference[i] / top;
            svg.append(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                            .formatted(left - 6, i * row + 14, Report.escaped(cut(names.get(i)))));
            svg.append(
                    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\"/>"
                            .formatted("reference", left, i * row + 3, Math.max(0.5, width)));
            double share = reference[i];
            if (current.length > 0) {
                share = current[i];
                svg.append(
                        "<rect class=\"current\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"10\"/>"
                                .formatted(
                                        left,
                                        i * row + 5,
                                        Math.max(0.5, (WIDTH - left - 44) * current[i] / top)));
            }
            double end = Math.max(width, (WIDTH - left - 44) * share / top);
            svg.append(
                    "<text x=\"%.1f\" y=\"%d\">%s</text>"
                            .formatted(left + end + 5, i * row + 14, percent(share)));
        }
        return svg.append("</svg>").toString();
    }

    /// A value a step of time, as a line; what is not finite is a gap.
    ///
    /// @param limit drawn as a thin line where it is finite
    public static String line(double[] values, double limit, String from, String to) {
        double low = 0;
        double top = Double.isFinite(limit) ? limit : 0;
        for (double value : values)
            if (Double.isFinite(value)) {
                top = Math.max(top, value);
                low = Math.min(low, value);
            }
        if (top <= low) top = low + 1;
        var svg = begin();
        double step = (double) WIDTH / Math.max(1, values.length - 1);
        var path = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                drawing = false;
                continue;
            }
            path.append(drawing ? "L" : "M")
                    .append(number(i * step))
                    .append(' ')
                    .append(number(y(values[i] - low, top - low)));
            drawing = true;
        }
        if (Double.isFinite(limit))
            svg.append(
                    "<path class=\"axis\" d=\"M0 %s H%d\" stroke-dasharray=\"4 3\"/>"
                            .formatted(number(y(limit - low, top - low)), WIDTH));
        svg.append("<path class=\"current\" d=\"").append(path).append("\"/>");
        axis(svg);
        label(svg, 0, "start", from);
        label(svg, WIDTH, "end", to);
        svg.append("<text x=\"0\" y=\"10\">").append(shown(top)).append("</text>");
        return svg.append("</svg>").toString();
    }

    private static StringBuilder begin() {
        return new StringBuilder(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\">".formatted(WIDTH, HEIGHT + FOOT));
    }

    private static void axis(StringBuilder svg) {
        svg.append("<path class=\"axis\" d=\"M0 %d H%d\"/>".formatted(HEIGHT, WIDTH));
    }

    private static void label(StringBuilder svg, int x, String anchor, String text) {
        svg.append(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>"
                        .formatted(x, HEIGHT + 13, anchor, Report.escaped(text)));
    }

    private static double y(double value, double top) {
        return top <= 0 ? HEIGHT : HEIGHT - 84 * Math.max(0, value) / top;
    }

    private static String cut(String name) {
        return name.length() > 18 ? name.substring(0, 17) + "…" : name;
    }

    private static double max(double[] values) {
        double max = 0;
        for (double value : values) if (Double.isFinite(value)) max = Math.max(max, value);
        return max;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /// Three significant digits; whole numbers as they are; `−` where there is none.
    public static String shown(double value) {
        if (Double.isNaN(value)) return "−";
        if (Double.isInfinite(value)) return value > 0 ? "∞" : "-∞";
        if (value == Math.rint(value) && Math.abs(value) < 1e6) return Long.toString((long) value);
        double size = Math.abs(value);
        if (size >= 1e6 || size < 1e-4) return String.format(Locale.ROOT, "%.2e", value);
        int digits = (int) Math.max(0, 2 - Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
