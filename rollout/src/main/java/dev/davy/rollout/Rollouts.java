package dev.davy.rollout;

import dev.davy.rollout.RolloutFollower.Active;
import dev.davy.rollout.Starting.Wanted;
import dev.davy.schema.Column;
import dev.davy.schema.Schema;
import dev.davy.serving.Endpoint;
import dev.davy.serving.Shape;
import dev.davy.serving.past.Logged;
import dev.davy.serving.reading.Follower;
import dev.davy.storage.Database;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the rollouts: at most one under way per endpoint. One thread asks [Ramp] every second and
/// carries out what it says. For any number of threads.
public final class Rollouts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    /// Recorded requests that a candidate is asked before it gets any traffic. One that fails may
    /// be chance; of a candidate within the usual margin of half a point two do in one of 200
    /// times.
    static final int TRIED = 20;

    static final int FAILED_MOST = 1;

    private static final String DAVY = "davy";

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final Arms arms;
    private final LongFunction<Optional<Schema>> schemas;
    private final int node;
    private final Moves moves;
    private final Looks looks;
    private final RolloutFollower follower;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Map<UUID, Course> running = new ConcurrentHashMap<>();
    private final Map<UUID, String> troubles = new ConcurrentHashMap<>();
    private final DesiredVersions desiredVersions;
    private final Thread thread;
    private volatile boolean closing;

    /// @param schemas by the hash that predictions name
    /// @param node whose log is read
    public Rollouts(
            Database database,
            Log log,
            Ids ids,
            InstantSource clock,
            Arms arms,
            LongFunction<Optional<Schema>> schemas,
            int node) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.arms = arms;
        this.schemas = schemas;
        this.node = node;
        moves = new Moves(database, ids, clock, arms);
        looks = new Looks(database);
        desiredVersions = new DesiredVersions(arms, this::waits, this::desired);
        follower = new RolloutFollower(log, schemas, node, this::learn);
        thread = Thread.ofPlatform().daemon().name("davy-rollouts").unstarted(this::loop);
        var restart = new Restart(database, arms, schemas, clock, node);
        for (var course : database.read(RolloutTable::running)) {
            var active = restart.on(course);
            running.put(course.id(), active.course);
            follower.add(active);
        }
    }

    /// What gathers the evidence, to be given to the readers of the log.
    public Follower follower() {
        return follower;
    }

    /// From now on rollouts go on.
    public Rollouts start() {
        thread.start();
        return this;
    }

    /// Tells a gathering of an epoch that somebody else made.
    private void learn(Active active, long epoch) {
        var standing = arms.standing(active.course.endpoint());
        if (standing.epoch() != epoch) return;
        var course = running.get(active.course.id());
        if (course == null) return;
        active.gathering.era(
                epoch, Restart.share(course, standing), course.stage(), clock.instant());
    }

    /// What a rollout would be, without beginning it.
    Course drawn(String endpoint, Wanted wanted, String who) {
        return Starting.course(
                arms, follower.recent(), ids.next(), endpoint, wanted, who, clock.instant());
    }

    /// Begins a rollout.
    ///
    /// @throws Problem CONFLICT `rollout-under-way`, `already-live`, `rolled-back-before`;
    ///   UNACCEPTABLE `candidate-does-not-fit`, `candidate-not-fit-for-traffic`
    Course begin(String endpoint, Wanted wanted, String who, String why) {
        return locked(
                endpoint,
                () -> {
                    underWay(endpoint)
                            .ifPresent(course -> {
                                throw new Problem(
                                        Problem.Kind.CONFLICT,
                                        "rollout-under-way",
                                        "Endpoint '" + endpoint + "' has a rollout already.",
                                        course.rollout().candidate() + " is on its way to live.",
                                        "Wait for it, or roll it back first: davy rollout rollback "
                                                + endpoint);
                            });
                    var drawn = drawn(endpoint, wanted, who);
                    if (!wanted.retry() && wasRolledBack(endpoint, drawn.candidate()))
                        throw new Problem(
                                Problem.Kind.CONFLICT,
                                "rolled-back-before",
                                drawn.rollout().candidate()
                                        + " was rolled back at this endpoint before.",
                                "It is not tried again by itself.",
                                "Say that it is meant: davy rollout start "
                                        + endpoint
                                        + " --retry");
                    return begun(drawn.with(drawn.rollout().becauseOf(why)), who, why);
                });
    }

    private Course begun(Course drawn, String who, String why) {
        var lately = follower.recent().of(drawn.endpoint());
        var gathering = new Gathering(drawn.aim(), schemas);
        gathering.before(lately);
        var input = arms.face(drawn.endpoint()).input();
        var loaded =
                moves.begin(
                        drawn, GatheringBytes.of(gathering), node, who, why, detail(drawn).get());
        running.put(loaded.id(), loaded);
        var wrong = arms.tried(loaded.endpoint(), follower.recent().rows(lately, input, TRIED));
        if (wrong.size() > FAILED_MOST) {
            move(loaded, refused(loaded, who), who, "it failed recorded requests", detail(loaded));
            throw new Problem(
                    Problem.Kind.UNACCEPTABLE,
                    "candidate-not-fit-for-traffic",
                    loaded.rollout().candidate() + " gets no traffic.",
                    wrong.stream().distinct().limit(5).toList(),
                    "It failed %d requests that live answered; mend it and push a new version."
                            .formatted(wrong.size()));
        }
        for (var era : loaded.eras())
            gathering.era(era.epoch(), era.share(), era.stage(), era.since());
        follower.add(new Active(loaded, gathering));
        var first = moves.first(loaded, who);
        noted(first);
        return first;
    }

    private Rollout refused(Course course, String who) {
        var now = clock.instant();
        return course.rollout()
                .to(new Rollout.State.RolledBack(now), who, now, "it failed recorded requests");
    }

    private void noted(Course course) {
        running.put(course.id(), course);
        follower.of(course.id())
                .ifPresent(active -> {
                    for (var era : course.eras())
                        active.gathering.era(era.epoch(), era.share(), era.stage(), era.since());
                });
        if (course.rollout().over()) {
            running.remove(course.id());
            troubles.remove(course.id());
            follower.of(course.id()).ifPresent(this::keepLast);
            follower.remove(course.id());
        }
    }

    /// What it was decided by, and not what was known some seconds before.
    private void keepLast(Active active) {
        var bytes = GatheringBytes.of(active.gathering);
        database.write(handle -> {
            RolloutTable.putEvidence(handle, active.course.id(), node, bytes);
            return true;
        });
    }

    /// What a person asks of the rollout that is under way.
    ///
    /// @param seen the revision that they looked at; empty: whatever it is now
    /// @throws Problem NOT_FOUND `rollout-unknown`; CONFLICT `rollout-moved-on`
    Course command(String endpoint, Command command, OptionalInt seen, String who, String why) {
        return locked(
                endpoint,
                () -> {
                    var course = underWay(endpoint).orElseThrow(() -> none(endpoint));
                    int revision = seen.orElse(course.rollout().revision());
                    var reason = why.isEmpty() ? "asked for by " + who : why;
                    return switch (command.on(
                            course.rollout(), revision, who, reason, clock.instant())) {
                        case Command.Outcome.Done(var next) ->
                                move(course, next, who, reason, detail(course));
                        case Command.Outcome.Refused(var because) ->
                                throw new Problem(
                                        Problem.Kind.CONFLICT,
                                        "rollout-moved-on",
                                        "The rollout at endpoint '"
                                                + endpoint
                                                + "' does not do that now.",
                                        because,
                                        "Look at it again: davy rollout status " + endpoint);
                    };
                });
    }

    private Course move(
            Course course, Rollout next, String who, String why, Supplier<ObjectNode> detail) {
        var moved = moves.carryOut(course, course.with(next), who, why, detail);
        noted(moved);
        return moved;
    }

    /// Whether something stands in for a model, and none was ever on its way.
    private boolean waits(String endpoint) {
        return arms.fallsBack(endpoint)
                && !arms.desired(endpoint).isEmpty()
                && list(Optional.of(endpoint), 1).isEmpty();
    }

    private void desired(String endpoint) {
        desired(endpoint, DAVY, "another version is desired");
    }

    /// The endpoint's declaration, or an alias, may name another version than is live: then a
    /// rollout begins, if the endpoint says how, none is under way, and it was not rolled back
    /// before.
    ///
    /// @return the rollout that began
    public Optional<UUID> desired(String endpoint, String who, String why) {
        if (arms.face(endpoint).section().isEmpty() || underWay(endpoint).isPresent())
            return Optional.empty();
        try {
            var wanted = new Wanted(Map.of(), Optional.empty(), false);
            return Optional.of(begin(endpoint, wanted, who, why).id());
        } catch (Problem problem) {
            if (problem.code().equals("already-live")
                    || problem.code().equals("no-model-desired")
                    || problem.code().equals("rolled-back-before")) return Optional.empty();
            throw problem;
        }
    }

    /// What would come of a declaration: the rollout that would begin, or how the next one would
    /// go.
    ///
    /// @param live versions by component, as they would stand
    public List<String> foreseen(Endpoint endpoint, Shape shape, Map<String, String> live) {
        return Foreseen.of(
                endpoint,
                shape,
                before(endpoint.name()),
                live,
                arms::resolved,
                underWay(endpoint.name()).isPresent(),
                candidate -> wasRolledBack(endpoint.name(), candidate));
    }

    private Map<String, String> before(String endpoint) {
        try {
            return arms.standing(endpoint).live();
        } catch (Problem unknown) {
            return Map.of();
        }
    }

    private boolean wasRolledBack(String endpoint, Map<String, String> candidate) {
        return list(Optional.of(endpoint), 1_000).stream()
                .anyMatch(each ->
                        each.candidate().equals(candidate)
                                && each.rollout().state() instanceof Rollout.State.RolledBack);
    }

    Optional<Course> underWay(String endpoint) {
        return running.values().stream()
                .filter(each -> each.endpoint().equals(endpoint))
                .findFirst();
    }

    /// The one under way, or the last one.
    ///
    /// @throws Problem NOT_FOUND `rollout-unknown`
    Course latest(String endpoint) {
        return underWay(endpoint)
                .or(() -> list(Optional.of(endpoint), 1).stream().findFirst())
                .orElseThrow(() -> none(endpoint));
    }

    /// Newest first.
    List<Course> list(Optional<String> endpoint, int limit) {
        return database.read(handle -> RolloutTable.list(handle, endpoint, limit));
    }

    /// @throws Problem NOT_FOUND `endpoint-unknown`: that is why there is none
    private Problem none(String endpoint) {
        arms.standing(endpoint);
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "rollout-unknown",
                "Endpoint '" + endpoint + "' has no rollout.",
                "None was started, or it is over.",
                "Start one with: davy rollout start " + endpoint + " --to NAME/VERSION");
    }

    /// What was gathered for a rollout; of one that is over, as it was stored last.
    Gathering gathering(Course course) {
        return follower.of(course.id())
                .map(active -> active.gathering)
                .or(() ->
                        database.read(handle -> RolloutTable.evidence(handle, course.id(), node))
                                .map(bytes -> GatheringBytes.read(bytes, course.aim(), schemas)))
                .orElseGet(() -> new Gathering(course.aim(), schemas));
    }

    Evidence evidence(Course course) {
        var broken = Optional.ofNullable(troubles.get(course.id())).map(List::of).orElse(List.of());
        return gathering(course).evidence(clock.instant(), broken);
    }

    Looks looks() {
        return looks;
    }

    /// A prediction with its inputs, without their contents, as far as the log still holds it.
    Optional<Logged> logged(UUID id) {
        return follower.found()
                .prediction(id)
                .map(prediction ->
                        new Logged(
                                prediction,
                                schemas.apply(prediction.schema())
                                        .map(schema ->
                                                schema.columns().stream()
                                                        .map(Column::name)
                                                        .toList())
                                        .orElse(List.of()),
                                Map.of()));
    }

    Recent recent() {
        return follower.recent();
    }

    Instant now() {
        return clock.instant();
    }

    /// With what each guard says of what is known now. That takes a while, for which no flip waits.
    private Supplier<ObjectNode> detail(Course course) {
        var evidence = evidence(course);
        var counts = gathering(course).counts();
        return () -> {
            var detail = RolloutJson.course(course);
            var policy = course.rollout().policy();
            detail.set(
                    "guards",
                    RolloutJson.verdicts(policy, new Judge(policy).verdicts(evidence), evidence));
            detail.set("requests", RolloutJson.counts(counts));
            return detail;
        };
    }

    private interface Work {
        Course run();
    }

    private Course locked(String endpoint, Work work) {
        var lock = locks.computeIfAbsent(endpoint, _ -> new ReentrantLock());
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        while (!closing)
            try {
                Thread.sleep(TICK);
                tick();
                desiredVersions.look();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("rollouts can't be looked at", e);
            }
    }

    /// Asks what to do with each rollout, and does it. One that somebody changes at the moment is
    /// asked about the next time.
    void tick() {
        for (var course : new HashMap<>(running).values()) {
            var lock = locks.computeIfAbsent(course.endpoint(), _ -> new ReentrantLock());
            if (closing || !lock.tryLock()) continue;
            try {
                var current = running.get(course.id());
                if (current != null && follower.of(course.id()).isPresent()) tick(current);
            } catch (RuntimeException e) {
                LOG.error("the rollout at endpoint {} does not go on", course.endpoint(), e);
                troubles.put(
                        course.id(),
                        e instanceof Problem problem ? problem.getMessage() : "the server failed");
            } finally {
                lock.unlock();
            }
        }
    }

    private void tick(Course course) {
        var standing = arms.standing(course.endpoint());
        boolean stands =
                standing.candidate().isPresent()
                        || !(course.rollout().state() instanceof Rollout.State.Running);
        if (stands) troubles.remove(course.id());
        else troubles.put(course.id(), "the candidate, which is not loaded");
        // A kill may have come between the load and the first share.
        if (course.rollout().state() instanceof Rollout.State.Running(int stage, var _, var _)
                && standing.candidate().isPresent()
                && !standing.candidate().get().equals(course.beside(stage))) {
            noted(moves.first(course, DAVY));
            return;
        }
        var now = clock.instant();
        var evidence = evidence(course);
        var step = Ramp.next(course.rollout(), evidence, now);
        var next = course.rollout().after(step, DAVY, now);
        if (next.revision() == course.rollout().revision()) {
            looks.maybe(course, evidence, now);
            return;
        }
        move(course, next, DAVY, next.history().getLast().why(), detail(course));
        looks.now(course, evidence, now);
    }

    ObjectNode standing(String endpoint) {
        var standing = arms.standing(endpoint);
        var json = Json.object().put("epoch", standing.epoch());
        json.set("live", Json.tree(standing.live()));
        standing.candidate().ifPresent(each -> json.set("candidate", Json.tree(each.versions())));
        json.set("kept", Json.tree(standing.kept()));
        return json;
    }

    Arms arms() {
        return arms;
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            if (thread.isAlive()) thread.join(Duration.ofSeconds(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
