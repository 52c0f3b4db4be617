package dev.davy.rollout;

import dev.davy.rollout.Evidence.Seen;
import dev.davy.serving.past.Logged;
import dev.davy.stats.quality.McNemar;
import dev.davy.stats.quality.Proportion;
import dev.davy.stats.sequential.Durations;
import dev.davy.stats.sequential.Interval;
import dev.davy.stats.sequential.Tally;
import dev.davy.strict.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Rollouts as callers and events see them.
final class RolloutJson {
    private static final double CONFIDENCE = 0.95;

    private RolloutJson() {}

    static ObjectNode course(Course course) {
        var rollout = course.rollout();
        var json =
                Json.object()
                        .put("id", course.id().toString())
                        .put("endpoint", course.endpoint())
                        .put("live", rollout.live())
                        .put("candidate", rollout.candidate());
        Against.of(course.live()).holds().ifPresent(holds -> json.put("holds", holds));
        var versions = json.putObject("versions");
        versions.set("live", Json.tree(course.live()));
        versions.set("candidate", Json.tree(course.candidate()));
        json.set("state", PolicyJson.state(rollout.state()));
        json.put("over", rollout.over())
                .put("stage", course.stage())
                .put("share", rollout.share())
                .put("revision", rollout.revision())
                .put("created", course.created().toString());
        return json;
    }

    /// With its policy and all that happened.
    static ObjectNode whole(Course course) {
        var json = course(course);
        json.set("settings", PolicyJson.settings(course.settings()));
        json.set("policy", PolicyJson.policy(course.rollout().policy()));
        json.set("history", PolicyJson.history(course.rollout().history()));
        json.set("traffic", PolicyJson.eras(course.eras()));
        if (!course.settings().strategy().skips().isEmpty())
            json.put("skips", course.settings().strategy().skips());
        return json;
    }

    static ArrayNode verdicts(Policy policy, List<Verdict> verdicts, Evidence evidence) {
        var json = Json.array();
        for (var verdict : verdicts) {
            var watched = verdict.watched();
            var one = json.addObject().put("watch", watched.metric());
            if (!watched.slice().isEmpty()) one.put("slice", watched.slice());
            policy.guards().stream()
                    .filter(each -> each.metric().equals(watched.metric()))
                    .findFirst()
                    .ifPresent(guard -> {
                        one.put("unit", guard instanceof Guard.Latency ? "ms" : "share");
                        one.put("kind", kind(guard));
                        one.put("observe-only", guard.observeOnly());
                    });
            switch (verdict) {
                case Verdict.Worse(var _, var harm, double margin) ->
                        said(one, "worse", harm, margin);
                case Verdict.NoWorse(var _, var harm, double margin) ->
                        said(one, "no-worse", harm, margin);
                case Verdict.TooEarly(var _, var harm, double margin, long needed) -> {
                    said(one, "too-early", harm, margin);
                    if (needed != Long.MAX_VALUE) one.put("needed", needed);
                }
            }
            var seen = evidence.seen().get(watched);
            if (seen != null) one.set("evidence", evidence(seen));
        }
        return json;
    }

    private static String kind(Guard guard) {
        return switch (guard) {
            case Guard.Rate _ -> "rate";
            case Guard.Latency _ -> "latency";
            case Guard.Limit _ -> "limit";
            case Guard.Pairs _ -> "pairs";
        };
    }

    private static void said(ObjectNode json, String verdict, Interval harm, double margin) {
        json.put("verdict", verdict).put("margin", margin);
        // Infinite before anything was seen; JSON has no word for that.
        if (Double.isFinite(harm.lower()) && Double.isFinite(harm.upper()))
            json.putObject("harm").put("lower", harm.lower()).put("upper", harm.upper());
    }

    private static ObjectNode evidence(Seen seen) {
        var json = Json.object();
        switch (seen) {
            case Seen.Rates(var stretches) -> {
                var live = Tally.NONE;
                var candidate = Tally.NONE;
                for (var each : stretches) {
                    live = live.merge(each.live());
                    candidate = candidate.merge(each.candidate());
                }
                json.set("live", tally(live));
                json.set("candidate", tally(candidate));
            }
            case Seen.Latencies(var times) -> {
                var live = Durations.NONE;
                var candidate = Durations.NONE;
                for (var each : times) {
                    live = live.merge(each.live());
                    candidate = candidate.merge(each.candidate());
                }
                json.set("live", times(live));
                json.set("candidate", times(candidate));
            }
            case Seen.Tallies(var tallies) -> {
                var candidate = Tally.NONE;
                for (var each : tallies) candidate = candidate.merge(each);
                json.set("candidate", tally(candidate));
            }
        }
        return json;
    }

    private static ObjectNode tally(Tally tally) {
        var json =
                Json.object()
                        .put("entities", tally.units())
                        .put("requests", Math.round(tally.size()))
                        .put("harm", tally.total());
        if (tally.size() > 0) json.put("rate", tally.total() / tally.size());
        return json;
    }

