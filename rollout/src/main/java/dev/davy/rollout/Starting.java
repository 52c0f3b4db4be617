package dev.davy.rollout;

import dev.davy.rollout.Policy.Case;
import dev.davy.schema.Output;
import dev.davy.schema.Schema;
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
import tools.jackson.databind.JsonNode;

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
        var against = Against.of(live);
        var plan = against.held(plan(face, wanted.purpose(), against));
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

    /// As it is written.
    ///
    /// @param against by which the case is known that nobody says
    static Plan plan(Arms.Face face, Optional<Case> purpose, Against against) {
        return face.section()
                .map(section -> plan(section, face.input(), face.outputs(), purpose, against))
                .orElseGet(() -> Plan.of(purpose.orElse(against.purpose())));
    }

    static Plan plan(
            JsonNode section,
            Schema input,
            List<Output> outputs,
            Optional<Case> purpose,
            Against against) {
        return PolicyReading.read(
                section,
                Optional.of(input),
                Optional.of(outputs),
                purpose.or(() ->
                        section.has("case") ? Optional.empty() : Optional.of(against.purpose())));
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
                    "Declare its rule as 'fallback: {rule: …}', beside the 'model' that is to take"
                            + " its place; or apply it with a model in its pipeline, which answers"
                            + " everybody at once.");
        Against.checkIsModel(endpoint, to);
        var asked = new HashMap<>(to.isEmpty() ? arms.desired(endpoint) : to);
        if (asked.isEmpty())
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "no-model-desired",
                    "It can't be told which model is to come live at endpoint '" + endpoint + "'.",
                    "Its declaration names none.",
                    "Name it: davy rollout start " + endpoint + " --to NAME/VERSION");
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
