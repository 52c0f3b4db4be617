package dev.davy.web;

import dev.davy.access.Permission;
import dev.davy.access.Principal;
import dev.davy.access.Tokens;
import dev.davy.archive.Archives;
import dev.davy.http.RefusalPage;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.SignIn;
import dev.davy.http.Upload;
import dev.davy.jobs.Jobs;
import dev.davy.monitoring.Backfills;
import dev.davy.monitoring.Monitors;
import dev.davy.monitoring.Software;
import dev.davy.monitoring.Usages;
import dev.davy.monitoring.Watching;
import dev.davy.monitoring.Windows;
import dev.davy.registry.Models;
import dev.davy.review.ReviewDocuments;
import dev.davy.rollout.RolloutDocuments;
import dev.davy.rollout.Rollouts;
import dev.davy.serving.Endpoints;
import dev.davy.serving.feedback.Feedbacks;
import dev.davy.storage.Events;
import dev.davy.storage.Log;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// The addresses of the pages.
public final class Pages {
    private static final int TOKEN_BYTES = 4_096;

    private final Endpoints endpoints;
    private final Tokens tokens;
    private final InstantSource clock;
    private final Monitor monitor;
    private final Predictions predictions;
    private final ModelPages models;
    private final JobPages jobs;
    private final RolloutPages rollouts;
    private final ReleasePages releases;
    private final DiffPages diffs;
    private final WatchPages watch;
    private final SoftwarePages software;
    private final MetricsPages metrics;
    private final PastPages past;
    private final ReviewPages reviews;
    private final AutomationPages automations;
    private final Series series;
    private final Content content;
    private final StoryPages story;
    private final Live live;

    public Pages(
            Endpoints endpoints,
            Models models,
            Jobs jobs,
            Rollouts rollouts,
            ReviewDocuments people,
            Windows windows,
            Monitors monitors,
            Watching watching,
            Software software,
            Usages usages,
            Backfills backfills,
            Archives archives,
            Feedbacks feedbacks,
            Events events,
            Log log,
            Tokens tokens,
            Story story,
            InstantSource clock) {
        this.endpoints = endpoints;
        this.tokens = tokens;
        this.clock = clock;
        var documents = new RolloutDocuments(rollouts);
        this.reviews = new ReviewPages(people, endpoints, clock);
        this.automations = new AutomationPages(people, clock);
        this.monitor =
                new Monitor(
                        endpoints, models, documents, reviews, windows, monitors, feedbacks, clock);
        this.predictions = new Predictions(endpoints, feedbacks, log, clock);
        this.models = new ModelPages(models, endpoints, clock);
        this.jobs = new JobPages(jobs, clock);
        this.rollouts = new RolloutPages(documents, clock);
        this.releases = new ReleasePages(documents, endpoints, clock);
        this.diffs = new DiffPages(endpoints, models, jobs, clock);
        this.watch = new WatchPages(endpoints, monitors, watching, windows);
        this.software = new SoftwarePages(endpoints, windows, software, clock);
        this.metrics = new MetricsPages(endpoints, usages, backfills);
        this.past = new PastPages(endpoints, archives, feedbacks, log, clock);
        this.series = new Series(windows, events);
        this.content = new Content(log);
        this.story = new StoryPages(story);
        this.live = new Live(windows, story);
    }

