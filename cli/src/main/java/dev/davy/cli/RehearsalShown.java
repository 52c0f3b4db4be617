package dev.davy.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A rehearsal in words, for a terminal: what would have happened and when, what the guards said,
/// and what nobody can know from a log.
final class RehearsalShown {
    private final JsonNode result;

    RehearsalShown(JsonNode result) {
        this.result = result;
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(answer());
        var requests = result.path("requests");
        lines.add(
                "%,d requests since %s, and %,d things that came to be known of them:"
                        .formatted(
                                requests.path("seen").asLong(),
                                time("/since"),
                                requests.path("feedback").asLong()));
        lines.add(
                "%,d to the candidate, of which it failed %,d; %,d to live; %,d beside live"
                        .formatted(
                                requests.path("candidate").asLong(),
                                requests.path("candidate-failed").asLong(),
                                requests.path("live").asLong(),
                                requests.path("shadow").asLong()));
        var shadow = result.path("shadow");
        if (shadow.path("asked").asLong() > 0)
            lines.add(
                    "as a shadow it agreed in "
                            + RolloutShown.percent(shadow.path("agreement").asDouble()));
        lines.add("");
        for (var each : result.path("happened")) lines.add(moment(each));
        lines.add("");
        for (var guard : result.path("guards")) lines.add(RolloutShown.guard(guard));
        lines.add("");
        lines.add("What a rehearsal can't know:");
        result.path("not-known").forEach(each -> lines.add("  - " + each.asString()));
        return lines;
    }

    private String answer() {
        var candidate = Values.cell(result, "/candidate");
        var endpoint = Values.cell(result, "/endpoint");
        return switch (Values.cell(result, "/outcome")) {
            case "promoted" -> candidate + " would have come live at " + endpoint + ".";
            case "rolled-back" -> candidate + " would have been rolled back at " + endpoint + ".";
            case "paused" ->
                    candidate + " would have stood still at " + endpoint + ", and waited for you.";
            default ->
                    candidate
                            + " would still be on its way at "
                            + endpoint
                            + ", at "
                            + RolloutShown.percent(result.path("share").asDouble())
                            + waits();
        };
    }

    private String waits() {
        var next = result.path("next");
        var waits = new ArrayList<String>();
        if (next.has("time")) waits.add(RolloutShown.time(Values.cell(next, "/time")));
        if (next.has("requests"))
            waits.add("%,d requests".formatted(next.path("requests").asLong()));
        next.path("guards").forEach(each -> waits.add("more on " + each.asString()));
        return waits.isEmpty() ? "." : ", waiting for " + String.join(", ", waits) + ".";
    }

    /// ` 2026-11-14 10:00:00 1 % no guard is worse, …`.
    private static String moment(JsonNode moment) {
        var to = moment.path("to");
        var is =
                switch (Values.cell(to, "/is")) {
                    case "running" ->
                            moment.path("shadow").asBoolean(false)
                                    ? "shadow"
                                    : RolloutShown.percent(moment.path("share").asDouble());
                    case "baking" -> "promoted";
                    default -> Values.cell(to, "/is").replace('-', ' ');
                };
        return "  %s  %-11s  %s"
                .formatted(shortTime(Values.cell(moment, "/at")), is, Values.cell(moment, "/why"));
    }

    private String time(String pointer) {
        return shortTime(Values.cell(result, pointer));
    }

    private static String shortTime(String iso) {
        return iso.length() < 19 ? iso : iso.substring(0, 10) + " " + iso.substring(11, 19);
    }
}
