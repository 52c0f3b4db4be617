package dev.davy.serving;

import java.time.Instant;
import java.util.Map;

/// An endpoint as it stood once.
///
/// @param endpoint as it was declared then
/// @param epoch of the routing that began then
/// @param live the version that stood behind each component of the live arm, as `name/7`
/// @param since when it was so
public record Stood(Endpoint endpoint, long epoch, Map<String, String> live, Instant since) {
    public Stood {
        live = Map.copyOf(live);
    }

    /// Whether the live arm was made of the same components, wired the same way: then it was the
    /// same function, whatever else changed.
    public boolean sameAs(Stood other) {
        return live.equals(other.live) && endpoint.sameModels(other.endpoint);
    }
}
