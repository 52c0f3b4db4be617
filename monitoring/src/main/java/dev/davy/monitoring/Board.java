package dev.davy.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// All that is watched of an endpoint over one stretch of time.
///
/// @param reference the stretch that is normal at its end; empty while there is none
public record Board(
        Plan plan,
        Instant from,
        Instant to,
        Optional<Health.Stretch> reference,
        List<Track> tracks,
        List<Expectation> expectations) {

    /// How a monitor's metric went.
    ///
    /// @param ofDistance whether its points are how far a column of texts lies from normal, from 0
    ///   to 1, since it has no number of its own
    /// @param low where nineteen of twenty windows of the reference lie above; empty without one
    /// @param high where they lie below
    /// @param alarms of this monitor that rang in the stretch
    public record Track(
            Monitor monitor,
            Optional<Said> said,
            List<Watching.Point> points,
            boolean ofDistance,
            OptionalDouble low,
            OptionalDouble high,
            List<Alarm> alarms) {}

    /// What was expected of quality before truth came, and what it was.
    ///
    /// @param estimated by the confidences of all predictions
    /// @param realised of the outcomes that have come
    /// @param matured the share whose truth has come
    public record Expectation(
            Instant from,
            Instant to,
            OptionalDouble estimated,
            OptionalDouble realised,
            double matured) {}
}
