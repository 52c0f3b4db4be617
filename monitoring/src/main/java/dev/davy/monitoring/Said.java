package dev.davy.monitoring;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a monitor said of its last window, and how often it spoke.
///
/// @param start of the window
/// @param verdict `fine`, `bad` or `early`
/// @param windows that were judged since it is there
/// @param bad windows of these
/// @param first window that it judged; empty where that was before anybody noted it
/// @param lastBad window, likewise
/// @param lastAlarm window in which an alarm began to ring, likewise
/// @param nanos that judging took altogether
public record Said(
        String monitor,
        Instant start,
        String verdict,
        OptionalDouble value,
        String why,
        long windows,
        long bad,
        long alarms,
        Optional<Instant> first,
        Optional<Instant> lastBad,
        Optional<Instant> lastAlarm,
        long nanos) {}
