package dev.davy.cli;

import dev.davy.web.report.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A comparison as one page: the pictures of what would flip first, then the counts.
final class DiffPage {
    /// All pictures and recordings of a page together.
    private static final int BYTES_MOST = 40_000_000;

    private final DiffShown shown;
    private final JsonNode result;
    private final Client client;
    private long bytes;

    DiffPage(DiffShown shown, JsonNode result, Client client) {
        this.shown = shown;
        this.result = result;
        this.client = client;
    }

    Report report() throws IOException {
        var report =
                new Report(
                        "Which answers of %s would flip under %s?"
                                .formatted(Values.cell(result, "/endpoint"), shown.with()),
                        shown.answer(),
                        state());
        pictures(report);
        report.heading("Since when, and what was left out")
                .paragraph(
                        "Answers from %s to %s."
                                .formatted(
                                        Values.cell(result, "/since"),
                                        Values.cell(result, "/until")));
        shown.notes().forEach(report::paragraph);
        if (!shown.kinds().isEmpty())
            report.heading("From what to what")
                    .table(List.of("was", "would be", "times"), shown.kinds());
        if (!shown.slices().isEmpty())
            report.heading("By slice")
                    .table(List.of("slice", "compared", "flipped", "share"), shown.slices());
        var rows = new ArrayList<List<String>>();
        for (var each : result.path("flips"))
            rows.add(
                    List.of(
                            Values.cell(each, "/at"),
                            Values.cell(each, "/was"),
                            Values.cell(each, "/would-be"),
                            Values.text(each.path("truth")),
                            DiffShown.asked(each)));
        if (!rows.isEmpty())
            report.heading("The answers that would flip")
                    .table(List.of("when", "was", "would be", "truth", "input"), rows);
        report.paragraph(
                "Intervals are Wilson's, with 95 % confidence, as if no two answers were of the same"
                        + " caller. Numbers that differ by less than 1 % agree.");
        return report;
    }

    private Report.State state() {
        if (result.path("compared").asLong() == 0) return Report.State.UNKNOWN;
        return result.path("flipped").asLong() == 0 ? Report.State.WELL : Report.State.CHANGING;
    }

    private void pictures(Report report) throws IOException {
        for (var flip : result.path("flips"))
            for (var medium : flip.path("media")) {
                var name = Values.cell(flip, "/was") + " → " + Values.cell(flip, "/would-be");
                var truth = Values.text(flip.path("truth"));
                var caption =
                        Values.cell(flip, "/at") + (truth.isEmpty() ? "" : ", truly " + truth);
                var source = source(medium);
                if (source.isEmpty()) continue;
                if (Values.cell(medium, "/content-type").startsWith("audio/"))
                    report.recording(name, source.get(), caption);
                else report.picture(name, source.get(), caption);
            }
    }

    /// Its content, written into the page; empty where it is not kept any more.
    private Optional<String> source(JsonNode medium) throws IOException {
        if (bytes > BYTES_MOST) return Optional.empty();
        try (var in = client.stream(Values.cell(medium, "/href"))) {
            var content = in.readAllBytes();
            bytes += content.length;
            return Optional.of(
                    "data:"
                            + Values.cell(medium, "/content-type")
                            + ";base64,"
                            + Base64.getEncoder().encodeToString(content));
        } catch (Refusal gone) {
            return Optional.empty();
        }
    }
}
