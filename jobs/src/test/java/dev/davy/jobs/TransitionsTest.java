package dev.davy.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.jobs.Job.State;
import dev.davy.strict.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TransitionsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static Job job(State state, long startedDone, long done, int interruptions) {
        return new Job(
                new UUID(0, 1),
                "counting",
                "up to 9",
                Json.object(),
                state,
                0,
                new Job.Progress(done, 900, "rows"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1,
                interruptions,
                startedDone,
                "ada",
                NOON,
                Optional.of(NOON),
                Optional.empty());
    }

    @Test
    void whatRanWhenTheProcessDiedWaitsAgainUntilItDidSoTooOften() {
        assertThat(Transitions.afterRestart(State.RUNNING, 2)).isEqualTo(State.WAITING);
        assertThat(Transitions.afterRestart(State.RUNNING, 3)).isEqualTo(State.FAILED);
        assertThat(Transitions.afterRestart(State.STOPPING, 1)).isEqualTo(State.CANCELLED);
        for (var state : new State[] {State.WAITING, State.DONE, State.FAILED, State.CANCELLED})
            assertThat(Transitions.afterRestart(state, 9)).isEqualTo(state);
    }

    @Test
    void onlyDeathsWithoutProgressAreCounted() {
        assertThat(Transitions.interruptions(job(State.RUNNING, 5, 5, 1))).isEqualTo(2);
        assertThat(Transitions.interruptions(job(State.RUNNING, 5, 6, 2))).isEqualTo(1);
    }

    @Test
    void tellsTheTimeThatIsLeftFromWhatThisAttemptDid() {
        var job = job(State.RUNNING, 100, 300, 0);
        assertThat(job.perSecond(NOON.plusSeconds(4))).isEqualTo(50);
        assertThat(job.secondsLeft(NOON.plusSeconds(4))).contains(12.0);
        assertThat(job.secondsLeft(NOON)).isEmpty();
    }

    @Test
    void everyNightIsOnceAlsoWhenTheClockIsTurned() {
        var berlin = ZoneId.of("Europe/Berlin");
        var at = LocalTime.of(2, 30);
        // 29 March 2026: 02:30 does not exist, the clock jumps to 03:30.
        var spring = Schedule.after(Instant.parse("2026-03-28T12:00:00Z"), at, berlin);
        assertThat(spring).isEqualTo(Instant.parse("2026-03-29T01:30:00Z"));
        // 25 October 2026: 02:30 comes twice; the next after the first is the next day's.
        var autumn = Schedule.after(Instant.parse("2026-10-24T12:00:00Z"), at, berlin);
        assertThat(autumn).isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
        assertThat(Schedule.after(autumn, at, berlin))
                .isEqualTo(Instant.parse("2026-10-26T01:30:00Z"));
        var last = autumn;
        for (int day = 0; day < 400; day++) {
            var next = Schedule.after(last, at, berlin);
            assertThat(Duration.between(last, next).toHours()).isBetween(22L, 26L);
            last = next;
        }
    }
}
