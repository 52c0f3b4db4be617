package dev.davy.stats.sequential;

import java.util.ArrayList;
import java.util.List;

/// How a [Comparison] stands after some stretches; the next one makes another.
public final class Standing {
    private final Comparison comparison;
    private final List<Stretch> steps;
    private final double size;
    private final double total;
    private final Stakes worse;
    private final Stakes noWorse;

    private Standing(
            Comparison comparison,
            List<Stretch> steps,
            double size,
            double total,
            Stakes worse,
            Stakes noWorse) {
        this.comparison = comparison;
        this.steps = steps;
        this.size = size;
        this.total = total;
        this.worse = worse;
        this.noWorse = noWorse;
    }

    static Standing of(Comparison comparison) {
        return new Standing(comparison, List.of(), 0, 0, Stakes.NONE, Stakes.NONE);
    }

    public Standing after(Stretch next) {
        // Without any guess of the base rate the first stretch would be a bet in the dark.
        boolean bets = next.share() > 0 && next.share() < 1 && size > 0;
        var odds = Odds.of(comparison, comparison.margin(), next.share(), base());
        return new Standing(
                comparison,
                joined(next),
                size + next.live().size(),
                total + next.live().total(),
                bets ? odds.worse(worse, next, comparison.feared(base())) : worse,
                bets && next.mature()
                        ? odds.noWorse(noWorse, next, comparison.hoped(base()))
                        : noWorse);
    }

    /// Stretches of one share as one: the interval needs no more, and there are fewer to go
    /// through.
    private List<Stretch> joined(Stretch next) {
        var all = new ArrayList<>(steps);
        if (steps.size() > 1 && sameSplit(steps.getLast(), next)) {
            var last = all.removeLast();
            all.add(
                    new Stretch(
                            next.share(),
                            last.live().merge(next.live()),
                            last.candidate().merge(next.candidate()),
                            next.mature()));
        } else all.add(next);
        return List.copyOf(all);
    }

    private static boolean sameSplit(Stretch one, Stretch other) {
        return one.share() == other.share() && one.mature() == other.mature();
    }

    /// Live's harm per request so far; a half event more, for a rate of 0 is never known.
    public double base() {
        return (total + 0.5) / (size + 1);
    }

    /// Whether the lower bound of harm is above the margin, now or at any time before.
    public boolean isWorse() {
        return worse.reached(comparison.alpha());
    }

    /// Whether the upper bound of harm is below the margin, now or at any time before.
    public boolean isNoWorse() {
        return noWorse.reached(comparison.beta());
    }

    /// With its interval, which takes about fifty times as long as the two questions above.
    public Finding finding() {
        var harm = comparison.harm(steps);
        double margin = comparison.margin();
        if (isWorse()) return new Finding.Worse(harm.above(margin));
        if (isNoWorse()) return new Finding.NoWorse(harm.below(margin));
        return new Finding.TooEarly(harm, needed());
    }

    private long needed() {
        double share = steps.isEmpty() ? 0 : steps.getLast().share();
        long inAll = comparison.needed(base(), share, 0);
        double seen = 0;
        for (var each : steps) if (each.share() == share) seen += each.candidate().size();
        return inAll == Long.MAX_VALUE ? inAll : Math.max(1, inAll - (long) seen);
    }
}
