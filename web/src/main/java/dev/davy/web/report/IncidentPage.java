package dev.davy.web.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// An incident as one page: the answer, what happened when, then the evidence.
public final class IncidentPage {
    private static final int IDS_SHOWN = 60;
    private static final int LOOK_SHOWN = 4;

    private final JsonNode incident;

    /// @param incident as the API tells it
    public IncidentPage(JsonNode incident) {
        this.incident = incident;
    }

    /// What happened, in two sentences.
    public String answer() {
        var alarms = incident.path("alarms");
        if (alarms.isEmpty())
            return "Nothing rang at %s from %s to %s. %s"
                    .formatted(
                            text(incident, "endpoint"),
                            moment(incident.path("from")),
                            moment(incident.path("to")),
                            quality());
        var first = alarms.get(0);
        for (var each : alarms)
            if (text(each, "since").compareTo(text(first, "since")) < 0) first = each;
        return "%s, beginning %s: %s. %s"
                .formatted(
                        alarms.size() == 1 ? "One monitor rang" : alarms.size() + " monitors rang",
                        moment(first.path("since")),
                        text(first, "why"),
                        quality());
    }

    private String quality() {
        var quality = incident.at("/health/quality/0");
        if (!quality.path("realised").isNumber()) return "No truth has come for this time yet.";
        var normal =
                quality.path("normal").isNumber()
                        ? ", where %s is normal".formatted(figure(quality, "normal"))
                        : "";
        return "Its %s was %s%s, by the %s of the answers whose truth has come."
                .formatted(
                        text(quality, "figure"),
                        figure(quality, "realised"),
                        normal,
                        percent(quality.path("matured").asDouble()));
    }

    public Report report() {
        var report =
                new Report(
                        "What happened at %s from %s to %s?"
                                .formatted(
                                        text(incident, "endpoint"),
                                        moment(incident.path("from")),
                                        moment(incident.path("to"))),
                        answer(),
                        incident.path("alarms").isEmpty() ? Report.State.WELL : Report.State.ALARM);
        report.paragraph(verdict());
        timeline(report);
        alarms(report);
        moved(report);
        qualities(report);
        versions(report);
        recall(report);
        report.paragraph(
                "Made %s. Times are UTC: of what was seen those at which it happened, of what people did"
                                .formatted(moment(incident.path("made")))
                        + " those at which they did it.");
        return report;
    }

    private String verdict() {
        return switch (incident.at("/health/drift").asString("")) {
            case "data" ->
                    "Now: what comes in has changed; that it means something else isn't seen.";
            case "concept" -> "Now: what comes in means something else than it did.";
            case "both" -> "Now: what comes in has changed, and means something else than it did.";
            case "neither" -> "Now: neither what comes in nor what it means has changed.";
            default ->
                    "Now: what comes in is as before; whether it means the same needs more truth.";
        };
    }

    private void timeline(Report report) {
        var rows = new ArrayList<List<String>>();
        for (var each : incident.path("timeline"))
            rows.add(
                    List.of(
                            moment(each.path("at")),
                            text(each, "what"),
                            text(each, "who"),
                            text(each, "why")));
        report.heading("What happened when, and who did it");
        if (rows.isEmpty()) report.paragraph("Nothing was recorded in this time.");
        else report.table(List.of("when", "what", "who", "why"), rows);
    }

    private void alarms(Report report) {
        var rows = new ArrayList<List<String>>();
        for (var each : incident.path("alarms")) {
            var look = new ArrayList<String>();
            for (var one : each.at("/detail/look"))
                if (look.size() < LOOK_SHOWN) look.add(text(one, "what"));
            rows.add(
                    List.of(
                            text(each, "monitor"),
                            text(each, "severity") + ", " + text(each, "state"),
                            moment(each.path("since")),
                            text(each, "why"),
                            String.join(", ", look)));
        }
        if (rows.isEmpty()) return;
        report.heading("What rang")
                .table(
                        List.of(
                                "monitor",
                                "state",
                                "since",
                                "why, of its last bad window",
                                "look here"),
                        rows);
    }

    private void moved(Report report) {
        var moved = incident.path("moved");
        if (moved.isEmpty()) return;
        report.heading("Then and now");
        report.paragraph("Grey: the reference. Line: while it rang.");
        for (var each : moved) report.figure(text(each, "watch"), drawing(each), caption(each));
    }

    private static String drawing(JsonNode moved) {
        var bars = moved.path("bars");
        if (!bars.isEmpty()) {
            var edges = new double[bars.size() + 1];
            for (int i = 0; i < bars.size(); i++) edges[i] = bars.get(i).path("from").asDouble();
            edges[bars.size()] = bars.get(bars.size() - 1).path("to").asDouble();
            return Drawing.histogram(edges, numbers(bars, "then"), numbers(bars, "now"));
        }
        var shares = moved.path("shares");
        if (shares.isEmpty()) return "";
        var names = new ArrayList<String>();
        for (var each : shares) names.add(text(each, "value"));
        return Drawing.bars(names, numbers(shares, "then"), numbers(shares, "now"));
    }

