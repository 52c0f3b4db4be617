package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.review.ReviewDocuments;
import dev.davy.web.AutomationView.Compared;
import dev.davy.web.AutomationView.Level;
import dev.davy.web.AutomationView.Reviewer;
import dev.davy.web.AutomationView.Threshold;
import dev.davy.web.PredictionView.Pair;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The page of what an endpoint's model decides alone: the level, what the evidence speaks for, and
/// that evidence.
final class AutomationPages {
    private static final Pattern TARGET = Pattern.compile(".*(<=|>=)\\s*([0-9.]+)\\s*%.*");

    private final ReviewDocuments documents;
    private final InstantSource clock;

    AutomationPages(ReviewDocuments documents, InstantSource clock) {
        this.documents = documents;
        this.clock = clock;
    }

    Response one(Request request) {
        var name = request.parameter("name");
        var automation = documents.automation(name);
        var now = clock.instant();
        return Html.page(
                "automation",
                new AutomationView(
                        new Chrome(
                                "Automation of " + name + " · Davy",
                                "review",
                                Pages.who(request),
                                true),
                        name,
                        Monitor.href(name),
                        ReviewPages.work(name),
                        sentence(automation),
                        details(automation, now),
                        levels(automation.path("level").asString("")),
                        slices(automation),
                        advice(automation),
                        ReviewPages.texts(automation.at("/recommendation/missing")),
                        curves(automation),
                        thresholds(automation),
                        compared(automation),
                        reviewers(automation),
                        queue(automation, now)));
    }

    /// The share that the model decides alone, as far as it is known.
    static String alone(JsonNode automation) {
        return switch (automation.path("level").asString("")) {
            case "full" -> Figures.share(1);
            case "partial" -> {
                for (var each : automation.path("thresholds"))
                    if (each.has("alone") && each.path("slice").asString("").isEmpty())
                        yield Figures.share(each.path("alone").asDouble());
                // A target that nothing supports yet leaves all to people.
                yield automation.has("target") ? Figures.share(0) : "–";
            }
            default -> Figures.share(0);
        };
    }

    private static String sentence(JsonNode automation) {
        double checked = automation.path("spot-check").asDouble();
        var alone = alone(automation);
        return switch (automation.path("level").asString("")) {
            case "human-only" -> "Nothing: people decide all, and the model is not asked.";
            case "shadow" -> "Nothing: people decide all, and the model answers into the log only.";
            case "assist" -> "Nothing: people decide all, and see what the model says.";
            case "partial" ->
                    alone.equals("–")
                            ? "What it is sure of, by the rule that is declared; people decide the rest."
                            : alone.equals(Figures.share(0))
                                    ? "Nothing yet: no threshold is supported by evidence, so people decide all."
                                    : "What it is sure of, about "
                                            + alone
                                            + " of the cases; people decide the rest.";
            default ->
                    checked > 0
                            ? "All of it; people look at " + Figures.share(checked) + " of it."
                            : "All of it.";
        };
    }

    private static List<String> details(JsonNode automation, Instant now) {
        var details = new ArrayList<String>();
        if (automation.has("since"))
            details.add(
                    "Since %s, by %s: %s"
                            .formatted(
                                    Figures.ago(
                                            Instant.parse(automation.path("since").asString()),
                                            now),
                                    automation.path("who").asString(""),
                                    automation.path("why").asString("")));
        if (automation.path("stepped-down").asBoolean(false))
            details.add(
                    "It was stepped down; declared is "
                            + automation.path("desired").asString("")
                            + ". A person sets it back.");
        if (!automation.path("declared").asBoolean(true))
            details.add(
                    "Its declaration says nothing of people: see automation in docs/review.md.");
        if (automation.has("target"))
            details.add(
                    "What it decides alone must keep to: "
                            + automation.path("target").asString("")
                            + ".");
        return details;
    }

    private static List<Level> levels(String here) {
        return List.of(
                level(
                        here,
                        "human-only",
                        "People alone",
                        "Stop asking the model",
                        "The model is not asked; people decide all."),
                level(
                        here,
                        "shadow",
                        "Shadow",
                        "Let it answer into the log only",
                        "People decide all and never see what the model says."),
                level(
                        here,
                        "assist",
                        "Assist",
                        "Let people decide, seeing its answer",
                        "A person decides each case and sees what the model says."),
                level(
                        here,
                        "partial",
                        "Partial",
                        "Let it decide where it is sure",
                        "The model decides where it is sure, a person the rest."),
                level(
                        here,
                        "full",
                        "Full",
                        "Let it decide all",
                        "The model decides all; people look at spot-checks."));
    }

    private static Level level(String here, String word, String name, String button, String says) {
        return new Level(word, name, word.equals(here) ? "here" : "other", button, says);
    }

    private static List<Pair> slices(JsonNode automation) {
        var slices = new ArrayList<Pair>();
        for (var each : automation.path("slices")) {
            var level = each.path("level").asString("");
            var desired = each.path("desired").asString(level);
            slices.add(
                    new Pair(
                            each.path("where").asString(""),
                            ReviewPages.decides(level)
                                    + (level.equals(desired) ? "" : "; declared is " + desired)));
        }
        return slices;
    }

