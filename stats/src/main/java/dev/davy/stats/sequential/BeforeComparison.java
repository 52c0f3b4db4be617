package dev.davy.stats.sequential;

import dev.davy.stats.sequential.QuantileComparison.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether what has all traffic now does much more harm than what had it before: for the time after
/// a promotion, when nothing is left of the same hour to compare with.
///
/// The rate of before is bounded from above, whenever the promotion came; then a wealth bets that
/// the rate of now is above what is allowed beyond that (Ville 1939; Waudby-Smith and Ramdas 2024).
/// Asked at any time, it calls one worse that is not with probability at most alpha, **provided**
/// that the hour does not do too much: that what was before would now have at most twice the odds
/// of harm that it had, and one margin more. So it finds what breaks, and not what becomes a little
/// worse.
///
/// @param margin of harm per request: one for the version, and one for the hour
/// @param alpha the probability of a false "worse"
/// @param most how many requests are counted of one unit
public record BeforeComparison(double margin, double alpha, int most) {
    private static final int HALVINGS = 12;

    public BeforeComparison {
        if (!(margin >= 0) || !(alpha > 0 && alpha < 1) || most < 1)
            throw new IllegalArgumentException(
                    "margin %s, alpha %s, most %d".formatted(margin, alpha, most));
    }

    /// What is found to be worse.
    ///
    /// @param harm of now less that of before
    /// @param allowed most that it might have been
    public record Worse(Interval harm, double allowed) {}

    /// @param stretches in the order of time; what came since is of those with a share of 1, what
    ///   was before is live's of the others, as far as all truth about it has come
    /// @return empty where it is not known to be worse
    public Optional<Worse> worse(List<Stretch> stretches) {
        var before = new ArrayList<Tally>();
        var since = new ArrayList<Tally>();
        for (var each : stretches) {
            if (each.share() == 1) since.add(each.candidate());
            else if (each.mature()) before.add(each.live());
        }
        if (before.isEmpty() || since.isEmpty()) return Optional.empty();
        // The bound is above the mean, and takes much longer.
        double mean = mean(before);
        if (!isWorse(mean + allowed(mean), since)) return Optional.empty();
        // Above 1 nothing is, so it is asked for the interval alone.
        var was = comparison(1).judge(before).harm();
        double most = was.upper() + allowed(was.upper());
        if (!isWorse(most, since)) return Optional.empty();
        var is = comparison(most).judge(since).harm();
        return Optional.of(
                new Worse(
                        new Interval(is.lower() - was.upper(), is.upper() - was.lower()),
                        allowed(was.upper())));
    }

    private boolean isWorse(double limit, List<Tally> tallies) {
        return limit < 1 && comparison(limit).isWorse(tallies);
    }

    private static double mean(List<Tally> tallies) {
        double total = 0;
        double size = 0;
        for (var each : tallies) {
            total += each.total();
            size += each.size();
        }
        return size == 0 ? 1 : total / size;
    }

    private LimitComparison comparison(double limit) {
        return LimitComparison.ofRate(limit, alpha / 2, alpha / 2, most);
    }

    /// Beyond a rate: twice its odds, a margin for the version and one for the hour.
    private double allowed(double rate) {
        return 2 * rate / (1 + rate) - rate + 2 * margin;
    }

    /// The same of a quantile: of those that take longer than what was before did, and two margins.
    ///
    /// @param level 0.99 for p99
    /// @param margin in the values' unit
    public static Optional<Worse> ofQuantile(
            double level, double margin, double alpha, List<Times> times) {
        var before = Durations.NONE;
        var since = Durations.NONE;
        for (var each : times) {
            if (each.share() == 1) since = since.merge(each.candidate());
            else before = before.merge(each.live());
        }
        var threshold = before.threshold(level);
        if (threshold.isEmpty() || since.count() == 0) return Optional.empty();
        double was = threshold.get().value();
        var lives = Stretch.mature(0, before.beyond(threshold.get()), Tally.NONE);
        if (!longer(lives, since, was + 2 * margin, alpha)) return Optional.empty();
        double lower = 2 * margin;
        double tooHigh = Math.max(lower, since.quantile(1).orElseThrow());
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (lower + tooHigh) / 2;
            if (longer(lives, since, was + middle, alpha)) lower = middle;
            else tooHigh = middle;
        }
        double measured = since.quantile(level).orElseThrow() - was;
        return Optional.of(new Worse(new Interval(lower, Math.max(lower, measured)), 2 * margin));
    }

    private static boolean longer(Stretch lives, Durations since, double value, double alpha) {
        var all = List.of(lives, Stretch.mature(1, Tally.NONE, since.longerThan(value, true)));
        return new BeforeComparison(0, alpha, 1).worse(all).isPresent();
    }
}
