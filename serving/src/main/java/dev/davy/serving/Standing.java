package dev.davy.serving;

import java.util.Map;
import java.util.Optional;

/// What stands behind an endpoint now: versions by component.
///
/// @param epoch counts the changes of its routing
/// @param kept what was live before and is still warm; empty: nothing
/// @param isolated whether the live arm still runs in a child process
public record Standing(
        long epoch,
        Map<String, String> live,
        Optional<Beside> candidate,
        Map<String, String> kept,
        boolean isolated) {}
