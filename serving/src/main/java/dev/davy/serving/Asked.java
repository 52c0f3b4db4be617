package dev.davy.serving;

import java.time.Instant;
import java.util.Optional;

/// What a caller says of a request beside its inputs.
///
/// @param request the caller's id of it; none: the id of its first prediction
/// @param entity whom or what it is about, when no column of the input says so
/// @param origin where it comes from
/// @param eventTime when what it is about happened; none: now
/// @param pinned the arm that must answer, for testers; none: the assigned one
/// @param deadlineNanos when an answer is no longer wanted, on the scale of [System#nanoTime]
public record Asked(
        Optional<String> request,
        Optional<String> entity,
        Origin origin,
        Optional<Instant> eventTime,
        Optional<Arm.Role> pinned,
        long deadlineNanos) {

    /// A live request without a word beside its inputs.
    public static Asked live(long deadlineNanos) {
        return new Asked(
                Optional.empty(),
                Optional.empty(),
                Origin.LIVE,
                Optional.empty(),
                Optional.empty(),
                deadlineNanos);
    }
}
