package dev.davy.stats.alarm;

import java.time.Instant;

/// What was seen of a column from a moment on.
public record Window(Instant from, Evidence evidence) {}
