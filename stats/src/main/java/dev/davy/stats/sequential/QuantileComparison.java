package dev.davy.stats.sequential;

import dev.davy.stats.sequential.Durations.Threshold;
import java.util.List;

/// Whether a quantile of the candidate, its p99 for instance, is above live's by more than a
/// margin.
///
/// From the stretches before, live's quantile is guessed; then it is counted how many of live's
/// requests took longer than that, and how many of the candidate's took longer than that and the
/// margin. A candidate whose quantile is within the margin of live's, at the level where the guess
/// truly lies, has no more of them, whatever the latency does with the hour; so this is a
/// [Comparison] of two rates, with its guarantee. (Howard and Ramdas 2022, "Sequential estimation
/// of quantiles", bound each arm's quantile on its own instead, which mixes up the hours.)
///
/// @param level 0.99 for p99
/// @param margin in the values' unit
public record QuantileComparison(double level, double margin, double alpha, double beta) {
    private static final int HALVINGS = 16;

    public QuantileComparison {
        if (!(level > 0 && level < 1) || !Double.isFinite(margin))
            throw new IllegalArgumentException("level %s, margin %s".formatted(level, margin));
        if (!(alpha > 0 && alpha < 1 && beta > 0 && beta < 1))
            throw new IllegalArgumentException("alpha %s, beta %s".formatted(alpha, beta));
    }

    /// What came of both arms while the traffic was split in one way; as a [Stretch].
    public record Times(double share, Durations live, Durations candidate) {}

    /// @param times in the order of time
    /// @return harm in the values' unit; its bounds are right to 1 % of live's quantile
    public Finding judge(List<Times> times) {
        var all = Durations.NONE;
        for (var each : times) all = all.merge(each.live()).merge(each.candidate());
        double most = all.quantile(1).orElse(1);
        double lower = -most;
        double upper = most;
        double tooHigh = most;
        double tooLow = -most;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (lower + tooHigh) / 2;
            if (standing(middle, true, times).isWorse()) lower = middle;
            else tooHigh = middle;
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (upper + tooLow) / 2;
            if (standing(middle, false, times).isNoWorse()) upper = middle;
            else tooLow = middle;
        }
        if (standing(margin, true, times).isWorse())
            // What came early may contradict it: then what was measured is the upper bound.
            return new Finding.Worse(
                    Interval.between(lower, upper > lower ? upper : measured(lower, times))
                            .above(margin));
        var harm = Interval.between(lower, upper);
        if (standing(margin, false, times).isNoWorse())
            return new Finding.NoWorse(harm.below(margin));
        return new Finding.TooEarly(harm, needed(times));
    }

    /// The difference of the two quantiles in the last times that both arms have; at least so much.
    private double measured(double least, List<Times> times) {
        for (var each : times.reversed()) {
            var live = each.live().quantile(level);
            var candidate = each.candidate().quantile(level);
            if (live.isPresent() && candidate.isPresent())
                return Math.max(least, candidate.getAsDouble() - live.getAsDouble());
        }
        return least;
    }

    /// Whether it is known to be worse; without the interval, a hundred times as fast.
    public boolean isWorse(List<Times> times) {
        return standing(margin, true, times).isWorse();
    }

    /// Whether it is known to be no worse.
    public boolean isNoWorse(List<Times> times) {
        return standing(margin, false, times).isNoWorse();
    }

    /// Until an equal candidate were known to be no worse.
    private long needed(List<Times> times) {
        if (times.isEmpty()) return Long.MAX_VALUE;
        var live = Durations.NONE;
        long seen = 0;
        for (var each : times) {
            live = live.merge(each.live());
            seen += each.candidate().count();
        }
        var at = live.threshold(level);
        if (at.isEmpty() || margin <= 0) return Long.MAX_VALUE;
        double base = live.beyond(at.get()).total() / live.count();
        double beyond = live.longerThan(at.get().value() + margin, false).total() / live.count();
        long inAll =
                Comparison.ofRates(0, alpha, beta, 1)
                        .needed(base, times.getLast().share(), beyond - base);
        return inAll == Long.MAX_VALUE ? inAll : Math.max(1, inAll - seen);
    }

    /// @param up whether the candidate's threshold is rounded in its favour
    private Standing standing(double margin, boolean up, List<Times> times) {
        var standing = Comparison.ofRates(0, alpha, beta, 1).begin();
        var before = Durations.NONE;
        for (var each : times) {
            var guess = before.threshold(level);
            if (guess.isPresent())
                standing = standing.after(exceeding(each, guess.get(), margin, up));
            before = before.merge(each.live());
        }
        return standing;
    }

    private static Stretch exceeding(Times times, Threshold guess, double margin, boolean up) {
        double candidate = guess.value() + margin;
        return Stretch.mature(
                times.share(),
                times.live().beyond(guess),
                candidate > 0
                        ? times.candidate().longerThan(candidate, up)
                        : Tally.ofRequests(times.candidate().count(), times.candidate().count()));
    }
}
