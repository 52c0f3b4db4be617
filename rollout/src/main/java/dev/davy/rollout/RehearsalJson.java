package dev.davy.rollout;

import dev.davy.rollout.AskedAgain.Stretch;
import dev.davy.rollout.Rollout.State;
import dev.davy.strict.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What came of a rehearsal, and what it can't know.
final class RehearsalJson {
    private RehearsalJson() {}

    /// @param asked the policy as it would hold, with the guards that a rehearsal leaves out
    /// @param hashed whether the log holds hashes of the entities
    static JsonNode of(Rehearsal rehearsal, Stretch stretch, Policy asked, boolean hashed) {
        var course = rehearsal.course();
        var rollout = course.rollout();
        var policy = rollout.policy();
        var evidence = rehearsal.evidence();
        var json =
                Json.object()
                        .put("endpoint", course.endpoint())
                        .put("live", rollout.live())
                        .put("candidate", rollout.candidate())
                        .put("since", stretch.from().toString())
                        .put("until", rehearsal.now().toString())
                        .put("asked-every", rehearsal.every().toString())
                        .put("outcome", outcome(rollout.state()));
        json.set("state", PolicyJson.state(rollout.state()));
        json.put("stage", course.stage()).put("share", rollout.share());
        json.set("policy", PolicyJson.policy(asked));
        json.set("happened", moments(rehearsal, policy));
        json.set(
                "guards",
                RolloutJson.verdicts(policy, new Judge(policy).verdicts(evidence), evidence));
        json.set("next", RolloutJson.step(Ramp.next(rollout, evidence, rehearsal.now())));
        json.set("requests", counts(rehearsal.counts()));
        json.set("shadow", RolloutJson.shadows(rehearsal.gathering().summary()));
        unknown(rehearsal.counts(), asked, hashed).forEach(json.putArray("not-known")::add);
        return json;
    }

    /// `promoted` as soon as it would have had all traffic and kept it.
    private static String outcome(State state) {
        return switch (state) {
            case State.Running _ -> "still-waiting";
            case State.Paused _ -> "paused";
            case State.Baking _, State.Finished _ -> "promoted";
            case State.RolledBack _ -> "rolled-back";
        };
    }

    private static JsonNode moments(Rehearsal rehearsal, Policy policy) {
        var list = Json.array();
        for (var each : rehearsal.moments()) {
            var transition = each.transition();
            var one = list.addObject().put("at", transition.at().toString());
            one.set("to", PolicyJson.state(transition.to()));
            if (transition.to() instanceof State.Running(int stage, var _, var _)) {
                var at = policy.stages().get(stage);
                one.put("share", at.share()).put("shadow", at.shadow());
            }
            one.put("why", transition.why());
            if (!each.waits().isEmpty()) one.put("waits-for", each.waits());
            one.set("guards", RolloutJson.verdicts(policy, each.verdicts(), Evidence.NONE));
        }
        return list;
    }

    private static ObjectNode counts(Rehearsal.Counts counts) {
        return Json.object()
                .put("seen", counts.seen())
                .put("live", counts.live())
                .put("candidate", counts.candidate())
                .put("shadow", counts.shadow())
                .put("candidate-failed", counts.failed())
                .put("inputs-not-kept", counts.notKept())
                .put("answered-by-others", counts.byOthers())
                .put("feedback", counts.told());
    }

    /// In sentences.
    private static List<String> unknown(Rehearsal.Counts counts, Policy asked, boolean hashed) {
        var unknown = new ArrayList<String>();
        var left =
                asked.guards().stream()
                        .filter(each -> !Rehearsal.isWatchable(each))
                        .map(Guard::metric)
                        .toList();
        unknown.add(
                "How long the candidate takes under the callers' load: it was asked one request at a"
                        + " time, apart from them.");
        unknown.add(
                "What people would have done had they been given the candidate's answer: clicks, redos"
                        + " and truth that only comes after some answers are those that live's answers"
                        + " brought.");
        if (!left.isEmpty())
            unknown.add(
                    "So these guards were left out, and may still stop the real rollout: "
                            + String.join(", ", left)
                            + ".");
        if (counts.notKept() > 0)
            unknown.add(
                    "%,d requests of %,d could not be asked again, for their inputs were not kept; they"
                                    .formatted(counts.notKept(), counts.seen())
                            + " are left out of both arms.");
        if (counts.byOthers() > 0)
            unknown.add(
                    "%,d of the answers that stand for live were given by another version than is live"
                                    .formatted(counts.byOthers())
                            + " now.");
        if (hashed)
            unknown.add(
                    "Who would have been on which arm: the log holds hashes of the entities, so the"
                            + " arms are as large, and of other callers.");
        return unknown;
    }
}
