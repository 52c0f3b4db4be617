package dev.davy.demo;

import java.time.Duration;
import java.time.Instant;

/// When things happen: evenly, as on a belt, a little faster and slower over a day that lasts
/// minutes, and not at all during a pause.
///
/// @param perSecond on average while it runs
public record Pace(double perSecond) {
    /// From one morning to the next.
    static final Duration DAY = Duration.ofMinutes(12);

    /// How much faster it is at the best of times, and slower at the worst.
    private static final double SWING = 0.3;

    /// A pause comes so often, and lasts so long.
    private static final Duration SHIFT = Duration.ofMinutes(4);

    private static final Duration PAUSE = Duration.ofSeconds(8);

    public Pace {
        if (!(perSecond >= 0.01 && perSecond <= 1_000))
            throw new IllegalArgumentException("perSecond is " + perSecond);
    }

    /// When the next one comes.
    ///
    /// @param number of the next one: from it comes what little irregularity there is
    public Instant after(Instant last, long number) {
        double phase = 2 * Math.PI * part(last, DAY);
        double gap = 1 / (perSecond * (1 + SWING * Math.sin(phase)));
        double even = 0.9 + 0.2 * Math.floorMod(number * 7_919, 1_000) / 1_000.0;
        var next = last.plusNanos((long) (gap * even * 1e9));
        double into = part(next, SHIFT) * SHIFT.toMillis();
        return into >= PAUSE.toMillis() ? next : next.plusMillis(PAUSE.toMillis() - (long) into);
    }

    private static double part(Instant at, Duration of) {
        return (double) Math.floorMod(at.toEpochMilli(), of.toMillis()) / of.toMillis();
    }
}
