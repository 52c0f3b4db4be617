package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.jobs.Job;
import dev.davy.jobs.Jobs;
import dev.davy.registry.Models;
import dev.davy.rollout.DiffWork;
import dev.davy.serving.Endpoints;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import dev.davy.web.DiffView.Flip;
import dev.davy.web.DiffView.Kind;
import dev.davy.web.DiffView.Picture;
import dev.davy.web.DiffView.Slice;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The page of a comparison: what would flip under a version, as it is seen and heard, then how
/// often. The comparison itself is a job, begun over the API.
final class DiffPages {
    private static final int JOBS = 100;
    private static final int VERSIONS = 20;
    private static final int PICTURES = 120;
    private static final int FLIPS = 60;
    private static final int KINDS = 12;

    private final Endpoints endpoints;
    private final Models models;
    private final Jobs jobs;
    private final InstantSource clock;

    DiffPages(Endpoints endpoints, Models models, Jobs jobs, InstantSource clock) {
        this.endpoints = endpoints;
        this.models = models;
        this.jobs = jobs;
        this.clock = clock;
    }

    Response one(Request request) {
        var endpoint = request.parameter("name");
        endpoints.one(endpoint); // 404 for what is not there
        var with = request.query("with").orElse("");
        var since = request.query("since").orElse("7d");
        return Html.page("diff", view(request, endpoint, with, since, last(endpoint, with)));
    }

    /// The last comparison of an endpoint, with a version if one is named.
    private Optional<Job> last(String endpoint, String with) {
        return jobs
                .list(Optional.empty(), Optional.of(DiffWork.KIND), Optional.empty(), JOBS)
                .stream()
                .filter(job ->
                        job.arguments().path("endpoint").asString("").equals(endpoint)
                                && (with.isEmpty() || with(job).equals(with)))
                .findFirst();
    }

    private static String with(Job job) {
        var versions = new ArrayList<String>();
        job.arguments().path("with").forEach(each -> versions.add(each.asString()));
        return String.join(" ", versions);
    }

    private DiffView view(
            Request request, String endpoint, String with, String since, Optional<Job> job) {
        var now = clock.instant();
        var state = job.map(DiffPages::state).orElse("none");
        var result = job.flatMap(Job::result).orElse(Json.object());
        var named = job.map(DiffPages::with).orElse(with);
        return new DiffView(
                new Chrome(
                        "What would flip at " + endpoint + " · Davy",
                        "release",
                        Pages.who(request),
                        false),
                endpoint,
                "/endpoints/" + Figures.segment(endpoint),
                named,
                state,
                lamp(state, result),
                sentence(state, named, result),
                details(state, job, result, now),
                versions(endpoint),
                since,
                job.map(DiffPages::percent).orElse(""),
                pictures(endpoint, result),
                kinds(result),
                slices(result),
                flips(endpoint, result, now));
    }

    private static String state(Job job) {
        return switch (job.state()) {
            case DONE -> "done";
            case FAILED, CANCELLED -> "failed";
            case WAITING, RUNNING, STOPPING -> "running";
        };
    }

    private static Lamp lamp(String state, JsonNode result) {
        if (!state.equals("done") || result.path("compared").asLong() == 0) return Lamp.UNKNOWN;
        return result.path("flipped").asLong() == 0 ? Lamp.WELL : Lamp.UNEASY;
    }

    private static String sentence(String state, String with, JsonNode result) {
        return switch (state) {
            case "none" -> "Nothing has been compared yet.";
            case "running" -> with + " is being asked what callers asked.";
            case "failed" -> "The comparison came to no end.";
            default -> {
                long compared = result.path("compared").asLong();
                long flipped = result.path("flipped").asLong();
                if (compared == 0) yield "There was nothing to compare.";
                yield flipped == 0
                        ? "None of %s would be another.".formatted(Figures.of(compared, "answer"))
                        : "%s of %s would be %s: %s."
                                .formatted(
                                        Figures.count(flipped),
                                        Figures.of(compared, "answer"),
                                        flipped == 1 ? "another" : "others",
                                        share(result));
            }
        };
    }

    /// `1.2 % (0.9 % to 1.6 %)`.
    private static String share(JsonNode of) {
        if (!of.has("share")) return "";
        return "%s (%s to %s)"
                .formatted(
                        Figures.share(of.path("share").asDouble()),
                        Figures.share(of.at("/interval/lower").asDouble()),
                        Figures.share(of.at("/interval/upper").asDouble()));
    }

