package dev.davy.rollout;

import dev.davy.rollout.Policy.Case;
import dev.davy.rollout.Watch.Allowed;
import dev.davy.serving.Fallback;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a candidate is held against: it follows from what stands behind the live arm.
public enum Against {
    /// Something that answers: a model, a rule, another server. Guards compare with it.
    LIVE,
    /// A declared answer, which never fails and takes no time: there is nothing to compare with.
    LIMITS,
    /// People: what they think of the same case is known, later and of some.
    PEOPLE;

    /// Of errors, where no guard says so otherwise.
    private static final double ERRORS_MOST = 0.01;

    /// @param live versions by component
    static Against of(Map<String, String> live) {
        if (live.containsValue(Fallback.PEOPLE)) return PEOPLE;
        return live.containsValue(Fallback.ANSWER) ? LIMITS : LIVE;
    }

    /// What a rollout is for where nobody says it.
    Case purpose() {
        return switch (this) {
            case LIVE -> Case.REPLACE;
            case LIMITS -> Case.NEW;
            case PEOPLE -> Case.ASSIST;
        };
    }

    /// What its guards hold, in a sentence; empty where they compare, as everybody expects.
    Optional<String> holds() {
        return switch (this) {
            case LIVE -> Optional.empty();
            case LIMITS ->
                    Optional.of("guards hold absolute limits: there is nothing to compare with");
            case PEOPLE ->
                    Optional.of(
                            "guards hold absolute limits, and agreement is with what people judge:"
                                    + " there is no model to compare with");
        };
    }

    /// A plan by which a candidate can be held: what compares with nothing is turned into a limit
    /// where it is one already, and left out otherwise.
    Plan held(Plan plan) {
        if (this == LIVE || plan.strategy() == Plan.Strategy.IMMEDIATE) return plan;
        var kept = new ArrayList<Watch>();
        for (var watch : plan.watches()) held(watch).ifPresent(kept::add);
        // Nothing comes live unwatched for want of a comparison.
        if (kept.stream().allMatch(Watch::observeOnly)
                && kept.stream().noneMatch(each -> each.metric().equals("errors")))
            kept.add(new Watch("errors", new Allowed.AtMost(ERRORS_MOST), List.of(), false));
        return plan.with(kept);
    }

    private Optional<Watch> held(Watch watch) {
        return switch (watch.allowed()) {
            case Allowed.AtMost _ -> Optional.of(watch);
            case Allowed.LongerThanLive _ -> Optional.empty();
            case Allowed.MoreThanLive(double harm) -> {
                if (isAgreement(watch))
                    yield this == PEOPLE ? Optional.of(watch) : Optional.empty();
                // What never fails has no errors: so much more than none is so much at most.
                yield watch.metric().equals("errors")
                        ? Optional.of(watch.with(new Allowed.AtMost(harm)))
                        : Optional.empty();
            }
        };
    }

    /// What a plan watches and a candidate can't be held to here, a sentence each.
    List<String> leftOut(Plan plan) {
        var said = new ArrayList<String>();
        if (this == LIVE || plan.strategy() == Plan.Strategy.IMMEDIATE) return said;
        for (var watch : plan.watches())
            if (held(watch).isEmpty())
                said.add(
                        "guard %s is left out, since it compares%s"
                                .formatted(
                                        watch.metric(),
                                        watch.allowed() instanceof Allowed.LongerThanLive
                                                ? "; 'at-most: 50 ms' would be a limit"
                                                : isAgreement(watch)
                                                        ? ""
                                                        : "; 'at-most' or 'at-least' would be a limit"));
        return said;
    }

    private static boolean isAgreement(Watch watch) {
        return watch.metric().startsWith("agreement");
    }

    /// A fallback is no candidate: it needs no proof, and has none to give.
    ///
    /// @param to versions that are asked for
    /// @throws Problem UNACCEPTABLE `fallback-comes-at-once`
    static void checkIsModel(String endpoint, Map<String, String> to) {
        for (var version : List.of(Fallback.ANSWER, Fallback.RULE, Fallback.PEOPLE))
            if (to.containsValue(version))
                throw new Problem(
                        Problem.Kind.UNACCEPTABLE,
                        "fallback-comes-at-once",
                        "'" + version + "' is not rolled out at endpoint '" + endpoint + "'.",
                        "It is the endpoint's fallback, which needs no proof.",
                        "Go back to it at once: davy endpoint switch "
                                + endpoint
                                + " --model "
                                + version);
    }
}
