package dev.davy.rollout;

import dev.davy.access.Permission;
import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.http.Route;
import dev.davy.http.Routes;
import dev.davy.http.Upload;
import dev.davy.rollout.Starting.Wanted;
import dev.davy.strict.Fields;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// Rollouts over HTTP.
public final class RolloutRoutes {
    private static final String ENDPOINT = "/api/v1/endpoints/{name}";
    private static final String ROLLOUT = ENDPOINT + "/rollout";
    private static final int PAGE = 100;

    private final Rollouts rollouts;
    private final RolloutDocuments documents;
    private final LiveAt liveAt;

    private RolloutRoutes(Rollouts rollouts, LiveAt liveAt) {
        this.rollouts = rollouts;
        this.documents = new RolloutDocuments(rollouts);
        this.liveAt = liveAt;
    }

    public static void addTo(Routes routes, Rollouts rollouts, LiveAt liveAt) {
        var here = new RolloutRoutes(rollouts, liveAt);
        routes.add(
                Route.get("/api/v1/rollouts", Permission.READ, here::list)
                        .query("endpoint", "limit")
                        .about("Rollouts, newest first."),
                Route.get(ROLLOUT, Permission.READ, here::one)
                        .about(
                                "The rollout of an endpoint: where it is, what each guard says, what it"
                                        + " waits for, and all that happened."),
                Route.post(ROLLOUT, Permission.OPERATE, Upload.JSON, here::begin)
                        .about("Begins to bring a version live."),
                Route.get(ROLLOUT + "/plan", Permission.READ, here::plan)
                        .query("to", "case", "beyond")
                        .about("How long each step will need, by the traffic of the last time."),
                Route.get(ROLLOUT + "/looks", Permission.READ, here::looks)
                        .about("What the guards said over time, oldest first."),
                Route.get(ROLLOUT + "/disagreements", Permission.READ, here::disagreements)
                        .query("limit")
                        .about(
                                "Predictions that live and shadow answered differently, newest first."),
                command(
                        here,
                        "pause",
                        Command.PAUSE,
                        "Holds a rollout; its guards go on watching."),
                command(here, "resume", Command.RESUME, "Lets a rollout that is paused go on."),
                command(here, "approve", Command.APPROVE, "Lets it go on from a step that asks."),
                command(here, "promote", Command.PROMOTE, "Gives the candidate all traffic now."),
                command(here, "rollback", Command.ROLL_BACK, "Gives all traffic back, at once."),
                Route.get(ENDPOINT + "/at", Permission.READ, here::at)
                        .query("time")
                        .about("What was live at a time, and why."));
    }

    private static Route command(RolloutRoutes here, String name, Command command, String about) {
        return Route.post(
                        ROLLOUT + "/" + name,
                        Permission.OPERATE,
                        Upload.JSON,
                        request -> here.command(request, command))
                .about(about);
    }

    private Response list(Request request) {
        int limit = (int) request.query("limit", PAGE, 1, request.limits().pageSize());
        var json = Json.object();
        var list = json.putArray("rollouts");
        for (var course : rollouts.list(request.query("endpoint"), limit))
            list.add(RolloutJson.course(course));
        return Response.json(json);
    }

    private Response one(Request request) {
        return Response.json(documents.rollout(request.parameter("name")));
    }

    private Response begin(Request request) {
        var endpoint = request.parameter("name");
        var fields = Fields.of(request.json(), "The rollout");
        var to =
                fields.optionalNode("to")
                        .map(node -> versions(fields, "to", node))
                        .orElse(Map.of());
        var purpose = fields.optionalChoice("case", Policy.Case.class);
        boolean retry = fields.flag("retry", false);
        boolean dryRun = fields.flag("dry-run", false);
        var why = fields.optionalText("why").orElse("");
        fields.done();
        var wanted = new Wanted(to, purpose, retry);
        var who = request.who().name();
        if (!dryRun) {
            var course = rollouts.begin(endpoint, wanted, who, why);
            return Response.created(ROLLOUT.replace("{name}", endpoint), RolloutJson.whole(course));
        }
        var json = RolloutJson.whole(rollouts.drawn(endpoint, wanted, who));
        json.put("dry-run", true);
        return Response.json(json);
    }

