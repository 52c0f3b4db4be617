package dev.davy.serving;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a shadow said of a prediction that another arm decided, as the log keeps it.
///
/// @param prediction the one that counted
/// @param epoch of the routing at the time
/// @param entity as in the prediction
/// @param received when the prediction was asked
/// @param version what stood behind the shadow
/// @param live the decision of the live arm, by output
/// @param outputs what the shadow would have decided; empty when it failed
/// @param nanos in the shadow's models
/// @param failure the code of what went wrong
public record Shadow(
        UUID prediction,
        String endpoint,
        long epoch,
        Optional<String> entity,
        Instant received,
        String version,
        Map<String, @Nullable Object> live,
        Map<String, @Nullable Object> outputs,
        OptionalDouble liveConfidence,
        OptionalDouble confidence,
        long liveNanos,
        long nanos,
        Optional<String> failure) {}
