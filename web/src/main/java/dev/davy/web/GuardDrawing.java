package dev.davy.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// One guard, ready to be drawn: how the interval of the harm closed in on the margin over time, on
/// a field of 100 by 60 with no harm in the middle and twice the margin at the edges.
///
/// @param verdict `worse`, `no-worse` or `too-early`
/// @param word the same in words
/// @param band the outline of the interval over time, as the points of an SVG polygon
/// @param margin where the margin lies on the field
/// @param now the interval in words
/// @param evidence what it was made of
public record GuardDrawing(
        String name,
        String slice,
        String verdict,
        String word,
        boolean observeOnly,
        String band,
        double margin,
        String now,
        String evidence) {
    private static final double WIDE = 100;
    private static final double HIGH = 60;

    /// How many margins fit above and below no harm.
    private static final double MARGINS = 2;

    /// @param guard as the API shows it
    /// @param looks what the guards said over time, oldest first
    static GuardDrawing of(JsonNode guard, JsonNode looks) {
        var name = guard.path("watch").asString("");
        var slice = guard.path("slice").asString("");
        double margin = guard.path("margin").asDouble();
        boolean millis = guard.path("unit").asString("").equals("ms");
        var verdict = guard.path("verdict").asString("");
        return new GuardDrawing(
                name,
                slice,
                verdict,
                switch (verdict) {
                    case "worse" -> "worse";
                    case "no-worse" -> "no worse";
                    default -> "too early to tell";
                },
                guard.path("observe-only").asBoolean(false),
                band(intervals(name, slice, guard, looks), margin),
                round(y(margin, margin)),
                now(guard, margin, millis),
                evidence(guard, millis));
    }

    private record Interval(double lower, double upper) {}

    private static List<Interval> intervals(
            String name, String slice, JsonNode guard, JsonNode looks) {
        var all = new ArrayList<Interval>();
        for (var look : looks)
            for (var each : look.path("guards"))
                if (each.path("watch").asString("").equals(name)
                        && each.path("slice").asString("").equals(slice)) all.add(interval(each));
        all.add(interval(guard));
        return all;
    }

    private static Interval interval(JsonNode guard) {
        return guard.has("harm")
                ? new Interval(
                        guard.at("/harm/lower").asDouble(), guard.at("/harm/upper").asDouble())
                : new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    private static String band(List<Interval> intervals, double margin) {
        var upper = new StringBuilder();
        var lower = new ArrayList<String>();
        double step = WIDE / Math.max(1, intervals.size() - 1);
        for (int i = 0; i < intervals.size(); i++) {
            double x = round(intervals.size() == 1 ? 0 : i * step);
            upper.append(x).append(',').append(round(y(intervals.get(i).upper(), margin)));
            upper.append(' ');
            lower.add(x + "," + round(y(intervals.get(i).lower(), margin)));
        }
        if (intervals.size() == 1) {
            upper.append("100,").append(round(y(intervals.getFirst().upper(), margin))).append(' ');
            lower.add("100," + round(y(intervals.getFirst().lower(), margin)));
        }
        return upper + String.join(" ", lower.reversed());
    }

    /// Where a harm lies: up is worse.
    private static double y(double harm, double margin) {
        double span = MARGINS * Math.abs(margin);
        double at = span == 0 ? 0 : Math.clamp(harm / span, -1, 1);
        return HIGH / 2 * (1 - at);
    }

    private static double round(double number) {
        return Math.round(number * 100) / 100.0;
    }

    private static String now(JsonNode guard, double margin, boolean millis) {
        double scale = millis ? 1 : 100;
        var unit = millis ? " ms" : " points";
        if (guard.path("kind").asString("").equals("limit")) return nowOfLimit(guard, margin);
        var allowed = "up to " + signed(scale * margin) + unit + " is allowed";
        if (!guard.has("harm")) return "Nothing seen yet; " + allowed + ".";
        var said =
                "The harm is between %s and %s%s; %s."
                        .formatted(
                                signed(scale * guard.at("/harm/lower").asDouble()),
                                signed(scale * guard.at("/harm/upper").asDouble()),
                                unit,
                                allowed);
        return said + more(guard);
    }

    /// Held against nothing but a limit.
    private static String nowOfLimit(JsonNode guard, double limit) {
        var allowed = "at most " + Figures.share(limit) + " is allowed";
        if (!guard.has("harm")) return "Nothing seen yet; " + allowed + ".";
        return "The harm is in %s to %s; %s."
                        .formatted(
                                Figures.share(guard.at("/harm/lower").asDouble()),
                                Figures.share(guard.at("/harm/upper").asDouble()),
                                allowed)
                + more(guard);
    }

    private static String more(JsonNode guard) {
        return guard.has("needed") && guard.path("verdict").asString("").equals("too-early")
                ? " About "
                        + Figures.of(guard.path("needed").asLong(), "request")
                        + " more will tell."
                : "";
    }

    private static String evidence(JsonNode guard, boolean millis) {
        var parts = new ArrayList<String>();
        for (var arm : List.of("live", "candidate")) {
            var of = guard.at("/evidence/" + arm);
            if (of.isMissingNode()) continue;
            if (millis) {
                if (of.has("p99"))
                    parts.add(
                            "%s p99 %s ms of %s"
                                    .formatted(
                                            arm,
                                            Figures.number(of.path("p99").asDouble()),
                                            Figures.count(of.path("requests").asLong())));
            } else
                parts.add(
                        "%s %s of %s"
                                .formatted(
                                        arm,
                                        Figures.number(of.path("harm").asDouble()),
                                        Figures.count(of.path("requests").asLong())));
        }
        return String.join(", ", parts);
    }

    private static String signed(double value) {
        var text = Figures.number(value);
        return value > 0 ? "+" + text : text.toLowerCase(Locale.ROOT);
    }
}