    private static List<String> details(
            String state, Optional<Job> job, JsonNode result, Instant now) {
        var details = new ArrayList<String>();
        job.flatMap(Job::failure)
                .ifPresent(failure -> {
                    details.add(failure.what() + " " + String.join(" ", failure.why()));
                    details.add(failure.todo());
                });
        if (!state.equals("done")) return details;
        details.add(
                "Answers since %s, compared %s."
                        .formatted(
                                Figures.time(Instant.parse(result.path("since").asString())),
                                Figures.ago(Instant.parse(result.path("until").asString()), now)));
        if (result.has("drawn"))
            details.add(
                    "They are %s of all, drawn by chance."
                            .formatted(Figures.share(result.path("drawn").asDouble())));
        count(details, result, "failed", "To %s it would give no answer at all.");
        count(details, result, "inputs-not-kept", "%s could not be asked again: not kept.");
        var truth = result.path("truth");
        if (truth.path("known").asLong() > 0)
            details.add(
                    "Of the %s whose truth is known, what was said is alone right in %s, what would be said in %s; p %s."
                            .formatted(
                                    Figures.of(truth.path("known").asLong(), "answer"),
                                    Figures.count(truth.path("only-live-right").asLong()),
                                    Figures.count(truth.path("only-candidate-right").asLong()),
                                    chance(truth.path("p").asDouble())));
        return details;
    }

    private static void count(List<String> details, JsonNode result, String field, String words) {
        long count = result.path(field).asLong();
        if (count > 0) details.add(words.formatted(Figures.of(count, "request")));
    }

    private static String percent(Job job) {
        long total = job.progress().total();
        return total <= 0 ? "" : String.valueOf(Math.min(100, 100 * job.progress().done() / total));
    }

    /// `= 0.03`, or `< 0.001`.
    static String chance(double p) {
        return p < 0.001 ? "< 0.001" : "= " + Figures.number(p);
    }

    /// Of the models that the endpoint has now, newest first.
    private List<String> versions(String endpoint) {
        var live = endpoints.standing(endpoint).live().values();
        var versions = new ArrayList<String>();
        for (var each : live) {
            int slash = each.lastIndexOf('/');
            if (slash < 0) continue;
            try {
                for (var version : models.versions(each.substring(0, slash)))
                    if (!live.contains(version.address())) versions.add(version.address());
            } catch (Problem gone) {
                // Its model was deleted; another may still be named.
            }
        }
        return versions.stream().limit(VERSIONS).toList();
    }

    private static List<Picture> pictures(String endpoint, JsonNode result) {
        var pictures = new ArrayList<Picture>();
        for (var flip : result.path("flips")) {
            boolean first = true;
            for (var medium : flip.path("media")) {
                if (pictures.size() == PICTURES) return pictures;
                var truth = truth(flip);
                var was = flip.path("was").asString("");
                var would = flip.path("would-be").asString("");
                pictures.add(
                        new Picture(
                                prediction(endpoint, flip),
                                first,
                                medium.path("href").asString(""),
                                medium.path("content-type").asString("").startsWith("audio/"),
                                was,
                                would,
                                truth,
                                truth.isEmpty()
                                        ? ""
                                        : truth.equals(was)
                                                ? "was"
                                                : truth.equals(would) ? "would" : ""));
                first = false;
            }
        }
        return pictures;
    }

    private static String prediction(String endpoint, JsonNode flip) {
        return "/endpoints/"
                + Figures.segment(endpoint)
                + "/predictions/"
                + flip.path("prediction").asString("");
    }

    private static String truth(JsonNode flip) {
        var said = new ArrayList<String>();
        for (var each : flip.path("truth"))
            said.add(each.isString() ? each.asString() : each.toString());
        return Figures.brief(String.join(", ", said), 60);
    }

    /// The commonest first. Where none comes twice, as of numbers, those that flip say it all.
    private static List<Kind> kinds(JsonNode result) {
        var kinds = new ArrayList<Kind>();
        boolean repeated = false;
        for (var each : result.path("kinds")) {
            var was = each.path("was").asString("");
            var would = each.path("would-be").asString("");
            if (was.equals(would) || kinds.size() == KINDS) continue;
            long count = each.path("count").asLong();
            repeated |= count > 1;
            kinds.add(new Kind(was, would, Figures.count(count)));
        }
        return repeated ? kinds : List.of();
    }

    private static List<Slice> slices(JsonNode result) {
        var slices = new ArrayList<Slice>();
        for (var each : result.path("slices"))
            slices.add(
                    new Slice(
                            each.path("slice").asString(""),
                            Figures.count(each.path("compared").asLong()),
                            Figures.count(each.path("flipped").asLong()),
                            share(each)));
        return slices;
    }

    private static List<Flip> flips(String endpoint, JsonNode result, Instant now) {
        var flips = new ArrayList<Flip>();
        for (var each : result.path("flips")) {
            if (each.has("media")) continue;
            if (flips.size() == FLIPS) break;
            flips.add(
                    new Flip(
                            prediction(endpoint, each),
                            row(each),
                            each.path("was").asString(""),
                            each.path("would-be").asString(""),
                            truth(each),
                            RolloutPages.moment(each.path("at").asString(), now)));
        }
        return flips;
    }

    /// `age 31 · line A`.
    static String row(JsonNode of) {
        var parts = new ArrayList<String>();
        for (var each : of.path("input").properties())
            if (each.getValue().isValueNode() && !each.getValue().isNull())
                parts.add(
                        each.getKey()
                                + " "
                                + (each.getValue().isNumber()
                                        ? Figures.number(each.getValue().asDouble())
                                        : each.getValue().asString()));
        return Figures.brief(String.join(" · ", parts), 160);
    }
}
