package dev.davy.stats.alarm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.statistics.distribution.NormalDistribution;

/// Follows a column over successive windows; each window makes another watch.
///
/// Each window is tested by itself and together with the one and the two before it: a small shift
/// that stays is seen in the third window, a large one at once. When an alarm has resolved, what
/// came before is forgotten, so that a new alarm needs new evidence.
public final class Watch {
    /// Windows that are pooled at most.
    private static final int POOLED = 3;

    /// A shift of so many deviations must not stay hidden, or it is too early to say "quiet".
    private static final double NOT_TO_BE_MISSED = 0.5;

    private final Column column;
    private final double level;
    private final List<Window> recent;
    private final Decision decision;

    private Watch(Column column, double level, List<Window> recent, Decision decision) {
        this.column = column;
        this.level = level;
        this.recent = recent;
        this.decision = decision;
    }

    public static Watch of(Column column, Price price) {
        double level = price.level() / POOLED;
        return new Watch(
                column, level, List.of(), new Decision.TooEarly(rowsNeeded(level, column.size())));
    }

    /// What was said of the last window.
    public Decision decision() {
        return decision;
    }

    /// After the next window.
    public Watch after(Window window) {
        if (window.evidence().rows() == 0) return this;
        var pooled = new ArrayList<>(recent);
        pooled.add(window);
        if (pooled.size() > POOLED) pooled.removeFirst();
        var next = decide(pooled);
        boolean resolved =
                decision instanceof Decision.Drifted && !(next instanceof Decision.Drifted);
        return new Watch(column, level, resolved ? List.of() : List.copyOf(pooled), next);
    }

    private Decision decide(List<Window> windows) {
        Optional<Departure> worst = Optional.empty();
        for (int from = windows.size() - 1; from >= 0; from--) {
            var pool = Pool.of(windows.subList(from, windows.size()));
            var found =
                    column.tests(pool).stream()
                            .filter(each -> each.alarms(level))
                            .min(Comparator.comparingDouble(each -> each.p() / each.part()));
            if (found.isPresent()
                    && (worst.isEmpty() || found.orElseThrow().p() < worst.orElseThrow().p()))
                worst = found;
        }
        if (worst.isPresent()) return drifted(worst.orElseThrow());
        long needed = rowsNeeded(level, column.size()) - Pool.of(windows).rows();
        return needed > 0 ? new Decision.TooEarly(needed) : new Decision.Quiet();
    }

    private static Decision drifted(Departure test) {
        double half = 1.96 * test.error();
        return new Decision.Drifted(
                test.what(), test.effect(), test.effect() - half, test.effect() + half);
    }

    /// So that a shift that must not be missed is seen in nine of ten windows.
    private static long rowsNeeded(double level, long reference) {
        double z =
                NormalDistribution.of(0, 1).inverseSurvivalProbability(level / 4)
                        + NormalDistribution.of(0, 1).inverseSurvivalProbability(0.1);
        double precision = NOT_TO_BE_MISSED * NOT_TO_BE_MISSED / (z * z) - 1.0 / reference;
        return precision > 0 ? (long) Math.ceil(1 / precision) : Long.MAX_VALUE / 4;
    }
}
