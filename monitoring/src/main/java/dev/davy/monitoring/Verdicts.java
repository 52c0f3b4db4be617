package dev.davy.monitoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What all monitors of an endpoint make of a window, held against what is normal for it.
final class Verdicts {
    private final Windows windows;
    private final History history;
    private final References references;

    Verdicts(Windows windows, History history, References references) {
        this.windows = windows;
        this.history = history;
        this.references = references;
    }

    /// @param nanos what it took to say so
    record Verdict(Monitor monitor, Judgement judgement, long nanos) {
        /// How far a bad one stands out: first in the list is what moved most surely.
        double strength() {
            if (!(judgement instanceof Judgement.Bad bad)) return 0;
            double half = (bad.high() - bad.low()) / 2;
            if (half > 0) return Math.abs(bad.effect()) / half;
            // A single number has no interval, and stands as far out as it does; a limit has no
            // part.
            return bad.what().isEmpty() ? 0 : Math.abs(bad.effect());
        }
    }

    /// Those of traffic or of quality, what stands out most first.
    List<Verdict> of(String endpoint, Plan plan, AlarmTable.What what, Seen seen) {
        var stretch =
                references
                        .stretch(endpoint, plan, seen.from())
                        // The reference is what is normal: it is not held against itself.
                        .filter(each -> !isWithin(seen, each));
        var normal = stretch.flatMap(each -> references.normal(endpoint, plan, each));
        var verdicts =
                normal.isPresent()
                        ? held(endpoint, plan, what, seen, stretch.orElseThrow(), normal.get())
                        : limits(endpoint, plan, what, seen);
        verdicts.sort(Comparator.comparingDouble(Verdict::strength).reversed());
        return verdicts;
    }

    /// A limit needs nothing that is normal, but a window that was there from its beginning.
    private List<Verdict> limits(String endpoint, Plan plan, AlarmTable.What what, Seen seen) {
        var verdicts = new ArrayList<Verdict>();
        var declared =
                plan.monitors().stream()
                        .filter(each -> each.rule() instanceof Monitor.Rule.Limits)
                        .filter(each -> isOf(each, what))
                        .toList();
        if (declared.isEmpty() || isCut(endpoint, plan, seen)) return verdicts;
        for (var monitor : declared)
            verdicts.add(timed(monitor, () -> Judge.limits(monitor, seen)));
        return verdicts;
    }

    /// Whether the first of all predictions came after the window had begun.
    private boolean isCut(String endpoint, Plan plan, Seen seen) {
        return windows.oldest(endpoint, plan.origin())
                .filter(oldest -> oldest.isAfter(seen.from()))
                .isPresent();
    }

    private static boolean isOf(Monitor monitor, AlarmTable.What what) {
        return monitor.watch().isOfQuality() == (what == AlarmTable.What.QUALITY);
    }

    private List<Verdict> held(
            String endpoint,
            Plan plan,
            AlarmTable.What what,
            Seen seen,
            References.Stretch stretch,
            Normal normal) {
        var recent = recent(endpoint, plan, "", stretch, seen);
        var whole = new Side(normal, recent);
        var answers = answers(endpoint, plan, seen, whole);
        var all = Judge.monitors(plan, normal.whole());
        int priced = Judge.priced(all);
        var verdicts = new ArrayList<Verdict>();
        for (var monitor : all) {
            if (!isOf(monitor, what)) continue;
            var side = monitor.watch().isOfAnswers() ? answers : Optional.of(whole);
            verdicts.add(timed(monitor, () -> judged(monitor, side, seen, plan, priced)));
        }
        return verdicts;
    }

    private static Judgement judged(
            Monitor monitor, Optional<Side> side, Seen seen, Plan plan, int priced) {
        if (side.isPresent())
            return Judge.judge(monitor, side.get().normal, side.get().recent, plan, priced);
        return monitor.rule() instanceof Monitor.Rule.Limits
                ? Judge.limits(monitor, seen)
                : new Judgement.TooEarly("what is normal for this version is still being learned");
    }

    private interface Judging {
        Judgement judgement();
    }

    private static Verdict timed(Monitor monitor, Judging judging) {
        long begin = System.nanoTime();
        var judgement = judging.judgement();
        return new Verdict(monitor, judgement, System.nanoTime() - begin);
    }

    /// What is held against what.
    private record Side(Normal normal, List<Seen> recent) {}

    /// Answers are held against those of the same version; empty while it has too few.
    private Optional<Side> answers(String endpoint, Plan plan, Seen seen, Side whole) {
        var to = seen.from().plus(plan.window());
        var arm = history.liveArm(endpoint, plan, seen.from(), to);
        if (arm.isEmpty()) return Optional.of(whole);
        var stretch = references.stretch(endpoint, plan, arm.get(), seen.from());
        if (stretch.isEmpty() || isWithin(seen, stretch.get())) return Optional.empty();
        var normal = references.normal(endpoint, plan, arm.get(), stretch.get());
        var last = history.windows(endpoint, plan, arm.get(), seen.from(), to);
        if (normal.isEmpty() || last.isEmpty()) return Optional.empty();
        return Optional.of(
                new Side(
                        normal.get(),
                        recent(endpoint, plan, arm.get(), stretch.get(), last.getLast())));
    }

    private static boolean isWithin(Seen seen, References.Stretch stretch) {
        var at = seen.from();
        return at.isBefore(stretch.from())
                || !at.isBefore(stretch.begin()) && at.isBefore(stretch.end());
    }

    private List<Seen> recent(
            String endpoint, Plan plan, String part, References.Stretch stretch, Seen last) {
        var begin = last.from().minus(plan.window().multipliedBy(Judge.RECENT - 1L));
        var recent = new ArrayList<Seen>();
        for (var each : history.windows(endpoint, plan, part, begin, last.from()))
            if (!isWithin(each, stretch)) recent.add(each);
        recent.add(last);
        return recent;
    }
}
