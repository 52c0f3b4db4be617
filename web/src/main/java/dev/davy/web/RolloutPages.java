package dev.davy.web;

import dev.davy.http.Request;
import dev.davy.http.Response;
import dev.davy.rollout.RolloutDocuments;
import dev.davy.serving.Fallback;
import dev.davy.web.RolloutView.Button;
import dev.davy.web.RolloutView.Count;
import dev.davy.web.RolloutView.Disagreement;
import dev.davy.web.RolloutView.Happening;
import dev.davy.web.RolloutView.Moment;
import dev.davy.web.RolloutView.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The page of a rollout: the traffic of both arms, each guard's interval as it closes in on its
/// margin, what the arms answered differently, and what a person may do.
final class RolloutPages {
    private static final int DISAGREEMENTS = 12;

    private final RolloutDocuments rollouts;
    private final InstantSource clock;

    RolloutPages(RolloutDocuments rollouts, InstantSource clock) {
        this.rollouts = rollouts;
        this.clock = clock;
    }

    Response one(Request request) {
        var endpoint = request.parameter("name");
        var rollout = rollouts.rollout(endpoint);
        var looks = rollouts.looks(endpoint).path("looks");
        var last = rollouts.disagreements(endpoint, DISAGREEMENTS);
        return Html.page("rollout", view(request, endpoint, rollout, looks, last));
    }

    private RolloutView view(
            Request request, String endpoint, JsonNode rollout, JsonNode looks, JsonNode last) {
        var now = clock.instant();
        var state = rollout.at("/state/is").asString("");
        var guards = new ArrayList<GuardDrawing>();
        for (var guard : rollout.path("guards")) guards.add(GuardDrawing.of(guard, looks));
        var href = "/endpoints/" + Figures.segment(endpoint);
        return new RolloutView(
                new Chrome(
                        "Rollout of " + endpoint + " · Davy", "release", Pages.who(request), true),
                endpoint,
                href,
                rollout.path("live").asString(""),
                rollout.path("candidate").asString(""),
                lamp(state, guards),
                sentence(rollout, state),
                details(rollout, state),
                rollout.path("revision").asInt(),
                rollout.path("over").asBoolean(false),
                steps(rollout, state),
                share(rollout, now),
                Figures.ago(Instant.parse(rollout.path("created").asString()), now),
                counts(rollout),
                guards,
                shadow(rollout.path("shadow")),
                disagreements(last, now),
                agreement(rollout.path("shadow")),
                people(rollout),
                history(rollout, now),
                buttons(rollout, state));
    }

    private static Lamp lamp(String state, List<GuardDrawing> guards) {
        if (state.equals("rolled-back")) return Lamp.ALARM;
        if (state.equals("paused")) return Lamp.UNEASY;
        return guards.stream().anyMatch(each -> each.verdict().equals("worse"))
                ? Lamp.ALARM
                : Lamp.WELL;
    }

    private static String sentence(JsonNode rollout, String state) {
        var candidate = rollout.path("candidate").asString("");
        var share = Figures.share(rollout.path("share").asDouble());
        return switch (state) {
            case "rolled-back" ->
                    "It was rolled back: all traffic is with "
                            + rollout.path("live").asString("")
                            + " again.";
            case "paused" -> "It is paused with " + share + " of the traffic, and waits for you.";
            case "baking" ->
                    candidate + " has all traffic now; the guards go on watching for a while.";
            case "finished" -> "No: " + candidate + " came live.";
            default -> {
                boolean shadow = rollout.path("share").asDouble() == 0;
                yield shadow
                        ? "Not that anyone would notice: it only answers beside "
                                + (isPeople(rollout) ? "people" : "live")
                                + ", into the log."
                        : "Not so far: it answers " + share + " of the traffic.";
            }
        };
    }

    private static boolean isPeople(JsonNode rollout) {
        return rollout.path("live").asString("").equals(Fallback.PEOPLE);
    }

    private static List<String> details(JsonNode rollout, String state) {
        var details = new ArrayList<String>();
        var history = rollout.path("history");
        if (state.equals("rolled-back") && !history.isEmpty())
            details.add(history.get(history.size() - 1).path("why").asString(""));
        rollout.at("/state/missing").forEach(each -> details.add("Missing: " + each.asString()));
        var next = rollout.path("next");
        switch (next.path("is").asString("")) {
            case "hold" -> {
                var waits = new ArrayList<String>();
                if (next.has("time"))
                    waits.add(length(Duration.parse(next.path("time").asString())));
                if (next.has("requests"))
                    waits.add(Figures.of(next.path("requests").asLong(), "request"));
                next.path("guards").forEach(each -> waits.add("more on " + each.asString()));
                if (!waits.isEmpty()) details.add("It waits for " + String.join(", ", waits) + ".");
            }
            case "ask-for-approval" -> details.add("It waits for somebody to approve it.");
            default -> {}
        }
        if (rollout.has("holds")) details.add("Its " + rollout.path("holds").asString() + ".");
        rollout.path("broken").forEach(each -> details.add("Broken: " + each.asString()));
        if (rollout.has("skips")) details.add("It skips: " + rollout.path("skips").asString());
        return details;
    }

