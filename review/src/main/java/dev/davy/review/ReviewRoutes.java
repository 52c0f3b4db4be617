package dev.davy.review;

import dev.davy.access.Permission;
import dev.davy.access.Principal;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.schema.Schema;
import dev.davy.serving.Endpoints;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// The HTTP of cases and levels.
public final class ReviewRoutes {
    private static final int LIST_MOST = 1_000;
    private static final double SECONDS_MOST = 86_400;

    private final Reviews reviews;
    private final Automations automations;
    private final Endpoints endpoints;

    public ReviewRoutes(Reviews reviews, Automations automations, Endpoints endpoints) {
        this.reviews = reviews;
        this.automations = automations;
        this.endpoints = endpoints;
    }

    public Routes addTo(Routes routes) {
        var one = "/api/v1/reviews/{prediction}";
        var endpoint = "/api/v1/endpoints/{name}";
        return routes.add(
                Route.get("/api/v1/reviews", Permission.READ, this::list)
                        .query("endpoint", "state", "limit")
                        .about("Cases for people, newest first."),
                Route.get(one, Permission.REVIEW, this::get)
                        .query("reviewer")
                        .about("A case, as the reviewer may see it."),
                Route.post(endpoint + "/reviews/next", Permission.REVIEW, Upload.JSON, this::next)
                        .about("Puts the next cases before a reviewer."),
                Route.post(one + "/judgement", Permission.REVIEW, Upload.JSON, this::judge)
                        .about("Says what a reviewer thinks of a case."),
                Route.delete(one + "/judgement", Permission.REVIEW, this::takeBack)
                        .query("reviewer")
                        .about("Takes a reviewer's judgement back."),
                Route.post(one + "/skip", Permission.REVIEW, Upload.JSON, this::skip)
                        .about("Never offers a case to a reviewer again."),
                Route.post(endpoint + "/gold", Permission.OPERATE, Upload.JSON, this::gold)
                        .about("Makes a case one whose answer is known."),
                Route.get(endpoint + "/automation", Permission.READ, this::automation)
                        .about("How much the model decides, and what that rests on."),
                Route.post(endpoint + "/automation", Permission.OPERATE, Upload.JSON, this::change)
                        .about("Changes how much the model decides."));
    }

    /// Whose word it is. Only who may operate speaks for others, such as for people who sit at one
    /// machine.
    private static String reviewer(Principal who, Optional<String> named) {
        if (named.isEmpty() || named.get().equals(who.name())) return who.name();
        if (who.may(Permission.OPERATE)) {
            if (named.get().isBlank() || named.get().length() > 100)
                throw new Problem(
                        Problem.Kind.MALFORMED,
                        "reviewer-malformed",
                        "'reviewer' is no name.",
                        "It must have 1 to 100 characters.",
                        "Correct it.");
            return named.get();
        }
        throw new Problem(
                Problem.Kind.FORBIDDEN,
                "reviewer-not-permitted",
                "'" + who.name() + "' can't speak for '" + named.get() + "'.",
                "Whose token it is, theirs is the word.",
                "Leave 'reviewer' out, or use their token.");
    }

    private Response list(Request request) {
        var state =
                request.query("state")
                        .map(word -> {
                            for (var each : Review.State.values())
                                if (each.word().equals(word)) return each;
                            throw new Problem(
                                    Problem.Kind.MALFORMED,
                                    "state-unknown",
                                    "'" + word + "' is no state of a case.",
                                    "They are open, decided and expired.",
                                    "Name one of these.");
                        });
        int limit = (int) request.query("limit", 50, 1, LIST_MOST);
        var list = Json.array();
        for (var each : reviews.list(request.query("endpoint"), state, limit))
            list.add(summary(each));
        var body = Json.object();
        body.set("reviews", list);
        body.set("open", Json.tree(reviews.open()));
        return Response.json(body);
    }

    /// Without what the model said: reviewers read lists too.
    private static ObjectNode summary(Review review) {
        var json =
                Json.object()
                        .put("prediction", review.prediction().toString())
                        .put("endpoint", review.endpoint())
                        .put("version", review.version())
                        .put("level", review.level())
                        .put("state", review.state().word())
                        .put("created", review.created().toString())
                        .put("escalated", review.escalated())
                        .put("judgements", review.given())
                        .put("wanted", review.wanted())
                        .put("tie", review.isTie());
        review.due().ifPresent(due -> json.put("due", due.toString()));
        review.outcome()
                .ifPresent(outcome -> {
                    json.put("by", outcome.by()).put("decided", outcome.at().toString());
                    json.set("decision", outcome.output());
                });
        return json;
    }

