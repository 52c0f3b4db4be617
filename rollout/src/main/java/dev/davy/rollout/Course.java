package dev.davy.rollout;

import dev.davy.schema.Output;
import dev.davy.serving.Assignment;
import dev.davy.serving.Beside;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A rollout as it is kept: with the versions by component, and which share was in force when.
///
/// @param live versions before it
/// @param candidate versions that are to be live
public record Course(
        UUID id,
        Rollout rollout,
        Map<String, String> live,
        Map<String, String> candidate,
        Settings settings,
        List<Era> eras,
        Instant created) {

    /// What beside the policy was asked for.
    ///
    /// @param outputs of the endpoint
    /// @param shadowShare of live requests that a shadow answers too
    /// @param truthWithin how long a prediction's truth may take
    /// @param joinWithin how long an event of an entity belongs to its prediction
    /// @param keepPrevious whether what was live stays warm until the next rollout
    public record Settings(
            Policy.Case purpose,
            Plan.Strategy strategy,
            List<Output> outputs,
            double shadowShare,
            Duration truthWithin,
            Duration joinWithin,
            boolean keepPrevious) {
        public Settings {
            outputs = List.copyOf(outputs);
        }
    }

    /// From an epoch of the routing on, this share was in force.
    public record Era(long epoch, double share, int stage, Instant since) {}

    public Course {
        live = Map.copyOf(live);
        candidate = Map.copyOf(candidate);
        eras = List.copyOf(eras);
    }

    public String endpoint() {
        return rollout.endpoint();
    }

    Course with(Rollout next) {
        return new Course(id, next, live, candidate, settings, eras, created);
    }

    Course with(Era era) {
        if (eras.stream().anyMatch(each -> each.epoch() == era.epoch())) return this;
        var more = new ArrayList<>(eras);
        more.add(era);
        return new Course(id, rollout, live, candidate, settings, more, created);
    }

    int stage() {
        return rollout.stage();
    }

    /// What stands beside live at a stage. All traffic is a promotion, so before that it is only
    /// loaded.
    Beside beside(int stage) {
        var at = rollout.policy().stages().get(stage);
        int buckets = at.share() == 1 ? 0 : (int) Math.round(at.share() * Assignment.BUCKETS);
        return new Beside(candidate, buckets, at.shadow() ? settings.shadowShare() : 0);
    }

    Gathering.Aim aim() {
        return new Gathering.Aim(
                endpoint(),
                rollout.policy(),
                settings.outputs(),
                settings.truthWithin(),
                settings.joinWithin());
    }

    /// As people read it: `fraud/7`, or `vad=silero/1 words=kws/3`.
    static String said(Map<String, String> versions) {
        if (versions.size() == 1) return versions.values().iterator().next();
        return String.join(
                " ",
                versions.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList());
    }
}
