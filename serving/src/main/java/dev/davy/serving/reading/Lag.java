package dev.davy.serving.reading;

import java.time.Duration;
import java.util.Optional;

/// How far a follower is behind the log.
///
/// @param bytes of the log that it has not committed yet
/// @param time how old the oldest is that it has not committed yet; zero when there is none
/// @param records that it took since the start
/// @param failures since the start
/// @param failing why it does not go on right now
public record Lag(
        long bytes, Duration time, long records, long failures, Optional<String> failing) {}
