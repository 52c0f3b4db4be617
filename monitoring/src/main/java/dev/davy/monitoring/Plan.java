package dev.davy.monitoring;

import dev.davy.serving.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How an endpoint is watched, as it was declared or by default.
///
/// @param window how long the windows are that monitors judge
/// @param origin what monitors read
/// @param falseAlarms expected number in 30 days, of all drift monitors together
/// @param truthWithin how long truth is waited for before quality is judged; empty: as long as nine
///   of ten took before
/// @param slices columns and conditions
/// @param metrics expressions that are counted like columns
/// @param monitors those that were declared
/// @param entities how truth that is told of an entity is joined; empty: it is not
public record Plan(
        Duration window,
        Origin origin,
        Reference reference,
        double falseAlarms,
        Optional<Duration> truthWithin,
        List<String> slices,
        List<Custom> metrics,
        List<Monitor> monitors,
        Optional<EntityJoin> entities) {

    static final Duration WINDOW = Duration.ofHours(1);
    static final double FALSE_ALARMS = 1;

    public Plan {
        slices = List.copyOf(slices);
        metrics = List.copyOf(metrics);
        monitors = List.copyOf(monitors);
    }

    /// Of truth that is told of predictions alone.
    Plan(
            Duration window,
            Origin origin,
            Reference reference,
            double falseAlarms,
            Optional<Duration> truthWithin,
            List<String> slices,
            List<Custom> metrics,
            List<Monitor> monitors) {
        this(
                window,
                origin,
                reference,
                falseAlarms,
                truthWithin,
                slices,
                metrics,
                monitors,
                Optional.empty());
    }

    /// A metric that a person declared.
    ///
    /// @param expression over `input.…`, `output.…`, `confidence`, `latency` and `failed`
    public record Custom(String name, String expression) {}

    /// What is normal.
    public sealed interface Reference {
        /// The first traffic there was, for so long.
        record First(Duration length) implements Reference {}

        /// A stretch of time.
        record Between(Instant from, Instant to) implements Reference {}

        /// The same hours of the weeks before.
        ///
        /// @param weeks how many of them
        record Season(int weeks) implements Reference {}
    }

    /// Whether a monitor is of how busy the machine and the models are.
    boolean watchesSoftware() {
        return monitors.stream().anyMatch(each -> each.watch().isOfSoftware());
    }

    /// The beginning of the window that holds a moment.
    Instant start(Instant moment) {
        long seconds = window.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(moment.getEpochSecond(), seconds) * seconds);
    }

    /// Windows in a month of 30 days; one at least.
    int aMonth() {
        return (int) Math.max(1, Duration.ofDays(30).dividedBy(window));
    }
}
