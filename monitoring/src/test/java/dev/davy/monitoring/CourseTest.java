package dev.davy.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.davy.monitoring.Course.Transition;
import dev.davy.strict.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CourseTest {
    private static final Instant BEGIN = Instant.parse("2026-11-21T00:00:00Z");

    private static Monitor forWindows(int windows) {
        return new Monitor(
                "errors",
                Metric.read("errors"),
                new Monitor.Rule.Limits(OptionalDouble.empty(), OptionalDouble.of(0.1)),
                windows,
                Monitor.Severity.WARNING,
                true);
    }

    private static final Judgement BAD =
            new Judgement.Bad(OptionalDouble.of(0.5), "", 0.4, 0.4, 0.4, "half of it failed");
    private static final Judgement FINE = new Judgement.Fine(OptionalDouble.of(0));
    private static final Judgement EARLY = new Judgement.TooEarly("nothing came");

    /// What happens window by window.
    private static List<Transition> course(Monitor monitor, Judgement... windows) {
        var transitions = new ArrayList<Transition>();
        Optional<Alarm> open = Optional.empty();
        for (int i = 0; i < windows.length; i++) {
            var from = BEGIN.plusSeconds(60L * i);
            var judged = new Course.Judged(from, from.plusSeconds(60), windows[i], Json.object());
            var step =
                    Course.next(
                            open,
                            monitor,
                            "loan",
                            judged,
                            new UUID(0, i + 1),
                            Optional.empty(),
                            from.plusSeconds(70));
            transitions.add(step.transition());
            open = step.alarm().filter(Alarm::isOpen);
        }
        return transitions;
    }

    @Test
    void oneBadWindowRingsWhereOneIsEnough() {
        assertThat(course(forWindows(1), FINE, BAD, BAD, FINE, FINE, FINE))
                .containsExactly(
                        Transition.NONE,
                        Transition.FIRING,
                        Transition.NONE,
                        Transition.NONE,
                        Transition.RESOLVED,
                        Transition.NONE);
    }

    @Test
    void badWindowsMustFollowEachOther() {
        assertThat(course(forWindows(3), BAD, BAD, FINE, BAD, BAD, BAD))
                .containsExactly(
                        Transition.PENDING,
                        Transition.NONE,
                        Transition.RESOLVED,
                        Transition.PENDING,
                        Transition.NONE,
                        Transition.FIRING);
    }

    @Test
    void whatCannotBeToldIsNeitherBadNorFine() {
        assertThat(course(forWindows(2), BAD, EARLY, BAD, EARLY, FINE, EARLY, FINE))
                .containsExactly(
                        Transition.PENDING,
                        Transition.NONE,
                        Transition.FIRING,
                        Transition.NONE,
                        Transition.NONE,
                        Transition.NONE,
                        Transition.RESOLVED);
    }

    @Test
    void oneThatComesAndGoesIsOneAlarm() {
        assertThat(course(forWindows(1), BAD, FINE, BAD, FINE, BAD, FINE, FINE))
                .containsOnlyOnce(Transition.FIRING)
                .containsOnlyOnce(Transition.RESOLVED);
    }
}