    /// `fraud/7`, or an object of them by component.
    static Map<String, String> versions(Fields fields, String name, JsonNode node) {
        var versions = new LinkedHashMap<String, String>();
        if (node.isString()) versions.put("", node.stringValue());
        else if (node.isObject())
            for (var each : node.properties())
                if (each.getValue().isString())
                    versions.put(each.getKey(), each.getValue().stringValue());
                else
                    fields.violation(
                            name, "'" + name + "." + each.getKey() + "' must be like name/7");
        else
            fields.violation(
                    name, "'" + name + "' must be like name/7, or an object of these by component");
        return versions;
    }

    private Response plan(Request request) {
        var endpoint = request.parameter("name");
        var to = request.query("to").map(version -> Map.of("", version)).orElse(Map.of());
        var purpose = request.query("case").map(RolloutRoutes::purpose);
        var beyond =
                request.query("beyond")
                        .map(text ->
                                Watch.Margins.points(
                                        text.contains("point") ? text : text + " points"))
                        .flatMap(found ->
                                found.isPresent() && found.getAsDouble() > 0
                                        ? Optional.of(found.getAsDouble())
                                        : Optional.empty());
        if (request.query("beyond").isPresent() && beyond.isEmpty())
            throw malformed("beyond", "It is points of harm beyond the margin, like 1.");
        rollouts.arms().standing(endpoint); // 404 for what is not there
        var lately = rollouts.recent().of(endpoint);
        double perSecond = Recent.perSecond(lately);
        if (perSecond == 0)
            throw new Problem(
                    Problem.Kind.CONFLICT,
                    "no-traffic-yet",
                    "It can't be said how long a rollout at endpoint '" + endpoint + "' will take.",
                    "Too few requests came since the server started.",
                    "Ask again when some have come.");
        double base = Recent.errors(lately);
        // Failures are counted in whole requests: of none, half a one.
        double known = Math.max(base, 0.5 / (lately.size() + 1));
        var course =
                rollouts.underWay(endpoint)
                        .orElseGet(() ->
                                rollouts.drawn(
                                        endpoint,
                                        new Wanted(to, purpose, true),
                                        request.who().name()));
        var json =
                Json.object()
                        .put("endpoint", endpoint)
                        .put("live", course.rollout().live())
                        .put("candidate", course.rollout().candidate())
                        .put("per-second", perSecond)
                        .put("errors", base)
                        .put("beyond", beyond.orElse(0.01));
        Against.of(course.live()).holds().ifPresent(holds -> json.put("holds", holds));
        json.set(
                "stages",
                RolloutJson.outlook(
                        Outlook.of(
                                course.rollout().policy(), perSecond, known, beyond.orElse(0.01))));
        json.set("policy", PolicyJson.policy(course.rollout().policy()));
        return Response.json(json);
    }

    private Response looks(Request request) {
        return Response.json(documents.looks(request.parameter("name")));
    }

    private Response disagreements(Request request) {
        int limit = (int) request.query("limit", 50, 1, Shadows.LAST);
        return Response.json(documents.disagreements(request.parameter("name"), limit));
    }

    private Response command(Request request, Command command) {
        var fields = Fields.of(request.json(), "The command");
        var why = fields.optionalText("why").orElse("");
        var revision = fields.optionalInteger("revision", 1, Integer.MAX_VALUE);
        fields.done();
        var seen =
                revision.isPresent()
                        ? OptionalInt.of((int) revision.getAsLong())
                        : OptionalInt.empty();
        return Response.json(
                documents.of(
                        rollouts.command(
                                request.parameter("name"),
                                command,
                                seen,
                                request.who().name(),
                                why)));
    }

    private Response at(Request request) {
        var time = request.time("time").orElseGet(rollouts::now);
        return Response.json(liveAt.of(request.parameter("name"), time));
    }

    private static Policy.Case purpose(String text) {
        for (var each : Policy.Case.values()) if (PolicyJson.word(each).equals(text)) return each;
        throw malformed("case", "It is new, assist or replace.");
    }

    private static Problem malformed(String name, String why) {
        return new Problem(
                        Problem.Kind.MALFORMED,
                        name + "-malformed",
                        "The query parameter '" + name + "' can't be read.",
                        why,
                        "Correct it, or leave it out.")
                .at(name);
    }
}
