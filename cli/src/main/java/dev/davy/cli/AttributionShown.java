package dev.davy.cli;

import dev.davy.web.report.Drawing;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What was found of a pipeline, for a terminal: the verdict, then a line for its input and for
/// each component.
record AttributionShown(JsonNode found) {
    private static final List<String> HEADS =
            List.of("PART", "VERDICT", "RUNS", "AGREES", "IN REFERENCE", "OUTPUT MOVED MOST");

    void print(Terminal terminal) {
        terminal.line(terminal.strong(Terminal.clean(found.at("/verdict/says").asString(""))));
        terminal.line("");
        terminal.table(HEADS, rows());
        terminal.line("");
        terminal.line(drawn());
    }

    List<List<String>> rows() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("input", inputVerdict(), "", "", "", moved(found.path("input"))));
        for (var part : GetCommand.elements(found, "components"))
            rows.add(
                    List.of(
                            part.path("name").asString(""),
                            part.path("changed").asBoolean() ? "changed" : "as before",
                            runs(part),
                            share(part.path("agrees")),
                            share(part.path("agreed-in-reference")),
                            moved(part.path("output"))));
        return rows;
    }

    /// The input has drifted too where only the reference's components show it.
    private String inputVerdict() {
        for (var list : List.of("input", "reference-components-say"))
            for (var each : found.path(list))
                if (each.path("drifted").asBoolean()) return "drifted";
        return "as before";
    }

    private static String runs(JsonNode part) {
        var then = part.path("reference-version").asString("");
        var now = part.path("version").asString("");
        if (then.isEmpty()) return now + ", new";
        if (now.isEmpty()) return then + ", gone";
        return then.equals(now) ? now : then + " → " + now;
    }

    /// `97.5 % of 200 (94.3 to 99.2)`.
    private static String share(JsonNode agreement) {
        int of = agreement.path("of").asInt();
        if (of == 0) return "";
        return "%s of %d (%s to %s)"
                .formatted(
                        DriftShown.percent(agreement.path("share").asDouble()),
                        of,
                        Drawing.shown(1e-1 * Math.round(1e3 * agreement.path("low").asDouble())),
                        Drawing.shown(1e-1 * Math.round(1e3 * agreement.path("high").asDouble())));
    }

    private static String moved(JsonNode all) {
        for (var each : all)
            if (each.path("drifted").asBoolean())
                return "%s: %s → %s"
                        .formatted(
                                each.path("what").asString(""),
                                each.path("before").asString(""),
                                each.path("now").asString(""));
        return "";
    }

    private String drawn() {
        return "Asked again: %d of %d predictions, and %d of %d of the reference, as it stood since %s."
                .formatted(
                        found.at("/stretch/asked-again").asInt(),
                        found.at("/stretch/predictions").asLong(),
                        found.at("/reference/asked-again").asInt(),
                        found.at("/reference/predictions").asLong(),
                        found.at("/reference/since").asString(""));
    }
}