    private static ObjectNode times(Durations times) {
        var json = Json.object().put("requests", times.count());
        for (double level : List.of(0.5, 0.99))
            times.quantile(level)
                    .ifPresent(millis -> json.put("p" + Measure.text(level * 100), millis));
        return json;
    }

    /// What is to be done next, and what it waits for.
    static ObjectNode step(Step step) {
        var json = Json.object();
        switch (step) {
            case Step.Nothing _ -> json.put("is", "nothing");
            case Step.Hold(var time, long requests, var guards) -> {
                json.put("is", "hold");
                if (!time.isZero()) json.put("time", time.toString());
                if (requests > 0) json.put("requests", requests);
                guards.forEach(guard -> json.withArray("guards").add(guard.toString()));
            }
            case Step.AskForApproval _ -> json.put("is", "ask-for-approval");
            case Step.Advance(int stage) -> json.put("is", "advance").put("stage", stage);
            case Step.Promote _ -> json.put("is", "promote");
            case Step.Finish _ -> json.put("is", "finish");
            case Step.RollBack(var because) -> {
                json.put("is", "roll-back");
                because.forEach(each -> json.withArray("guards").add(each.watched().toString()));
            }
            case Step.Pause(var missing) -> {
                json.put("is", "pause");
                missing.forEach(json.withArray("missing")::add);
            }
        }
        return json;
    }

    static ObjectNode shadows(Shadows.Summary summary) {
        var json =
                Json.object()
                        .put("asked", summary.asked())
                        .put("agreed", summary.agreed())
                        .put("failed", summary.failed());
        if (summary.asked() > 0) json.put("agreement", (double) summary.agreed() / summary.asked());
        summary.confidenceGained().ifPresent(gained -> json.put("confidence-gained", gained));
        var said = json.putObject("said");
        summary.said().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(live -> said.set(live.getKey(), Json.tree(live.getValue())));
        if (!summary.bySlice().isEmpty()) slices(json.putArray("slices"), summary);
        if (!summary.right().equals(McNemar.NONE))
            json.set("truth", FlipsJson.right(summary.right()));
        return json;
    }

    private static void slices(ArrayNode json, Shadows.Summary summary) {
        summary.bySlice().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> {
                    long asked = each.getValue().asked();
                    long agreed = each.getValue().agreed();
                    var interval = Proportion.wilson((double) agreed, (double) asked, CONFIDENCE);
                    json.addObject()
                            .put("slice", each.getKey())
                            .put("asked", asked)
                            .put("agreed", agreed)
                            .put("agreement", (double) agreed / asked)
                            .putObject("interval")
                            .put("lower", interval.low())
                            .put("upper", interval.high());
                });
    }

    /// What people thought, beside what an arm said.
    static ObjectNode people(Inspection.Summary summary) {
        var json =
                Json.object()
                        .put("compared", summary.compared())
                        .put("agreed", summary.agreed())
                        .put("saw-answer", summary.sawAnswer());
        if (summary.left() > 0) json.put("left-out", summary.left());
        for (var figure : summary.figures()) {
            if (figure.value().isEmpty()) continue;
            var one =
                    json.putObject(figure.name().equals("cohen_kappa") ? "kappa" : "agreement")
                            .put("value", figure.value().getAsDouble());
            figure.interval().ifPresent(of -> one.put("lower", of.low()).put("upper", of.high()));
        }
        var said = json.putObject("said");
        summary.said().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(person -> said.set(person.getKey(), Json.tree(person.getValue())));
        return json;
    }

    /// @param logged what was asked, as far as the log still holds it
    static ArrayNode disagreements(
            List<Shadows.Disagreement> last, int most, Function<UUID, Optional<Logged>> logged) {
        var json = Json.array();
        for (var each : last.subList(0, Math.min(most, last.size()))) {
            var one =
                    json.addObject()
                            .put("prediction", each.prediction().toString())
                            .put("at", each.at().toString())
                            .put("live", each.live())
                            .put("shadow", each.shadow());
            each.failure().ifPresent(code -> one.put("failure", code));
            logged.apply(each.prediction()).ifPresent(asked -> FlipsJson.inputs(one, asked));
        }
        return json;
    }

    static ObjectNode counts(Gathering.Counts counts) {
        return Json.object()
                .put("live", counts.live())
                .put("candidate", counts.candidate())
                .put("shadow", counts.shadow())
                .put("candidate-failed", counts.failed())
                .put("left-out", counts.left());
    }

    static ArrayNode outlook(List<Outlook> outlooks) {
        var json = Json.array();
        for (var each : outlooks) {
            var one = json.addObject().put("stage", each.stage()).put("share", each.share());
            each.untilNext().ifPresent(time -> one.put("until-next", time.toString()));
            each.untilSeen().ifPresent(time -> one.put("until-seen", time.toString()));
        }
        return json;
    }
}
