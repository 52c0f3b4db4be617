package dev.davy.rollout;

import dev.davy.schema.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The `rollout:` section of an endpoint: how its versions come live.
///
/// @param shadowShare of live requests that a shadow answers too, above 0 and at most 1
/// @param truthWithin how long after a prediction its truth may take; zero: what has come counts
/// @param keepPrevious whether what was live stays loaded until the next rollout, and not only for
///   the bake
public record Plan(
        Policy.Case purpose,
        Strategy strategy,
        List<Stage> stages,
        double shadowShare,
        List<Watch> watches,
        double falseRollback,
        double missedHarm,
        Duration deadline,
        Duration bake,
        Duration truthWithin,
        boolean keepPrevious,
        boolean withoutProof) {
    /// How traffic moves.
    public enum Strategy {
        /// Step by step.
        CANARY,
        /// Loaded, warmed and tried; then all traffic at once.
        BLUE_GREEN,
        /// All traffic at once, with no guard asked.
        IMMEDIATE,
        /// Loaded and answering nobody, until a person says so.
        DARK;

        /// What a person gives up with it, in a sentence; empty where it is nothing.
        public String skips() {
            return switch (this) {
                case CANARY, DARK -> "";
                case BLUE_GREEN ->
                        "No guard compares before all traffic goes over: only limits, and late truth"
                                + " of a shadow, can speak.";
                case IMMEDIATE ->
                        "Shadow, canary and guards are skipped: nothing but the load and some"
                                + " recorded requests is tried before all traffic goes over.";
            };
        }
    }

    public Plan {
        stages = List.copyOf(stages);
        watches = List.copyOf(watches);
    }

    /// What holds where an endpoint says nothing.
    public static Plan of(Policy.Case purpose) {
        var policy = Policy.of(purpose);
        return new Plan(
                purpose,
                Strategy.CANARY,
                policy.stages(),
                1,
                watches(purpose),
                policy.falseRollback(),
                policy.missedHarm(),
                policy.deadline(),
                policy.bake(),
                Duration.ZERO,
                false,
                false);
    }

    /// The guards of each case. Time in the model is a matter of the machine too, so its margin
    /// grows with what live needs.
    static List<Watch> watches(Policy.Case purpose) {
        var latency =
                new Watch(
                        "latency.p99",
                        new Watch.Allowed.LongerThanLive(Watch.LATENCY_LEAST, 0.5),
                        List.of(),
                        false);
        var errors = new Watch("errors", new Watch.Allowed.MoreThanLive(0.005), List.of(), false);
        return switch (purpose) {
            case NEW ->
                    List.of(new Watch("errors", new Watch.Allowed.AtMost(0.01), List.of(), false));
            case ASSIST ->
                    List.of(
                            errors,
                            latency,
                            new Watch(
                                    "agreement",
                                    new Watch.Allowed.MoreThanLive(0.05),
                                    List.of(),
                                    true));
            case REPLACE -> List.of(errors, latency);
        };
    }

    /// The policy that a rollout holds, with all that was left to the traffic filled in.
    ///
    /// @param most how many requests of an entity count in a step
    public Policy policy(Watch.Facts facts, Optional<List<Output>> outputs, int most) {
        var guards = new ArrayList<Guard>();
        for (var watch : watches)
            guards.add(watch.guard(Measure.of(watch.metric(), outputs), facts, most));
        return new Policy(stages, guards, falseRollback, missedHarm, deadline, bake, withoutProof);
    }

    /// The columns whose values become slices, as far as it is not known which there are.
    public List<String> columns() {
        return watches.stream().flatMap(each -> each.slices().stream()).distinct().toList();
    }

    /// The same with other guards.
    Plan with(List<Watch> others) {
        return new Plan(
                purpose,
                strategy,
                stages,
                shadowShare,
                others,
                falseRollback,
                missedHarm,
                deadline,
                bake,
                truthWithin,
                keepPrevious,
                withoutProof);
    }

    /// The same with other steps.
    Plan with(Strategy how, List<Stage> steps) {
        return new Plan(
                purpose,
                how,
                steps,
                shadowShare,
                how == Strategy.IMMEDIATE ? List.of() : watches,
                falseRollback,
                missedHarm,
                deadline,
                bake,
                truthWithin,
                keepPrevious,
                withoutProof);
    }
}
