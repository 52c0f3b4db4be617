package dev.davy.web;

import java.util.List;
import java.util.Locale;

/// The share that the model decides alone, against how often it errs there: as points of a drawing
/// that is 100 wide and 60 high, with nothing decided at the left and no error at the bottom.
///
/// @param title the version and slice
/// @param line the estimate
/// @param band where the error may lie
/// @param here what the threshold of now makes of it, as x; below 0: there is none
/// @param target the error that is allowed, as y; below 0: none is stated
/// @param most the error at the top, in words
/// @param dots the points, for the pointer
public record CurveDrawing(
        String title,
        String line,
        String band,
        double here,
        double target,
        String most,
        List<Dot> dots) {
    private static final double HIGH = 60;

    /// One threshold.
    public record Dot(double x, double y, String says) {}

    /// A threshold and what it comes to.
    record Point(double threshold, double alone, double error, double low, double high) {}

    /// @param threshold of now; NaN: none
    /// @param target NaN: none
    static CurveDrawing of(String title, List<Point> points, double threshold, double target) {
        var sorted =
                points.stream().sorted((a, b) -> Double.compare(a.alone(), b.alone())).toList();
        double top = 0.001;
        for (var each : sorted)
            // Where next to nothing is decided, next to nothing is known.
            if (each.alone() >= 0.05) top = Math.max(top, each.high());
        if (!Double.isNaN(target)) top = Math.max(top, 1.5 * target);
        top = Math.min(1, top);
        var line = new StringBuilder();
        var upper = new StringBuilder();
        var lower = new StringBuilder();
        double here = -1;
        double nearest = Double.POSITIVE_INFINITY;
        var dots = new java.util.ArrayList<Dot>();
        for (var each : sorted) {
            double x = 100 * each.alone();
            line.append(point(x, y(each.error(), top)));
            upper.append(point(x, y(each.high(), top)));
            lower.insert(0, point(x, y(each.low(), top)));
            dots.add(
                    new Dot(
                            x,
                            y(each.error(), top),
                            "from a confidence of %s on it decides %s alone and errs in %s (%s to %s)"
                                    .formatted(
                                            Figures.number(each.threshold()),
                                            Figures.share(each.alone()),
                                            Figures.share(each.error()),
                                            Figures.share(each.low()),
                                            Figures.share(each.high()))));
            double away = Math.abs(each.threshold() - threshold);
            if (away < nearest) {
                nearest = away;
                here = x;
            }
        }
        return new CurveDrawing(
                title,
                line.toString().strip(),
                (upper.toString() + lower).strip(),
                here,
                Double.isNaN(target) ? -1 : y(target, top),
                Figures.share(top),
                dots);
    }

    private static double y(double error, double top) {
        return HIGH - HIGH * Math.clamp(error / top, 0, 1);
    }

    private static String point(double x, double y) {
        return String.format(Locale.ROOT, "%.2f,%.2f ", x, y);
    }

    public boolean hasHere() {
        return here >= 0;
    }

    public boolean hasTarget() {
        return target >= 0;
    }
}