    private static String advice(JsonNode automation) {
        var recommendation = automation.path("recommendation");
        var level = recommendation.path("level").asString("");
        var why = recommendation.path("why").asString("");
        if (level.isEmpty()) return "Nothing is known yet.";
        return (level.equals(automation.path("level").asString(""))
                        ? "For the level it has, "
                        : "For ")
                + level
                + ". "
                + why;
    }

    private static List<CurveDrawing> curves(JsonNode automation) {
        var points = new ArrayList<CurveDrawing.Point>();
        for (var each : automation.path("curve"))
            points.add(
                    new CurveDrawing.Point(
                            each.path("threshold").asDouble(),
                            each.path("alone").asDouble(),
                            each.path("error").asDouble(),
                            each.path("low").asDouble(),
                            each.path("high").asDouble()));
        if (points.size() < 2) return List.of();
        var version = automation.path("version").asString("");
        double chosen = Double.NaN;
        for (var each : automation.path("thresholds"))
            if (each.path("version").asString("").equals(version)
                    && each.path("slice").asString("").isEmpty()
                    && each.has("threshold")) chosen = each.path("threshold").asDouble();
        return List.of(
                CurveDrawing.of(
                        version, points, chosen, allowed(automation.path("target").asString(""))));
    }

    /// The error that a target allows: `error <= 1%`, `recall(scratch) >= 99%`.
    private static double allowed(String target) {
        var found = TARGET.matcher(target);
        if (!found.matches()) return Double.NaN;
        double share = Double.parseDouble(found.group(2)) / 100;
        return found.group(1).equals("<=") ? share : 1 - share;
    }

    private static List<Threshold> thresholds(JsonNode automation) {
        var thresholds = new ArrayList<Threshold>();
        for (var each : automation.path("thresholds"))
            thresholds.add(
                    new Threshold(
                            each.path("version").asString(""),
                            slice(each),
                            each.has("threshold")
                                    ? exact(each.path("threshold").asDouble())
                                    : "nothing yet",
                            each.has("alone") ? Figures.share(each.path("alone").asDouble()) : "–",
                            each.has("upper")
                                    ? "at most " + Figures.share(each.path("upper").asDouble())
                                    : "–",
                            Figures.count(each.path("reviewed").asLong()),
                            each.path("says").asString("")));
        return thresholds;
    }

    /// Thresholds near 1 differ in their last digits.
    private static String exact(double threshold) {
        return String.format(Locale.ROOT, "%.4f", threshold);
    }

    private static String slice(JsonNode of) {
        var slice = of.path("slice").asString("");
        return slice.isEmpty() ? "all" : slice;
    }

    private static List<Compared> compared(JsonNode automation) {
        var compared = new ArrayList<Compared>();
        for (var each : automation.path("table")) {
            var who = each.path("who").asString("");
            compared.add(
                    new Compared(
                            who.equals("model")
                                    ? "the model"
                                    : who.equals("people") ? "people together" : who,
                            slice(each),
                            Figures.count(each.path("cases").asLong()),
                            figure(each),
                            each.has("low")
                                    ? Figures.share(each.path("low").asDouble())
                                            + " to "
                                            + Figures.share(each.path("high").asDouble())
                                    : "–",
                            each.path("against").asString("")));
        }
        return compared;
    }

    private static String figure(JsonNode of) {
        return of.has("figure") ? Figures.share(of.path("figure").asDouble()) : "–";
    }

    private static String of(JsonNode figure) {
        return figure.has("figure")
                ? figure(figure) + " of " + Figures.count(figure.path("cases").asLong())
                : "–";
    }

    private static List<Reviewer> reviewers(JsonNode automation) {
        var reviewers = new ArrayList<Reviewer>();
        for (var each : automation.path("people"))
            reviewers.add(
                    new Reviewer(
                            each.path("reviewer").asString(""),
                            Figures.count(each.path("cases").asLong()),
                            Figures.count(each.path("cannot-tell").asLong()),
                            each.has("median-seconds")
                                    ? Figures.number(each.path("median-seconds").asDouble()) + " s"
                                    : "–",
                            of(each.path("with-others")),
                            of(each.path("with-model-before")),
                            of(each.path("with-model-after")),
                            bias(each.path("bias")),
                            of(each.path("on-gold"))));
        return reviewers;
    }

    /// How much more a person agrees with the model once they have seen what it says.
    private static String bias(JsonNode bias) {
        if (!bias.has("points")) return "–";
        return String.format(
                Locale.ROOT,
                "%+.0f points (%+.0f to %+.0f)",
                100 * bias.path("points").asDouble(),
                100 * bias.path("low").asDouble(),
                100 * bias.path("high").asDouble());
    }

    private static List<Pair> queue(JsonNode automation, Instant now) {
        var of = automation.path("queue");
        var queue = new ArrayList<Pair>();
        queue.add(
                new Pair(
                        "open",
                        Figures.count(of.path("open").asLong())
                                + " of at most "
                                + Figures.count(of.path("at-most").asLong())));
        if (of.has("oldest"))
            queue.add(
                    new Pair(
                            "oldest",
                            ReviewPages.length(Instant.parse(of.path("oldest").asString()), now)));
        queue.add(
                new Pair(
                        "spot-checks",
                        Figures.share(automation.path("spot-check").asDouble())
                                + " of what the model decides"));
        return queue;
    }
}
