package dev.davy.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a metric was worth, and what it costs: one that never says anything can go.
///
/// @param declared whether a person wrote it; else it is there by itself
/// @param windows that were judged
/// @param bad windows of these, in which it moved
/// @param alarms that rang
/// @param first window that was judged; empty: none was, or before it was noted
/// @param lastBad window
/// @param lastAlarm window in which one began to ring
/// @param bytesADay that its column takes in the windows of a day; 0 where it has none
/// @param microsAWindow that judging a window took, on average
/// @param priceShare its part of the endpoint's price of false alarms; 0 for limits
public record Usage(
        String monitor,
        String watch,
        boolean declared,
        long windows,
        long bad,
        long alarms,
        Optional<Instant> first,
        Optional<Instant> lastBad,
        Optional<Instant> lastAlarm,
        long bytesADay,
        double microsAWindow,
        double priceShare) {

    /// Whether it was judged for so long, and had nothing to say in all that time.
    public boolean isSilentFor(Duration length, Instant now) {
        var since = now.minus(length);
        return first.filter(begun -> !begun.isAfter(since)).isPresent()
                && lastBad.filter(at -> !at.isBefore(since)).isEmpty();
    }

    /// Whether it has not been judged for so long yet.
    public boolean isYoungerThan(Duration length, Instant now) {
        return first.filter(begun -> !begun.isAfter(now.minus(length))).isEmpty();
    }
}