    public void addTo(Routes routes) {
        var endpoint = "/endpoints/{name}";
        var prediction = endpoint + "/predictions/{id}";
        routes.add(
                Route.get("/", Permission.READ, this::home).about("All endpoints, as a page."),
                Route.get(endpoint, Permission.READ, this::endpoint)
                        .query("last")
                        .about("One endpoint, as a page."),
                Route.get(endpoint + "/series", Permission.READ, this::series)
                        .query("last")
                        .about("The lines of its charts, as JSON."),
                Route.get(endpoint + "/rollout", Permission.READ, rollouts::one)
                        .about("The rollout of an endpoint, as a page."),
                Route.get("/releases", Permission.READ, releases::all)
                        .about("What is on its way to live, as a page."),
                Route.get(endpoint + "/diff", Permission.READ, diffs::one)
                        .query("with", "since")
                        .about("Which logged answers would flip under a version, as a page."),
                Route.get(endpoint + "/monitoring", Permission.READ, watch::one)
                        .query("from", "to")
                        .about("What is watched of an endpoint, as a page."),
                Route.get(endpoint + "/software", Permission.READ, software::one)
                        .query("last")
                        .about("How busy an endpoint, its models and the machine are, as a page."),
                Route.get(endpoint + "/metrics", Permission.READ, metrics::all)
                        .about("What each metric ever said, and what it costs, as a page."),
                Route.get(endpoint + "/metric", Permission.READ, watch::metric)
                        .query("watch", "from", "to")
                        .about("One metric of an endpoint, as a page."),
                Route.get(endpoint + "/automation", Permission.READ, automations::one)
                        .about("What a model decides alone, as a page."),
                Route.get("/review", Permission.READ, reviews::all)
                        .about("What waits for people, as a page."),
                Route.get("/review/{endpoint}", Permission.REVIEW, reviews::work)
                        .query("as")
                        .about("Where a person decides the cases of an endpoint, as a page."),
                Route.get(endpoint + "/predictions", Permission.READ, past::of)
                        .query("from", "to")
                        .about("Predictions of a stretch of time, as a page."),
                Route.get(prediction, Permission.READ, this::prediction)
                        .about("One prediction, as a page."),
                Route.get(prediction + "/content/{column}", Permission.READ, this::content)
                        .about("A picture or recording that was sent, if it is kept."),
                Route.get("/models", Permission.READ, models::all).about("All models, as a page."),
                Route.get("/models/{name}", Permission.READ, models::one)
                        .about("One model, as a page."),
                Route.get("/jobs", Permission.READ, jobs::all).about("Background work, as a page."),
                Route.get("/live", Permission.READ, live::stream)
                        .about("Says when there is something new, as server-sent events."),
                Route.get("/assets/{digest}/{name}", Permission.NONE, Assets::answer)
                        .about("A script or style of the pages."),
                Route.get("/favicon.ico", Permission.NONE, _ -> favicon()).about("The lamp."),
                Route.get("/login", Permission.NONE, _ -> login(""))
                        .about("Where a person says who they are."),
                Route.post(
                                "/login",
                                Permission.NONE,
                                Upload.bytes("application/x-www-form-urlencoded")
                                        .atMost(TOKEN_BYTES),
                                this::signIn)
                        .about("Takes a token, and remembers it in a cookie."),
                Route.post(
                                "/logout",
                                Permission.NONE,
                                Upload.bytes("application/x-www-form-urlencoded", "")
                                        .atMost(TOKEN_BYTES),
                                _ -> signOut())
                        .about("Forgets it."));
        story.addTo(routes);
        routes.refusalsAs(Pages::refused);
    }

    /// The name in the corner; empty on this machine, where nobody signs in.
    static String who(Request request) {
        return request.who().equals(Principal.LOCAL) ? "" : request.who().name();
    }

    private Response home(Request request) {
        return Html.page("home", monitor.home(who(request)));
    }

    private Response endpoint(Request request) {
        return Html.page(
                "endpoint",
                monitor.endpoint(request.parameter("name"), stretch(request), who(request)));
    }

    private static Stretch stretch(Request request) {
        return Stretch.of(request.query("last").orElse("1h"));
    }

    private Response series(Request request) {
        var name = request.parameter("name");
        endpoints.one(name); // 404 for what is not there
        return Response.json(series.json(name, stretch(request), clock.instant()));
    }

    private Response prediction(Request request) {
        return Html.page(
                "prediction",
                predictions.one(request.parameter("name"), id(request), who(request)));
    }

    private Response content(Request request) {
        return content.of(id(request), request.parameter("column"));
    }

    private static UUID id(Request request) {
        try {
            return UUID.fromString(request.parameter("id"));
        } catch (IllegalArgumentException e) {
            throw Predictions.unknown(request.parameter("id"));
        }
    }

    private static Response favicon() {
        return new Response(302, java.util.Map.of(), new Response.Content.None())
                .with("location", Assets.at("lamp.svg"));
    }

    private static Response login(String wrong) {
        var view = new SignInView(new Chrome("Sign in · Davy", "", "", false), wrong);
        return Html.page(wrong.isEmpty() ? 200 : 401, "login", view);
    }

    private Response signIn(Request request) {
        var token = "";
        for (var field : new String(request.bytes(), StandardCharsets.UTF_8).split("&"))
            if (field.startsWith("token=")) token = decoded(field.substring(6)).strip();
        if (tokens.check(token).isEmpty())
            return login("This token is not valid, or not any more.");
        return seeOther("/").with("set-cookie", SignIn.cookie(token));
    }

    /// No token has a percent sign that means nothing.
    private static String decoded(String field) {
        try {
            return URLDecoder.decode(field, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    private static Response signOut() {
        return seeOther("/login").with("set-cookie", SignIn.forget());
    }

    static Response seeOther(String path) {
        return new Response(303, java.util.Map.of(), new Response.Content.None())
                .with("location", path);
    }

    private static Response refused(RefusalPage.Refused refused) {
        if (refused.code().equals("token-missing") || refused.code().equals("token-unknown"))
            return login(
                    refused.code().equals("token-missing")
                            ? "This address asks who you are."
                            : "This token is not valid, or not any more.");
        var view =
                new ProblemView(
                        new Chrome(refused.status() + " · Davy", "", "", false),
                        refused.what(),
                        refused.violations().isEmpty()
                                ? List.of(refused.why())
                                : refused.violations(),
                        refused.todo(),
                        refused.code(),
                        refused.requestId());
        return Html.page(refused.status(), "problem", view);
    }
}
