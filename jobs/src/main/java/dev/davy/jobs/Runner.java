package dev.davy.jobs;

import dev.davy.jobs.Job.Failure;
import dev.davy.jobs.Job.State;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The threads on which a node's jobs are done, oldest first.
///
/// Platform threads: the work is native code and long loops, which would hold the carriers of
/// virtual ones. A work that uses all cores brings further threads of its own.
final class Runner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

    /// Jobs done at the same time; the others wait.
    static final int PLACES = 2;

    /// How often schedules are looked at, and old jobs forgotten.
    private static final Duration TICK = Duration.ofSeconds(15);

    /// How long the end of the server waits for jobs to stop; the next start finds those that did
    /// not interrupted.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Jobs jobs;
    private final Map<UUID, Attempt> running = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Object bell = new Object();
    private long rung;
    private volatile boolean closing;

    Runner(Jobs jobs) {
        this.jobs = jobs;
    }

    void start() {
        takeUp();
        for (int place = 0; place < PLACES; place++)
            threads.add(Thread.ofPlatform().daemon().name("davy-job-" + place).start(this::loop));
        threads.add(Thread.ofPlatform().daemon().name("davy-job-clock").start(this::clock));
    }

    /// What ran when the process before ended waits again, or has failed if it took the process
    /// with it again and again.
    private void takeUp() {
        jobs.database()
                .write(handle -> {
                    for (var state : List.of(State.RUNNING, State.STOPPING))
                        for (var job :
                                JobTable.inState(
                                        handle, state, jobs.node(), Jobs.WAITING_MAX + PLACES)) {
                            var after = interrupted(job);
                            JobTable.update(handle, after);
                            jobs.record(handle, after, "interrupted", "davy");
                        }
                    return true;
                });
    }

    private Job interrupted(Job job) {
        int interruptions = Transitions.interruptions(job);
        var state = Transitions.afterRestart(job.state(), interruptions);
        Optional<Failure> failure =
                state == State.FAILED
                        ? Optional.of(
                                new Failure(
                                        "job-interrupted",
                                        "The job was given up.",
                                        List.of(
                                                "The server ended "
                                                        + interruptions
                                                        + " times while it ran, without any"
                                                        + " progress between."),
                                        "See in the server's log what it died of, then resume the"
                                                + " job."))
                        : Optional.empty();
        return job.ending(state, job.result(), failure, interruptions, jobs.now());
    }

    /// Something may be there to do.
    void wake() {
        synchronized (bell) {
            rung++;
            bell.notifyAll();
        }
    }

    void stop(UUID id) {
        var attempt = running.get(id);
        if (attempt != null) attempt.stop();
    }

    /// With its progress of this moment, which is written down only now and then.
    Job live(Job job) {
        var attempt = running.get(job.id());
        if (attempt == null || job.state().isEnd()) return job;
        return job.with(attempt.progress());
    }

    private void loop() {
        long seen = -1;
        while (!closing) {
            try {
                synchronized (bell) {
                    while (seen == rung && !closing) bell.wait(TICK.toMillis());
                    seen = rung;
                }
                for (var job = take(); job != null; job = take()) run(job);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // The database may be away for a while: jobs wait for it.
                LOG.error("jobs can't be looked at", e);
            }
        }
    }

    private void clock() {
        while (!closing) {
            try {
                jobs.tick();
                synchronized (bell) {
                    if (!closing) bell.wait(TICK.toMillis());
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("schedules can't be looked at", e);
                closing |= Thread.currentThread().isInterrupted();
            }
        }
    }

    private @Nullable Job take() {
        if (closing) return null;
        return jobs.database()
                .write(handle -> {
                    var next = JobTable.inState(handle, State.WAITING, jobs.node(), 1);
                    if (next.isEmpty()) return null;
                    var job = next.getFirst().starting(jobs.now());
                    JobTable.update(handle, job);
                    jobs.record(handle, job, "started", "davy");
                    return job;
                });
    }

    private void run(Job job) {
        var attempt = new Attempt(jobs.database(), job, jobs::now);
        running.put(job.id(), attempt);
        try {
            // It may have been cancelled before it could be told.
            if (closing || jobs.find(job.id()).state() == State.STOPPING) attempt.stop();
            attempt.log(
                    job.attempts() == 1
                            ? "started"
                            : "started again, attempt "
                                    + job.attempts()
                                    + ", from "
                                    + job.progress().done());
            var result = jobs.work(job.kind()).run(attempt);
            end(attempt, State.DONE, Optional.of(result), Optional.empty());
        } catch (JobStopped stopped) {
            end(attempt, State.CANCELLED, Optional.empty(), Optional.empty());
        } catch (Problem problem) {
            end(attempt, State.FAILED, Optional.empty(), Optional.of(failure(problem)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | OutOfMemoryError | StackOverflowError | LinkageError bug) {
            LOG.error("job {} of kind {} failed", job.id(), job.kind(), bug);
            end(attempt, State.FAILED, Optional.empty(), Optional.of(mistake(bug)));
        } finally {
            running.remove(job.id());
            jobs.told();
        }
    }

    private void end(
            Attempt attempt, State state, Optional<JsonNode> result, Optional<Failure> failure) {
        synchronized (jobs.keeping()) {
            keep(attempt, state, result, failure);
        }
    }

    private void keep(
            Attempt attempt, State state, Optional<JsonNode> result, Optional<Failure> failure) {
        var id = attempt.job().id();
        jobs.database()
                .write(handle -> {
                    var stored = JobTable.find(handle, id).orElseThrow();
                    var job = stored.with(attempt.progress());
                    // Stopped, but nobody cancelled it: the server ends, and it goes on afterwards.
                    boolean goesOn = state == State.CANCELLED && stored.state() == State.RUNNING;
                    var after =
                            job.ending(
                                    goesOn ? State.WAITING : state,
                                    result.map(each -> jobs.work(job.kind()).kept(id, each)),
                                    failure,
                                    0,
                                    jobs.now());
                    JobTable.update(handle, after);
                    var what = goesOn ? "interrupted" : state.word();
                    jobs.record(handle, after, what, "davy");
                    long number = JobTable.lastLine(handle, id) + 1;
                    var text = failure.map(Failure::what).map(each -> what + ": " + each);
                    JobTable.line(handle, id, new Job.Line(number, jobs.now(), text.orElse(what)));
                    return after;
                });
    }

    private static Failure failure(Problem problem) {
        var why = problem.violations();
        return new Failure(
                problem.code(),
                problem.what(),
                why.isEmpty() ? List.of(problem.why()) : why,
                problem.todo());
    }

    private static Failure mistake(Throwable bug) {
        return new Failure(
                "server-failed",
                "The job failed.",
                List.of("It is a mistake of the server: " + bug.getClass().getSimpleName() + "."),
                "See the server's log; resume the job when it is mended.");
    }

    @Override
    public void close() {
        closing = true;
        running.values().forEach(Attempt::stop);
        wake();
        long until = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (var thread : threads) {
                long left = Math.max(1, (until - System.nanoTime()) / 1_000_000);
                thread.join(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
