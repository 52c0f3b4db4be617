package dev.davy.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A comparison in words and tables.
final class DiffShown {
    /// Flips on a terminal; all that are kept stand on the page.
    private static final int FLIPS = 20;

    private static final int KINDS = 12;

    private final JsonNode result;

    DiffShown(JsonNode result) {
        this.result = result;
    }

    String with() {
        return Values.cell(result, "/with");
    }

    /// `37 of 4,000 answers would be others (0.925 %, 0.67 % to 1.27 %).`.
    String answer() {
        long compared = result.path("compared").asLong();
        if (compared == 0) return "There was nothing to compare since " + since() + ".";
        long flipped = result.path("flipped").asLong();
        if (flipped == 0)
            return "None of %,d answers would be another (at most %s, with 95 %% confidence)."
                    .formatted(compared, percent(result.at("/interval/upper").asDouble()));
        return "%,d of %,d answers would be others: %s."
                .formatted(flipped, compared, share(result));
    }

    private String since() {
        return Values.cell(result, "/since");
    }

    static String share(JsonNode of) {
        if (!of.has("share")) return "";
        return "%s (%s to %s)"
                .formatted(
                        percent(of.path("share").asDouble()),
                        percent(of.at("/interval/lower").asDouble()),
                        percent(of.at("/interval/upper").asDouble()));
    }

    private static String percent(double share) {
        return RolloutShown.percent(share);
    }

    /// What could not be compared, and how it was drawn: a sentence each.
    List<String> notes() {
        var notes = new ArrayList<String>();
        if (result.has("drawn"))
            notes.add(
                    "These are %s of %,d, drawn by chance."
                            .formatted(
                                    percent(result.path("drawn").asDouble()),
                                    result.path("seen").asLong()));
        note(notes, "failed", "%,d of these would be no answer at all: it fails.");
        note(
                notes,
                "inputs-not-kept",
                "%,d more could not be asked again, for their inputs were not kept.");
        note(notes, "without-answer", "%,d had no answer then, either.");
        var by = result.path("answered-by");
        if (by.size() > 1) {
            var parts = new ArrayList<String>();
            by.properties()
                    .forEach(each ->
                            parts.add("%s %,d".formatted(each.getKey(), each.getValue().asLong())));
            notes.add("They were given by several versions: " + String.join(", ", parts) + ".");
        }
        var truth = result.path("truth");
        if (truth.path("known").asLong() > 0)
            notes.add(
                    "Where the truth is known (%,d): only what was said is right %,d times, only what would be %,d times (McNemar, p %s)."
                            .formatted(
                                    truth.path("known").asLong(),
                                    truth.path("only-live-right").asLong(),
                                    truth.path("only-candidate-right").asLong(),
                                    RolloutShown.chance(truth.path("p").asDouble())));
        return notes;
    }

    private void note(List<String> notes, String field, String words) {
        long count = result.path(field).asLong();
        if (count > 0) notes.add(words.formatted(count));
    }

    /// What was said and would be, the commonest first; those that agree are left out. Where none
    /// comes twice, as of numbers, those that flip say it all.
    List<List<String>> kinds() {
        var rows = new ArrayList<List<String>>();
        boolean repeated = false;
        for (var each : result.path("kinds")) {
            var was = Values.cell(each, "/was");
            var would = Values.cell(each, "/would-be");
            if (was.equals(would) || rows.size() == KINDS) continue;
            long count = each.path("count").asLong();
            repeated |= count > 1;
            rows.add(List.of(was, would, "%,d".formatted(count)));
        }
        return repeated ? rows : List.of();
    }

    List<List<String>> slices() {
        var rows = new ArrayList<List<String>>();
        for (var each : result.path("slices"))
            rows.add(
                    List.of(
                            Values.cell(each, "/slice"),
                            "%,d".formatted(each.path("compared").asLong()),
                            "%,d".formatted(each.path("flipped").asLong()),
                            share(each)));
        return rows;
    }

    static final List<String> KIND_HEADS = List.of("WAS", "WOULD BE", "TIMES");
    static final List<String> SLICE_HEADS = List.of("SLICE", "COMPARED", "FLIPPED", "SHARE");

    void on(Terminal terminal) {
        terminal.line(answer());
        notes().forEach(terminal::line);
        if (!kinds().isEmpty()) {
            terminal.line("");
            terminal.table(KIND_HEADS, kinds());
        }
        if (!slices().isEmpty()) {
            terminal.line("");
            terminal.table(SLICE_HEADS, slices());
        }
        var flips = new ArrayList<List<String>>();
        for (var each : result.path("flips"))
            if (flips.size() < FLIPS)
                flips.add(
                        List.of(
                                Values.cell(each, "/prediction"),
                                Values.cell(each, "/was"),
                                Values.cell(each, "/would-be"),
                                Values.text(each.path("truth")),
                                asked(each)));
        if (flips.isEmpty()) return;
        terminal.line("");
        terminal.table(List.of("PREDICTION", "WAS", "WOULD BE", "TRUTH", "INPUT"), flips);
    }

    /// `age 31, line A`; a picture by where it is.
    static String asked(JsonNode flip) {
        var parts = new ArrayList<String>();
        var media = new ArrayList<String>();
        for (var each : flip.path("media")) {
            media.add(Values.cell(each, "/column"));
            parts.add(Values.cell(each, "/href"));
        }
        for (var each : flip.path("input").properties())
            if (!media.contains(each.getKey()) && each.getValue().isValueNode())
                parts.add(each.getKey() + " " + Values.text(each.getValue()));
        var text = String.join(", ", parts);
        return text.length() <= 160 ? text : text.substring(0, 160) + "…";
    }
}