    private static String length(Duration time) {
        double seconds = time.toMillis() / 1_000.0;
        if (seconds < 120) return Figures.number(seconds) + " s";
        if (seconds < 7_200) return Figures.number(seconds / 60) + " min";
        return seconds < 172_800
                ? Figures.number(seconds / 3_600) + " h"
                : Figures.number(seconds / 86_400) + " days";
    }

    private static List<Step> steps(JsonNode rollout, String state) {
        var steps = new ArrayList<Step>();
        int here = rollout.path("stage").asInt(-1);
        boolean through = state.equals("finished") || state.equals("baking");
        int number = 0;
        for (var stage : rollout.at("/policy/stages")) {
            double share = stage.path("share").asDouble();
            var needs = new ArrayList<String>();
            var least = Duration.parse(stage.path("at-least").asString("PT0S"));
            if (!least.isZero()) needs.add("at least " + length(least));
            if (stage.path("requests").asLong() > 0)
                needs.add(Figures.of(stage.path("requests").asLong(), "request"));
            if (stage.path("approve").asBoolean(false)) needs.add("a person approves");
            steps.add(
                    new Step(
                            share > 0
                                    ? Figures.share(share)
                                    : stage.path("shadow").asBoolean(false) ? "shadow" : "loaded",
                            String.join(", ", needs),
                            through || number < here ? "done" : number == here ? "here" : "ahead"));
            number++;
        }
        return steps;
    }

    /// A line that steps up at each change of the share, to now.
    private static String share(JsonNode rollout, Instant now) {
        var begun = Instant.parse(rollout.path("created").asString());
        var ended =
                rollout.path("over").asBoolean(false)
                        ? Instant.parse(rollout.at("/state/since").asString())
                        : now;
        double whole = Math.max(1, Duration.between(begun, ended).toMillis());
        var points = new StringBuilder("0,40");
        double y = 40;
        for (var era : rollout.path("traffic")) {
            double at =
                    Math.clamp(
                            100
                                    * Duration.between(
                                                    begun,
                                                    Instant.parse(era.path("since").asString()))
                                            .toMillis()
                                    / whole,
                            0,
                            100);
            points.append(" %.2f,%.2f".formatted(at, y));
            y = 40 - 38 * era.path("share").asDouble();
            points.append(" %.2f,%.2f".formatted(at, y));
        }
        return points.append(" 100,%.2f".formatted(y)).toString();
    }

    private static List<Count> counts(JsonNode rollout) {
        var requests = rollout.path("requests");
        var counts = new ArrayList<Count>();
        counts.add(
                new Count(
                        isPeople(rollout) ? "To people" : "To live",
                        Figures.count(requests.path("live").asLong())));
        counts.add(
                new Count("To the candidate", Figures.count(requests.path("candidate").asLong())));
        counts.add(
                new Count(
                        isPeople(rollout)
                                ? "Failed, so people were asked"
                                : "Failed, so live answered",
                        Figures.count(requests.path("candidate-failed").asLong())));
        long shadows =
                isPeople(rollout)
                        ? requests.path("shadow").asLong()
                        : rollout.at("/shadow/asked").asLong();
        counts.add(new Count("As a shadow", Figures.count(shadows)));
        return counts;
    }

    private static String shadow(JsonNode shadow) {
        long asked = shadow.path("asked").asLong();
        if (asked == 0) return "";
        var sentence =
                "As a shadow it was asked %s times and said the same in %s."
                        .formatted(
                                Figures.count(asked),
                                Figures.share(shadow.path("agreement").asDouble()));
        var truth = shadow.path("truth");
        if (truth.path("known").asLong() == 0) return sentence;
        return sentence
                + " Of %s whose truth has come only live was right in %s, and only the shadow in %s; p %s (McNemar)."
                        .formatted(
                                Figures.count(truth.path("known").asLong()),
                                Figures.count(truth.path("only-live-right").asLong()),
                                Figures.count(truth.path("only-candidate-right").asLong()),
                                DiffPages.chance(truth.path("p").asDouble()));
    }

