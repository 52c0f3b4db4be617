package dev.davy.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.jobs.Job.State;
import dev.davy.storage.Backends;
import dev.davy.storage.ContractTest;
import dev.davy.storage.Database;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.strict.Json;
import dev.davy.strict.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

class JobsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private final InstantSource clock = now::get;
    private final Counting counting = new Counting();

    private Jobs jobs(Database database) {
        return new Jobs(database, new Ids(3, clock, now.get()), clock, 3).register(counting);
    }

    private static JsonNode to(long to) {
        return Json.object().put("to", to);
    }

    private static JsonNode standingAt(long stand) {
        return Json.object().put("to", 5).put("stand", stand);
    }

    @ContractTest
    void isDoneWithProgressResultAndLog(Database database) throws Exception {
        try (var jobs = jobs(database).start()) {
            var job = jobs.submit("counting", to(5), "ada");
            assertThat(job.state()).isEqualTo(State.WAITING);
            var done = jobs.await(job.id(), LONG);
            assertThat(done.state()).isEqualTo(State.DONE);
            assertThat(done.about()).isEqualTo("up to 5");
            assertThat(done.progress()).isEqualTo(new Job.Progress(5, 5, "steps"));
            assertThat(done.result().map(Json::text)).contains("{\"counted\":5}");
            assertThat(done.attempts()).isEqualTo(1);
            assertThat(jobs.log(job.id(), 0, 10))
                    .extracting(Job.Line::text)
                    .containsExactly("started", "counted", "done");
            assertThat(new Events(database).of("job", job.id().toString(), Optional.empty(), 9))
                    .extracting(event -> event.what() + " by " + event.who())
                    .containsExactly("done by davy", "started by davy", "submitted by ada");
        }
    }

    @ContractTest
    void whatIsErasedGoesFromResultsThatAreKeptAndFromThoseToCome(Database database)
            throws Exception {
        try (var jobs = jobs(database).start()) {
            var kept = jobs.submit("counting", to(5), "ada");
            jobs.await(kept.id(), LONG);
            var running = jobs.submit("counting", standingAt(3), "ada");
            counting.standing.await();
            counting.erased = true;
            assertThat(jobs.rewrite("counting", Counting::without)).isEqualTo(1);
            assertThat(jobs.rewrite("counting", Counting::without)).isZero();
            assertThat(jobs.find(kept.id()).result().map(Json::text)).contains("{}");
            counting.letGo.countDown();
            assertThat(jobs.await(running.id(), LONG).result().map(Json::text)).contains("{}");
        }
    }

    @ContractTest
    void refusesArgumentsAndKindsBeforeAnythingIsKept(Database database) {
        try (var jobs = jobs(database)) {
            assertThatThrownBy(() -> jobs.submit("counting", to(0), "ada"))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("No end");
            assertThatThrownBy(() -> jobs.submit("sleeping", to(1), "ada"))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("[counting]");
            assertThat(jobs.list(Optional.empty(), Optional.empty(), Optional.empty(), 9))
                    .isEmpty();
        }
    }

    @ContractTest
    void stopsWhenCancelledAndGoesOnWhereItWas(Database database) throws Exception {
        try (var jobs = jobs(database).start()) {
            var job = jobs.submit("counting", standingAt(3), "ada");
            counting.standing.await();
            assertThat(jobs.cancel(job.id(), "bob").state()).isEqualTo(State.STOPPING);
            var stopped = jobs.await(job.id(), LONG);
            assertThat(stopped.state()).isEqualTo(State.CANCELLED);
            assertThat(stopped.progress().done()).isEqualTo(2);
            counting.letGo.countDown();
            jobs.resume(job.id(), "bob");
            assertThat(jobs.await(job.id(), LONG).state()).isEqualTo(State.DONE);
            assertThat(counting.steps).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThatThrownBy(() -> jobs.cancel(job.id(), "bob"))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("done already");
        }
    }

    @ContractTest
    void saysWhyItFailedAndMayBeResumed(Database database) throws Exception {
        try (var jobs = jobs(database).start()) {
            var arguments = Json.object().put("to", 4).put("fail", 3);
            var job = jobs.submit("counting", arguments, "ada");
            var failed = jobs.await(job.id(), LONG);
            assertThat(failed.state()).isEqualTo(State.FAILED);
            assertThat(failed.failure().orElseThrow())
                    .isEqualTo(
                            new Job.Failure(
                                    "no-more", "It broke.", List.of("At 3."), "Resume it."));
            jobs.resume(job.id(), "ada");
            assertThat(jobs.await(job.id(), LONG).state()).isEqualTo(State.DONE);
            assertThat(counting.steps).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @ContractTest
    void goesOnAfterTheServerEnded(Backends.Backend backend) throws Exception {
        var before = backend.open();
        Job job;
        try (var jobs = jobs(before).start()) {
            job = jobs.submit("counting", standingAt(3), "ada");
            counting.standing.await();
        }
        before.close();
        var after = new Counting();
        after.letGo.countDown();
        var database = backend.open();
        try (var jobs = new Jobs(database, new Ids(3, clock, now.get()), clock, 3)) {
            jobs.register(after);
            assertThat(jobs.find(job.id()).state()).isEqualTo(State.WAITING);
            jobs.start();
            assertThat(jobs.await(job.id(), LONG).state()).isEqualTo(State.DONE);
            assertThat(after.steps).containsExactly(3L, 4L, 5L);
        }
    }

    @ContractTest
    void leavesTheJobsOfOtherNodesAlone(Database database) throws Exception {
        try (var here = jobs(database).start();
                var there = new Jobs(database, new Ids(4, clock, now.get()), clock, 4)) {
            there.register(new Counting());
            var theirs = there.submit("counting", to(1), "ada");
            var ours = here.submit("counting", to(1), "ada");
            assertThat(here.await(ours.id(), LONG).state()).isEqualTo(State.DONE);
            assertThat(here.find(theirs.id()).state()).isEqualTo(State.WAITING);
        }
    }

    @ContractTest
    void asksForTheNightlyJobWhenItsTimeHasCome(Database database) throws Exception {
        try (var jobs = jobs(database)) {
            var made =
                    jobs.schedule(
                            "nightly",
                            "counting",
                            to(2),
                            LocalTime.of(2, 30),
                            ZoneOffset.UTC,
                            "ada");
            assertThat(made.next()).isEqualTo(Instant.parse("2026-03-02T02:30:00Z"));
            jobs.tick();
            assertThat(jobs.schedules()).hasToString(List.of(made).toString());
            now.set(Instant.parse("2026-03-04T02:30:00Z")); // two nights without a server
            jobs.tick();
            jobs.tick();
            var asked = jobs.list(Optional.empty(), Optional.empty(), Optional.empty(), 9);
            assertThat(asked).hasSize(1);
            assertThat(asked.getFirst().who()).isEqualTo("ada");
            var schedule = jobs.schedules().getFirst();
            assertThat(schedule.next()).isEqualTo(Instant.parse("2026-03-05T02:30:00Z"));
            assertThat(schedule.last()).contains(asked.getFirst().id());
            now.set(Instant.parse("2026-03-05T02:31:00Z"));
            jobs.tick(); // the last one still waits
            assertThat(jobs.list(Optional.empty(), Optional.empty(), Optional.empty(), 9))
                    .hasSize(1);
            jobs.unschedule("nightly");
            assertThat(jobs.schedules()).isEmpty();
            assertThatThrownBy(() -> jobs.unschedule("nightly")).isInstanceOf(Problem.class);
        }
    }

    @ContractTest
    void forgetsWhatHasLongBeenOver(Database database) throws Exception {
        try (var jobs = jobs(database).start()) {
            var job = jobs.submit("counting", to(1), "ada");
            jobs.await(job.id(), LONG);
            now.set(now.get().plus(Jobs.KEPT_FOR).plusSeconds(1));
            jobs.tick();
            assertThatThrownBy(() -> jobs.find(job.id()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("removed");
            // By this tick or by the keeper's own, or, as after a kill in between, by both.
            assertThat(counting.discarded).extracting(Job::id).containsOnly(job.id());
            assertThat(jobs.log(job.id(), 0, 9)).isEmpty();
        }
    }

    @ContractTest
    void listsByStateAndKindNewestFirst(Database database) throws Exception {
        try (var jobs = jobs(database)) {
            var first = jobs.submit("counting", to(1), "ada");
            var second = jobs.submit("counting", to(2), "ada");
            jobs.cancel(first.id(), "ada");
            assertThat(jobs.list(Optional.empty(), Optional.of("counting"), Optional.empty(), 9))
                    .extracting(Job::id)
                    .containsExactly(second.id(), first.id());
            assertThat(
                            jobs.list(
                                    Optional.of(State.CANCELLED),
                                    Optional.empty(),
                                    Optional.empty(),
                                    9))
                    .extracting(Job::id)
                    .containsExactly(first.id());
            assertThat(jobs.list(Optional.empty(), Optional.empty(), Optional.of(second.id()), 9))
                    .extracting(Job::id)
                    .containsExactly(first.id());
        }
    }
}
