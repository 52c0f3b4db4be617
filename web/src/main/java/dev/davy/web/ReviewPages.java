package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.review.ReviewDocuments;
import dev.davy.serving.Endpoints;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The pages of what people decide: all endpoints that ask them, and the place where they work.
final class ReviewPages {
    private static final int NAME_MOST = 100;

    private final ReviewDocuments documents;
    private final Endpoints endpoints;
    private final InstantSource clock;

    ReviewPages(ReviewDocuments documents, Endpoints endpoints, InstantSource clock) {
        this.documents = documents;
        this.endpoints = endpoints;
        this.clock = clock;
    }

    static String work(String endpoint) {
        return "/review/" + Figures.segment(endpoint);
    }

    Response all(Request request) {
        var now = clock.instant();
        var rows = new ArrayList<ReviewsView.Row>();
        int open = 0;
        int asking = 0;
        for (var name : new TreeSet<>(endpoints.table().routes().keySet())) {
            if (!documents.asksPeople(name)) continue;
            int here = documents.open(name);
            open += here;
            if (here > 0) asking++;
            rows.add(row(name, here, now));
        }
        // What waits comes first.
        rows.sort(Comparator.comparing(row -> row.open().equals("0")));
        var sentence =
                rows.isEmpty()
                        ? "Nothing: every model decides all it is asked."
                        : open == 0
                                ? "Nothing waits now."
                                : Figures.of(open, "case")
                                        + (open == 1 ? " waits at " : " wait at ")
                                        + Figures.of(asking, "endpoint")
                                        + ".";
        return Html.page(
                "reviews",
                new ReviewsView(
                        new Chrome("Review · Davy", "review", Pages.who(request), true),
                        sentence,
                        rows));
    }

    private ReviewsView.Row row(String name, int open, Instant now) {
        var automation = documents.automation(name);
        var advice = automation.path("recommendation").path("level").asString("");
        return new ReviewsView.Row(
                name,
                about(name),
                work(name),
                Monitor.href(name) + "/automation",
                Figures.count(open),
                documents.oldest(name).map(since -> length(since, now)).orElse("–"),
                decides(automation.path("level").asString("")),
                AutomationPages.alone(automation),
                advice.isEmpty() || advice.equals(automation.path("level").asString(""))
                        ? ""
                        : "the evidence speaks for " + advice);
    }

    private String about(String name) {
        return endpoints.table().route(name).map(each -> each.endpoint().about()).orElse("");
    }

    /// Who decides, in a few words.
    static String decides(String level) {
        return switch (level) {
            case "human-only" -> "people alone";
            case "shadow" -> "people; the model in the log";
            case "assist" -> "people, seeing the model";
            case "partial" -> "the model where it is sure";
            case "full" -> "the model";
            default -> level;
        };
    }

    static String length(Instant since, Instant now) {
        var passed = Duration.between(since, now);
        if (passed.toSeconds() < 120) return Math.max(0, passed.toSeconds()) + " s";
        if (passed.toMinutes() < 120) return passed.toMinutes() + " min";
        return passed.toHours() < 48 ? passed.toHours() + " h" : passed.toDays() + " days";
    }

    /// What an endpoint's own page says of people; empty: nothing.
    String brief(String name) {
        if (!documents.asksPeople(name)) return "";
        int open = documents.open(name);
        return (open == 0
                        ? "Nothing waits for a person"
                        : Figures.of(open, "case")
                                + (open == 1 ? " waits" : " wait")
                                + " for a person")
                + "; who decides: "
                + decides(documents.automation(name).path("level").asString(""))
                + ".";
    }

    Response work(Request request) {
        var name = request.parameter("endpoint");
        endpoints.one(name); // 404 for what is not there
        var about = about(name);
        var as = Figures.brief(request.query("as").orElse(""), NAME_MOST);
        return Html.page(
                "review",
                new ReviewView(
                        new Chrome(
                                "Review of " + name + " · Davy",
                                "review",
                                Pages.who(request),
                                true),
                        name,
                        Monitor.href(name),
                        about.isEmpty() ? "What is right?" : about,
                        as,
                        "davy predict " + name + " FILE"));
    }

    /// Texts of an array.
    static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(each -> texts.add(each.asString("")));
        return texts;
    }
}