    private static List<DiffView.Slice> agreement(JsonNode shadow) {
        var slices = new ArrayList<DiffView.Slice>();
        for (var each : shadow.path("slices"))
            slices.add(
                    new DiffView.Slice(
                            each.path("slice").asString(""),
                            Figures.count(each.path("asked").asLong()),
                            Figures.count(each.path("agreed").asLong()),
                            "%s (%s to %s)"
                                    .formatted(
                                            Figures.share(each.path("agreement").asDouble()),
                                            Figures.share(each.at("/interval/lower").asDouble()),
                                            Figures.share(each.at("/interval/upper").asDouble()))));
        return slices;
    }

    private static List<RolloutView.People> people(JsonNode rollout) {
        var all = new ArrayList<RolloutView.People>();
        for (var arm : List.of("candidate", "live")) {
            var people = rollout.path("people").path(arm);
            long compared = people.path("compared").asLong();
            if (compared == 0) continue;
            var kappa = people.path("kappa");
            var sentence =
                    "agreed in %s of %s; kappa %s%s."
                            .formatted(
                                    Figures.share(
                                            (double) people.path("agreed").asLong() / compared),
                                    Figures.of(compared, "judgement"),
                                    Figures.number(kappa.path("value").asDouble()),
                                    kappa.has("lower")
                                            ? " (%s to %s)"
                                                    .formatted(
                                                            Figures.number(
                                                                    kappa.path("lower").asDouble()),
                                                            Figures.number(
                                                                    kappa.path("upper").asDouble()))
                                            : "");
            var said = new ArrayList<DiffView.Kind>();
            for (var person : people.path("said").properties())
                for (var its : person.getValue().properties())
                    if (!person.getKey().equals(its.getKey()))
                        said.add(
                                new DiffView.Kind(
                                        person.getKey(),
                                        its.getKey(),
                                        Figures.count(its.getValue().asLong())));
            all.add(new RolloutView.People(rollout.path(arm).asString(arm), sentence, said));
        }
        return all;
    }

    private static List<Disagreement> disagreements(JsonNode last, Instant now) {
        var all = new ArrayList<Disagreement>();
        for (var each : last.path("disagreements"))
            all.add(
                    new Disagreement(
                            each.path("prediction").asString(""),
                            each.path("live").asString(""),
                            each.has("failure")
                                    ? "failed: " + each.path("failure").asString("")
                                    : each.path("shadow").asString(""),
                            moment(each.path("at").asString(), now),
                            picture(each),
                            DiffPages.row(each)));
        return all;
    }

    private static String picture(JsonNode disagreement) {
        for (var medium : disagreement.path("media"))
            if (medium.path("content-type").asString("").startsWith("image/"))
                return medium.path("href").asString("");
        return "";
    }

    private static List<Happening> history(JsonNode rollout, Instant now) {
        var all = new ArrayList<Happening>();
        for (var each : rollout.path("history")) {
            var to = each.path("to");
            var is = to.path("is").asString("").replace('-', ' ');
            var stages = rollout.at("/policy/stages");
            var what =
                    to.has("stage")
                            ? is
                                    + " at "
                                    + Figures.share(
                                            stages.path(to.path("stage").asInt())
                                                    .path("share")
                                                    .asDouble())
                            : is;
            all.addFirst(
                    new Happening(
                            moment(each.path("at").asString(), now),
                            what,
                            each.path("by").asString(""),
                            each.path("why").asString("")));
        }
        return all;
    }

    static Moment moment(String iso, Instant now) {
        var at = Instant.parse(iso);
        return new Moment(iso, Figures.ago(at, now), Figures.time(at));
    }

    private static List<Button> buttons(JsonNode rollout, String state) {
        var candidate = rollout.path("candidate").asString("");
        var back =
                new Button(
                        "rollback",
                        "Roll back",
                        "All traffic goes back to "
                                + rollout.path("live").asString("")
                                + " at once. "
                                + candidate
                                + " is tried again only by name.",
                        false);
        var promote =
                new Button(
                        "promote",
                        "Promote",
                        candidate + " gets all traffic now, whatever the guards say.",
                        false);
        return switch (state) {
            case "running" -> {
                var pause =
                        new Button(
                                "pause",
                                "Pause",
                                "The traffic stays as it is, and the guards go on watching.",
                                false);
                var asks = rollout.at("/next/is").asString("").equals("ask-for-approval");
                var approve =
                        new Button("approve", "Approve", "It goes on to the next step.", true);
                yield asks ? List.of(approve, pause, promote, back) : List.of(pause, promote, back);
            }
            case "paused" ->
                    List.of(
                            new Button(
                                    "resume",
                                    "Resume",
                                    "It goes on; the time of this step begins anew.",
                                    true),
                            promote,
                            back);
            case "baking" -> List.of(back);
            default -> List.of();
        };
    }
}
