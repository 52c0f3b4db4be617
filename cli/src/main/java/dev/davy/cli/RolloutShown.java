package dev.davy.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// A rollout in words and bars, for a terminal.
final class RolloutShown {
    private static final int CELLS = 31;

    private final JsonNode rollout;

    RolloutShown(JsonNode rollout) {
        this.rollout = rollout;
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(headline(rollout));
        var requests = rollout.path("requests");
        lines.add(
                "%,d requests to the candidate, of which it failed %,d; %,d to live"
                        .formatted(
                                requests.path("candidate").asLong(),
                                requests.path("candidate-failed").asLong(),
                                requests.path("live").asLong()));
        if (rollout.has("holds")) lines.add(Values.cell(rollout, "/holds"));
        var shadow = rollout.path("shadow");
        if (shadow.path("asked").asLong() == 0 && requests.path("shadow").asLong() > 0)
            lines.add(
                    "as a shadow beside people it answered %,d times"
                            .formatted(requests.path("shadow").asLong()));
        if (shadow.path("asked").asLong() > 0)
            lines.add(
                    "as a shadow it was asked %,d times and agreed in %s"
                            .formatted(
                                    shadow.path("asked").asLong(),
                                    percent(shadow.path("agreement").asDouble())));
        beside(shadow, lines);
        people("live", rollout.at("/people/live"), lines);
        people(Values.cell(rollout, "/candidate"), rollout.at("/people/candidate"), lines);
        lines.add("");
        for (var guard : rollout.path("guards")) lines.add(guard(guard));
        lines.add("");
        next(lines);
        rollout.path("broken").forEach(each -> lines.add("broken: " + each.asString()));
        return lines;
    }

    /// What the truth says of live and shadow, and where they agree.
    static void beside(JsonNode shadow, List<String> lines) {
        for (var slice : shadow.path("slices"))
            lines.add(
                    "  on %s in %s of %,d"
                            .formatted(
                                    Values.cell(slice, "/slice"),
                                    percent(slice.path("agreement").asDouble()),
                                    slice.path("asked").asLong()));
        var truth = shadow.path("truth");
        if (truth.path("known").asLong() > 0)
            lines.add(
                    "of %,d whose truth has come only live was right in %,d and only the shadow in %,d (McNemar, p %s)"
                            .formatted(
                                    truth.path("known").asLong(),
                                    truth.path("only-live-right").asLong(),
                                    truth.path("only-candidate-right").asLong(),
                                    chance(truth.path("p").asDouble())));
    }

    /// `= 0.03`, or `< 0.001`.
    static String chance(double p) {
        return p < 0.001 ? "< 0.001" : "= " + String.format(Locale.ROOT, "%.3f", p);
    }

    /// What people thought beside what an arm said.
    private static void people(String arm, JsonNode people, List<String> lines) {
        long compared = people.path("compared").asLong();
        if (compared == 0) return;
        var kappa = people.path("kappa");
        lines.add(
                "people agreed with %s in %s of %,d judgements; kappa %s%s"
                        .formatted(
                                arm,
                                percent((double) people.path("agreed").asLong() / compared),
                                compared,
                                number(kappa.path("value").asDouble()),
                                kappa.has("lower")
                                        ? " (%s to %s)"
                                                .formatted(
                                                        number(kappa.path("lower").asDouble()),
                                                        number(kappa.path("upper").asDouble()))
                                        : ""));
        for (var person : people.path("said").properties())
            for (var said : person.getValue().properties())
                if (!person.getKey().equals(said.getKey()))
                    lines.add(
                            "  they said %s and it said %s: %,d times"
                                    .formatted(
                                            person.getKey(),
                                            said.getKey(),
                                            said.getValue().asLong()));
    }

    /// `phone-inspection: scratch/7 → scratch/8 · running at 5 %, step 2 of 6, begun 4 min ago`.
    static String headline(JsonNode rollout) {
        var state = Values.cell(rollout, "/state/is");
        var policy = rollout.path("policy").path("stages");
        var head =
                "%s: %s → %s · "
                        .formatted(
                                Values.cell(rollout, "/endpoint"),
                                Values.cell(rollout, "/live"),
                                Values.cell(rollout, "/candidate"));
        var since = Values.ago(Values.cell(rollout, "/state/since"), Instant.now());
        return head
                + switch (state) {
                    case "running", "paused" ->
                            "%s at %s, step %d of %d, begun %s"
                                    .formatted(
                                            state,
                                            percent(rollout.path("share").asDouble()),
                                            rollout.path("stage").asInt() + 1,
                                            policy.size(),
                                            since);
                    case "baking" -> "promoted " + since + ", and still watched";
                    case "finished" -> "live, " + since;
                    case "rolled-back" -> "rolled back, " + since + ": " + why(rollout);
                    default -> state;
                };
    }

    private static String why(JsonNode rollout) {
        var history = rollout.path("history");
        return history.isEmpty() ? "" : Values.cell(history.get(history.size() - 1), "/why");
    }

