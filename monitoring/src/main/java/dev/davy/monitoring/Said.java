package dev.davy.monitoring;

import java.time.Instant;
import java.util.OptionalDouble;

/// What a monitor said of its last window, and how often it spoke.
///
/// @param start of the window
/// @param verdict `fine`, `bad` or `early`
/// @param windows that were judged since it is there
/// @param bad windows of these
public record Said(
        String monitor,
        Instant start,
        String verdict,
        OptionalDouble value,
        String why,
        long windows,
        long bad,
        long alarms) {}
