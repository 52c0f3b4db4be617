package dev.davy.rollout;

import dev.davy.rollout.Rollout.State;
import dev.davy.serving.Assignment;
import dev.davy.serving.Beside;
import dev.davy.serving.Change;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Problem;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.node.ObjectNode;

/// Carries transitions out: the routing, the rollout's row and the event in one transaction.
final class Moves {
    /// What is over anyway when the arms are gone.
    private static final Set<String> GONE = Set.of("endpoint-unknown", "no-candidate");

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final Arms arms;

    Moves(Database database, Ids ids, InstantSource clock, Arms arms) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.arms = arms;
    }

    /// Loads the candidate without giving it any traffic.
    ///
    /// @param evidence what is known from before
    Course begin(
            Course course, byte[] evidence, int node, String who, String why, ObjectNode detail) {
        long epoch =
                arms.beside(
                        course.endpoint(),
                        new Beside(course.candidate(), 0, 0),
                        change(
                                course,
                                who,
                                why,
                                "started",
                                detail,
                                handle ->
                                        RolloutTable.putEvidence(
                                                handle, course.id(), node, evidence)));
        return learned(course, epoch, 0);
    }

    /// Makes the arms stand as the rollout says, and keeps it.
    ///
    /// @param before as it stood
    /// @return with what was learned of the routing
    Course carryOut(Course before, Course after, String who, String why, ObjectNode detail) {
        var state = after.rollout().state();
        var what = what(before, after);
        var change = change(after, who, why, what, detail, _ -> {});
        try {
            return switch (state) {
                case State.Running running ->
                        before.rollout().state() instanceof State.Running was
                                        && was.stage() != running.stage()
                                ? beside(after, running.stage(), change)
                                : kept(after, change);
                case State.Paused _ -> kept(after, change);
                case State.Baking _ -> learned(after, arms.promote(after.endpoint(), change), 1);
                case State.Finished _ -> {
                    arms.settle(after.endpoint(), after.settings().keepPrevious(), change);
                    yield after;
                }
                case State.RolledBack _ -> {
                    arms.rollBack(after.endpoint(), change);
                    yield after;
                }
            };
        } catch (Problem problem) {
            if (!after.rollout().over() || !GONE.contains(problem.code())) throw problem;
            return kept(after, change);
        }
    }

    /// Gives the candidate the share of a stage.
    Course beside(Course course, int stage, Change change) {
        var beside = course.beside(stage);
        long epoch = arms.beside(course.endpoint(), beside, change);
        return learned(course, epoch, (double) beside.buckets() / Assignment.BUCKETS);
    }

    /// The first share, of a candidate that was loaded and tried.
    Course first(Course course, String who) {
        var at = course.rollout().policy().stages().getFirst();
        if (at.share() == 0 && !at.shadow() || at.share() == 1) return course;
        return beside(
                course,
                0,
                new Change(who, "the first step", handle -> RolloutTable.put(handle, course)));
    }

    private Course kept(Course course, Change change) {
        database.write(handle -> {
            change.alongside().accept(handle);
            return true;
        });
        return course;
    }

    /// The epoch is known only when it is in force; a restart in between finds it by what stands.
    Course learned(Course course, long epoch, double share) {
        var learned = course.with(new Course.Era(epoch, share, course.stage(), clock.instant()));
        database.write(handle -> {
            RolloutTable.put(handle, learned);
            return true;
        });
        return learned;
    }

    private Change change(
            Course course,
            String who,
            String why,
            String what,
            ObjectNode detail,
            Consumer<Handle> also) {
        return new Change(
                who,
                why,
                handle -> {
                    RolloutTable.put(handle, course);
                    also.accept(handle);
                    Events.record(
                            handle,
                            new Event(
                                    ids.next(),
                                    clock.instant(),
                                    "rollout",
                                    course.endpoint(),
                                    what,
                                    who,
                                    why,
                                    detail));
                });
    }

    private static String what(Course before, Course after) {
        return switch (after.rollout().state()) {
            case State.Running(int stage, var _, boolean approved) ->
                    before.rollout().state() instanceof State.Running was && was.stage() != stage
                            ? "advanced"
                            : approved ? "approved" : "resumed";
            case State.Paused _ -> "paused";
            case State.Baking _ -> "promoted";
            case State.Finished _ -> "finished";
            case State.RolledBack _ -> "rolled back";
        };
    }
}
