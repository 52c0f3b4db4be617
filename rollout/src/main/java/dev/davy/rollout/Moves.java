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
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
        var kept = new Kept(course, OptionalDouble.of(0));
        arms.beside(
                course.endpoint(),
                new Beside(course.candidate(), 0, 0),
                change(
                        kept,
                        who,
                        why,
                        "started",
                        () -> detail,
                        handle -> RolloutTable.putEvidence(handle, course.id(), node, evidence)));
        return kept.course;
    }

    /// What is kept of a rollout: where a share comes into force, with its epoch.
    private final class Kept {
        private final OptionalDouble share;
        private Course course;

        Kept(Course course, OptionalDouble share) {
            this.course = course;
            this.share = share;
        }

        void put(Handle handle, long epoch) {
            if (share.isPresent())
                course =
                        course.with(
                                new Course.Era(
                                        epoch,
                                        share.getAsDouble(),
                                        course.stage(),
                                        clock.instant()));
            RolloutTable.put(handle, course);
        }
    }

    /// Makes the arms stand as the rollout says, and keeps it.
    ///
    /// @param before as it stood
    /// @param detail of the event; a rollback does not wait for it
    /// @return with what was learned of the routing
    Course carryOut(
            Course before, Course after, String who, String why, Supplier<ObjectNode> detail) {
        var kept = new Kept(after, share(before, after));
        var change = change(kept, who, why, what(before, after), detail, _ -> {});
        try {
            switch (after.rollout().state()) {
                case State.Running running when kept.share.isPresent() ->
                        arms.beside(after.endpoint(), after.beside(running.stage()), change);
                case State.Running _, State.Paused _ -> keep(change);
                case State.Baking _ -> arms.promote(after.endpoint(), change);
                case State.Finished _ ->
                        arms.settle(after.endpoint(), after.settings().keepPrevious(), change);
                case State.RolledBack _ -> arms.rollBack(after.endpoint(), change);
            }
        } catch (Problem problem) {
            if (!after.rollout().over() || !GONE.contains(problem.code())) throw problem;
            keep(change);
        }
        return kept.course;
    }

    /// The share that comes into force, if another one does.
    private static OptionalDouble share(Course before, Course after) {
        return switch (after.rollout().state()) {
            case State.Running(int stage, var _, var _) ->
                    before.rollout().state() instanceof State.Running was && was.stage() != stage
                            ? OptionalDouble.of(share(after.beside(stage)))
                            : OptionalDouble.empty();
            case State.Baking _ -> OptionalDouble.of(1);
            case State.Paused _, State.Finished _, State.RolledBack _ -> OptionalDouble.empty();
        };
    }

    private static double share(Beside beside) {
        return (double) beside.buckets() / Assignment.BUCKETS;
    }

    /// The first share, of a candidate that was loaded and tried.
    Course first(Course course, String who) {
        var at = course.rollout().policy().stages().getFirst();
        if (at.share() == 0 && !at.shadow() || at.share() == 1) return course;
        var beside = course.beside(course.stage());
        var kept = new Kept(course, OptionalDouble.of(share(beside)));
        arms.beside(course.endpoint(), beside, new Change(who, "the first step", kept::put));
        return kept.course;
    }

    private void keep(Change change) {
        database.write(handle -> {
            change.alongside().keep(handle, 0);
            return true;
        });
    }

    private Change change(
            Kept kept,
            String who,
            String why,
            String what,
            Supplier<ObjectNode> detail,
            Consumer<Handle> also) {
        return new Change(
                who,
                why,
                (handle, epoch) -> {
                    kept.put(handle, epoch);
                    also.accept(handle);
                    Events.record(
                            handle,
                            new Event(
                                    ids.next(),
                                    clock.instant(),
                                    "rollout",
                                    kept.course.endpoint(),
                                    what,
                                    who,
                                    why,
                                    detail.get()));
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