    private static double[] numbers(JsonNode of, String name) {
        var numbers = new double[of.size()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = of.get(i).path(name).asDouble();
        return numbers;
    }

    private static String caption(JsonNode moved) {
        return "Then, from %s: %s. Now, from %s: %s."
                .formatted(
                        moment(moved.at("/then/from")),
                        side(moved.path("then")),
                        moment(moved.at("/now/from")),
                        side(moved.path("now")));
    }

    private static String side(JsonNode side) {
        var rows = String.format(Locale.ROOT, "%,d rows", side.path("rows").asLong());
        var median =
                side.path("p50").isNumber()
                        ? ", median %s, nine of ten from %s to %s"
                                .formatted(
                                        number(side, "p50"),
                                        number(side, "p5"),
                                        number(side, "p95"))
                        : "";
        double missing = side.path("missing").asDouble(0);
        return rows + median + (missing > 0 ? ", " + percent(missing) + " missing" : "");
    }

    private void qualities(Report report) {
        var rows = new ArrayList<List<String>>();
        for (var each : incident.at("/health/quality"))
            rows.add(
                    List.of(
                            text(each, "output") + " " + text(each, "figure"),
                            figure(each, "realised"),
                            interval(each),
                            figure(each, "normal"),
                            figure(each, "estimated"),
                            figure(each.path("baselines"), "unchanged"),
                            figure(each.path("baselines"), "commonest"),
                            percent(each.path("matured").asDouble())));
        if (rows.isEmpty()) return;
        report.heading("How right it was")
                .table(
                        List.of(
                                "figure",
                                "realised",
                                "95 %",
                                "normal",
                                "before truth",
                                "as just before",
                                "the commonest",
                                "matured"),
                        rows)
                .paragraph(
                        ("Realised: of the answers whose truth has come, matured says how many"
                                        + " these are%s. Before truth: what their confidences let"
                                        + " one expect. As just before and the commonest: two"
                                        + " trivial rules, to be better than.")
                                .formatted(selection()));
    }

    private static String interval(JsonNode quality) {
        var interval = quality.path("interval");
        return interval.isObject()
                ? number(interval, "low") + " to " + number(interval, "high")
                : "";
    }

    private String selection() {
        var of = incident.at("/health/quality/0/of").asString("");
        return of.isEmpty() || of.equals("all cases") ? "" : ": " + of;
    }

    private void versions(Report report) {
        var rows = new ArrayList<List<String>>();
        for (var each : incident.path("versions"))
            rows.add(
                    List.of(
                            text(each, "arm"),
                            String.format(Locale.ROOT, "%,d", each.path("predictions").asLong())));
        if (!rows.isEmpty())
            report.heading("Which versions answered")
                    .table(List.of("arm and version", "predictions"), rows);
    }

    private void recall(Report report) {
        var recall = incident.path("recall");
        report.heading("Which predictions to recall");
        long count = recall.path("count").asLong();
        if (count == 0) {
            report.paragraph(
                    "None: the archive holds no predictions of a time in which something rang.");
            return;
        }
        report.paragraph(
                String.format(
                        Locale.ROOT,
                        "%,d predictions were made while something rang: %s. Their ids stand below%s.",
                        count,
                        stretches(recall),
                        count > IDS_SHOWN
                                ? ", the first %d; with -o json davy report tells a thousand, and davy query all"
                                        .formatted(IDS_SHOWN)
                                : ""));
        var ids = new ArrayList<String>();
        for (var each : recall.path("ids")) if (ids.size() < IDS_SHOWN) ids.add(each.asString());
        report.paragraph(String.join(" ", ids));
    }

    private static String stretches(JsonNode recall) {
        var all = new TreeSet<String>();
        for (var each : recall.path("stretches"))
            all.add("from " + moment(each.path("from")) + " to " + moment(each.path("to")));
        return String.join(", ", all);
    }

    private static String text(JsonNode of, String name) {
        return of.path(name).asString("");
    }

    private static String figure(JsonNode of, String name) {
        return of.path(name).isNumber()
                ? String.format(Locale.ROOT, "%.3f", of.path(name).asDouble())
                : "−";
    }

    private static String number(JsonNode of, String name) {
        return of.path(name).isNumber() ? Drawing.shown(of.path(name).asDouble()) : "−";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
    }

    private static String moment(JsonNode at) {
        return at.asString("").replace("T", " ").replaceAll(":\\d\\d(\\.\\d+)?Z$", "");
    }
}