    private ObjectNode shown(Review review, String reviewer) {
        var routing = endpoints.table().route(review.endpoint());
        var schema = routing.map(of -> of.shape().rows()).orElse(new Schema(List.of()));
        var outputs =
                routing.map(of -> of.shape().outputs()).orElse(List.<dev.davy.schema.Output>of());
        var policy = reviews.policy(review.endpoint());
        return ReviewJson.of(
                review, policy, schema, outputs, Reviews.sees(review, policy, reviewer));
    }

    private Response get(Request request) {
        var review = reviews.one(id(request));
        return Response.json(shown(review, reviewer(request.who(), request.query("reviewer"))));
    }

    private Response next(Request request) {
        var name = request.parameter("name");
        endpoints.one(name); // 404 for what is not there
        var fields = Fields.of(request.json(), "next");
        int ahead = (int) fields.optionalInteger("ahead", 0, 10).orElse(0);
        var named = fields.optionalText("reviewer");
        fields.done();
        var reviewer = reviewer(request.who(), named);
        var list = Json.array();
        for (var each : reviews.next(name, reviewer, ahead)) list.add(shown(each, reviewer));
        var body = Json.object().put("open", reviews.open(name));
        body.set("reviews", list);
        return Response.json(body);
    }

    private Response judge(Request request) {
        var fields = Fields.of(request.json(), "judgement");
        var answer = fields.optionalNode("answer");
        boolean cannotTell = fields.has("cannot-tell") && fields.flag("cannot-tell", false);
        if (answer.isPresent() == cannotTell)
            fields.violation("exactly one of 'answer' and 'cannot-tell' must be there");
        if (answer.isPresent() && !answer.get().isObject())
            fields.violation("answer", "'answer' must be values by output, {\"label\": \"ok\"}");
        var seconds = fields.optionalNumber("seconds", 0, SECONDS_MOST);
        var named = fields.optionalText("reviewer");
        fields.done();
        var reviewer = reviewer(request.who(), named);
        var taken =
                reviews.judge(
                        id(request), reviewer, cannotTell ? Optional.empty() : answer, seconds);
        var body = Json.object().put("result", taken.isNew() ? "kept" : "known");
        body.set("review", shown(taken.review(), reviewer));
        return Response.json(taken.isNew() ? 201 : 200, body);
    }

    private Response takeBack(Request request) {
        var reviewer = reviewer(request.who(), request.query("reviewer"));
        return Response.json(shown(reviews.takeBack(id(request), reviewer), reviewer));
    }

    private Response skip(Request request) {
        var fields = Fields.of(request.json(), "skip");
        var why = fields.text("why");
        var named = fields.optionalText("reviewer");
        fields.done();
        reviews.skip(id(request), reviewer(request.who(), named), why);
        return Response.nothing();
    }

    private Response gold(Request request) {
        var fields = Fields.of(request.json(), "gold");
        var prediction = fields.text("prediction");
        var answer = fields.node("answer");
        fields.done();
        var gold = reviews.gold(id(prediction), answer);
        return Response.json(201, summary(gold));
    }

    private Response automation(Request request) {
        var name = request.parameter("name");
        endpoints.one(name);
        return Response.json(AutomationJson.of(automations.view(name)));
    }

    private Response change(Request request) {
        var fields = Fields.of(request.json(), "automation");
        var level = fields.choice("level", Level.class);
        var where = fields.optionalText("where").orElse("");
        var why = fields.text("why");
        fields.done();
        var name = request.parameter("name");
        automations.change(name, where, level, request.who().name(), why);
        return Response.json(AutomationJson.of(automations.view(name)));
    }

    private static UUID id(Request request) {
        return id(request.parameter("prediction"));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException notAnId) {
            throw new Problem(
                    Problem.Kind.MALFORMED,
                    "id-malformed",
                    "The id of a prediction is a UUID.",
                    "This is none.",
                    "Use the id that came with the case.");
        }
    }
}
