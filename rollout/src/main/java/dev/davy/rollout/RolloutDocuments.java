package dev.davy.rollout;

import dev.davy.strict.Json;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Rollouts as they are shown, to programs and on pages alike: JSON.
public final class RolloutDocuments {
    private final Rollouts rollouts;

    public RolloutDocuments(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    /// The rollout of an endpoint that is under way, or the last one: where it is, what each guard
    /// says, what it waits for, and all that happened.
    ///
    /// @throws dev.davy.strict.Problem NOT_FOUND `rollout-unknown`
    public ObjectNode rollout(String endpoint) {
        return of(rollouts.latest(endpoint));
    }

    /// The same in short, without evidence; empty where there was never one.
    public Optional<ObjectNode> brief(String endpoint) {
        return rollouts.list(Optional.of(endpoint), 1).stream()
                .findFirst()
                .map(RolloutJson::course);
    }

    /// The last ones of all endpoints in short, newest first.
    public List<ObjectNode> last(int most) {
        return rollouts.list(Optional.empty(), most).stream().map(RolloutJson::course).toList();
    }

    ObjectNode of(Course course) {
        var json = RolloutJson.whole(course);
        var policy = course.rollout().policy();
        var evidence = rollouts.evidence(course);
        json.set(
                "guards",
                RolloutJson.verdicts(policy, new Judge(policy).verdicts(evidence), evidence));
        json.set("next", RolloutJson.step(Ramp.next(course.rollout(), evidence, rollouts.now())));
        var gathering = rollouts.gathering(course);
        json.set("requests", RolloutJson.counts(gathering.counts()));
        json.set("shadow", RolloutJson.shadows(gathering.summary()));
        people(json, gathering);
        evidence.broken().forEach(json.putArray("broken")::add);
        return json;
    }

    /// What people thought of the same predictions, where somebody did.
    private static void people(ObjectNode json, Gathering gathering) {
        var live = gathering.besideLive();
        var candidate = gathering.besideCandidate();
        if (live.compared() + live.sawAnswer() + candidate.compared() + candidate.sawAnswer() == 0)
            return;
        var people = json.putObject("people");
        people.set("live", RolloutJson.people(live));
        people.set("candidate", RolloutJson.people(candidate));
    }

    /// What its guards said over time, oldest first.
    public ObjectNode looks(String endpoint) {
        var course = rollouts.latest(endpoint);
        var json = Json.object().put("id", course.id().toString());
        json.set("looks", rollouts.looks().of(course));
        return json;
    }

    /// Predictions that live and shadow answered differently, newest first.
    public ObjectNode disagreements(String endpoint, int most) {
        var summary = rollouts.gathering(rollouts.latest(endpoint)).summary();
        var json = RolloutJson.shadows(summary);
        json.set(
                "disagreements", RolloutJson.disagreements(summary.last(), most, rollouts::logged));
        return json;
    }
}
