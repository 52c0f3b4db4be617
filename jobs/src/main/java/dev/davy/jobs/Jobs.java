package dev.davy.jobs;

import dev.davy.jobs.Job.Line;
import dev.davy.jobs.Job.Progress;
import dev.davy.jobs.Job.State;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Json;
import dev.davy.strict.Names;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/// Keeps all jobs, and has those of this node done.
///
/// What is told of a job is committed first and done after, so that a restart finds it as callers
/// saw it. For any number of threads.
public final class Jobs implements AutoCloseable {
    /// Jobs of a node that may wait for a place; past it callers are told to come back.
    public static final int WAITING_MAX = 1_000;

    /// Lines of one job's log.
    public static final int LOG_LINES = 1_000;

    /// How long a job that is over is kept, with its files.
    public static final Duration KEPT_FOR = Duration.ofDays(30);

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final int node;
    private final Map<String, Work> works = new ConcurrentHashMap<>();
    private final Runner runner;
    private final Object changes = new Object();

    /// A result that is kept and one that is written anew, one after the other.
    private final Object keeping = new Object();

    /// @param node of several on one database: a job runs where it was asked for
    public Jobs(Database database, Ids ids, InstantSource clock, int node) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.node = node;
        runner = new Runner(this);
    }

    /// Knows one more kind of work. Before [#start].
    public Jobs register(Work work) {
        if (works.putIfAbsent(work.kind(), work) != null)
            throw new IllegalArgumentException("there is a work of kind " + work.kind());
        return this;
    }

    /// Goes on with what was interrupted by the end of the process before, and with what waits.
    public Jobs start() {
        runner.start();
        return this;
    }

    /// Takes on a job.
    ///
    /// @param who asks for it
    /// @throws Problem UNACCEPTABLE `job-kind-unknown`, OVERLOADED `too-many-jobs`, and what
    ///   [Work#check] says of the arguments
    public Job submit(String kind, JsonNode arguments, String who) {
        var work = work(kind);
        var job = fresh(work, work.check(arguments), who);
        database.write(handle -> {
            insert(handle, job);
            return job;
        });
        told();
        return job;
    }

    /// As it is now.
    ///
    /// @throws Problem NOT_FOUND `job-unknown`
    public Job find(UUID id) {
        return live(database.read(handle -> JobTable.find(handle, id)).orElseThrow(() -> gone(id)));
    }

    /// Newest first.
    ///
    /// @param before only older ones: the id of the last job of the page before
    public List<Job> list(
            Optional<State> state, Optional<String> kind, Optional<UUID> before, int limit) {
        return database.read(handle -> JobTable.list(handle, state, kind, before, limit)).stream()
                .map(this::live)
                .toList();
    }

    /// What a job said, oldest first.
    ///
    /// @param after only lines behind this number
    public List<Line> log(UUID id, long after, int limit) {
        return database.read(handle -> JobTable.lines(handle, id, after, limit));
    }

    /// Tells a job to end. One that runs stops at its next step.
    ///
    /// @throws Problem NOT_FOUND `job-unknown`, CONFLICT `job-over`
    public Job cancel(UUID id, String who) {
        var job = change(id, Transitions::cancel, "cancelled", who);
        runner.stop(id);
        return job;
    }

    /// Lets a job that failed or was cancelled go on from where it was.
    ///
    /// @throws Problem NOT_FOUND `job-unknown`, CONFLICT `job-over` or `job-stopping`
    public Job resume(UUID id, String who) {
        return change(id, Transitions::resume, "resumed", who);
    }

    private interface Rule {
        Transitions.Step step(Job job);
    }

    private Job change(UUID id, Rule rule, String what, String who) {
        var after =
                database.write(handle -> {
                    var job = JobTable.find(handle, id).orElseThrow(() -> gone(id));
                    return switch (rule.step(job)) {
                        case Transitions.Step.Already() -> job;
                        case Transitions.Step.To(var state) -> {
                            var changed =
                                    state.isEnd()
                                            ? job.ending(
                                                    state, job.result(), job.failure(), 0, now())
                                            : job.going(state);
                            JobTable.update(handle, changed);
                            record(handle, changed, what, who);
                            yield changed;
                        }
                    };
                });
        told();
        return live(after);
    }

    /// Forgets a job that is over, with its files.
    ///
    /// @throws Problem NOT_FOUND `job-unknown`, CONFLICT `job-not-over`
    public void remove(UUID id, String who) {
        var job = find(id);
        if (!job.state().isEnd())
            throw new Problem(
                    Problem.Kind.CONFLICT,
                    "job-not-over",
                    "Job " + id + " can't be removed.",
                    "It is " + job.state().word() + ".",
                    "Cancel it first.");
        forget(job, who);
    }

    /// Has the results that are kept of a kind of work written anew, for what is erased. A job that
    /// ends meanwhile is asked by [Work#kept].
    ///
    /// @return how many results changed
    public int rewrite(String kind, UnaryOperator<JsonNode> rewritten) {
        synchronized (keeping) {
            int changed = 0;
            // One at a time: a result may be large, and others wait to write.
            for (var id : database.read(handle -> JobTable.withResult(handle, kind)))
                if (database.write(handle -> rewrite(handle, id, rewritten))) changed++;
            return changed;
        }
    }

    private static boolean rewrite(Handle handle, UUID id, UnaryOperator<JsonNode> rewritten) {
        var result = JobTable.find(handle, id).flatMap(Job::result);
        if (result.isEmpty()) return false;
        var other = rewritten.apply(result.get());
        if (other.equals(result.get())) return false;
        JobTable.result(handle, id, other);
        return true;
    }

    /// Held by whoever keeps a result.
    Object keeping() {
        return keeping;
    }

    /// Its files go first: whoever is killed in between finds the job, and discards them again.
    void forget(Job job, String who) {
        var work = works.get(job.kind());
        if (work != null) work.discard(job);
        database.write(handle -> {
            if (JobTable.delete(handle, job.id())) record(handle, job, "removed", who);
            return job;
        });
    }

    /// Waits until a job is over.
    ///
    /// @return as it then is, or as it is when the time is up
    public Job await(UUID id, Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        synchronized (changes) {
            while (true) {
                var job = find(id);
                long left = (until - System.nanoTime()) / 1_000_000;
                if (job.state().isEnd() || left <= 0) return job;
                changes.wait(left);
            }
        }
    }

    /// By name.
    public List<Schedule> schedules() {
        return database.read(JobTable::schedules);
    }

    /// Asks for a job every night, in place of what was asked under this name before.
    ///
    /// @throws Problem what [#submit] throws
    public Schedule schedule(
            String name, String kind, JsonNode arguments, LocalTime at, ZoneId zone, String who) {
        Names.check("schedule", name);
        var checked = work(kind).check(arguments);
        var time = at.truncatedTo(ChronoUnit.MINUTES);
        var next = Schedule.after(clock.instant(), time, zone);
        var schedule =
                new Schedule(name, kind, checked, node, time, zone, who, next, Optional.empty());
        return database.write(handle -> {
            JobTable.put(handle, schedule);
            return schedule;
        });
    }

    /// @throws Problem NOT_FOUND `schedule-unknown`
    public void unschedule(String name) {
        if (database.write(handle -> JobTable.drop(handle, name))) return;
        throw new Problem(
                Problem.Kind.NOT_FOUND,
                "schedule-unknown",
                "There is no schedule '" + name + "'.",
                "It was never made, or was removed.",
                "List them with: davy job schedules");
    }

    /// Asks for the jobs of this node whose time has come. One whose last job is not over is left
    /// out this time; one that was missed while no server ran is made up for once.
    void tick() {
        var now = clock.instant();
        for (var due : schedules()) {
            if (due.node() != node || due.next().isAfter(now)) continue;
            database.write(handle -> {
                var last = due.last().flatMap(id -> JobTable.find(handle, id));
                boolean busy = last.map(job -> !job.state().isEnd()).orElse(false);
                var work = works.get(due.kind());
                var job = due.last();
                if (!busy && work != null) {
                    var fresh = fresh(work, due.arguments(), due.who());
                    insert(handle, fresh);
                    job = Optional.of(fresh.id());
                }
                var next = Schedule.after(now, due.at(), due.zone());
                JobTable.put(
                        handle,
                        new Schedule(
                                due.name(),
                                due.kind(),
                                due.arguments(),
                                node,
                                due.at(),
                                due.zone(),
                                due.who(),
                                next,
                                job));
                return due;
            });
        }
        var old = now.minus(KEPT_FOR);
        for (var job : database.read(handle -> JobTable.endedBefore(handle, old, node)))
            forget(job, "davy");
        told();
    }

    private Job fresh(Work work, JsonNode arguments, String who) {
        return new Job(
                ids.next(),
                work.kind(),
                work.about(arguments),
                arguments,
                State.WAITING,
                node,
                Progress.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                who,
                now(),
                Optional.empty(),
                Optional.empty());
    }

    private void insert(Handle handle, Job job) {
        if (JobTable.count(handle, State.WAITING, node) >= WAITING_MAX)
            throw new Problem(
                    Problem.Kind.OVERLOADED,
                    "too-many-jobs",
                    "No more jobs are taken on now.",
                    WAITING_MAX + " wait already.",
                    "Come back when some are done, or cancel some.");
        JobTable.insert(handle, job);
        record(handle, job, "submitted", job.who());
    }

    private Job live(Job job) {
        return runner.live(job);
    }

    void record(Handle handle, Job job, String what, String who) {
        var detail = Json.object().put("kind", job.kind()).put("about", job.about());
        detail.put("done", job.progress().done());
        job.failure().ifPresent(failure -> detail.set("failure", JobJson.failure(failure)));
        Events.record(
                handle,
                new Event(ids.next(), now(), "job", job.id().toString(), what, who, "", detail));
    }

    /// Something changed: whoever waits looks again.
    void told() {
        runner.wake();
        synchronized (changes) {
            changes.notifyAll();
        }
    }

    Database database() {
        return database;
    }

    int node() {
        return node;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    Work work(String kind) {
        var work = works.get(kind);
        if (work != null) return work;
        throw new Problem(
                Problem.Kind.UNACCEPTABLE,
                "job-kind-unknown",
                "There is no work of kind '" + kind + "'.",
                "The kinds are " + works.keySet().stream().sorted().toList() + ".",
                "Name one of these.");
    }

    private static Problem gone(UUID id) {
        return new Problem(
                Problem.Kind.NOT_FOUND,
                "job-unknown",
                "There is no job " + id + ".",
                "It never was, or it was over and removed.",
                "List them with: davy job list");
    }

    /// Stops what runs; it goes on at the next start.
    @Override
    public void close() {
        runner.close();
    }
}
