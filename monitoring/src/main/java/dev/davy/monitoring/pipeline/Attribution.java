package dev.davy.monitoring.pipeline;

import dev.davy.serving.Stood;
import java.time.Duration;

/// What was found for an endpoint, and from what.
///
/// @param stoodThen how the endpoint stood in the reference: what was asked again
/// @param stoodNow how it stood in the stretch
/// @param otherwise predictions of the reference that were left out, for it stood otherwise then
/// @param took altogether
record Attribution(
        Asked asked,
        Finding finding,
        Stood stoodThen,
        Stood stoodNow,
        Drawing then,
        Drawing now,
        long otherwise,
        Duration took) {

    /// What was drawn of one stretch.
    ///
    /// @param predictions that there were
    /// @param failed of these, which nobody answered: they are left out
    /// @param notKept of these, whose inputs were not kept: they can't be asked again
    /// @param measured whose logged inputs and answers were compared
    /// @param again that were asked again
    /// @param whole on how many of them the reference's pipeline comes to the logged decision
    record Drawing(
            long predictions,
            long failed,
            long notKept,
            int measured,
            int again,
            Agreement whole) {}
}
