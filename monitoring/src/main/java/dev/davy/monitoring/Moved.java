package dev.davy.monitoring;

import dev.davy.stats.alarm.Extremes;
import java.util.Locale;
import java.util.OptionalDouble;

/// Says in a sentence how a column departs from its reference.
final class Moved {
    private Moved() {}

    static String said(
            Metric metric,
            String what,
            double effect,
            double low,
            double high,
            Seen reference,
            Seen now) {
        return switch (metric) {
            case Metric.Column column -> column(column, what, effect, low, high, reference, now);
            case Metric.Errors _ ->
                    "%s of the requests failed, %s is normal"
                            .formatted(value(metric, now, true), value(metric, reference, true));
            case Metric.Surprise _ ->
                    "answers are right %s than their confidence says by what was so before: %s (%s to %s)"
                            .formatted(
                                    effect < 0 ? "less often" : "more often",
                                    deviations(effect),
                                    number(low),
                                    number(high));
            case Metric.Figure figure -> {
                boolean share = figure.what() != Metric.What.MAE;
                yield "%s is %s, %s is normal"
                        .formatted(
                                metric.text(),
                                value(metric, now, share),
                                value(metric, reference, share));
            }
            default -> metric.text() + " moved by " + number(effect);
        };
    }

    private static String value(Metric metric, Seen seen, boolean share) {
        var value = metric.value(seen);
        if (value.isEmpty()) return "unknown";
        return share ? Judge.percent(value.getAsDouble()) : number(value.getAsDouble());
    }

    private static String column(
            Metric.Column column,
            String what,
            double effect,
            double low,
            double high,
            Seen reference,
            Seen now) {
        var name = column.text();
        if (what.equals("missing"))
            return "%s is missing in %s of the rows, %s is normal"
                    .formatted(name, missing(column, now), missing(column, reference));
        boolean number =
                now.measure(column).map(measure -> measure.moments().count() > 0).orElse(false);
        return switch (what) {
            case "level", "rank" ->
                    "%s %s by %s (%s to %s): its median is %s, %s is normal"
                            .formatted(
                                    name,
                                    effect > 0 ? "rose" : "fell",
                                    deviations(Math.abs(effect)),
                                    number(Math.min(Math.abs(low), Math.abs(high))),
                                    number(Math.max(Math.abs(low), Math.abs(high))),
                                    median(column, now),
                                    median(column, reference));
            case "spread" ->
                    "%s %s: half of its numbers lie between %s and %s, normally between %s and %s"
                            .formatted(
                                    name,
                                    effect > 0 ? "spread out" : "drew together",
                                    quantile(column, now, 0.25),
                                    quantile(column, now, 0.75),
                                    quantile(column, reference, 0.25),
                                    quantile(column, reference, 0.75));
            case "the usual value" ->
                    "%s has its usual value %s than normal: by %s"
                            .formatted(
                                    name,
                                    effect > 0 ? "more often" : "less often",
                                    Judge.percent(Math.abs(effect)));
            default ->
                    number
                            ? name + " moved: " + what + " by " + number(effect)
                            : "the share of '%s' in %s %s by %s points (%s to %s)"
                                    .formatted(
                                            what,
                                            name,
                                            effect > 0 ? "rose" : "fell",
                                            points(Math.abs(effect)),
                                            points(Math.min(Math.abs(low), Math.abs(high))),
                                            points(Math.max(Math.abs(low), Math.abs(high))));
        };
    }

    static String extreme(String name, Extremes.Beyond found, double effect) {
        return "%s reached %s, %s from the reference's mean, where %s is the %s of all its windows"
                .formatted(
                        name,
                        number(found.number()),
                        deviations(Math.abs(effect)),
                        number(found.usual()),
                        found.high() ? "highest" : "lowest");
    }

    private static String missing(Metric.Column column, Seen seen) {
        var share = seen.measure(column).map(Measure::missingShare).orElse(OptionalDouble.empty());
        return share.isEmpty() ? "none" : Judge.percent(share.getAsDouble());
    }

    private static String median(Metric.Column column, Seen seen) {
        return quantile(column, seen, 0.5);
    }

    private static String quantile(Metric.Column column, Seen seen, double level) {
        var at =
                seen.measure(column)
                        .map(measure -> measure.quantile(level))
                        .orElse(OptionalDouble.empty());
        return at.isEmpty() ? "nothing" : number(at.getAsDouble());
    }

    private static String deviations(double effect) {
        return number(effect) + (Math.abs(effect) == 1 ? " deviation" : " deviations");
    }

    private static String points(double share) {
        return number(100 * share);
    }

    /// The same, as a declaration takes it.
    static String plain(double value) {
        return new java.math.BigDecimal(value)
                .round(new java.math.MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }

    /// Three significant digits.
    static String number(double value) {
        if (value == 0) return "0";
        double size = Math.abs(value);
        if (size >= 1e6 || size < 1e-3) return String.format(Locale.ROOT, "%.2e", value);
        int digits = (int) Math.max(0, 2 - Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
