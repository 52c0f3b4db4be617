package dev.davy.rollout;

import dev.davy.rollout.Policy.Case;
import dev.davy.serving.Prediction;
import dev.davy.stats.sequential.Units;
import dev.davy.strict.Problem;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Makes a rollout of what was asked for, the endpoint's `rollout:` section, and its traffic.
final class Starting {
    private Starting() {}

    /// What was asked for.
    ///
    /// @param to versions by component; the component is empty where there is only one model; none:
    ///   those that are desired
    /// @param purpose empty: what the endpoint says
    /// @param retry whether a version that was rolled back may be tried again
    record Wanted(Map<String, String> to, Optional<Case> purpose, boolean retry) {
        Wanted {
            to = Map.copyOf(to);
        }
    }

    /// @throws Problem CONFLICT `already-live`; UNACCEPTABLE where the section does not fit
    static Course course(
            Arms arms,
            Recent recent,
            UUID id,
            String endpoint,
            Wanted wanted,
            String who,
            Instant now) {
        return course(
                arms,
                arms.face(endpoint),
                recent,
                recent.of(endpoint),
                id,
                endpoint,
                wanted,
                who,
                now);
    }

    /// The same with another section, or by other traffic.
    static Course course(
            Arms arms,
            Arms.Face face,
            Recent recent,
            List<Prediction> lately,
            UUID id,
            String endpoint,
            Wanted wanted,
            String who,
            Instant now) {
        var live = arms.standing(endpoint).live();
        var plan = plan(face, wanted.purpose());
        var candidate = candidate(arms, endpoint, live, wanted.to(), plan.purpose());
        var policy =
                plan.policy(
                        recent.facts(lately, plan.columns(), face.input()),
                        Optional.of(face.outputs()),
                        most(lately));
        return new Course(
                id,
                Rollout.begin(
                        endpoint, Course.said(live), Course.said(candidate), policy, who, now),
                live,
                candidate,
                new Course.Settings(
                        plan.purpose(),
                        plan.strategy(),
                        face.outputs(),
                        plan.shadowShare(),
                        plan.truthWithin(),
                        face.joinWithin(),
                        plan.keepPrevious()),
                List.of(),
                now);
    }

    static Plan plan(Arms.Face face, Optional<Case> purpose) {
        return face.section().isEmpty()
                ? Plan.of(purpose.orElse(Case.REPLACE))
                : PolicyReading.read(
                        face.section().get(),
                        Optional.of(face.input()),
                        Optional.of(face.outputs()),
                        purpose);
    }

    private static int most(List<Prediction> lately) {
        // Without entities each request is a unit.
        boolean entities =
                lately.isEmpty() || lately.stream().anyMatch(each -> each.entity().isPresent());
        return entities ? Units.MOST : 1;
    }

    static Map<String, String> candidate(
            Arms arms,
            String endpoint,
            Map<String, String> live,
            Map<String, String> to,
            Case purpose) {
        if (live.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "no-model-to-replace",
                    "Endpoint '" + endpoint + "' has no model that another version could replace.",
                    "Its answers come from rules, lookups or other servers.",
                    "Apply the endpoint with a model in its pipeline; it answers everybody at once,"
                            + " and from then on its next versions are rolled out.");
        var asked = new HashMap<>(to.isEmpty() ? arms.desired(endpoint) : to);
        if (asked.containsKey("")) {
            if (live.size() != 1)
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "component-needed",
                        "Endpoint '" + endpoint + "' has " + live.size() + " models.",
                        "It can't be told which one is meant.",
                        "Name the component: {\"to\": {\"component\": \"name/7\"}}");
            asked.put(live.keySet().iterator().next(), asked.remove(""));
        }
        var candidate = new LinkedHashMap<String, String>();
        asked.forEach((component, reference) -> {
            var version = arms.resolved(reference);
            if (!live.containsKey(component))
                throw new Problem(
                        Problem.Kind.NOT_FOUND,
                        "component-unknown",
                        "Endpoint '" + endpoint + "' has no model component '" + component + "'.",
                        "Its models are " + live.keySet() + ".",
                        "Name one of these.");
            if (!version.equals(live.get(component))) candidate.put(component, version);
        });
        if (candidate.isEmpty())
            throw new Problem(
                    Problem.Kind.CONFLICT,
                    "already-live",
                    "There is nothing to bring live at endpoint '" + endpoint + "'.",
                    "Live is "
                            + Course.said(live)
                            + ", which is what was asked for."
                            + (purpose == Case.NEW
                                    ? " An endpoint's first version answers everybody from the start."
                                    : ""),
                    "Name another version with 'to', or change the endpoint's model.");
        return candidate;
    }
}
