package dev.davy.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What was asked for: the stages of a rollout, its guards, and how rarely they may err.
///
/// @param stages shares rising to 1, shadows before them
/// @param falseRollback alpha: the probability that a candidate whose harm is within the margins is
///   ever rolled back, over the whole rollout and all guards
/// @param missedHarm beta: the probability that one whose harm is beyond a margin is promoted
/// @param deadline how long a stage may take until it pauses for a person
/// @param bake how long the guards go on watching, and live stays warm, after the promotion
/// @param withoutProof whether it is promoted at the deadline although not all guards say "no
///   worse"
public record Policy(
        List<Stage> stages,
        List<Guard> guards,
        double falseRollback,
        double missedHarm,
        Duration deadline,
        Duration bake,
        boolean withoutProof) {
    /// What a rollout is for.
    public enum Case {
        /// There is nothing yet: guards hold limits.
        NEW,
        /// A person decides so far, and the candidate answers beside them first.
        ASSIST,
        /// A system is replaced by a better one.
        REPLACE
    }

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    public Policy {
        stages = List.copyOf(stages);
        guards = List.copyOf(guards);
        if (stages.isEmpty() || stages.getLast().share() != 1)
            throw new IllegalArgumentException("the last stage must have all traffic: " + stages);
        for (int i = 1; i < stages.size(); i++)
            if (stages.get(i).share() < stages.get(i - 1).share() || stages.get(i).shadow())
                if (!(stages.get(i).shadow() && stages.get(i - 1).share() == 0))
                    throw new IllegalArgumentException(
                            "stage %d goes back from the one before: %s".formatted(i, stages));
        if (!(falseRollback > 0 && falseRollback < 1 && missedHarm > 0 && missedHarm < 1))
            throw new IllegalArgumentException(
                    "false rollback %s, missed harm %s".formatted(falseRollback, missedHarm));
    }

    /// The defaults of each case.
    public static Policy of(Case purpose) {
        var ramp =
                List.of(
                        Stage.percent(1, TEN_MINUTES, 500),
                        Stage.percent(5, TEN_MINUTES, 500),
                        Stage.percent(25, TEN_MINUTES, 500),
                        Stage.percent(50, TEN_MINUTES, 500),
                        Stage.percent(100, Duration.ZERO, 0));
        return switch (purpose) {
            case NEW -> of(ramp, List.of(new Guard.Limit("errors", 0.01, 5, List.of(), false)));
            case ASSIST -> {
                var stages = new ArrayList<Stage>();
                stages.add(Stage.shadow(Duration.ofDays(1)).approved());
                stages.addAll(ramp);
                yield of(
                        stages,
                        List.of(
                                Guard.errors(0.005),
                                new Guard.Pairs("disagreement", 0.05, 5, List.of(), true)));
            }
            case REPLACE -> of(ramp, List.of(Guard.errors(0.005)));
        };
    }

    /// With 5 % for both errors, a week for a stage, and a day of watching after the promotion.
    public static Policy of(List<Stage> stages, List<Guard> guards) {
        return new Policy(
                stages, guards, 0.05, 0.05, Duration.ofDays(7), Duration.ofDays(1), false);
    }
}
