package dev.davy.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds what is normal for an endpoint. For one thread.
final class References {
    /// A reference that is not whole yet is good enough from so many windows on.
    static final int WINDOWS_LEAST = 24;

    private final History history;
    private final Map<String, Known> known = new HashMap<>();

    private record Known(Plan plan, String part, Instant from, Instant to, Normal normal) {}

    References(History history) {
        this.history = history;
    }

    /// A stretch that is normal.
    ///
    /// @param from when what can be judged begins: nothing before is
    record Stretch(Instant begin, Instant end, Instant from) {}

    /// The stretch by which a window is judged; empty while there is none.
    ///
    /// @param at when the window begins
    Optional<Stretch> stretch(String endpoint, Plan plan, Instant at) {
        return stretch(endpoint, plan, "", at);
    }

    /// The same of a part: another version of a model answers otherwise from its first day, which
    /// is normal for it.
    Optional<Stretch> stretch(String endpoint, Plan plan, String part, Instant at) {
        var oldest = history.oldest(endpoint, plan, part);
        if (oldest.isEmpty()) return Optional.empty();
        return switch (plan.reference()) {
            case Plan.Reference.First(var length) -> first(plan, oldest.get(), length, at);
            case Plan.Reference.Between(var from, var to) ->
                    oldest.get().isBefore(to)
                            ? Optional.of(
                                    new Stretch(
                                            plan.start(from),
                                            plan.start(to),
                                            plan.start(oldest.get())))
                            : first(
                                    plan,
                                    oldest.get(),
                                    plan.window().multipliedBy(WINDOWS_LEAST),
                                    at);
            case Plan.Reference.Season(int weeks) -> season(plan, oldest.get(), weeks, at);
        };
    }

    private static Optional<Stretch> first(Plan plan, Instant oldest, Duration length, Instant at) {
        var end = ceiling(plan, oldest.plus(length));
        var enough = oldest.plus(plan.window().multipliedBy(WINDOWS_LEAST));
        var from = enough.isBefore(end) ? enough : end;
        if (at.isBefore(from)) return Optional.empty();
        return Optional.of(new Stretch(oldest, at.isBefore(end) ? at : end, from));
    }

    /// Up to the day before, so that a day that goes wrong is not its own norm.
    private static Optional<Stretch> season(Plan plan, Instant oldest, int weeks, Instant at) {
        var end = plan.start(Span.DAY.start(at).minus(Duration.ofDays(1)));
        var begin = plan.start(end.minus(Duration.ofDays(7L * weeks)));
        var week = plan.start(oldest.plus(Duration.ofDays(8)));
        if (at.isBefore(week)) return Optional.empty();
        return Optional.of(new Stretch(begin.isBefore(oldest) ? oldest : begin, end, week));
    }

    private static Instant ceiling(Plan plan, Instant moment) {
        var start = plan.start(moment);
        return start.equals(moment) ? start : start.plus(plan.window());
    }

    /// What is normal in a stretch; empty where nothing was predicted in it.
    Optional<Normal> normal(String endpoint, Plan plan, Stretch stretch) {
        return normal(endpoint, plan, "", stretch);
    }

    /// The same of a part.
    Optional<Normal> normal(String endpoint, Plan plan, String part, Stretch stretch) {
        // Of the parts of an endpoint only one is of interest at a time.
        var key = part.isEmpty() ? endpoint : endpoint + " of an arm";
        var had = known.get(key);
        if (had != null
                && had.plan.equals(plan)
                && had.part.equals(part)
                && had.from.equals(stretch.begin())
                && had.to.equals(stretch.end())) return Optional.of(had.normal);
        List<Seen> windows = history.windows(endpoint, plan, part, stretch.begin(), stretch.end());
        if (windows.isEmpty())
            windows = history.hours(endpoint, plan, part, stretch.begin(), stretch.end());
        if (windows.isEmpty()) return Optional.empty();
        var normal = new Normal(windows);
        known.put(key, new Known(plan, part, stretch.begin(), stretch.end(), normal));
        return Optional.of(normal);
    }
}
