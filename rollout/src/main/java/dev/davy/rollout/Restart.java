package dev.davy.rollout;

import dev.davy.rollout.RolloutFollower.Active;
import dev.davy.schema.Schema;
import dev.davy.serving.Assignment;
import dev.davy.serving.Standing;
import dev.davy.storage.Database;
import dev.davy.strict.Problem;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes up a rollout again where a stop or a kill left it: at the same step, with the evidence
/// that was kept.
final class Restart {
    private static final Logger LOG = LoggerFactory.getLogger(Restart.class);

    private final Database database;
    private final Arms arms;
    private final LongFunction<Optional<Schema>> schemas;
    private final InstantSource clock;
    private final int node;

    Restart(
            Database database,
            Arms arms,
            LongFunction<Optional<Schema>> schemas,
            InstantSource clock,
            int node) {
        this.database = database;
        this.arms = arms;
        this.schemas = schemas;
        this.clock = clock;
        this.node = node;
    }

    Active on(Course found) {
        var course = atEpochOfNow(found);
        var gathering = gathering(course);
        for (var era : course.eras())
            gathering.era(era.epoch(), era.share(), era.stage(), era.since());
        gathering.loaded();
        return new Active(course, gathering);
    }

    private Gathering gathering(Course course) {
        var stored = database.read(handle -> RolloutTable.evidence(handle, course.id(), node));
        try {
            return stored.map(bytes -> GatheringBytes.read(bytes, course.aim(), schemas))
                    .orElseGet(() -> new Gathering(course.aim(), schemas));
        } catch (IllegalStateException e) {
            LOG.error(
                    "the evidence of endpoint {} can't be read; it begins anew",
                    course.endpoint(),
                    e);
            return new Gathering(course.aim(), schemas);
        }
    }

    /// A restart goes on at an epoch of its own, and what is answered in it must be known for
    /// evidence even if the next kill comes before any of it was gathered.
    private Course atEpochOfNow(Course found) {
        try {
            var standing = arms.standing(found.endpoint());
            var now =
                    found.with(
                            new Course.Era(
                                    standing.epoch(),
                                    share(found, standing),
                                    found.stage(),
                                    clock.instant()));
            if (!now.equals(found))
                database.write(handle -> {
                    RolloutTable.put(handle, now);
                    return true;
                });
            return now;
        } catch (Problem problem) {
            LOG.warn("the rollout at endpoint {}: {}", found.endpoint(), problem.getMessage());
            return found;
        }
    }

    /// The candidate's share of the traffic, as the arms stand.
    static double share(Course course, Standing standing) {
        if (standing.candidate().isPresent())
            return (double) standing.candidate().get().buckets() / Assignment.BUCKETS;
        return standing.live().entrySet().containsAll(course.candidate().entrySet()) ? 1 : 0;
    }
}
