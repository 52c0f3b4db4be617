package dev.davy.cli;

import dev.davy.web.report.Report;
import java.util.Locale;

/// Shapes and texts of one picture; units are pixels at its natural size, colours the page's.
final class Svg {
    /// What a shape is for.
    enum Ink {
        GRID("stroke:var(--line);opacity:.6"),
        /// What would be even, or all together.
        EVEN("stroke:var(--dim);stroke-dasharray:3 3;fill:none"),
        BAND("fill:var(--band);opacity:.55"),
        LINE("stroke:var(--ink);stroke-width:1.8;fill:none"),
        DOT("fill:var(--ink)"),
        /// To be seen first.
        ODD("fill:var(--accent)");

        private final String style;

        Ink(String style) {
            this.style = style;
        }
    }

    private final StringBuilder out = new StringBuilder();

    Svg(double width, double height, String label) {
        add(
                "<svg width=\"%1$.0f\" height=\"%2$.0f\" viewBox=\"0 0 %1$.0f %2$.0f\""
                        + " role=\"img\" aria-label=\"%3$s\">",
                width, height, Report.escaped(label));
    }

    @SuppressWarnings("AnnotateFormatMethod") // every format stands in this file
    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }

    void line(Ink ink, double x1, double y1, double x2, double y2) {
        add(
                "<line style=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                ink.style, x1, y1, x2, y2);
    }

    void rectangle(Ink ink, double x, double y, double width, double height) {
        add(
                "<rect style=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>",
                ink.style, x, y, Math.max(1, width), height);
    }

    /// A square, the more filled the higher its share.
    void shade(Ink ink, double x, double y, double side, double share) {
        add(
                "<rect style=\"%s;opacity:%.2f\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
                        + " height=\"%.1f\" rx=\"2\"/>",
                ink.style, 0.08 + 0.8 * share, x, y, side, side);
    }

    void circle(Ink ink, double x, double y, double radius) {
        add("<circle style=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", ink.style, x, y, radius);
    }

    /// @param points pairs `x,y` with spaces between
    void polyline(Ink ink, String points) {
        add("<polyline style=\"%s\" points=\"%s\"/>", ink.style, points.strip());
    }

    void polygon(Ink ink, String points) {
        add("<polygon style=\"%s\" points=\"%s\"/>", ink.style, points.strip());
    }

    /// @param anchor which part of the text stands at x: `start`, `middle`, `end`
    void text(String anchor, double x, double y, String text) {
        add(
                "<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                anchor, x, y, Report.escaped(text));
    }

    /// A name, or a number that is the picture's point.
    void named(String anchor, double x, double y, String text) {
        add(
                "<text style=\"fill:var(--ink)\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                anchor, x, y, Report.escaped(text));
    }

    void upward(double x, double y, String text) {
        add(
                "<text text-anchor=\"middle\" transform=\"translate(%.1f %.1f) rotate(-90)\">%s</text>",
                x, y, Report.escaped(text));
    }

    String end() {
        return out + "</svg>";
    }
}
