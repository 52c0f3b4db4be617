package dev.davy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.davy.rollout.Rollout.State;
import dev.davy.rollout.Starting.Wanted;
import dev.davy.serving.reading.Entry;
import dev.davy.storage.Backends;
import dev.davy.storage.ContractTest;
import dev.davy.storage.Database;
import dev.davy.storage.Event;
import dev.davy.storage.Events;
import dev.davy.storage.Ids;
import dev.davy.storage.Log;
import dev.davy.storage.Position;
import dev.davy.strict.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class RolloutsTest {
    @TempDir Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Logged.START);
    private final InstantSource clock = now::get;
    private final PaperArms arms = new PaperArms();
    private Log log;
    private final Random random = new Random(20_261_121);
    private int second;

    @BeforeEach
    void open() {
        log = Log.open(folder, 3, Log.Settings.DEFAULT, clock);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private Rollouts rollouts(Database database) {
        arms.database = database;
        return new Rollouts(
                database, log, new Ids(3, clock, now.get()), clock, arms, Logged::schema, 3);
    }

    private static Wanted to(String version) {
        return new Wanted(Map.of("", version), Optional.empty(), false);
    }

    /// A second of traffic: a hundred requests, those of each arm as its share is.
    private void traffic(Rollouts rollouts, int seconds, int failing) {
        for (int i = 0; i < seconds; i++) {
            second++;
            now.set(Logged.START.plusSeconds(second));
            var beside = arms.standing("phones").candidate();
            int candidates = beside.map(each -> each.buckets() / 100).orElse(0);
            for (int k = 0; k < 100; k++) {
                var each = new Logged(arms.epoch, second, k < candidates);
                each.entity = second + "-" + k;
                each.millis = 2 * Math.exp(0.3 * random.nextGaussian());
                if (k < Math.min(candidates, failing)) each.failure = "model-failed";
                rollouts.follower()
                        .take(new Entry.Predicted(new Position(3, 1, second), each.prediction()));
            }
        }
    }

    private void ticks(Rollouts rollouts, int failing) {
        traffic(rollouts, 30, failing);
        rollouts.tick();
    }

    private static List<String> events(Database database) {
        return new Events(database)
                .of("rollout", "phones", Optional.empty(), 99).reversed().stream()
                        .map(Event::what)
                        .toList();
    }

    @ContractTest
    void aGoodCandidateGoesLiveByItself(Database database) {
        try (var rollouts = rollouts(database)) {
            ticks(rollouts, 0);
            rollouts.begin("phones", to("phones/2"), "ann", "better");
            assertThat(arms.tried).isEqualTo(Rollouts.TRIED);
            assertThat(arms.standing("phones").candidate().orElseThrow().buckets()).isEqualTo(100);
            for (int i = 0; i < 500 && rollouts.underWay("phones").isPresent(); i++) {
                ticks(rollouts, 0);
                if (arms.live.equals(Map.of("model", "phones/2"))) {
                    // In the bake nothing is to be done but wait.
                    now.set(now.get().plus(Duration.ofDays(2)));
                    rollouts.tick();
                }
            }
            assertThat(events(database))
                    .containsExactly(
                            "started", "advanced", "advanced", "advanced", "promoted", "finished");
            assertThat(arms.did).endsWith("settle false");
            assertThat(rollouts.latest("phones").rollout().state())
                    .isInstanceOf(State.Finished.class);
            assertThat(rollouts.looks().of(rollouts.latest("phones")).size()).isGreaterThan(5);
        }
    }

    @ContractTest
    void aBadOneIsRolledBackAndNotTriedAgainByItself(Database database) {
        try (var rollouts = rollouts(database)) {
            ticks(rollouts, 0);
            rollouts.begin("phones", to("phones/2"), "ann", "better");
            for (int i = 0; i < 500 && rollouts.underWay("phones").isPresent(); i++)
                ticks(rollouts, 1);
            assertThat(events(database)).containsExactly("started", "rolled back");
            assertThat(arms.standing("phones").candidate()).isEmpty();
            var last = new Events(database).of("rollout", "phones", Optional.empty(), 1).getFirst();
            assertThat(last.why()).contains("errors is worse by");
            assertThat(last.detail().path("guards").get(0).path("verdict").asString())
                    .isEqualTo("worse");
            assertThatThrownBy(() -> rollouts.begin("phones", to("phones/2"), "ann", ""))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.code()).isEqualTo("rolled-back-before"));
            assertThat(rollouts.desired("phones", "ann", "")).isEmpty();
            var again = new Wanted(Map.of("", "phones/2"), Optional.empty(), true);
            assertThat(rollouts.begin("phones", again, "ann", "").rollout().over()).isFalse();
        }
    }

    @ContractTest
    void whatFailsRecordedRequestsGetsNoTraffic(Database database) {
        try (var rollouts = rollouts(database)) {
            ticks(rollouts, 0);
            arms.failing = 2;
            assertThatThrownBy(() -> rollouts.begin("phones", to("phones/2"), "ann", ""))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("gets no traffic");
            assertThat(events(database)).containsExactly("started", "rolled back");
            assertThat(rollouts.underWay("phones")).isEmpty();
            assertThat(arms.standing("phones").candidate()).isEmpty();
        }
    }

    @ContractTest
    void ofTwoCommandsOneWins(Database database) {
        try (var rollouts = rollouts(database)) {
            var course = rollouts.begin("phones", to("phones/2"), "ann", "");
            var seen = OptionalInt.of(course.rollout().revision());
            rollouts.command("phones", Command.PAUSE, seen, "ann", "lunch");
            assertThatThrownBy(() -> rollouts.command("phones", Command.PROMOTE, seen, "bob", "go"))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("ann")
                    .hasMessageContaining("lunch");
            assertThatThrownBy(() -> rollouts.begin("phones", to("phones/3"), "ann", ""))
                    .hasMessageContaining("already");
            rollouts.command("phones", Command.ROLL_BACK, OptionalInt.empty(), "bob", "enough");
            assertThat(events(database)).containsExactly("started", "paused", "rolled back");
        }
    }

    @ContractTest
    void goesOnAfterAKillWithTheEvidenceItHad(Backends.Backend backend) {
        var database = backend.open();
        Evidence before;
        try (var rollouts = rollouts(database)) {
            ticks(rollouts, 0);
            var course = rollouts.begin("phones", to("phones/2"), "ann", "");
            traffic(rollouts, 200, 0);
            var follower = rollouts.follower();
            follower.prepare();
            database.write(handle -> {
                follower.commit(handle);
                return true;
            });
            follower.committed();
            before = rollouts.evidence(course);
            // This was not committed, and comes again.
            traffic(rollouts, 5, 0);
            follower.forget();
            assertThat(rollouts.evidence(course)).isEqualTo(before);
        }
        try (var again = rollouts(backend.open())) {
            var course = again.underWay("phones").orElseThrow();
            assertThat(course.rollout().state()).isInstanceOf(State.Running.class);
            assertThat(again.evidence(course)).isEqualTo(before);
            again.tick();
            assertThat(course.rollout().revision()).isEqualTo(1);
        }
    }

    @ContractTest
    void whatIsDesiredStartsARolloutWhereTheEndpointSaysHow(Database database) {
        try (var rollouts = rollouts(database)) {
            arms.desired = Map.of("model", "phones/2");
            assertThat(rollouts.desired("phones", "ann", "applied")).isEmpty();
            arms.section = Optional.of(dev.davy.strict.Json.object().put("strategy", "dark"));
            assertThat(rollouts.desired("phones", "ann", "applied")).isPresent();
            assertThat(rollouts.desired("phones", "ann", "applied")).isEmpty();
            rollouts.tick();
            assertThat(arms.standing("phones").candidate().orElseThrow().buckets()).isZero();
            rollouts.command("phones", Command.APPROVE, OptionalInt.empty(), "ann", "go");
            rollouts.tick();
            assertThat(arms.live).isEqualTo(Map.of("model", "phones/2"));
        }
    }
}