    /// `errors too early ├──────●──┼───┤ -0.10 … +0.90 of +0.50 points`.
    static String guard(JsonNode guard) {
        var name = Values.cell(guard, "/watch");
        if (guard.has("slice")) name += " on " + Values.cell(guard, "/slice");
        if (guard.path("observe-only").asBoolean(false)) name += " (only told)";
        double margin = guard.path("margin").asDouble();
        boolean millis = Values.cell(guard, "/unit").equals("ms");
        double scale = millis ? 1 : 100;
        var verdict = Values.cell(guard, "/verdict").replace('-', ' ');
        if (!guard.has("harm"))
            return "%-34s %-10s %s  nothing seen yet; %s"
                    .formatted(name, verdict, " ".repeat(CELLS), allowed(guard));
        double lower = guard.at("/harm/lower").asDouble();
        double upper = guard.at("/harm/upper").asDouble();
        var needed =
                guard.has("needed")
                        ? ", about %,d requests more".formatted(guard.path("needed").asLong())
                        : "";
        boolean limit = Values.cell(guard, "/kind").equals("limit");
        return "%-34s %-10s %s  %s … %s%s, %s%s"
                .formatted(
                        name,
                        verdict,
                        interval(lower, upper, margin),
                        limit ? number(scale * lower) : signed(scale * lower),
                        limit ? number(scale * upper) : signed(scale * upper),
                        limit ? " %" : "",
                        allowed(guard),
                        needed);
    }

    /// `margin +0.5 points`, or `harm in at most 1 %` where there is nothing to compare with.
    private static String allowed(JsonNode guard) {
        double margin = guard.path("margin").asDouble();
        if (Values.cell(guard, "/kind").equals("limit"))
            return "harm in at most " + percent(margin);
        boolean millis =
                Values.cell(guard, "/unit").equals("ms")
                        || Values.cell(guard, "/kind").equals("latency");
        return "margin " + (millis ? signed(margin) + " ms" : signed(100 * margin) + " points");
    }

    /// The interval of the harm, with the margin marked `┃` and no harm `·`.
    static String interval(double lower, double upper, double margin) {
        double span = 3 * Math.abs(margin);
        var cells = new StringBuilder();
        for (int i = 0; i < CELLS; i++) {
            double at = span * (2.0 * i / (CELLS - 1) - 1);
            double half = span / (CELLS - 1);
            boolean inside = at >= lower - half && at <= upper + half;
            boolean isMargin = Math.abs(at - margin) <= half;
            boolean isZero = Math.abs(at) <= half / 2;
            cells.append(isMargin ? '┃' : inside ? '━' : isZero ? '·' : ' ');
        }
        return cells.toString();
    }

    private void next(List<String> lines) {
        var next = rollout.path("next");
        switch (Values.cell(next, "/is")) {
            case "hold" -> {
                var waits = new ArrayList<String>();
                if (next.has("time")) waits.add(time(Values.cell(next, "/time")));
                if (next.has("requests"))
                    waits.add("%,d requests".formatted(next.path("requests").asLong()));
                next.path("guards").forEach(each -> waits.add("more on " + each.asString()));
                lines.add(
                        waits.isEmpty()
                                ? "It holds."
                                : "It waits for " + String.join(", ", waits) + ".");
            }
            case "ask-for-approval" ->
                    lines.add(
                            "It waits for you: davy rollout approve "
                                    + Values.cell(rollout, "/endpoint"));
            case "nothing", "" -> {
                if (Values.cell(rollout, "/state/is").equals("finished"))
                    lines.add("It is through.");
            }
            default -> lines.add("Next: " + Values.cell(next, "/is").replace('-', ' ') + ".");
        }
        if (Values.cell(rollout, "/state/is").equals("paused")) {
            rollout.at("/state/missing")
                    .forEach(each -> lines.add("It is paused: " + each.asString()));
            lines.add(
                    "Go on with: davy rollout resume "
                            + Values.cell(rollout, "/endpoint")
                            + ", or go back with: davy rollout rollback "
                            + Values.cell(rollout, "/endpoint"));
        }
    }

    /// What a policy will do, a line a step.
    static List<String> stages(JsonNode rollout) {
        var lines = new ArrayList<String>();
        int number = 1;
        for (var stage : rollout.path("policy").path("stages")) {
            var line = new StringBuilder("  " + number++ + ". ");
            line.append(
                    stage.path("shadow").asBoolean(false)
                            ? "shadow"
                            : percent(stage.path("share").asDouble()));
            if (!Values.cell(stage, "/at-least").equals("PT0S"))
                line.append(", at least ").append(time(Values.cell(stage, "/at-least")));
            if (stage.path("requests").asLong() > 0)
                line.append(", %,d requests".formatted(stage.path("requests").asLong()));
            if (stage.path("approve").asBoolean(false)) line.append(", then a person approves");
            lines.add(line.toString());
        }
        return lines;
    }

    static List<String> guards(JsonNode rollout) {
        var lines = new ArrayList<String>();
        for (var guard : rollout.path("policy").path("guards")) {
            var name = Values.cell(guard, "/metric");
            if (name.isEmpty()) name = Values.cell(guard, "/watch");
            if (guard.has("margin")) name += ", " + allowed(guard);
            var slices = new ArrayList<String>();
            guard.path("slices").forEach(slice -> slices.add(slice.asString()));
            if (!slices.isEmpty()) name += ", also on " + String.join(", ", slices);
            if (guard.path("observe-only").asBoolean(false)) name += " (only told)";
            lines.add("  guard: " + name);
        }
        return lines;
    }

    /// `12 %`, `0.5 %`.
    static String percent(double share) {
        return number(100 * share) + " %";
    }

    static String number(double value) {
        double size = Math.abs(value);
        var pattern = size == 0 || size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        var text = String.format(Locale.ROOT, pattern, value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }

    private static String signed(double value) {
        var text = number(value);
        return value > 0 ? "+" + text : text;
    }

    /// `PT1H30M` as `1.5 h`.
    static String time(String iso) {
        if (iso.isEmpty()) return "";
        double seconds = Duration.parse(iso).toMillis() / 1_000.0;
        if (seconds < 120) return number(seconds) + " s";
        if (seconds < 7_200) return number(seconds / 60) + " min";
        if (seconds < 172_800) return number(seconds / 3_600) + " h";
        return number(seconds / 86_400) + " days";
    }
}
